// A function driver that others stand on or open: reads give their own offsets, writes take all, and
// one control code waits until it is cancelled.
#include <ntddk.h>

#include <wdf.h>

#define CODE(Number) CTL_CODE(FILE_DEVICE_UNKNOWN, Number, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_REVERSE CODE(0x800)
#define IOCTL_HANG CODE(0x801)
#define IOCTL_INTERNAL CODE(0x802)

DRIVER_INITIALIZE DriverEntry;
static EVT_WDF_DRIVER_DEVICE_ADD EvtAdd;
static EVT_WDF_DRIVER_UNLOAD EvtUnload;
static EVT_WDF_IO_QUEUE_IO_READ EvtRead;
static EVT_WDF_IO_QUEUE_IO_WRITE EvtWrite;
static EVT_WDF_IO_QUEUE_IO_DEVICE_CONTROL EvtControl;
static EVT_WDF_IO_QUEUE_IO_INTERNAL_DEVICE_CONTROL EvtInternal;
static EVT_WDF_REQUEST_CANCEL EvtCancel;

static void EvtRead(WDFQUEUE Queue, WDFREQUEST Request, size_t Length) {
  WDF_REQUEST_PARAMETERS parameters;
  UCHAR *bytes;
  size_t i;
  NTSTATUS status = WdfRequestRetrieveOutputBuffer(Request, 1, (void **)&bytes, NULL);
  UNREFERENCED_PARAMETER(Queue);
  WDF_REQUEST_PARAMETERS_INIT(&parameters);
  WdfRequestGetParameters(Request, &parameters);
  for (i = 0; NT_SUCCESS(status) && i < Length; i++) {
    bytes[i] = (UCHAR)(parameters.Parameters.Read.DeviceOffset + (LONGLONG)i);
  }
  WdfRequestCompleteWithInformation(Request, status, NT_SUCCESS(status) ? Length : 0);
}

static void EvtWrite(WDFQUEUE Queue, WDFREQUEST Request, size_t Length) {
  UCHAR *bytes;
  NTSTATUS status = WdfRequestRetrieveInputBuffer(Request, 1, (void **)&bytes, NULL);
  UNREFERENCED_PARAMETER(Queue);
  if (NT_SUCCESS(status)) DbgPrint("write %x %x\n", bytes[0], (ULONG)Length);
  WdfRequestCompleteWithInformation(Request, status, NT_SUCCESS(status) ? Length : 0);
}

static void EvtCancel(WDFREQUEST Request) {
  DbgPrint("cancelled\n");
  WdfRequestComplete(Request, STATUS_CANCELLED);
}

static void EvtControl(WDFQUEUE Queue, WDFREQUEST Request, size_t OutputLength, size_t InputLength,
                       ULONG Code) {
  UCHAR *bytes;
  NTSTATUS status = STATUS_INVALID_DEVICE_REQUEST;
  size_t i;
  UNREFERENCED_PARAMETER(Queue);
  UNREFERENCED_PARAMETER(OutputLength);
  if (Code == IOCTL_HANG) {
    status = WdfRequestMarkCancelableEx(Request, EvtCancel);
    if (!NT_SUCCESS(status)) WdfRequestComplete(Request, status);
    DbgPrint("hangs\n");
    return;
  }
  if (Code == IOCTL_REVERSE) {
    status = WdfRequestRetrieveOutputBuffer(Request, InputLength, (void **)&bytes, NULL);
    for (i = 0; NT_SUCCESS(status) && i < InputLength / 2; i++) {
      UCHAR byte = bytes[i];
      bytes[i] = bytes[InputLength - 1 - i];
      bytes[InputLength - 1 - i] = byte;
    }
  }
  WdfRequestCompleteWithInformation(Request, status, NT_SUCCESS(status) ? InputLength : 0);
}

static void EvtInternal(WDFQUEUE Queue, WDFREQUEST Request, size_t OutputLength, size_t InputLength,
                        ULONG Code) {
  UNREFERENCED_PARAMETER(Queue);
  UNREFERENCED_PARAMETER(OutputLength);
  WdfRequestCompleteWithInformation(
      Request, Code == IOCTL_INTERNAL ? STATUS_SUCCESS : STATUS_INVALID_DEVICE_REQUEST,
      InputLength + 100);
}

static NTSTATUS EvtAdd(WDFDRIVER Driver, PWDFDEVICE_INIT Init) {
  DECLARE_CONST_UNICODE_STRING(name, L"\\Device\\WdfFunction");
  WDF_IO_QUEUE_CONFIG config;
  WDFDEVICE device;
  NTSTATUS status;
  UNREFERENCED_PARAMETER(Driver);
  status = WdfDeviceInitAssignName(Init, &name);
  if (NT_SUCCESS(status)) status = WdfDeviceCreate(&Init, WDF_NO_OBJECT_ATTRIBUTES, &device);
  if (!NT_SUCCESS(status)) return status;
  WDF_IO_QUEUE_CONFIG_INIT_DEFAULT_QUEUE(&config, WdfIoQueueDispatchParallel);
  config.EvtIoRead = EvtRead;
  config.EvtIoWrite = EvtWrite;
  config.EvtIoDeviceControl = EvtControl;
  config.EvtIoInternalDeviceControl = EvtInternal;
  return WdfIoQueueCreate(device, &config, WDF_NO_OBJECT_ATTRIBUTES, NULL);
}

static void EvtUnload(WDFDRIVER Driver) { UNREFERENCED_PARAMETER(Driver); }

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath) {
  WDF_DRIVER_CONFIG config;
  WDF_DRIVER_CONFIG_INIT(&config, EvtAdd);
  config.EvtDriverUnload = EvtUnload;
  return WdfDriverCreate(DriverObject, RegistryPath, WDF_NO_OBJECT_ATTRIBUTES, &config,
                         WDF_NO_HANDLE);
}
