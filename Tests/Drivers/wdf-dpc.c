// DPCs and work items of the framework.
#include "wdf-scenario.h"


static WDFDPC dpc, secondDpc;
static WDFWORKITEM item, second, other;
static LONG count, level, overlaps, cleanupLevel;
static volatile LONG entries;
static KEVENT entered, go, cleaned;
static PVOID thread;

static void EvtDpc(WDFDPC Dpc) {
  UNREFERENCED_PARAMETER(Dpc);
  InterlockedIncrement(&count);
  level = KeGetCurrentIrql();
}

static void EvtWorkItem(WDFWORKITEM WorkItem) {
  UNREFERENCED_PARAMETER(WorkItem);
  InterlockedIncrement(&count);
  level = KeGetCurrentIrql();
  thread = PsGetCurrentThread();
}

static void EvtWaits(WDFWORKITEM WorkItem) {
  UNREFERENCED_PARAMETER(WorkItem);
  KeSetEvent(&entered, 0, FALSE);
  KeWaitForSingleObject(&go, Executive, KernelMode, FALSE, NULL);
  InterlockedIncrement(&count);
}

static void EvtFlushesItself(WDFWORKITEM WorkItem) {
  WdfWorkItemFlush(WorkItem);
  InterlockedIncrement(&count);
}

static void EvtDeletesItself(WDFWORKITEM WorkItem) {
  InterlockedIncrement(&count);
  WdfObjectDelete(WorkItem);
}

/// Two of these end only when they run at the same time.
static void EvtMeets(WDFWORKITEM WorkItem) {
  PKEVENT mine = WorkItem == item ? &entered : &go, others = WorkItem == item ? &go : &entered;
  KeSetEvent(mine, 0, FALSE);
  KeWaitForSingleObject(others, Executive, KernelMode, FALSE, NULL);
  InterlockedIncrement(&count);
}

/// Has the second item queued and gives it all the time to run: it may not while this one runs.
static void EvtHoldsItem(WDFWORKITEM WorkItem) {
  int i;
  UNREFERENCED_PARAMETER(WorkItem);
  WdfWorkItemEnqueue(second);
  // Work is taken in order: what comes after the second one has overtaken it.
  for (i = 0; i < 100; i++) {
    WdfWorkItemEnqueue(other);
    WdfWorkItemFlush(other);
  }
  overlaps = entries;
}

static void EvtEntersItem(WDFWORKITEM WorkItem) {
  UNREFERENCED_PARAMETER(WorkItem);
  CHECK(KeGetCurrentIrql() == PASSIVE_LEVEL);
  InterlockedIncrement(&entries);
}

static void EvtHoldsDpc(WDFDPC Dpc) {
  int i;
  UNREFERENCED_PARAMETER(Dpc);
  // On another processor than this one.
  KeSetTargetProcessorDpc(WdfDpcWdmGetDpc(secondDpc),
                          (CCHAR)((KeGetCurrentProcessorNumber() + 1) % 4));
  WdfDpcEnqueue(secondDpc);
  for (i = 0; i < 400 && entries == 0; i++) KeStallExecutionProcessor(50);
  overlaps = entries;
  InterlockedIncrement(&count);
}

static void EvtEntersDpc(WDFDPC Dpc) {
  UNREFERENCED_PARAMETER(Dpc);
  InterlockedIncrement(&entries);
}

static void EvtCleanup(WDFOBJECT Object) {
  UNREFERENCED_PARAMETER(Object);
  cleanupLevel = KeGetCurrentIrql();
  KeSetEvent(&cleaned, 0, FALSE);
}

static NTSTATUS MakeDpc(PFN_WDF_DPC Routine, WDFOBJECT Parent, BOOLEAN Serialized, WDFDPC *Dpc) {
  WDF_DPC_CONFIG config;
  WDF_OBJECT_ATTRIBUTES attributes;
  WDF_DPC_CONFIG_INIT(&config, Routine);
  config.AutomaticSerialization = Serialized;
  WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
  attributes.ParentObject = Parent;
  attributes.EvtCleanupCallback = EvtCleanup;
  return WdfDpcCreate(&config, Parent ? &attributes : NULL, Dpc);
}

static NTSTATUS MakeItem(PFN_WDF_WORKITEM Routine, WDFOBJECT Parent, BOOLEAN Serialized,
                         WDFWORKITEM *Item) {
  WDF_WORKITEM_CONFIG config;
  WDF_OBJECT_ATTRIBUTES attributes;
  WDF_WORKITEM_CONFIG_INIT(&config, Routine);
  config.AutomaticSerialization = Serialized;
  WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
  attributes.ParentObject = Parent;
  attributes.EvtCleanupCallback = EvtCleanup;
  return WdfWorkItemCreate(&config, Parent ? &attributes : NULL, Item);
}

static WDFDEVICE MakeSynchronized(WDF_EXECUTION_LEVEL Level) {
  WDF_OBJECT_ATTRIBUTES attributes;
  WDFDEVICE device = NULL;
  WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
  attributes.SynchronizationScope = WdfSynchronizationScopeDevice;
  attributes.ExecutionLevel = Level;
  CHECK(MakeControlDevice(NULL, &attributes, &device) == STATUS_SUCCESS);
  return device;
}

static void Refusals(WDFDEVICE Device) {
  WDF_DPC_CONFIG dpcConfig;
  WDF_WORKITEM_CONFIG itemConfig;
  WDF_OBJECT_ATTRIBUTES attributes;
  WDFDEVICE passive = MakeSynchronized(WdfExecutionLevelPassive);
  WDFDEVICE dispatch = MakeSynchronized(WdfExecutionLevelDispatch);
  CHECK(MakeDpc(EvtDpc, NULL, FALSE, &dpc) == STATUS_WDF_PARENT_NOT_SPECIFIED);
  CHECK(MakeItem(EvtWorkItem, NULL, FALSE, &item) == STATUS_WDF_PARENT_NOT_SPECIFIED);
  CHECK(MakeDpc(EvtDpc, WdfGetDriver(), FALSE, &dpc) == STATUS_INVALID_DEVICE_REQUEST);
  CHECK(MakeItem(EvtWorkItem, WdfGetDriver(), FALSE, &item) == STATUS_INVALID_DEVICE_REQUEST);
  CHECK(MakeItem(NULL, Device, FALSE, &item) == STATUS_INVALID_PARAMETER);
  CHECK(MakeDpc(EvtDpc, passive, TRUE, &dpc) == STATUS_WDF_INCOMPATIBLE_EXECUTION_LEVEL);
  CHECK(MakeItem(EvtWorkItem, dispatch, TRUE, &item) == STATUS_WDF_INCOMPATIBLE_EXECUTION_LEVEL);
  CHECK(MakeDpc(EvtDpc, passive, FALSE, &dpc) == STATUS_SUCCESS);
  CHECK(MakeItem(EvtWorkItem, dispatch, FALSE, &item) == STATUS_SUCCESS);
  WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
  attributes.ParentObject = Device;
  WDF_DPC_CONFIG_INIT(&dpcConfig, EvtDpc);
  dpcConfig.Size += 8;
  CHECK(WdfDpcCreate(&dpcConfig, &attributes, &dpc) == STATUS_INFO_LENGTH_MISMATCH);
  WDF_WORKITEM_CONFIG_INIT(&itemConfig, EvtWorkItem);
  itemConfig.Size -= 8;
  CHECK(WdfWorkItemCreate(&itemConfig, &attributes, &item) == STATUS_INFO_LENGTH_MISMATCH);
  // A level is for timers.
  WDF_DPC_CONFIG_INIT(&dpcConfig, EvtDpc);
  attributes.ExecutionLevel = WdfExecutionLevelPassive;
  CHECK(WdfDpcCreate(&dpcConfig, &attributes, &dpc) == STATUS_WDF_EXECUTION_LEVEL_INVALID);
  WdfObjectDelete(passive);
  WdfObjectDelete(dispatch);
}

static void Queueing(WDFDEVICE Device) {
  KIRQL old;
  CHECK(MakeDpc(EvtDpc, Device, FALSE, &dpc) == STATUS_SUCCESS);
  CHECK(WdfDpcGetParentObject(dpc) == Device);
  KeRaiseIrql(DISPATCH_LEVEL, &old);
  CHECK(WdfDpcEnqueue(dpc) == TRUE);
  CHECK(WdfDpcEnqueue(dpc) == FALSE);
  CHECK(count == 0);
  CHECK(WdfDpcCancel(dpc, FALSE) == TRUE);
  CHECK(WdfDpcCancel(dpc, FALSE) == FALSE);
  // Waiting needs PASSIVE_LEVEL.
  CHECK(WdfDpcCancel(dpc, TRUE) == FALSE);
  KeLowerIrql(old);
  CHECK(count == 0);
  KeRaiseIrql(DISPATCH_LEVEL, &old);
  CHECK(KeInsertQueueDpc(WdfDpcWdmGetDpc(dpc), NULL, NULL) == TRUE);
  KeLowerIrql(old);
  CHECK(WdfDpcCancel(dpc, TRUE) == FALSE);
  CHECK(count == 1 && level == DISPATCH_LEVEL);
}

/// A DPC and a work item go with their parent: what was queued has run, and cleanup is passive.
static void DeleteParent(WDFDEVICE Device) {
  WDF_OBJECT_ATTRIBUTES attributes;
  WDFOBJECT parent;
  KIRQL old;
  WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
  attributes.ParentObject = Device;
  CHECK(WdfObjectCreate(&attributes, &parent) == STATUS_SUCCESS);
  CHECK(MakeItem(EvtWorkItem, parent, FALSE, &item) == STATUS_SUCCESS);
  CHECK(WdfWorkItemGetParentObject(item) == parent);
  WdfWorkItemEnqueue(item);
  WdfObjectDelete(parent);
  CHECK(count == 1 && cleanupLevel == PASSIVE_LEVEL);
  CHECK(MakeDpc(EvtDpc, Device, FALSE, &dpc) == STATUS_SUCCESS);
  KeClearEvent(&cleaned);
  cleanupLevel = -1;
  KeRaiseIrql(DISPATCH_LEVEL, &old);
  CHECK(WdfDpcEnqueue(dpc) == TRUE);
  WdfObjectDelete(dpc);
  CHECK(cleanupLevel == -1);
  KeLowerIrql(old);
  KeWaitForSingleObject(&cleaned, Executive, KernelMode, FALSE, NULL);
  CHECK(count == 2 && cleanupLevel == PASSIVE_LEVEL);
}

static void Working(WDFDEVICE Device) {
  CHECK(MakeItem(EvtWorkItem, Device, FALSE, &item) == STATUS_SUCCESS);
  WdfWorkItemFlush(item);
  WdfWorkItemEnqueue(item);
  WdfWorkItemFlush(item);
  CHECK(count == 1 && level == PASSIVE_LEVEL && thread != PsGetCurrentThread());
}

/// What is queued twice before it runs runs once; what is queued while it runs runs again.
static void Coalescing(WDFDEVICE Device) {
  CHECK(MakeItem(EvtWaits, Device, FALSE, &item) == STATUS_SUCCESS);
  WdfWorkItemEnqueue(item);
  KeWaitForSingleObject(&entered, Executive, KernelMode, FALSE, NULL);
  WdfWorkItemEnqueue(item);
  WdfWorkItemEnqueue(item);
  KeSetEvent(&go, 0, FALSE);
  WdfWorkItemFlush(item);
  // The second one may have begun before the third: two runs at least, three at most.
  CHECK(count == 2 || count == 3);
  CHECK(MakeItem(EvtFlushesItself, Device, FALSE, &item) == STATUS_SUCCESS);
  count = 0;
  WdfWorkItemEnqueue(item);
  WdfWorkItemFlush(item);
  CHECK(count == 1);
  KeClearEvent(&cleaned);
  CHECK(MakeItem(EvtDeletesItself, Device, FALSE, &item) == STATUS_SUCCESS);
  WdfWorkItemEnqueue(item);
  KeWaitForSingleObject(&cleaned, Executive, KernelMode, FALSE, NULL);
  CHECK(count == 2);
}

static void Meeting(WDFDEVICE Device) {
  KeInitializeEvent(&entered, NotificationEvent, FALSE);
  KeInitializeEvent(&go, NotificationEvent, FALSE);
  CHECK(MakeItem(EvtMeets, Device, FALSE, &item) == STATUS_SUCCESS);
  CHECK(MakeItem(EvtMeets, Device, FALSE, &second) == STATUS_SUCCESS);
  WdfWorkItemEnqueue(item);
  WdfWorkItemEnqueue(second);
  WdfWorkItemFlush(item);
  WdfWorkItemFlush(second);
  CHECK(count == 2);
}

static void SerializedItems(BOOLEAN Serialized, PSCENARIO_CALL Scenario) {
  WDFDEVICE device = MakeSynchronized(WdfExecutionLevelPassive);
  CHECK(MakeItem(EvtHoldsItem, device, Serialized, &item) == STATUS_SUCCESS);
  CHECK(MakeItem(EvtEntersItem, device, Serialized, &second) == STATUS_SUCCESS);
  CHECK(MakeItem(EvtWorkItem, device, FALSE, &other) == STATUS_SUCCESS);
  WdfWorkItemEnqueue(item);
  WdfWorkItemFlush(item);
  WdfWorkItemFlush(second);
  CHECK(count == 100 && entries == 1);
  Put(Scenario, overlaps);
  WdfObjectDelete(device);
}

static void SerializedDpcs(BOOLEAN Serialized, PSCENARIO_CALL Scenario) {
  WDFDEVICE device = MakeSynchronized(WdfExecutionLevelDispatch);
  CHECK(MakeDpc(EvtHoldsDpc, device, Serialized, &dpc) == STATUS_SUCCESS);
  CHECK(MakeDpc(EvtEntersDpc, device, Serialized, &secondDpc) == STATUS_SUCCESS);
  WdfDpcEnqueue(dpc);
  KeFlushQueuedDpcs();
  KeFlushQueuedDpcs();
  CHECK(count == 1 && entries == 1);
  Put(Scenario, overlaps);
  WdfObjectDelete(device);
}

static void Run(PSCENARIO_CALL Scenario) {
  count = entries = overlaps = 0;
  level = cleanupLevel = -1;
  KeInitializeEvent(&entered, SynchronizationEvent, FALSE);
  KeInitializeEvent(&go, NotificationEvent, FALSE);
  KeInitializeEvent(&cleaned, NotificationEvent, FALSE);
  switch (Scenario->Number) {
    case 0: Refusals(Scenario->Device); break;
    case 1: Queueing(Scenario->Device); break;
    case 2: DeleteParent(Scenario->Device); break;
    case 3: Working(Scenario->Device); break;
    case 4: Coalescing(Scenario->Device); break;
    case 5: Meeting(Scenario->Device); break;
    case 6: SerializedItems((BOOLEAN)Scenario->In[0], Scenario); break;
    case 7: SerializedDpcs((BOOLEAN)Scenario->In[0], Scenario); break;
  }
}

SCENARIO_RUN(L"Scenarios", Run)
