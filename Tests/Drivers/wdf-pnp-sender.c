// A filter driver that sends requests of its own to the driver below, and says when they come back.
#include "wdf-pnp.h"

DRIVER_INITIALIZE DriverEntry;

typedef struct _TARGET_CONTEXT {
  ULONG Unused;
} TARGET_CONTEXT, *PTARGET_CONTEXT;

WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(TARGET_CONTEXT, GetTarget)

static void EvtCompleted(WDFREQUEST Request, WDFIOTARGET Target,
                         PWDF_REQUEST_COMPLETION_PARAMS Params, WDFCONTEXT Context) {
  UNREFERENCED_PARAMETER(Target);
  UNREFERENCED_PARAMETER(Context);
  DbgPrint("sender completed %x\n", Params->IoStatus.Status);
  WdfObjectDelete(Request);
}

static void EvtTargetCleanup(WDFOBJECT Object) {
  UNREFERENCED_PARAMETER(Object);
  DbgPrint("sender target cleanup\n");
}

static void EvtTargetDestroy(WDFOBJECT Object) {
  UNREFERENCED_PARAMETER(Object);
  DbgPrint("sender target destroy\n");
}

static NTSTATUS Send(WDFDEVICE Device) {
  WDFIOTARGET target = WdfDeviceGetIoTarget(Device);
  WDFREQUEST request;
  NTSTATUS status = WdfRequestCreate(WDF_NO_OBJECT_ATTRIBUTES, target, &request);
  if (!NT_SUCCESS(status)) return status;
  status = WdfIoTargetFormatRequestForIoctl(target, request, IOCTL_PEND, NULL, NULL, NULL, NULL);
  if (!NT_SUCCESS(status)) return status;
  WdfRequestSetCompletionRoutine(request, EvtCompleted, NULL);
  return WdfRequestSend(request, target, WDF_NO_SEND_OPTIONS) ? STATUS_SUCCESS
                                                              : WdfRequestGetStatus(request);
}

static void EvtControl(WDFQUEUE Queue, WDFREQUEST Request, size_t OutputLength, size_t InputLength,
                       ULONG Code) {
  WDFDEVICE device = WdfIoQueueGetDevice(Queue);
  NTSTATUS status = STATUS_SUCCESS;
  UNREFERENCED_PARAMETER(OutputLength);
  UNREFERENCED_PARAMETER(InputLength);
  UNREFERENCED_PARAMETER(Code);
  for (int i = 0; i < 5 && NT_SUCCESS(status); i++) status = Send(device);
  WdfRequestComplete(Request, status);
}

static NTSTATUS EvtAdd(WDFDRIVER Driver, PWDFDEVICE_INIT Init) {
  WDF_OBJECT_ATTRIBUTES attributes;
  WDF_IO_QUEUE_CONFIG config;
  WDFDEVICE device;
  NTSTATUS status;
  UNREFERENCED_PARAMETER(Driver);
  WdfFdoInitSetFilter(Init);
  status = WdfDeviceCreate(&Init, WDF_NO_OBJECT_ATTRIBUTES, &device);
  if (!NT_SUCCESS(status)) return status;
  WDF_IO_QUEUE_CONFIG_INIT_DEFAULT_QUEUE(&config, WdfIoQueueDispatchParallel);
  config.EvtIoDeviceControl = EvtControl;
  status = WdfIoQueueCreate(device, &config, WDF_NO_OBJECT_ATTRIBUTES, NULL);
  if (!NT_SUCCESS(status)) return status;
  WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, TARGET_CONTEXT);
  attributes.EvtCleanupCallback = EvtTargetCleanup;
  attributes.EvtDestroyCallback = EvtTargetDestroy;
  return WdfObjectAllocateContext(WdfDeviceGetIoTarget(device), &attributes, NULL);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath) {
  WDF_DRIVER_CONFIG config;
  WDF_DRIVER_CONFIG_INIT(&config, EvtAdd);
  return WdfDriverCreate(DriverObject, RegistryPath, WDF_NO_OBJECT_ATTRIBUTES, &config,
                         WDF_NO_HANDLE);
}
