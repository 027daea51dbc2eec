// A framework driver whose control device does one scenario for each control code: the input and the
// output are numbers. A driver that includes this ends with SCENARIO_DRIVER.
#pragma once
#include <ntddk.h>

#include <wdf.h>

#define SCENARIO_INPUTS 8
#define SCENARIO_OUTPUTS 64

typedef struct _SCENARIO_CALL {
  WDFDEVICE Device;
  WDFREQUEST Request;
  ULONG64 In[SCENARIO_INPUTS];
  ULONG64 Out[SCENARIO_OUTPUTS];
} SCENARIO_CALL, *PSCENARIO_CALL;

typedef void SCENARIO(PSCENARIO_CALL Call);

// The driver's.
static SCENARIO *const Scenarios[];
static const ULONG ScenarioCount;
static NTSTATUS ScenarioDevice(WDFDRIVER Driver, WDFDEVICE Device);
static void ScenarioUnload(void);
static PCUNICODE_STRING ScenarioDeviceName(void);
static PCUNICODE_STRING ScenarioLinkName(void);

static WDFDRIVER ScenarioDriver;

// Logs what happens, in the order in which it does.
static ULONG Events[128];
static LONG EventCount;

static __inline void Log(ULONG Event) {
  LONG index = InterlockedIncrement(&EventCount) - 1;
  if (index < 128) Events[index] = Event;
}

static __inline void ClearLog(void) { EventCount = 0; }

// Copies the log behind its length.
static __inline void PutLog(ULONG64 *Out) {
  Out[0] = (ULONG64)EventCount;
  for (LONG i = 0; i < EventCount && i < 40; i++) Out[1 + i] = Events[i];
}

static void ScenarioControl(WDFQUEUE Queue, WDFREQUEST Request, size_t OutputLength,
                            size_t InputLength, ULONG Code) {
  SCENARIO_CALL call;
  ULONG index = ((Code >> 2) & 0xFFF) - 0x800;
  void *buffer;
  RtlZeroMemory(&call, sizeof call);
  call.Device = WdfIoQueueGetDevice(Queue);
  call.Request = Request;
  if (index >= ScenarioCount) {
    WdfRequestComplete(Request, STATUS_INVALID_DEVICE_REQUEST);
    return;
  }
  if (InputLength > sizeof call.In) InputLength = sizeof call.In;
  if (InputLength > 0 && (Code & 3) == METHOD_BUFFERED &&
      NT_SUCCESS(WdfRequestRetrieveInputBuffer(Request, 1, &buffer, NULL))) {
    RtlCopyMemory(call.In, buffer, InputLength);
  }
  Scenarios[index](&call);
  // A scenario that completes the request says so.
  if (call.Request == NULL) return;
  if (OutputLength > sizeof call.Out) OutputLength = sizeof call.Out;
  if (OutputLength > 0 && NT_SUCCESS(WdfRequestRetrieveOutputBuffer(Request, 1, &buffer, NULL))) {
    RtlCopyMemory(buffer, call.Out, OutputLength);
  }
  WdfRequestCompleteWithInformation(Request, STATUS_SUCCESS, OutputLength);
}

static void ScenarioEvtUnload(WDFDRIVER Driver) {
  UNREFERENCED_PARAMETER(Driver);
  ScenarioUnload();
}

// Makes a control device with a name or, for NULL, without.
static __inline NTSTATUS MakeControlDevice(PCUNICODE_STRING Name,
                                           PWDF_OBJECT_ATTRIBUTES Attributes, WDFDEVICE *Device) {
  PWDFDEVICE_INIT init = WdfControlDeviceInitAllocate(
      ScenarioDriver, &SDDL_DEVOBJ_SYS_ALL_ADM_RWX_WORLD_RW_RES_R);
  NTSTATUS status = STATUS_SUCCESS;
  *Device = NULL;
  if (!init) return STATUS_INSUFFICIENT_RESOURCES;
  WdfDeviceInitSetIoType(init, WdfDeviceIoBuffered);
  if (Name != NULL) status = WdfDeviceInitAssignName(init, Name);
  if (NT_SUCCESS(status)) status = WdfDeviceCreate(&init, Attributes, Device);
  if (!NT_SUCCESS(status) && init) WdfDeviceInitFree(init);
  return status;
}

static EVT_WDF_OBJECT_CONTEXT_CLEANUP ScenarioDriverCleanup;
static EVT_WDF_OBJECT_CONTEXT_DESTROY ScenarioDriverDestroy;

static void ScenarioDriverCleanup(WDFOBJECT Object) {
  UNREFERENCED_PARAMETER(Object);
  DbgPrint("driver cleanup\n");
}

static void ScenarioDriverDestroy(WDFOBJECT Object) {
  UNREFERENCED_PARAMETER(Object);
  DbgPrint("driver destroy\n");
}

DRIVER_INITIALIZE DriverEntry;

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath) {
  WDF_DRIVER_CONFIG config;
  WDF_OBJECT_ATTRIBUTES attributes;
  WDF_IO_QUEUE_CONFIG queueConfig;
  WDFDEVICE device;
  NTSTATUS status;
  WDF_DRIVER_CONFIG_INIT(&config, WDF_NO_EVENT_CALLBACK);
  config.DriverInitFlags = WdfDriverInitNonPnpDriver;
  config.EvtDriverUnload = ScenarioEvtUnload;
#ifdef SCENARIO_TAG
  config.DriverPoolTag = SCENARIO_TAG;
#endif
  WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
  attributes.EvtCleanupCallback = ScenarioDriverCleanup;
  attributes.EvtDestroyCallback = ScenarioDriverDestroy;
  status = WdfDriverCreate(DriverObject, RegistryPath, &attributes, &config, &ScenarioDriver);
  if (!NT_SUCCESS(status)) return status;
  status = MakeControlDevice(ScenarioDeviceName(), WDF_NO_OBJECT_ATTRIBUTES, &device);
  if (!NT_SUCCESS(status)) return status;
  status = WdfDeviceCreateSymbolicLink(device, ScenarioLinkName());
  if (!NT_SUCCESS(status)) return status;
  WDF_IO_QUEUE_CONFIG_INIT_DEFAULT_QUEUE(&queueConfig, WdfIoQueueDispatchParallel);
  queueConfig.EvtIoDeviceControl = ScenarioControl;
  status = WdfIoQueueCreate(device, &queueConfig, WDF_NO_OBJECT_ATTRIBUTES, NULL);
  if (!NT_SUCCESS(status)) return status;
  status = ScenarioDevice(ScenarioDriver, device);
  if (!NT_SUCCESS(status)) return status;
  WdfControlFinishInitializing(device);
  return STATUS_SUCCESS;
}

// What the driver defines.
#define SCENARIO_DRIVER(Name, ...)                                                     \
  static SCENARIO *const Scenarios[] = {__VA_ARGS__};                                  \
  static const ULONG ScenarioCount = sizeof Scenarios / sizeof Scenarios[0];           \
  static PCUNICODE_STRING ScenarioDeviceName(void) {                                   \
    static const UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\Device\\" Name);        \
    return &name;                                                                      \
  }                                                                                    \
  static PCUNICODE_STRING ScenarioLinkName(void) {                                     \
    static const UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\DosDevices\\" Name);    \
    return &name;                                                                      \
  }
