// DPCs and work items of the framework.
#include "wdf-scenarios.h"


static WDFDPC dpc;
static WDFWORKITEM item, second;
static LONG count, level, inside, overlaps, cleanupLevel;
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

static void Overlap(void) {
  int i;
  if (InterlockedIncrement(&inside) != 1) InterlockedIncrement(&overlaps);
  for (i = 0; i < 1000; i++) YieldProcessor();
  InterlockedDecrement(&inside);
  InterlockedIncrement(&count);
}

static void EvtOverlapsItem(WDFWORKITEM WorkItem) {
  UNREFERENCED_PARAMETER(WorkItem);
  CHECK(KeGetCurrentIrql() == PASSIVE_LEVEL);
  Overlap();
}

static void EvtOverlapsDpc(WDFDPC Dpc) {
  UNREFERENCED_PARAMETER(Dpc);
  Overlap();
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

static void SerializedItems(void) {
  WDFDEVICE device = MakeSynchronized(WdfExecutionLevelPassive);
  WDFWORKITEM items[8];
  int i, round;
  for (i = 0; i < 8; i++) {
    CHECK(MakeItem(EvtOverlapsItem, device, TRUE, &items[i]) == STATUS_SUCCESS);
  }
  for (round = 0; round < 20; round++) {
    for (i = 0; i < 8; i++) WdfWorkItemEnqueue(items[i]);
    for (i = 0; i < 8; i++) WdfWorkItemFlush(items[i]);
  }
  CHECK(count == 160);
  CHECK(overlaps == 0);
  WdfObjectDelete(device);
}

static void SerializedDpcs(void) {
  WDFDEVICE device = MakeSynchronized(WdfExecutionLevelDispatch);
  WDFDPC dpcs[4];
  int i, round;
  for (i = 0; i < 4; i++) {
    CHECK(MakeDpc(EvtOverlapsDpc, device, TRUE, &dpcs[i]) == STATUS_SUCCESS);
    KeSetTargetProcessorDpc(WdfDpcWdmGetDpc(dpcs[i]), (CCHAR)i);
  }
  for (round = 0; round < 50; round++) {
    KIRQL old;
    KeRaiseIrql(DISPATCH_LEVEL, &old);
    for (i = 0; i < 4; i++) WdfDpcEnqueue(dpcs[i]);
    KeLowerIrql(old);
    for (i = 0; i < 4; i++) WdfDpcCancel(dpcs[i], TRUE);
  }
  CHECK(count > 0);
  CHECK(overlaps == 0);
  WdfObjectDelete(device);
}

static void Run(PSCENARIO Scenario) {
  count = inside = overlaps = 0;
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
    case 6: SerializedItems(); break;
    case 7: SerializedDpcs(); break;
  }
}
