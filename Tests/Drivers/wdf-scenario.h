// A framework driver whose control device does one scenario for each control code, 0x800 plus its
// number: the input and the output are numbers. A check that fails prints its line.
//
// A driver that includes this ends with SCENARIO_DRIVER, which has a routine for each scenario, or with
// SCENARIO_RUN, which has one for all.
#pragma once
#include <ntddk.h>

#include <wdf.h>

#define CHECK(Condition) \
  ((Condition) ? (void)0 : (void)DbgPrint("line %d: %s\n", __LINE__, #Condition))

#define SCENARIO_INPUTS 8
#define SCENARIO_OUTPUTS 64

typedef struct _SCENARIO_CALL {
  WDFDEVICE Device;
  WDFREQUEST Request;
  ULONG Number;
  ULONG64 In[SCENARIO_INPUTS];
  ULONG64 Out[SCENARIO_OUTPUTS];
  ULONG OutCount;
} SCENARIO_CALL, *PSCENARIO_CALL;

typedef void SCENARIO(PSCENARIO_CALL Call);

// The driver's.
static SCENARIO *const Scenarios[];
static const ULONG ScenarioCount;
static const BOOLEAN ScenarioRunsAll;
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

// Puts the next number out; with SCENARIO_RUN these are all that come back.
static __inline void Put(PSCENARIO_CALL Call, ULONG64 Value) {
  if (Call->OutCount < SCENARIO_OUTPUTS) Call->Out[Call->OutCount++] = Value;
}

static void ScenarioControl(WDFQUEUE Queue, WDFREQUEST Request, size_t OutputLength,
                            size_t InputLength, ULONG Code) {
  SCENARIO_CALL call;
  ULONG index = ((Code >> 2) & 0xFFF) - 0x800;
  size_t length = sizeof call.Out;
  void *buffer;
  RtlZeroMemory(&call, sizeof call);
  call.Device = WdfIoQueueGetDevice(Queue);
  call.Request = Request;
  call.Number = index;
  if (!ScenarioRunsAll && index >= ScenarioCount) {
    WdfRequestComplete(Request, STATUS_INVALID_DEVICE_REQUEST);
    return;
  }
  if (InputLength > sizeof call.In) InputLength = sizeof call.In;
  if (InputLength > 0 && (Code & 3) == METHOD_BUFFERED &&
      NT_SUCCESS(WdfRequestRetrieveInputBuffer(Request, 1, &buffer, NULL))) {
    RtlCopyMemory(call.In, buffer, InputLength);
  }
  Scenarios[ScenarioRunsAll ? 0 : index](&call);
  // A scenario that completes the request says so.
  if (call.Request == NULL) return;
  if (ScenarioRunsAll) length = call.OutCount * sizeof call.Out[0];
  if (OutputLength > length) OutputLength = length;
  if (OutputLength > 0 && NT_SUCCESS(WdfRequestRetrieveOutputBuffer(Request, 1, &buffer, NULL))) {
    RtlCopyMemory(buffer, call.Out, OutputLength);
  }
  WdfRequestCompleteWithInformation(Request, STATUS_SUCCESS, OutputLength);
}

#ifndef SCENARIO_DRIVER_UNLOAD
#define SCENARIO_DRIVER_UNLOAD ScenarioEvtUnload
static void ScenarioEvtUnload(WDFDRIVER Driver) {
  UNREFERENCED_PARAMETER(Driver);
  ScenarioUnload();
}
#endif

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
  config.EvtDriverUnload = SCENARIO_DRIVER_UNLOAD;
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
#define SCENARIO_NAMES(Name)                                                         \
  static PCUNICODE_STRING ScenarioDeviceName(void) {                                 \
    static const UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\Device\\" Name);      \
    return &name;                                                                    \
  }                                                                                  \
  static PCUNICODE_STRING ScenarioLinkName(void) {                                   \
    static const UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\DosDevices\\" Name);  \
    return &name;                                                                    \
  }

#define SCENARIO_DRIVER(Name, ...)                                           \
  static SCENARIO *const Scenarios[] = {__VA_ARGS__};                        \
  static const ULONG ScenarioCount = sizeof Scenarios / sizeof Scenarios[0]; \
  static const BOOLEAN ScenarioRunsAll = FALSE;                              \
  SCENARIO_NAMES(Name)

#define SCENARIO_RUN(Name, Routine)                                     \
  static SCENARIO *const Scenarios[] = {Routine};                       \
  static const ULONG ScenarioCount = 1;                                 \
  static const BOOLEAN ScenarioRunsAll = TRUE;                          \
  static NTSTATUS ScenarioDevice(WDFDRIVER Driver, WDFDEVICE Device) {  \
    UNREFERENCED_PARAMETER(Driver);                                     \
    UNREFERENCED_PARAMETER(Device);                                     \
    return STATUS_SUCCESS;                                              \
  }                                                                     \
  static void ScenarioUnload(void) {}                                   \
  SCENARIO_NAMES(Name)
