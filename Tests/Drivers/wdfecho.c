// A KMDF driver with a control device: keeps what is written and gives it back.
#include <ntddk.h>

#include <wdf.h>

DRIVER_INITIALIZE DriverEntry;
static EVT_WDF_IO_QUEUE_IO_READ EvtIoRead;
static EVT_WDF_IO_QUEUE_IO_WRITE EvtIoWrite;
static EVT_WDF_IO_QUEUE_IO_DEVICE_CONTROL EvtIoDeviceControl;
static EVT_WDF_DRIVER_UNLOAD EvtDriverUnload;

#define IOCTL_REVERSE CTL_CODE(FILE_DEVICE_UNKNOWN, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS)

typedef struct _QUEUE_CONTEXT {
  WDFMEMORY Kept;
  size_t Length;
} QUEUE_CONTEXT, *PQUEUE_CONTEXT;

WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(QUEUE_CONTEXT, GetQueueContext)

static void EvtIoRead(WDFQUEUE Queue, WDFREQUEST Request, size_t Length) {
  PQUEUE_CONTEXT context = GetQueueContext(Queue);
  WDFMEMORY memory;
  NTSTATUS status = WdfRequestRetrieveOutputMemory(Request, &memory);
  size_t count = context->Length < Length ? context->Length : Length;
  if (NT_SUCCESS(status) && count > 0) {
    status = WdfMemoryCopyFromBuffer(memory, 0, WdfMemoryGetBuffer(context->Kept, NULL), count);
  }
  WdfRequestCompleteWithInformation(Request, status, NT_SUCCESS(status) ? count : 0);
}

static void EvtIoWrite(WDFQUEUE Queue, WDFREQUEST Request, size_t Length) {
  PQUEUE_CONTEXT context = GetQueueContext(Queue);
  WDF_OBJECT_ATTRIBUTES attributes;
  WDFMEMORY input, kept;
  void *buffer;
  NTSTATUS status = WdfRequestRetrieveInputMemory(Request, &input);
  if (NT_SUCCESS(status)) {
    WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
    attributes.ParentObject = Queue;
    status = WdfMemoryCreate(&attributes, NonPagedPoolNx, 'tseT', Length, &kept, &buffer);
  }
  if (NT_SUCCESS(status)) {
    status = WdfMemoryCopyToBuffer(input, 0, buffer, Length);
    if (context->Kept) WdfObjectDelete(context->Kept);
    context->Kept = kept;
    context->Length = Length;
  }
  WdfRequestCompleteWithInformation(Request, status, NT_SUCCESS(status) ? Length : 0);
}

static void EvtIoDeviceControl(WDFQUEUE Queue, WDFREQUEST Request, size_t OutputLength,
                               size_t InputLength, ULONG Code) {
  UCHAR *input, *output;
  NTSTATUS status;
  UNREFERENCED_PARAMETER(Queue);
  if (Code != IOCTL_REVERSE) {
    WdfRequestComplete(Request, STATUS_INVALID_DEVICE_REQUEST);
    return;
  }
  status = WdfRequestRetrieveInputBuffer(Request, 1, (void **)&input, NULL);
  if (NT_SUCCESS(status)) {
    status = WdfRequestRetrieveOutputBuffer(Request, InputLength, (void **)&output, NULL);
  }
  if (NT_SUCCESS(status)) {
    size_t i;
    for (i = 0; i < InputLength / 2; i++) {
      UCHAR byte = input[i];
      output[i] = input[InputLength - 1 - i];
      output[InputLength - 1 - i] = byte;
    }
  }
  UNREFERENCED_PARAMETER(OutputLength);
  WdfRequestCompleteWithInformation(Request, status, NT_SUCCESS(status) ? InputLength : 0);
}

static void EvtDriverUnload(WDFDRIVER Driver) { UNREFERENCED_PARAMETER(Driver); }

static NTSTATUS MakeDevice(WDFDRIVER Driver) {
  DECLARE_CONST_UNICODE_STRING(name, L"\\Device\\WdfEcho");
  DECLARE_CONST_UNICODE_STRING(link, L"\\DosDevices\\WdfEcho");
  WDF_OBJECT_ATTRIBUTES attributes;
  WDF_IO_QUEUE_CONFIG config;
  WDFDEVICE device;
  WDFQUEUE queue;
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
  if (!NT_SUCCESS(status)) return status;
  WDF_IO_QUEUE_CONFIG_INIT_DEFAULT_QUEUE(&config, WdfIoQueueDispatchSequential);
  config.EvtIoRead = EvtIoRead;
  config.EvtIoWrite = EvtIoWrite;
  config.EvtIoDeviceControl = EvtIoDeviceControl;
  WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, QUEUE_CONTEXT);
  status = WdfIoQueueCreate(device, &config, &attributes, &queue);
  if (!NT_SUCCESS(status)) return status;
  WdfControlFinishInitializing(device);
  return STATUS_SUCCESS;
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
