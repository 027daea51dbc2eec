// A function driver whose device goes to sleep when it has nothing to do. Reads of some bytes do what
// their number says, whatever the device's power is.
#include "wdf-pnp.h"

DRIVER_INITIALIZE DriverEntry;

enum { CanWake = 1, PowerUpOnSystemWake = 2, FailArm = 4, SleepWake = 8, ShortTime = 16 };
enum { ReadStopIdle = 4, ReadStopIdleAndWait, ReadResumeIdle, ReadWatch, ReadDisable, ReadEnable,
       ReadWrongState };

typedef struct _IDLE {
  WDFQUEUE Pended;
  WDFQUEUE Watching;
} IDLE, *PIDLE;

WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(IDLE, GetIdle)

static ULONG kind;
static volatile LONG isDown;

// Whoever watches now learns that the device changed its power.
static void TellWatchers(WDFDEVICE Device) {
  WDFREQUEST request;
  ULONG count;
  (void)WdfIoQueueGetState(GetIdle(Device)->Watching, &count, NULL);
  while (count-- > 0 &&
         NT_SUCCESS(WdfIoQueueRetrieveNextRequest(GetIdle(Device)->Watching, &request))) {
    WdfRequestComplete(request, STATUS_SUCCESS);
  }
}

static void EvtPower(WDFDEVICE Device, PCWDF_DEVICE_POWER_NOTIFICATION_DATA Data) {
  InterlockedExchange(&isDown, Data->Data.PostProcessState.CurrentState == WdfDevStatePowerDx);
  TellWatchers(Device);
}

static NTSTATUS EvtD0Entry(WDFDEVICE Device, WDF_POWER_DEVICE_STATE Previous) {
  UNREFERENCED_PARAMETER(Device);
  DbgPrint("d0-entry %u\n", Previous);
  return STATUS_SUCCESS;
}

static NTSTATUS EvtD0Exit(WDFDEVICE Device, WDF_POWER_DEVICE_STATE Target) {
  UNREFERENCED_PARAMETER(Device);
  DbgPrint("d0-exit %u\n", Target);
  return STATUS_SUCCESS;
}

static NTSTATUS EvtArmS0(WDFDEVICE Device) {
  UNREFERENCED_PARAMETER(Device);
  DbgPrint("arm-s0\n");
  return kind & FailArm ? STATUS_UNSUCCESSFUL : STATUS_SUCCESS;
}

static void EvtDisarmS0(WDFDEVICE Device) {
  UNREFERENCED_PARAMETER(Device);
  DbgPrint("disarm-s0\n");
}

static void EvtWokenS0(WDFDEVICE Device) {
  UNREFERENCED_PARAMETER(Device);
  DbgPrint("woken-s0\n");
}

static NTSTATUS EvtArmSx(WDFDEVICE Device) {
  UNREFERENCED_PARAMETER(Device);
  DbgPrint("arm-sx\n");
  return STATUS_SUCCESS;
}

static void EvtDisarmSx(WDFDEVICE Device) {
  UNREFERENCED_PARAMETER(Device);
  DbgPrint("disarm-sx\n");
}

static NTSTATUS Assign(WDFDEVICE Device, WDF_TRI_STATE Enabled, DEVICE_POWER_STATE State) {
  WDF_DEVICE_POWER_POLICY_IDLE_SETTINGS settings;
  WDF_DEVICE_POWER_POLICY_IDLE_SETTINGS_INIT(
      &settings, kind & CanWake ? IdleCanWakeFromS0 : IdleCannotWakeFromS0);
  settings.IdleTimeout = kind & ShortTime ? 1 : 1000;
  settings.Enabled = Enabled;
  settings.DxState = State;
  if (kind & PowerUpOnSystemWake) settings.PowerUpIdleDeviceOnSystemWake = WdfTrue;
  return WdfDeviceAssignS0IdleSettings(Device, &settings);
}

static void EvtRead(WDFQUEUE Queue, WDFREQUEST Request, size_t Length) {
  WDFDEVICE device = WdfIoQueueGetDevice(Queue);
  NTSTATUS status = STATUS_SUCCESS, *output;
  switch (Length) {
    case ReadStopIdle: status = WdfDeviceStopIdle(device, FALSE); break;
    case ReadStopIdleAndWait: status = WdfDeviceStopIdle(device, TRUE); break;
    case ReadResumeIdle: WdfDeviceResumeIdle(device); break;
    case ReadDisable: status = Assign(device, WdfFalse, PowerDeviceMaximum); break;
    case ReadEnable: status = Assign(device, WdfTrue, PowerDeviceMaximum); break;
    case ReadWrongState: status = Assign(device, WdfTrue, PowerDeviceD3); break;
    case ReadWatch:
      if (NT_SUCCESS(WdfRequestForwardToIoQueue(Request, GetIdle(device)->Watching))) {
        // With the short time a watcher waits for the device to be down, and it may be so already.
        if (kind & ShortTime && isDown) TellWatchers(device);
        return;
      }
      break;
  }
  if (NT_SUCCESS(WdfRequestRetrieveOutputBuffer(Request, 4, (void **)&output, NULL))) {
    *output = status;
  }
  WdfRequestCompleteWithInformation(Request, STATUS_SUCCESS, 4);
}

static void EvtControl(WDFQUEUE Queue, WDFREQUEST Request, size_t OutputLength, size_t InputLength,
                       ULONG Code) {
  WDFDEVICE device = WdfIoQueueGetDevice(Queue);
  WDFREQUEST kept;
  UNREFERENCED_PARAMETER(OutputLength);
  UNREFERENCED_PARAMETER(InputLength);
  if (Code == IOCTL_PEND &&
      NT_SUCCESS(WdfRequestForwardToIoQueue(Request, GetIdle(device)->Pended))) {
    return;
  }
  if (Code == IOCTL_FAIL &&
      NT_SUCCESS(WdfIoQueueRetrieveNextRequest(GetIdle(device)->Pended, &kept))) {
    WdfRequestComplete(kept, STATUS_SUCCESS);
  }
  if (Code == IOCTL_PING && !(kind & ShortTime)) DbgPrint("ping\n");
  WdfRequestComplete(Request, STATUS_SUCCESS);
}

static NTSTATUS MakeQueues(WDFDEVICE Device) {
  WDF_IO_QUEUE_CONFIG config;
  WDF_OBJECT_ATTRIBUTES attributes;
  WDFQUEUE reads;
  NTSTATUS status;
  WDF_IO_QUEUE_CONFIG_INIT_DEFAULT_QUEUE(&config, WdfIoQueueDispatchParallel);
  config.EvtIoDeviceControl = EvtControl;
  status = WdfIoQueueCreate(Device, &config, WDF_NO_OBJECT_ATTRIBUTES, NULL);
  if (!NT_SUCCESS(status)) return status;
  WDF_IO_QUEUE_CONFIG_INIT(&config, WdfIoQueueDispatchManual);
  status = WdfIoQueueCreate(Device, &config, WDF_NO_OBJECT_ATTRIBUTES, &GetIdle(Device)->Pended);
  if (!NT_SUCCESS(status)) return status;
  config.PowerManaged = WdfFalse;
  status = WdfIoQueueCreate(Device, &config, WDF_NO_OBJECT_ATTRIBUTES, &GetIdle(Device)->Watching);
  if (!NT_SUCCESS(status)) return status;
  WDF_IO_QUEUE_CONFIG_INIT(&config, WdfIoQueueDispatchParallel);
  config.PowerManaged = WdfFalse;
  config.EvtIoRead = EvtRead;
  WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
  attributes.ExecutionLevel = WdfExecutionLevelPassive;
  status = WdfIoQueueCreate(Device, &config, &attributes, &reads);
  if (!NT_SUCCESS(status)) return status;
  return WdfDeviceConfigureRequestDispatching(Device, reads, WdfRequestTypeRead);
}

static void SetCallbacks(PWDFDEVICE_INIT Init) {
  WDF_PNPPOWER_EVENT_CALLBACKS callbacks;
  WDF_POWER_POLICY_EVENT_CALLBACKS policy;
  WDF_PNPPOWER_EVENT_CALLBACKS_INIT(&callbacks);
  callbacks.EvtDeviceD0Entry = EvtD0Entry;
  callbacks.EvtDeviceD0Exit = EvtD0Exit;
  WdfDeviceInitSetPnpPowerEventCallbacks(Init, &callbacks);
  WDF_POWER_POLICY_EVENT_CALLBACKS_INIT(&policy);
  policy.EvtDeviceArmWakeFromS0 = EvtArmS0;
  policy.EvtDeviceDisarmWakeFromS0 = EvtDisarmS0;
  policy.EvtDeviceWakeFromS0Triggered = EvtWokenS0;
  policy.EvtDeviceArmWakeFromSx = EvtArmSx;
  policy.EvtDeviceDisarmWakeFromSx = EvtDisarmSx;
  WdfDeviceInitSetPowerPolicyEventCallbacks(Init, &policy);
}

// The device wakes from D2 and what is above.
static void SetCapabilities(WDFDEVICE Device) {
  WDF_DEVICE_POWER_CAPABILITIES capabilities;
  WDF_DEVICE_POWER_CAPABILITIES_INIT(&capabilities);
  capabilities.DeviceWake = PowerDeviceD2;
  WdfDeviceSetPowerCapabilities(Device, &capabilities);
}

static NTSTATUS EvtAdd(WDFDRIVER Driver, PWDFDEVICE_INIT Init) {
  WDF_OBJECT_ATTRIBUTES attributes;
  WDF_DEVICE_POWER_POLICY_WAKE_SETTINGS wake;
  WDFDEVICE device;
  NTSTATUS status;
  kind = ReadFailure(Driver);
  SetCallbacks(Init);
  status = WdfDeviceInitRegisterPowerStateChangeCallback(
      Init, WdfDevStatePowerDx, EvtPower, StateNotificationPostProcessState);
  if (!NT_SUCCESS(status)) return status;
  status = WdfDeviceInitRegisterPowerStateChangeCallback(
      Init, WdfDevStatePowerD0, EvtPower, StateNotificationPostProcessState);
  if (!NT_SUCCESS(status)) return status;
  WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, IDLE);
  status = WdfDeviceCreate(&Init, &attributes, &device);
  if (NT_SUCCESS(status)) status = MakeQueues(device);
  if (NT_SUCCESS(status)) SetCapabilities(device);
  if (NT_SUCCESS(status)) status = Assign(device, WdfUseDefault, PowerDeviceMaximum);
  if (NT_SUCCESS(status) && kind & SleepWake) {
    WDF_DEVICE_POWER_POLICY_WAKE_SETTINGS_INIT(&wake);
    status = WdfDeviceAssignSxWakeSettings(device, &wake);
  }
  if (!NT_SUCCESS(status)) return status;
  return WdfDeviceCreateDeviceInterface(device, &FunctionInterface, NULL);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath) {
  WDF_DRIVER_CONFIG config;
  WDF_DRIVER_CONFIG_INIT(&config, EvtAdd);
  return WdfDriverCreate(DriverObject, RegistryPath, WDF_NO_OBJECT_ATTRIBUTES, &config,
                         WDF_NO_HANDLE);
}
