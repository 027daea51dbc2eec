// Leaves a device, a symbolic link and the handle of a key behind.
#include <ntddk.h>

DRIVER_INITIALIZE DriverEntry;

static VOID Unload(PDRIVER_OBJECT Driver) { UNREFERENCED_PARAMETER(Driver); }

NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING RegistryPath) {
  UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\Device\\Left");
  UNICODE_STRING link = RTL_CONSTANT_STRING(L"\\??\\Left");
  UNICODE_STRING path = RTL_CONSTANT_STRING(L"\\Registry\\Machine\\System");
  OBJECT_ATTRIBUTES attributes;
  PDEVICE_OBJECT device;
  HANDLE handle;
  NTSTATUS status;
  UNREFERENCED_PARAMETER(RegistryPath);

  Driver->DriverUnload = Unload;
  status = IoCreateDevice(Driver, 0, &name, FILE_DEVICE_UNKNOWN, FILE_DEVICE_SECURE_OPEN, FALSE,
                          &device);
  if (!NT_SUCCESS(status)) return status;
  status = IoCreateSymbolicLink(&link, &name);
  if (!NT_SUCCESS(status)) return status;
  InitializeObjectAttributes(&attributes, &path, OBJ_KERNEL_HANDLE, NULL, NULL);
  return ZwOpenKey(&handle, KEY_READ, &attributes);
}
