// The driver that is measured beside its twin in Swift, Sources/Ring3Bench/Pattern.swift: reads give a
// pattern that it keeps, and a control code turns bytes round.
#include <ntddk.h>

#include <wdf.h>

#define PATTERN_SIZE 4096
#define IOCTL_REVERSE CTL_CODE(FILE_DEVICE_UNKNOWN, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS)

typedef struct _QUEUE_CONTEXT {
  WDFMEMORY Pattern;
} QUEUE_CONTEXT, *PQUEUE_CONTEXT;

WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(QUEUE_CONTEXT, GetQueueContext)

DRIVER_INITIALIZE DriverEntry;
static EVT_WDF_IO_QUEUE_IO_READ EvtIoRead;
static EVT_WDF_IO_QUEUE_IO_DEVICE_CONTROL EvtIoDeviceControl;
static EVT_WDF_DRIVER_UNLOAD EvtDriverUnload;

static void EvtIoRead(WDFQUEUE Queue, WDFREQUEST Request, size_t Length) {
  size_t room, size, count = 0;
  void *output;
  NTSTATUS status = WdfRequestRetrieveOutputBuffer(Request, 0, &output, &room);
  UNREFERENCED_PARAMETER(Length);
  if (NT_SUCCESS(status)) {
    void *pattern = WdfMemoryGetBuffer(GetQueueContext(Queue)->Pattern, &size);
    count = room < size ? room : size;
    RtlCopyMemory(output, pattern, count);
  }
  WdfRequestCompleteWithInformation(Request, status, count);
}

static NTSTATUS Reverse(WDFREQUEST Request, size_t Count) {
  UCHAR *bytes;
  size_t i;
  NTSTATUS status = WdfRequestRetrieveOutputBuffer(Request, Count, (void **)&bytes, NULL);
  if (!NT_SUCCESS(status)) return status;
  for (i = 0; i < Count / 2; i++) {
    UCHAR byte = bytes[i];
    bytes[i] = bytes[Count - 1 - i];
    bytes[Count - 1 - i] = byte;
  }
  return status;
}

static void EvtIoDeviceControl(WDFQUEUE Queue, WDFREQUEST Request, size_t OutputLength,
                               size_t InputLength, ULONG Code) {
  NTSTATUS status =
      Code == IOCTL_REVERSE ? Reverse(Request, InputLength) : STATUS_INVALID_DEVICE_REQUEST;
  UNREFERENCED_PARAMETER(Queue);
  UNREFERENCED_PARAMETER(OutputLength);
  WdfRequestCompleteWithInformation(Request, status, NT_SUCCESS(status) ? InputLength : 0);
}

static void EvtDriverUnload(WDFDRIVER Driver) { UNREFERENCED_PARAMETER(Driver); }

static NTSTATUS MakeQueue(WDFDEVICE Device) {
  WDF_IO_QUEUE_CONFIG config;
  WDF_OBJECT_ATTRIBUTES attributes;
  WDFQUEUE queue;
  UCHAR *bytes;
  NTSTATUS status;
  WDF_IO_QUEUE_CONFIG_INIT_DEFAULT_QUEUE(&config, WdfIoQueueDispatchSequential);
  config.EvtIoRead = EvtIoRead;
  config.EvtIoDeviceControl = EvtIoDeviceControl;
  WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, QUEUE_CONTEXT);
  status = WdfIoQueueCreate(Device, &config, &attributes, &queue);
  if (!NT_SUCCESS(status)) return status;
  WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
  attributes.ParentObject = queue;
  status = WdfMemoryCreate(&attributes, NonPagedPoolNx, 'ttaP', PATTERN_SIZE,
                           &GetQueueContext(queue)->Pattern, (void **)&bytes);
  if (NT_SUCCESS(status)) RtlFillMemory(bytes, PATTERN_SIZE, 0x5A);
  return status;
}

static NTSTATUS MakeDevice(WDFDRIVER Driver) {
  DECLARE_CONST_UNICODE_STRING(name, L"\\Device\\WdfPattern");
  DECLARE_CONST_UNICODE_STRING(link, L"\\DosDevices\\WdfPattern");
  WDFDEVICE device;
  NTSTATUS status;
  PWDFDEVICE_INIT init =
      WdfControlDeviceInitAllocate(Driver, &SDDL_DEVOBJ_SYS_ALL_ADM_RWX_WORLD_RW_RES_R);
  if (!init) return STATUS_INSUFFICIENT_RESOURCES;
  status = WdfDeviceInitAssignName(init, &name);
  if (NT_SUCCESS(status)) status = WdfDeviceCreate(&init, WDF_NO_OBJECT_ATTRIBUTES, &device);
  if (!NT_SUCCESS(status)) {
    if (init) WdfDeviceInitFree(init);
    return status;
  }
  status = WdfDeviceCreateSymbolicLink(device, &link);
  if (NT_SUCCESS(status)) status = MakeQueue(device);
  if (NT_SUCCESS(status)) WdfControlFinishInitializing(device);
  return status;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath) {
  WDF_DRIVER_CONFIG config;
  WDFDRIVER driver;
  NTSTATUS status;
  WDF_DRIVER_CONFIG_INIT(&config, WDF_NO_EVENT_CALLBACK);
  config.DriverInitFlags = WdfDriverInitNonPnpDriver;
  config.EvtDriverUnload = EvtDriverUnload;
  status =
      WdfDriverCreate(DriverObject, RegistryPath, WDF_NO_OBJECT_ATTRIBUTES, &config, &driver);
  return NT_SUCCESS(status) ? MakeDevice(driver) : status;
}
