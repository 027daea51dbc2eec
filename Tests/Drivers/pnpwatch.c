// Watches interfaces and their devices, and lets go of a device that is to be removed.
#include "pnp.h"
#include <wdmguid.h>

static PVOID interfaces;
static PVOID target;
static PFILE_OBJECT file;
static BOOLEAN holds;

static BOOLEAN Is(const GUID *first, const GUID *second) {
  return RtlCompareMemory(first, second, sizeof(GUID)) == sizeof(GUID);
}

static NTSTATUS NTAPI TargetChanged(PVOID structure, PVOID context) {
  PTARGET_DEVICE_REMOVAL_NOTIFICATION news = structure;
  UNREFERENCED_PARAMETER(context);
  if (Is(&news->Event, &GUID_TARGET_DEVICE_QUERY_REMOVE)) {
    DbgPrint("watcher asked %d\n", news->FileObject == file);
    if (holds) return STATUS_UNSUCCESSFUL;
    ObDereferenceObject(file);
  } else if (Is(&news->Event, &GUID_TARGET_DEVICE_REMOVE_CANCELLED)) {
    DbgPrint("watcher: cancelled\n");
  } else if (Is(&news->Event, &GUID_TARGET_DEVICE_REMOVE_COMPLETE)) {
    DbgPrint("watcher: complete\n");
    IoUnregisterPlugPlayNotificationEx(target);
  } else {
    DbgPrint("watcher: custom %x\n", *(PULONG)((PTARGET_DEVICE_CUSTOM_NOTIFICATION)structure)
                                         ->CustomDataBuffer);
  }
  return STATUS_SUCCESS;
}

static void Watch(PUNICODE_STRING link, PDRIVER_OBJECT driver) {
  PDEVICE_OBJECT device;
  NTSTATUS status = IoGetDeviceObjectPointer(link, FILE_READ_DATA, &file, &device);
  DbgPrint("watcher opened %x\n", status);
  if (!NT_SUCCESS(status)) return;
  status = IoRegisterPlugPlayNotification(EventCategoryTargetDeviceChange, 0, file, driver,
                                          TargetChanged, NULL, &target);
  if (!NT_SUCCESS(status)) DbgPrint("watcher not registered %x\n", status);
}

static NTSTATUS NTAPI InterfaceChanged(PVOID structure, PVOID context) {
  PDEVICE_INTERFACE_CHANGE_NOTIFICATION news = structure;
  if (Is(&news->Event, &GUID_DEVICE_INTERFACE_ARRIVAL)) {
    DbgPrint("arrival %wZ\n", news->SymbolicLinkName);
    Watch(news->SymbolicLinkName, context);
  } else {
    DbgPrint("departure %wZ\n", news->SymbolicLinkName);
  }
  return STATUS_SUCCESS;
}

static NTSTATUS Hold(PDEVICE_OBJECT object, PIRP irp) {
  UNREFERENCED_PARAMETER(object);
  holds = Input(irp) != 0;
  return Complete(irp, STATUS_SUCCESS, 0);
}

static NTSTATUS Open(PDEVICE_OBJECT object, PIRP irp) {
  UNREFERENCED_PARAMETER(object);
  return Complete(irp, STATUS_SUCCESS, 0);
}

static void Unload(PDRIVER_OBJECT driver) {
  IoUnregisterPlugPlayNotification(interfaces);
  IoDeleteDevice(driver->DeviceObject);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path) {
  UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\Device\\Watcher");
  PDEVICE_OBJECT device;
  PZZWSTR list;
  UNREFERENCED_PARAMETER(path);
  driver->MajorFunction[IRP_MJ_CREATE] = Open;
  driver->MajorFunction[IRP_MJ_CLOSE] = Open;
  driver->MajorFunction[IRP_MJ_DEVICE_CONTROL] = Hold;
  driver->DriverUnload = Unload;
  if (!NT_SUCCESS(IoCreateDevice(driver, 0, &name, FILE_DEVICE_UNKNOWN, 0, FALSE, &device))) {
    return STATUS_UNSUCCESSFUL;
  }
  if (NT_SUCCESS(IoGetDeviceInterfaces(&GUID_TEST, NULL, 0, &list))) {
    DbgPrint("there %ws\n", list);
    ExFreePool(list);
  }
  return IoRegisterPlugPlayNotification(
      EventCategoryDeviceInterfaceChange, PNPNOTIFY_DEVICE_INTERFACE_INCLUDE_EXISTING_INTERFACES,
      (PVOID)&GUID_TEST, driver, InterfaceChanged, driver, &interfaces);
}
