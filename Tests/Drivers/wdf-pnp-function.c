// A function driver that says which of its callbacks are called, and fails one that a test names.
#include "wdf-pnp.h"

DRIVER_INITIALIZE DriverEntry;

typedef struct _DEVICE_CONTEXT {
  WDFQUEUE Pended;
  ULONG Refuses;
} DEVICE_CONTEXT, *PDEVICE_CONTEXT;

WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(DEVICE_CONTEXT, GetContext)

enum { FailPrepare = 1, FailD0Entry, FailPost, FailInit, FailAdd, FailRestart, FailD0Again };

static ULONG failure;
static ULONG entryCount;

static NTSTATUS Answer(ULONG Point) {
  return failure == Point ? STATUS_UNSUCCESSFUL : STATUS_SUCCESS;
}

#define SAY(...) DbgPrint("function " __VA_ARGS__)

static NTSTATUS EvtPrepare(WDFDEVICE Device, WDFCMRESLIST Raw, WDFCMRESLIST Translated) {
  UNREFERENCED_PARAMETER(Device);
  UNREFERENCED_PARAMETER(Raw);
  SAY("prepare %u\n", WdfCmResourceListGetCount(Translated));
  return Answer(FailPrepare);
}

static NTSTATUS EvtRelease(WDFDEVICE Device, WDFCMRESLIST Translated) {
  UNREFERENCED_PARAMETER(Device);
  SAY("release %u\n", WdfCmResourceListGetCount(Translated));
  return STATUS_SUCCESS;
}

static NTSTATUS EvtD0Entry(WDFDEVICE Device, WDF_POWER_DEVICE_STATE Previous) {
  UNREFERENCED_PARAMETER(Device);
  SAY("d0-entry %u\n", Previous);
  entryCount++;
  if (entryCount > 1 && failure == FailD0Again) return STATUS_UNSUCCESSFUL;
  return Answer(FailD0Entry);
}

static NTSTATUS EvtPost(WDFDEVICE Device, WDF_POWER_DEVICE_STATE Previous) {
  UNREFERENCED_PARAMETER(Device);
  UNREFERENCED_PARAMETER(Previous);
  SAY("d0-entry-post\n");
  return Answer(FailPost);
}

static NTSTATUS EvtPre(WDFDEVICE Device, WDF_POWER_DEVICE_STATE Target) {
  UNREFERENCED_PARAMETER(Device);
  UNREFERENCED_PARAMETER(Target);
  SAY("d0-exit-pre\n");
  return STATUS_SUCCESS;
}

static NTSTATUS EvtD0Exit(WDFDEVICE Device, WDF_POWER_DEVICE_STATE Target) {
  UNREFERENCED_PARAMETER(Device);
  SAY("d0-exit %u\n", Target);
  return STATUS_SUCCESS;
}

static NTSTATUS EvtInit(WDFDEVICE Device) {
  UNREFERENCED_PARAMETER(Device);
  SAY("io-init\n");
  return Answer(FailInit);
}

static NTSTATUS EvtSuspend(WDFDEVICE Device) {
  UNREFERENCED_PARAMETER(Device);
  SAY("io-suspend\n");
  return STATUS_SUCCESS;
}

static NTSTATUS EvtRestart(WDFDEVICE Device) {
  UNREFERENCED_PARAMETER(Device);
  SAY("io-restart\n");
  return Answer(FailRestart);
}

static void EvtFlush(WDFDEVICE Device) {
  UNREFERENCED_PARAMETER(Device);
  SAY("io-flush\n");
}

static void EvtCleanup(WDFDEVICE Device) {
  UNREFERENCED_PARAMETER(Device);
  SAY("io-cleanup\n");
}

static void EvtSurprise(WDFDEVICE Device) {
  UNREFERENCED_PARAMETER(Device);
  SAY("surprise\n");
}

static NTSTATUS EvtQueryRemove(WDFDEVICE Device) {
  SAY("query-remove\n");
  return GetContext(Device)->Refuses & 1 ? STATUS_DEVICE_NOT_READY : STATUS_SUCCESS;
}

static NTSTATUS EvtQueryStop(WDFDEVICE Device) {
  SAY("query-stop\n");
  return GetContext(Device)->Refuses & 2 ? STATUS_DEVICE_NOT_READY : STATUS_SUCCESS;
}

static NTSTATUS EvtArm(WDFDEVICE Device) {
  UNREFERENCED_PARAMETER(Device);
  SAY("arm\n");
  return STATUS_SUCCESS;
}

static void EvtDisarm(WDFDEVICE Device) {
  UNREFERENCED_PARAMETER(Device);
  SAY("disarm\n");
}

static void EvtWoken(WDFDEVICE Device) {
  UNREFERENCED_PARAMETER(Device);
  SAY("woken\n");
}

static void EvtState(WDFDEVICE Device, PCWDF_DEVICE_PNP_NOTIFICATION_DATA Data) {
  UNREFERENCED_PARAMETER(Device);
  SAY("state %x\n", Data->Data.EnterState.NewState);
}

static void EvtDeviceCleanup(WDFOBJECT Object) {
  UNREFERENCED_PARAMETER(Object);
  SAY("cleanup\n");
}

static void EvtDeviceDestroy(WDFOBJECT Object) {
  UNREFERENCED_PARAMETER(Object);
  SAY("destroy\n");
}

static NTSTATUS ReadProperty(WDFDEVICE Device, WDFREQUEST Request, size_t *Length) {
  WDFMEMORY memory;
  void *output;
  size_t count, room;
  NTSTATUS status = WdfDeviceAllocAndQueryProperty(Device, DevicePropertyHardwareID, PagedPool,
                                                   WDF_NO_OBJECT_ATTRIBUTES, &memory);
  if (!NT_SUCCESS(status)) return status;
  status = WdfRequestRetrieveOutputBuffer(Request, 1, &output, &room);
  if (NT_SUCCESS(status)) {
    void *bytes = WdfMemoryGetBuffer(memory, &count);
    *Length = count < room ? count : room;
    RtlCopyMemory(output, bytes, *Length);
  }
  WdfObjectDelete(memory);
  return status;
}

static void EvtControl(WDFQUEUE Queue, WDFREQUEST Request, size_t OutputLength, size_t InputLength,
                       ULONG Code) {
  WDFDEVICE device = WdfIoQueueGetDevice(Queue);
  PDEVICE_CONTEXT context = GetContext(device);
  NTSTATUS status = STATUS_SUCCESS;
  size_t length = 0;
  ULONG *number = NULL, *output;
  UNREFERENCED_PARAMETER(OutputLength);
  if (InputLength >= 4) (void)WdfRequestRetrieveInputBuffer(Request, 4, (void **)&number, NULL);
  switch (Code) {
    case IOCTL_PEND:
      status = WdfRequestForwardToIoQueue(Request, context->Pended);
      if (NT_SUCCESS(status)) return;
      break;
    case IOCTL_FAIL:
      WdfDeviceSetFailed(device, number ? *number : WdfDeviceFailedNoRestart);
      break;
    case IOCTL_REFUSE:
      context->Refuses = number ? *number : 0;
      break;
    case IOCTL_STATIC:
      WdfDeviceSetStaticStopRemove(device, number && *number);
      break;
    case IOCTL_STATES:
      status = WdfRequestRetrieveOutputBuffer(Request, 12, (void **)&output, NULL);
      if (!NT_SUCCESS(status)) break;
      output[0] = WdfDeviceGetDevicePnpState(device);
      output[1] = WdfDeviceGetDevicePowerState(device);
      output[2] = WdfDeviceGetDevicePowerPolicyState(device);
      length = 12;
      break;
    case IOCTL_PROPERTY:
      status = ReadProperty(device, Request, &length);
      break;
    case IOCTL_IDLE:
      status = WdfDeviceStopIdle(device, FALSE);
      if (NT_SUCCESS(status)) WdfDeviceResumeIdle(device);
      break;
    case IOCTL_PING:
      SAY("ping\n");
      break;
    default:
      status = STATUS_INVALID_DEVICE_REQUEST;
  }
  WdfRequestCompleteWithInformation(Request, status, length);
}

static void SetCallbacks(PWDFDEVICE_INIT Init) {
  WDF_PNPPOWER_EVENT_CALLBACKS callbacks;
  WDF_POWER_POLICY_EVENT_CALLBACKS policy;
  WDF_PNPPOWER_EVENT_CALLBACKS_INIT(&callbacks);
  callbacks.EvtDevicePrepareHardware = EvtPrepare;
  callbacks.EvtDeviceReleaseHardware = EvtRelease;
  callbacks.EvtDeviceD0Entry = EvtD0Entry;
  callbacks.EvtDeviceD0EntryPostInterruptsEnabled = EvtPost;
  callbacks.EvtDeviceD0ExitPreInterruptsDisabled = EvtPre;
  callbacks.EvtDeviceD0Exit = EvtD0Exit;
  callbacks.EvtDeviceSelfManagedIoInit = EvtInit;
  callbacks.EvtDeviceSelfManagedIoSuspend = EvtSuspend;
  callbacks.EvtDeviceSelfManagedIoRestart = EvtRestart;
  callbacks.EvtDeviceSelfManagedIoFlush = EvtFlush;
  callbacks.EvtDeviceSelfManagedIoCleanup = EvtCleanup;
  callbacks.EvtDeviceSurpriseRemoval = EvtSurprise;
  callbacks.EvtDeviceQueryRemove = EvtQueryRemove;
  callbacks.EvtDeviceQueryStop = EvtQueryStop;
  WdfDeviceInitSetPnpPowerEventCallbacks(Init, &callbacks);
  WDF_POWER_POLICY_EVENT_CALLBACKS_INIT(&policy);
  policy.EvtDeviceArmWakeFromSx = EvtArm;
  policy.EvtDeviceDisarmWakeFromSx = EvtDisarm;
  policy.EvtDeviceWakeFromSxTriggered = EvtWoken;
  WdfDeviceInitSetPowerPolicyEventCallbacks(Init, &policy);
}

static NTSTATUS MakeQueues(WDFDEVICE Device) {
  WDF_IO_QUEUE_CONFIG config;
  NTSTATUS status;
  WDF_IO_QUEUE_CONFIG_INIT_DEFAULT_QUEUE(&config, WdfIoQueueDispatchParallel);
  config.EvtIoDeviceControl = EvtControl;
  status = WdfIoQueueCreate(Device, &config, WDF_NO_OBJECT_ATTRIBUTES, NULL);
  if (!NT_SUCCESS(status)) return status;
  WDF_IO_QUEUE_CONFIG_INIT(&config, WdfIoQueueDispatchManual);
  return WdfIoQueueCreate(Device, &config, WDF_NO_OBJECT_ATTRIBUTES, &GetContext(Device)->Pended);
}

static NTSTATUS MakeMemory(WDFDEVICE Device) {
  WDF_OBJECT_ATTRIBUTES attributes;
  WDFMEMORY memory;
  NTSTATUS status = STATUS_SUCCESS;
  WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
  attributes.ParentObject = Device;
  for (int i = 0; i < 100 && NT_SUCCESS(status); i++) {
    status = WdfMemoryCreate(&attributes, NonPagedPoolNx, 'mPnP', 64, &memory, NULL);
  }
  return status;
}

static NTSTATUS EvtAdd(WDFDRIVER Driver, PWDFDEVICE_INIT Init) {
  WDF_OBJECT_ATTRIBUTES attributes;
  WDF_DEVICE_POWER_POLICY_WAKE_SETTINGS wake;
  WDFDEVICE device;
  NTSTATUS status;
  failure = ReadFailure(Driver);
  entryCount = 0;
  SAY("add\n");
  if (failure == FailAdd) return STATUS_UNSUCCESSFUL;
  SetCallbacks(Init);
  if (failure == 100) {
    status = WdfDeviceInitRegisterPnpStateChangeCallback(Init, WdfDevStatePnpStarted, EvtState,
                                                         StateNotificationEnterState);
    if (!NT_SUCCESS(status)) return status;
  }
  WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, DEVICE_CONTEXT);
  attributes.EvtCleanupCallback = EvtDeviceCleanup;
  attributes.EvtDestroyCallback = EvtDeviceDestroy;
  status = WdfDeviceCreate(&Init, &attributes, &device);
  if (NT_SUCCESS(status)) status = MakeQueues(device);
  if (NT_SUCCESS(status)) status = MakeMemory(device);
  if (NT_SUCCESS(status)) {
    status = WdfDeviceCreateDeviceInterface(device, &FunctionInterface, NULL);
  }
  if (NT_SUCCESS(status) && failure == 101) {
    WDF_DEVICE_POWER_POLICY_WAKE_SETTINGS_INIT(&wake);
    wake.DxState = PowerDeviceD2;
    status = WdfDeviceAssignSxWakeSettings(device, &wake);
  }
  return status;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath) {
  WDF_DRIVER_CONFIG config;
  WDF_DRIVER_CONFIG_INIT(&config, EvtAdd);
  return WdfDriverCreate(DriverObject, RegistryPath, WDF_NO_OBJECT_ATTRIBUTES, &config,
                         WDF_NO_HANDLE);
}
