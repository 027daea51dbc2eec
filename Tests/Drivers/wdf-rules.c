// What holds for framework objects of every kind: parents, callbacks and the levels they run at.
#define SCENARIO_TAG 'luRW'
#include "wdf-scenario.h"

typedef struct _PLACE {
  ULONG64 Value;
  WDFOBJECT Parent;
} PLACE, *PPLACE;

WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(PLACE, GetPlace)

static WDFDEVICE theDevice;
static KEVENT destroyed;
static ULONG64 seen[8], levels[2];

// In cleanup everything may be used, in destroy the context alone.
static void EvtCleanup(WDFOBJECT Object) {
  PPLACE place = GetPlace(Object);
  size_t count = 0;
  levels[0] = KeGetCurrentIrql();
  if (!place->Parent) return;
  seen[0] = place->Value;
  seen[1] = (ULONG64)WdfMemoryGetBuffer((WDFMEMORY)Object, &count) != 0;
  seen[2] = count;
  seen[3] = GetPlace(place->Parent)->Value;
  // Methods of object and parent work.
  WdfObjectReference(Object);
  WdfObjectDereference(Object);
  WdfObjectReference(place->Parent);
  WdfObjectDereference(place->Parent);
  place->Value++;
}

static void EvtDestroy(WDFOBJECT Object) {
  levels[1] = KeGetCurrentIrql();
  seen[4] = GetPlace(Object)->Value;
  KeSetEvent(&destroyed, 0, FALSE);
}

static void SetAttributes(PWDF_OBJECT_ATTRIBUTES Attributes, WDFOBJECT Parent) {
  WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(Attributes, PLACE);
  Attributes->ParentObject = Parent;
  Attributes->EvtCleanupCallback = EvtCleanup;
  Attributes->EvtDestroyCallback = EvtDestroy;
}

static void EvtTimer(WDFTIMER Timer) { UNREFERENCED_PARAMETER(Timer); }
static void EvtDpc(WDFDPC Dpc) { UNREFERENCED_PARAMETER(Dpc); }
static void EvtWork(WDFWORKITEM Item) { UNREFERENCED_PARAMETER(Item); }

static NTSTATUS MakeTimer(PWDF_OBJECT_ATTRIBUTES Attributes, WDFOBJECT *Object) {
  WDF_TIMER_CONFIG config;
  WDF_TIMER_CONFIG_INIT(&config, EvtTimer);
  return WdfTimerCreate(&config, Attributes, (WDFTIMER *)Object);
}

static NTSTATUS MakeDpc(PWDF_OBJECT_ATTRIBUTES Attributes, WDFOBJECT *Object) {
  WDF_DPC_CONFIG config;
  WDF_DPC_CONFIG_INIT(&config, EvtDpc);
  return WdfDpcCreate(&config, Attributes, (WDFDPC *)Object);
}

static NTSTATUS MakeWork(PWDF_OBJECT_ATTRIBUTES Attributes, WDFOBJECT *Object) {
  WDF_WORKITEM_CONFIG config;
  WDF_WORKITEM_CONFIG_INIT(&config, EvtWork);
  return WdfWorkItemCreate(&config, Attributes, (WDFWORKITEM *)Object);
}

static NTSTATUS MakeDevice(PWDF_OBJECT_ATTRIBUTES Attributes, WDFOBJECT *Object) {
  return MakeControlDevice(NULL, Attributes, (WDFDEVICE *)Object);
}

static NTSTATUS MakeQueue(PWDF_OBJECT_ATTRIBUTES Attributes, WDFOBJECT *Object) {
  WDF_IO_QUEUE_CONFIG config;
  WDF_IO_QUEUE_CONFIG_INIT(&config, WdfIoQueueDispatchManual);
  return WdfIoQueueCreate(theDevice, &config, Attributes, (WDFQUEUE *)Object);
}

// The kinds that end at PASSIVE_LEVEL whatever the level of their deletion.
static NTSTATUS Make(ULONG Kind, WDFOBJECT *Object) {
  WDF_OBJECT_ATTRIBUTES attributes;
  WDFLOOKASIDE list;
  NTSTATUS status;
  SetAttributes(&attributes, theDevice);
  switch (Kind) {
    case 0: return MakeTimer(&attributes, Object);
    case 1: return MakeDpc(&attributes, Object);
    case 2: return MakeWork(&attributes, Object);
    case 3: return WdfStringCreate(NULL, &attributes, (WDFSTRING *)Object);
    case 4: return WdfIoTargetCreate(theDevice, &attributes, (WDFIOTARGET *)Object);
    case 5: return MakeQueue(&attributes, Object);
    case 6:
      return WdfMemoryCreate(&attributes, PagedPool, SCENARIO_TAG, 32, (WDFMEMORY *)Object, NULL);
    case 7:
      status = WdfLookasideListCreate(&attributes, 32, PagedPool, WDF_NO_OBJECT_ATTRIBUTES,
                                      SCENARIO_TAG, &list);
      *Object = list;
      return status;
    default: attributes.ParentObject = NULL; return MakeDevice(&attributes, Object);
  }
}

static void DeleteAtDispatch(PSCENARIO_CALL Call) {
  WDFOBJECT object = NULL;
  KIRQL old;
  KeInitializeEvent(&destroyed, NotificationEvent, FALSE);
  levels[0] = levels[1] = 99;
  Call->Out[0] = (ULONG)Make((ULONG)Call->In[0], &object);
  if (!object) return;
  KeRaiseIrql(DISPATCH_LEVEL, &old);
  WdfObjectDelete(object);
  KeLowerIrql(old);
  (void)KeWaitForSingleObject(&destroyed, Executive, KernelMode, FALSE, NULL);
  Call->Out[1] = levels[0];
  Call->Out[2] = levels[1];
}

// The statuses of parents that are missing, not allowed, and going.
static void Parents(PSCENARIO_CALL Call) {
  WDF_OBJECT_ATTRIBUTES attributes;
  WDFOBJECT object;
  WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
  Call->Out[0] = (ULONG)MakeTimer(&attributes, &object);
  Call->Out[1] = (ULONG)MakeDpc(&attributes, &object);
  Call->Out[2] = (ULONG)MakeWork(&attributes, &object);
  Call->Out[3] = (ULONG)MakeTimer(WDF_NO_OBJECT_ATTRIBUTES, &object);
  attributes.ParentObject = theDevice;
  Call->Out[4] = (ULONG)MakeDevice(&attributes, &object);
}

static ULONG pendingStatus;

static void EvtGoing(WDFOBJECT Object) {
  WDF_OBJECT_ATTRIBUTES attributes;
  WDFMEMORY memory;
  WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
  attributes.ParentObject = Object;
  pendingStatus =
      (ULONG)WdfMemoryCreate(&attributes, NonPagedPoolNx, SCENARIO_TAG, 8, &memory, NULL);
}

static void GoingParent(PSCENARIO_CALL Call) {
  WDF_OBJECT_ATTRIBUTES attributes;
  WDFOBJECT object;
  WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
  attributes.EvtCleanupCallback = EvtGoing;
  if (!NT_SUCCESS(WdfObjectCreate(&attributes, &object))) return;
  WdfObjectDelete(object);
  Call->Out[0] = pendingStatus;
}

static void Callbacks(PSCENARIO_CALL Call) {
  WDF_OBJECT_ATTRIBUTES attributes;
  WDFOBJECT parent;
  WDFMEMORY memory;
  KeInitializeEvent(&destroyed, NotificationEvent, FALSE);
  WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, PLACE);
  if (!NT_SUCCESS(WdfObjectCreate(&attributes, &parent))) return;
  GetPlace(parent)->Value = 7;
  SetAttributes(&attributes, parent);
  if (!NT_SUCCESS(WdfMemoryCreate(&attributes, NonPagedPoolNx, SCENARIO_TAG, 24, &memory, NULL))) {
    return;
  }
  GetPlace(memory)->Value = 40;
  GetPlace(memory)->Parent = parent;
  WdfObjectDelete(parent);
  for (ULONG i = 0; i < 5; i++) Call->Out[i] = seen[i];
}

// A target that is deleted while a reference keeps it.
static void DeletedTarget(PSCENARIO_CALL Call) {
  WDFIOTARGET target;
  Call->Out[0] = (ULONG)WdfIoTargetCreate(theDevice, WDF_NO_OBJECT_ATTRIBUTES, &target);
  if (!NT_SUCCESS(Call->Out[0])) return;
  WdfObjectReference(target);
  WdfObjectDelete(target);
  Call->Out[1] = (ULONG)WdfIoTargetStart(target);
  Call->Out[2] = WdfIoTargetGetState(target);
  WdfObjectDereference(target);
}

static NTSTATUS ScenarioDevice(WDFDRIVER Driver, WDFDEVICE Device) {
  UNREFERENCED_PARAMETER(Driver);
  theDevice = Device;
  return STATUS_SUCCESS;
}

static void ScenarioUnload(void) {}

SCENARIO_DRIVER(L"WdfRules", DeleteAtDispatch, Parents, GoingParent, Callbacks, DeletedTarget)
