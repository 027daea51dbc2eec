// Timers of the framework.
#include "wdf-scenario.h"

static WDFTIMER timer;
static LONG count, lastLevel = -1, cleanupLevel = -1, stopFromInside = -1, restarts;
static WDFTIMER lastTimer;
static KEVENT cleaned;

static void EvtTimer(WDFTIMER Timer) {
  InterlockedIncrement(&count);
  lastLevel = KeGetCurrentIrql();
  lastTimer = Timer;
}

static void EvtStopsItself(WDFTIMER Timer) {
  count++;
  stopFromInside = WdfTimerStop(Timer, TRUE);
}

static void EvtRestarts(WDFTIMER Timer) {
  count++;
  if (restarts-- > 0) WdfTimerStart(Timer, WDF_REL_TIMEOUT_IN_MS(5));
}

static void EvtCleanup(WDFOBJECT Object) {
  UNREFERENCED_PARAMETER(Object);
  cleanupLevel = KeGetCurrentIrql();
  KeSetEvent(&cleaned, 0, FALSE);
}

static NTSTATUS Make(PFN_WDF_TIMER Routine, ULONG Period, WDFOBJECT Parent, BOOLEAN Serialized,
                     WDF_EXECUTION_LEVEL Level) {
  WDF_TIMER_CONFIG config;
  WDF_OBJECT_ATTRIBUTES attributes;
  WDF_TIMER_CONFIG_INIT_PERIODIC(&config, Routine, Period);
  config.AutomaticSerialization = Serialized;
  WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
  attributes.ParentObject = Parent;
  attributes.ExecutionLevel = Level;
  attributes.EvtCleanupCallback = EvtCleanup;
  KeInitializeEvent(&cleaned, NotificationEvent, FALSE);
  count = 0;
  return WdfTimerCreate(&config, &attributes, &timer);
}

static void Refusals(WDFDEVICE Device) {
  WDF_TIMER_CONFIG config;
  WDF_OBJECT_ATTRIBUTES attributes;
  WDFTIMER none = NULL;
  ULONG size;
  WDF_TIMER_CONFIG_INIT(&config, EvtTimer);
  CHECK(WdfTimerCreate(&config, WDF_NO_OBJECT_ATTRIBUTES, &none) ==
        STATUS_WDF_PARENT_NOT_SPECIFIED);
  WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
  CHECK(WdfTimerCreate(&config, &attributes, &none) == STATUS_WDF_PARENT_NOT_SPECIFIED);
  attributes.ParentObject = WdfGetDriver();
  CHECK(WdfTimerCreate(&config, &attributes, &none) == STATUS_INVALID_DEVICE_REQUEST);
  attributes.ParentObject = Device;
  // The sizes of 1.1, 1.9 and 1.13, and some that no version has.
  for (size = 16; size <= 48; size += 8) {
    config.Size = size;
    CHECK(WdfTimerCreate(&config, &attributes, &none) ==
          (size >= 24 && size <= 40 ? STATUS_SUCCESS : STATUS_INFO_LENGTH_MISMATCH));
  }
  WDF_TIMER_CONFIG_INIT(&config, EvtTimer);
  config.Period = 0x80000000;
  CHECK(WdfTimerCreate(&config, &attributes, &none) == STATUS_INVALID_PARAMETER);
  WDF_TIMER_CONFIG_INIT(&config, EvtTimer);
  config.UseHighResolutionTimer = TRUE;
  CHECK(WdfTimerCreate(&config, &attributes, &none) == STATUS_SUCCESS);
  config.TolerableDelay = 1;
  CHECK(WdfTimerCreate(&config, &attributes, &none) == STATUS_INVALID_PARAMETER);
  WDF_TIMER_CONFIG_INIT_PERIODIC(&config, EvtTimer, 10);
  attributes.ExecutionLevel = WdfExecutionLevelPassive;
  CHECK(WdfTimerCreate(&config, &attributes, &none) == STATUS_NOT_SUPPORTED);
}

/// A device whose callbacks are synchronized at one level does not serialize timers of the other.
static void Levels(void) {
  WDF_OBJECT_ATTRIBUTES attributes;
  WDFDEVICE device;
  WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
  attributes.SynchronizationScope = WdfSynchronizationScopeDevice;
  attributes.ExecutionLevel = WdfExecutionLevelPassive;
  CHECK(MakeControlDevice(NULL, &attributes, &device) == STATUS_SUCCESS);
  CHECK(Make(EvtTimer, 0, device, TRUE, WdfExecutionLevelInheritFromParent) ==
        STATUS_WDF_INCOMPATIBLE_EXECUTION_LEVEL);
  CHECK(Make(EvtTimer, 0, device, FALSE, WdfExecutionLevelInheritFromParent) == STATUS_SUCCESS);
  CHECK(Make(EvtTimer, 0, device, TRUE, WdfExecutionLevelPassive) == STATUS_SUCCESS);
  WdfObjectDelete(device);
  attributes.ExecutionLevel = WdfExecutionLevelDispatch;
  CHECK(MakeControlDevice(NULL, &attributes, &device) == STATUS_SUCCESS);
  CHECK(Make(EvtTimer, 0, device, TRUE, WdfExecutionLevelPassive) ==
        STATUS_WDF_INCOMPATIBLE_EXECUTION_LEVEL);
  CHECK(Make(EvtTimer, 0, device, TRUE, WdfExecutionLevelInheritFromParent) == STATUS_SUCCESS);
  WdfObjectDelete(device);
}

static void DeleteParent(WDFDEVICE Device) {
  WDF_OBJECT_ATTRIBUTES attributes;
  WDFOBJECT parent;
  WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
  attributes.ParentObject = Device;
  CHECK(WdfObjectCreate(&attributes, &parent) == STATUS_SUCCESS);
  CHECK(Make(EvtTimer, 5, parent, FALSE, WdfExecutionLevelInheritFromParent) == STATUS_SUCCESS);
  CHECK(WdfTimerGetParentObject(timer) == parent);
  WdfTimerStart(timer, WDF_REL_TIMEOUT_IN_MS(5));
  cleanupLevel = -1;
  WdfObjectDelete(parent);
  CHECK(cleanupLevel == PASSIVE_LEVEL);
}

static void DeleteAtDispatch(WDFDEVICE Device) {
  KIRQL old;
  CHECK(Make(EvtTimer, 5, Device, FALSE, WdfExecutionLevelInheritFromParent) == STATUS_SUCCESS);
  WdfTimerStart(timer, WDF_REL_TIMEOUT_IN_MS(5));
  cleanupLevel = -1;
  KeRaiseIrql(DISPATCH_LEVEL, &old);
  WdfObjectDelete(timer);
  CHECK(cleanupLevel == -1);
  KeLowerIrql(old);
  KeWaitForSingleObject(&cleaned, Executive, KernelMode, FALSE, NULL);
  CHECK(cleanupLevel == PASSIVE_LEVEL);
}

static void Run(PSCENARIO_CALL Scenario) {
  WDFDEVICE device = Scenario->Device;
  const WDF_EXECUTION_LEVEL inherit = WdfExecutionLevelInheritFromParent;
  switch (Scenario->Number) {
    case 0: Refusals(device); break;
    case 1: Levels(); break;
    case 2:
      CHECK(Make(EvtTimer, (ULONG)Scenario->In[0], device, FALSE, inherit) == STATUS_SUCCESS);
      CHECK(WdfTimerGetParentObject(timer) == device);
      CHECK(WdfTimerStart(timer, WDF_REL_TIMEOUT_IN_MS(10)) == FALSE);
      // Started anew: TRUE, because it ran.
      CHECK(WdfTimerStart(timer, WDF_REL_TIMEOUT_IN_MS(10)) == TRUE);
      break;
    case 3: Put(Scenario, count); Put(Scenario, lastLevel); Put(Scenario, lastTimer == timer); break;
    case 4: Put(Scenario, WdfTimerStop(timer, (BOOLEAN)Scenario->In[0])); break;
    case 5:
      CHECK(Make(EvtTimer, 0, device, FALSE, WdfExecutionLevelPassive) == STATUS_SUCCESS);
      WdfTimerStart(timer, WDF_REL_TIMEOUT_IN_MS(10));
      break;
    case 6:
      CHECK(Make(EvtStopsItself, 0, device, FALSE, inherit) == STATUS_SUCCESS);
      WdfTimerStart(timer, WDF_REL_TIMEOUT_IN_MS(10));
      break;
    case 7: Put(Scenario, stopFromInside); break;
    case 8:
      restarts = 2;
      CHECK(Make(EvtRestarts, 0, device, FALSE, inherit) == STATUS_SUCCESS);
      WdfTimerStart(timer, WDF_REL_TIMEOUT_IN_MS(5));
      break;
    case 9: DeleteParent(device); break;
    case 10: DeleteAtDispatch(device); break;
    case 11:
      CHECK(Make(EvtTimer, 0, device, FALSE, inherit) == STATUS_SUCCESS);
      WdfTimerStart(timer, WDF_REL_TIMEOUT_IN_MS(10));
      break;
    case 12: {
      KIRQL old;
      KeRaiseIrql(DISPATCH_LEVEL, &old);
      Put(Scenario, WdfTimerStop(timer, TRUE));
      KeLowerIrql(old);
      break;
    }
  }
}

SCENARIO_RUN(L"Scenarios", Run)
