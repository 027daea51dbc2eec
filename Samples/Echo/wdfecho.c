// A device that gives back what was written to it: the driver of Echo.swift, in C.
#include <ntddk.h>

#include <wdf.h>

// METHOD_BUFFERED: the output is the input with its bytes in reverse order.
#define IOCTL_ECHO_REVERSE CTL_CODE(FILE_DEVICE_UNKNOWN, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS)

typedef struct ECHO_CONTEXT {
  WDFMEMORY Kept;     // what was written last
  WDFSPINLOCK Lock;   // over Kept
} ECHO_CONTEXT, *PECHO_CONTEXT;

WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(ECHO_CONTEXT, GetEcho)

DRIVER_INITIALIZE DriverEntry;
static EVT_WDF_IO_QUEUE_IO_READ EchoRead;
static EVT_WDF_IO_QUEUE_IO_WRITE EchoWrite;
static EVT_WDF_IO_QUEUE_IO_DEVICE_CONTROL EchoControl;
static EVT_WDF_DRIVER_UNLOAD EchoUnload;

static VOID EchoRead(WDFQUEUE Queue, WDFREQUEST Request, size_t Length) {
  PECHO_CONTEXT echo = GetEcho(WdfIoQueueGetDevice(Queue));
  PVOID output;
  size_t count = 0;
  NTSTATUS status = WdfRequestRetrieveOutputBuffer(Request, 1, &output, NULL);
  if (!NT_SUCCESS(status)) {
    WdfRequestComplete(Request, status);
    return;
  }
  WdfSpinLockAcquire(echo->Lock);
  if (echo->Kept != NULL) {
    PVOID bytes = WdfMemoryGetBuffer(echo->Kept, &count);
    if (count > Length) count = Length;
    RtlCopyMemory(output, bytes, count);
  }
  WdfSpinLockRelease(echo->Lock);
  WdfRequestCompleteWithInformation(Request, STATUS_SUCCESS, count);
}

static NTSTATUS Keep(WDFDEVICE Device, WDFREQUEST Request, size_t Length) {
  PECHO_CONTEXT echo = GetEcho(Device);
  WDF_OBJECT_ATTRIBUTES attributes;
  WDFMEMORY memory, old;
  PVOID input, bytes;
  NTSTATUS status;

  WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
  attributes.ParentObject = Device;
  status = WdfMemoryCreate(&attributes, NonPagedPoolNx, 'tpeK', Length, &memory, &bytes);
  if (!NT_SUCCESS(status)) return status;
  status = WdfRequestRetrieveInputBuffer(Request, Length, &input, NULL);
  if (NT_SUCCESS(status)) status = WdfMemoryCopyFromBuffer(memory, 0, input, Length);
  if (!NT_SUCCESS(status)) {
    WdfObjectDelete(memory);
    return status;
  }
  WdfSpinLockAcquire(echo->Lock);
  old = echo->Kept;
  echo->Kept = memory;
  WdfSpinLockRelease(echo->Lock);
  if (old != NULL) WdfObjectDelete(old);
  return STATUS_SUCCESS;
}

static VOID EchoWrite(WDFQUEUE Queue, WDFREQUEST Request, size_t Length) {
  NTSTATUS status = Keep(WdfIoQueueGetDevice(Queue), Request, Length);
  WdfRequestCompleteWithInformation(Request, status, NT_SUCCESS(status) ? Length : 0);
}

static NTSTATUS Reverse(WDFREQUEST Request, size_t Count) {
  PUCHAR bytes;
  size_t index;
  NTSTATUS status;

  if (Count == 0) return STATUS_SUCCESS;
  // Input and output are one buffer: it is turned round in place.
  status = WdfRequestRetrieveOutputBuffer(Request, Count, (PVOID *)&bytes, NULL);
  if (!NT_SUCCESS(status)) return status;
  for (index = 0; index < Count / 2; index++) {
    UCHAR byte = bytes[index];
    bytes[index] = bytes[Count - 1 - index];
    bytes[Count - 1 - index] = byte;
  }
  return STATUS_SUCCESS;
}

static VOID EchoControl(WDFQUEUE Queue, WDFREQUEST Request, size_t OutputLength, size_t InputLength,
                        ULONG Code) {
  NTSTATUS status = STATUS_INVALID_DEVICE_REQUEST;
  UNREFERENCED_PARAMETER(Queue);
  UNREFERENCED_PARAMETER(OutputLength);
  if (Code == IOCTL_ECHO_REVERSE) status = Reverse(Request, InputLength);
  WdfRequestCompleteWithInformation(Request, status, NT_SUCCESS(status) ? InputLength : 0);
}

// Makes the device with its name and its link; it is ready when its queue is made.
static NTSTATUS MakeDevice(WDFDRIVER Driver, WDFDEVICE *Device) {
  DECLARE_CONST_UNICODE_STRING(sddl, L"D:P(A;;GA;;;WD)");
  DECLARE_CONST_UNICODE_STRING(name, L"\\Device\\WdfEcho");
  DECLARE_CONST_UNICODE_STRING(link, L"\\??\\WdfEcho");
  WDF_OBJECT_ATTRIBUTES attributes;
  PWDFDEVICE_INIT init;
  NTSTATUS status;

  init = WdfControlDeviceInitAllocate(Driver, &sddl);
  if (init == NULL) return STATUS_INSUFFICIENT_RESOURCES;
  WdfDeviceInitSetIoType(init, WdfDeviceIoBuffered);
  status = WdfDeviceInitAssignName(init, &name);
  WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, ECHO_CONTEXT);
  if (NT_SUCCESS(status)) status = WdfDeviceCreate(&init, &attributes, Device);
  if (!NT_SUCCESS(status)) {
    if (init != NULL) WdfDeviceInitFree(init);
    return status;
  }
  status = WdfDeviceCreateSymbolicLink(*Device, &link);
  if (!NT_SUCCESS(status)) return status;
  WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
  attributes.ParentObject = *Device;
  return WdfSpinLockCreate(&attributes, &GetEcho(*Device)->Lock);
}

static NTSTATUS MakeQueue(WDFDEVICE Device) {
  WDF_IO_QUEUE_CONFIG config;
  WDF_IO_QUEUE_CONFIG_INIT_DEFAULT_QUEUE(&config, WdfIoQueueDispatchSequential);
  config.EvtIoRead = EchoRead;
  config.EvtIoWrite = EchoWrite;
  config.EvtIoDeviceControl = EchoControl;
  return WdfIoQueueCreate(Device, &config, WDF_NO_OBJECT_ATTRIBUTES, WDF_NO_HANDLE);
}

// Without it the driver cannot be unloaded; its objects go by themselves.
static VOID EchoUnload(WDFDRIVER Driver) { UNREFERENCED_PARAMETER(Driver); }

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath) {
  WDF_DRIVER_CONFIG config;
  WDFDRIVER driver;
  WDFDEVICE device;
  NTSTATUS status;

  WDF_DRIVER_CONFIG_INIT(&config, WDF_NO_EVENT_CALLBACK);
  config.DriverInitFlags = WdfDriverInitNonPnpDriver;
  config.EvtDriverUnload = EchoUnload;
  status =
      WdfDriverCreate(DriverObject, RegistryPath, WDF_NO_OBJECT_ATTRIBUTES, &config, &driver);
  if (NT_SUCCESS(status)) status = MakeDevice(driver, &device);
  if (NT_SUCCESS(status)) status = MakeQueue(device);
  if (NT_SUCCESS(status)) WdfControlFinishInitializing(device);
  return status;
}
