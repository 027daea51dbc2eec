// Objects of the framework: trees, deletion, references, contexts, attributes.
#include "wdf-scenario.h"

#define TAG 'jbOW'

typedef struct _NODE {
  ULONG64 Id;
  ULONG64 Fill[3];
} NODE, *PNODE;
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(NODE, GetNode)

typedef struct _EXTRA {
  ULONG64 Value;
} EXTRA, *PEXTRA;
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(EXTRA, GetExtra)

typedef struct _THIRD {
  UCHAR Bytes[100];
} THIRD, *PTHIRD;
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(THIRD, GetThird)

WDF_DECLARE_CUSTOM_TYPE(MARK)

// MARK: Nodes: objects that log their end

static KSEMAPHORE Destroyed;

static void NodeCleanup(WDFOBJECT Object) {
  Log(100 + (ULONG)GetNode(Object)->Id);
  Log(1000 + KeGetCurrentIrql());
}

static void NodeDestroy(WDFOBJECT Object) {
  Log(200 + (ULONG)GetNode(Object)->Id);
  Log(2000 + KeGetCurrentIrql());
  KeReleaseSemaphore(&Destroyed, IO_NO_INCREMENT, 1, FALSE);
}

static void NodeAttributes(PWDF_OBJECT_ATTRIBUTES Attributes, WDFOBJECT Parent) {
  WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(Attributes, NODE);
  Attributes->EvtCleanupCallback = NodeCleanup;
  Attributes->EvtDestroyCallback = NodeDestroy;
  Attributes->ParentObject = Parent;
}

static WDFOBJECT MakeNode(ULONG Id, WDFOBJECT Parent) {
  WDF_OBJECT_ATTRIBUTES attributes;
  WDFOBJECT object;
  NodeAttributes(&attributes, Parent);
  if (!NT_SUCCESS(WdfObjectCreate(&attributes, &object))) return NULL;
  GetNode(object)->Id = Id;
  return object;
}

// A chain of three, deleted at its root.
static void Chain(PSCENARIO_CALL Call) {
  WDFOBJECT a = MakeNode(1, NULL);
  WDFOBJECT c = MakeNode(3, MakeNode(2, a));
  ClearLog();
  WdfObjectDelete(a);
  PutLog(Call->Out);
  UNREFERENCED_PARAMETER(c);
}

static void Siblings(PSCENARIO_CALL Call) {
  WDFOBJECT a = MakeNode(1, NULL);
  MakeNode(2, a);
  MakeNode(3, a);
  MakeNode(4, a);
  ClearLog();
  WdfObjectDelete(a);
  PutLog(Call->Out);
}

// References hold an object, not its cleanup.
static void Referenced(PSCENARIO_CALL Call) {
  WDFOBJECT a = MakeNode(1, NULL);
  WdfObjectReference(a);
  ClearLog();
  WdfObjectDelete(a);
  Call->Out[0] = (ULONG64)EventCount;
  Call->Out[1] = GetNode(a)->Id;
  WdfObjectDelete(a);
  Call->Out[2] = (ULONG64)EventCount;
  WdfObjectDereference(a);
  PutLog(Call->Out + 3);
}

static void ReferencedChild(PSCENARIO_CALL Call) {
  WDFOBJECT a = MakeNode(1, NULL);
  WDFOBJECT b = MakeNode(2, a);
  WdfObjectReference(b);
  ClearLog();
  WdfObjectDelete(a);
  Call->Out[0] = (ULONG64)EventCount;
  Call->Out[1] = GetNode(b)->Id;
  WdfObjectDereference(b);
  PutLog(Call->Out + 2);
}

// MARK: Attributes

static const WDF_OBJECT_CONTEXT_TYPE_INFO Nameless = {sizeof(WDF_OBJECT_CONTEXT_TYPE_INFO), NULL, 8,
                                                      &Nameless, NULL};
static const WDF_OBJECT_CONTEXT_TYPE_INFO Short = {sizeof(WDF_OBJECT_CONTEXT_TYPE_INFO) - 1,
                                                   "Short", 8, &Short, NULL};

static void Mutate(PWDF_OBJECT_ATTRIBUTES Attributes, ULONG64 Mutation) {
  switch (Mutation) {
    case 1: Attributes->Size--; break;
    case 2: Attributes->Size++; break;
    case 3: Attributes->ContextTypeInfo = &Short; break;
    case 4: Attributes->ContextTypeInfo = NULL; Attributes->ContextSizeOverride = 8; break;
    case 5: Attributes->ContextSizeOverride = sizeof(NODE) - 1; break;
    case 6: Attributes->ExecutionLevel = WdfExecutionLevelInvalid; break;
    case 7: Attributes->ExecutionLevel = (WDF_EXECUTION_LEVEL)4; break;
    case 8: Attributes->SynchronizationScope = WdfSynchronizationScopeInvalid; break;
    case 9: Attributes->SynchronizationScope = (WDF_SYNCHRONIZATION_SCOPE)5; break;
    case 10: Attributes->ContextTypeInfo = &Nameless; break;
    case 11: Attributes->ExecutionLevel = WdfExecutionLevelPassive; break;
    case 12: Attributes->ExecutionLevel = WdfExecutionLevelDispatch; break;
    case 13: Attributes->SynchronizationScope = WdfSynchronizationScopeDevice; break;
    case 14: Attributes->SynchronizationScope = WdfSynchronizationScopeQueue; break;
    case 15: Attributes->SynchronizationScope = WdfSynchronizationScopeNone; break;
    default: break;
  }
}

static UCHAR Bytes[64];

// Makes an object of kind In[0] with attributes that are wrong in the way In[1].
static void Attributes(PSCENARIO_CALL Call) {
  WDF_OBJECT_ATTRIBUTES attributes;
  WDF_IO_QUEUE_CONFIG config;
  WDFOBJECT object = (WDFOBJECT)1;
  NTSTATUS status = STATUS_UNSUCCESSFUL;
  NodeAttributes(&attributes, NULL);
  Mutate(&attributes, Call->In[1]);
  ClearLog();
  switch (Call->In[0]) {
    case 0: status = WdfObjectCreate(&attributes, &object); break;
    case 1:
      status = WdfMemoryCreate(&attributes, NonPagedPoolNx, TAG, 64, (WDFMEMORY *)&object, NULL);
      break;
    case 2:
      status = WdfMemoryCreatePreallocated(&attributes, Bytes, 64, (WDFMEMORY *)&object);
      break;
    case 3:
      status = WdfLookasideListCreate(&attributes, 64, NonPagedPoolNx, NULL, TAG,
                                      (WDFLOOKASIDE *)&object);
      break;
    case 4:
      status = WdfLookasideListCreate(NULL, 64, NonPagedPoolNx, &attributes, TAG,
                                      (WDFLOOKASIDE *)&object);
      break;
    case 5:
      WDF_IO_QUEUE_CONFIG_INIT(&config, WdfIoQueueDispatchManual);
      status = WdfIoQueueCreate(Call->Device, &config, &attributes, (WDFQUEUE *)&object);
      break;
    case 6: status = MakeControlDevice(NULL, &attributes, (WDFDEVICE *)&object); break;
  }
  Call->Out[0] = (ULONG)status;
  Call->Out[1] = (ULONG64)object;
  Call->Out[2] = (ULONG64)EventCount;
  if (NT_SUCCESS(status)) WdfObjectDelete(object);
  Call->Out[3] = (ULONG64)EventCount;
}

// MARK: Parents

// Objects without a named parent outlive a device; a queue does not.
static void Parents(PSCENARIO_CALL Call) {
  WDF_OBJECT_ATTRIBUTES attributes;
  WDF_IO_QUEUE_CONFIG config;
  WDFDEVICE device;
  WDFQUEUE queue;
  WDFMEMORY memory, below;
  WDFLOOKASIDE list;
  WDFOBJECT object;
  Call->Out[0] = (ULONG)MakeControlDevice(NULL, NULL, &device);
  Call->Out[1] = (ULONG)WdfMemoryCreate(NULL, NonPagedPoolNx, TAG, 64, &memory, NULL);
  Call->Out[2] = (ULONG)WdfLookasideListCreate(NULL, 64, NonPagedPoolNx, NULL, TAG, &list);
  Call->Out[3] = (ULONG)WdfObjectCreate(NULL, &object);
  WDF_IO_QUEUE_CONFIG_INIT(&config, WdfIoQueueDispatchManual);
  WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, NODE);
  attributes.EvtCleanupCallback = NodeCleanup;
  Call->Out[4] = (ULONG)WdfIoQueueCreate(device, &config, &attributes, &queue);
  GetNode(queue)->Id = 1;
  NodeAttributes(&attributes, device);
  Call->Out[5] = (ULONG)WdfMemoryCreate(&attributes, NonPagedPoolNx, TAG, 64, &below, NULL);
  GetNode(below)->Id = 2;
  ClearLog();
  WdfObjectDelete(device);
  // They work as before.
  Call->Out[6] = WdfMemoryGetBuffer(memory, NULL) != NULL;
  Call->Out[7] = (ULONG)WdfMemoryCreateFromLookaside(list, &below);
  PutLog(Call->Out + 8);
  WdfObjectDelete(below);
  WdfObjectDelete(memory);
  WdfObjectDelete(list);
  WdfObjectDelete(object);
}

static NTSTATUS CreatedInCleanup, AllocatedInCleanup;
static WDFOBJECT ChildInCleanup;

static void CreatingCleanup(WDFOBJECT Object) {
  WDF_OBJECT_ATTRIBUTES attributes;
  PVOID context;
  NodeAttributes(&attributes, Object);
  ChildInCleanup = (WDFOBJECT)1;
  CreatedInCleanup = WdfObjectCreate(&attributes, &ChildInCleanup);
  WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, EXTRA);
  AllocatedInCleanup = WdfObjectAllocateContext(Object, &attributes, &context);
}

// A child of an object under deletion.
static void DeletePending(PSCENARIO_CALL Call) {
  WDF_OBJECT_ATTRIBUTES attributes;
  WDFOBJECT object;
  WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
  attributes.EvtCleanupCallback = CreatingCleanup;
  if (!NT_SUCCESS(WdfObjectCreate(&attributes, &object))) return;
  ClearLog();
  WdfObjectDelete(object);
  Call->Out[0] = (ULONG)CreatedInCleanup;
  Call->Out[1] = (ULONG64)ChildInCleanup;
  Call->Out[2] = (ULONG64)EventCount;
  Call->Out[3] = (ULONG)AllocatedInCleanup;
}

// MARK: Contexts

static void Contexts(PSCENARIO_CALL Call) {
  WDF_OBJECT_ATTRIBUTES attributes;
  WDFOBJECT object;
  PNODE node;
  ULONG64 sum = 0;
  NodeAttributes(&attributes, NULL);
  attributes.ContextSizeOverride = 1000;
  Call->Out[0] = (ULONG)WdfObjectCreate(&attributes, &object);
  node = GetNode(object);
  for (ULONG i = 0; i < 1000; i++) sum += ((UCHAR *)node)[i];
  Call->Out[1] = sum;
  RtlFillMemory((UCHAR *)node, 1000, 0);
  Call->Out[2] = node == GetNode(object) && node == WdfObjectGetTypedContext(object, NODE);
  Call->Out[3] = GetExtra(object) == NULL;
  Call->Out[4] = WdfObjectContextGetObject(node) == object;
  Call->Out[5] = ((ULONG64)node & 15) == 0;
  // A general object with nothing but a context as parent of two memory objects.
  {
    WDFMEMORY one, two;
    WDF_OBJECT_ATTRIBUTES child;
    NodeAttributes(&child, object);
    Call->Out[6] = (ULONG)WdfMemoryCreate(&child, NonPagedPoolNx, TAG, 16, &one, NULL);
    Call->Out[7] = (ULONG)WdfMemoryCreate(&child, NonPagedPoolNx, TAG, 16, &two, NULL);
    GetNode(one)->Id = 2;
    GetNode(two)->Id = 3;
  }
  ClearLog();
  WdfObjectDelete(object);
  PutLog(Call->Out + 8);
}

static void ExtraCleanup(WDFOBJECT Object) { Log(110 + (ULONG)GetExtra(Object)->Value); }
static void ExtraDestroy(WDFOBJECT Object) { Log(210 + (ULONG)GetExtra(Object)->Value); }
static void ThirdCleanup(WDFOBJECT Object) { Log(120 + GetThird(Object)->Bytes[0]); }
static void ThirdDestroy(WDFOBJECT Object) { Log(220 + GetThird(Object)->Bytes[0]); }

static void MoreContexts(PSCENARIO_CALL Call) {
  WDF_OBJECT_ATTRIBUTES attributes;
  WDFOBJECT object = MakeNode(1, NULL);
  PEXTRA extra;
  PVOID again, third;
  KIRQL irql;
  WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, EXTRA);
  attributes.EvtCleanupCallback = ExtraCleanup;
  attributes.EvtDestroyCallback = ExtraDestroy;
  attributes.ParentObject = ScenarioDriver;
  Call->Out[0] = (ULONG)WdfObjectAllocateContext(object, &attributes, (PVOID *)&extra);
  attributes.ParentObject = NULL;
  KeRaiseIrql(DISPATCH_LEVEL, &irql);
  Call->Out[1] = (ULONG)WdfObjectAllocateContext(object, &attributes, (PVOID *)&extra);
  KeLowerIrql(irql);
  Call->Out[2] = extra == GetExtra(object) && extra->Value == 0;
  extra->Value = 2;
  Call->Out[3] = (ULONG)WdfObjectAllocateContext(object, &attributes, &again);
  Call->Out[4] = again == extra;
  WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
  Call->Out[5] = (ULONG)WdfObjectAllocateContext(object, &attributes, &again);
  WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, THIRD);
  attributes.EvtCleanupCallback = ThirdCleanup;
  attributes.EvtDestroyCallback = ThirdDestroy;
  Call->Out[6] = (ULONG)WdfObjectAllocateContext(object, &attributes, &third);
  GetThird(object)->Bytes[0] = 3;
  Call->Out[7] = WdfObjectContextGetObject(third) == object;
  ClearLog();
  WdfObjectDelete(object);
  PutLog(Call->Out + 8);
  // The memory of a request takes none.
  {
    WDFMEMORY memory;
    WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, EXTRA);
    Call->Out[30] = (ULONG)WdfRequestRetrieveInputMemory(Call->Request, &memory);
    Call->Out[31] = (ULONG)WdfObjectAllocateContext(memory, &attributes, &again);
  }
}

// Adds a context to an object when there is no memory for it.
static void ContextWithoutMemory(PSCENARIO_CALL Call) {
  WDF_OBJECT_ATTRIBUTES attributes;
  PVOID context = (PVOID)1;
  WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, EXTRA);
  Call->Out[0] = (ULONG)WdfObjectAllocateContext(Call->Request, &attributes, &context);
  Call->Out[1] = (ULONG64)context;
}

static void Custom(PSCENARIO_CALL Call) {
  WDFOBJECT object = MakeNode(1, NULL);
  const GUID guid = {1, 2, 3, {4}};
  ULONG buffer;
  Call->Out[0] = WdfObjectIsCustomType(object, MARK);
  Call->Out[1] = (ULONG)WdfObjectAddCustomTypeWithData(object, MARK, 77, NULL, NULL);
  Call->Out[2] = WdfObjectIsCustomType(object, MARK);
  Call->Out[3] = WdfObjectGetCustomTypeData(object, MARK);
  Call->Out[4] = (ULONG)WdfObjectAddCustomType(object, MARK);
  Call->Out[5] = (ULONG)WdfObjectQuery(object, &guid, sizeof buffer, &buffer);
  WdfVerifierDbgBreakPoint();
  WdfObjectDelete(object);
}

// MARK: Levels

// A tree with a paged memory object, deleted at DISPATCH_LEVEL.
static void PassiveChild(PSCENARIO_CALL Call) {
  WDF_OBJECT_ATTRIBUTES attributes;
  WDFOBJECT object = MakeNode(1, NULL);
  WDFMEMORY paged;
  KIRQL irql;
  NodeAttributes(&attributes, Call->In[0] ? MakeNode(3, object) : object);
  Call->Out[0] = (ULONG)WdfMemoryCreate(&attributes, PagedPool, TAG, 64, &paged, NULL);
  GetNode(paged)->Id = 2;
  KeInitializeSemaphore(&Destroyed, 0, MAXLONG);
  ClearLog();
  KeRaiseIrql(DISPATCH_LEVEL, &irql);
  WdfObjectDelete(object);
  Call->Out[1] = (ULONG64)EventCount;
  KeLowerIrql(irql);
  for (ULONG i = 0; i < (Call->In[0] ? 3u : 2u); i++) {
    KeWaitForSingleObject(&Destroyed, Executive, KernelMode, FALSE, NULL);
  }
  PutLog(Call->Out + 2);
}

// Deletes at DISPATCH_LEVEL what has no need of PASSIVE_LEVEL.
static void AtDispatch(PSCENARIO_CALL Call) {
  WDFOBJECT object = MakeNode(1, NULL);
  KIRQL irql;
  MakeNode(2, object);
  ClearLog();
  KeRaiseIrql(DISPATCH_LEVEL, &irql);
  WdfObjectDelete(object);
  KeLowerIrql(irql);
  PutLog(Call->Out);
}

// An object of kind In[0], whose cleanup needs PASSIVE_LEVEL, deleted at DISPATCH_LEVEL.
static void PassiveKind(PSCENARIO_CALL Call) {
  WDF_OBJECT_ATTRIBUTES attributes;
  WDF_IO_QUEUE_CONFIG config;
  WDFOBJECT object = NULL;
  NTSTATUS status = STATUS_UNSUCCESSFUL;
  KIRQL irql;
  NodeAttributes(&attributes, NULL);
  switch (Call->In[0]) {
    case 0: status = MakeControlDevice(NULL, &attributes, (WDFDEVICE *)&object); break;
    case 1:
      WDF_IO_QUEUE_CONFIG_INIT(&config, WdfIoQueueDispatchManual);
      status = WdfIoQueueCreate(Call->Device, &config, &attributes, (WDFQUEUE *)&object);
      break;
    case 2:
      status = WdfMemoryCreate(&attributes, PagedPool, TAG, 64, (WDFMEMORY *)&object, NULL);
      break;
    case 3:
      status = WdfLookasideListCreate(&attributes, 64, PagedPool, NULL, TAG,
                                      (WDFLOOKASIDE *)&object);
      break;
    case 4:
      attributes.ExecutionLevel = WdfExecutionLevelPassive;
      status = WdfObjectCreate(&attributes, &object);
      break;
  }
  Call->Out[0] = (ULONG)status;
  if (!NT_SUCCESS(status)) return;
  GetNode(object)->Id = 1;
  KeInitializeSemaphore(&Destroyed, 0, MAXLONG);
  ClearLog();
  KeRaiseIrql(DISPATCH_LEVEL, &irql);
  WdfObjectDelete(object);
  Call->Out[1] = (ULONG64)EventCount;
  KeLowerIrql(irql);
  KeWaitForSingleObject(&Destroyed, Executive, KernelMode, FALSE, NULL);
  PutLog(Call->Out + 2);
}

// The last reference to a paged memory object goes at DISPATCH_LEVEL.
static void PassiveDestroy(PSCENARIO_CALL Call) {
  WDF_OBJECT_ATTRIBUTES attributes;
  WDFMEMORY paged;
  KIRQL irql;
  NodeAttributes(&attributes, NULL);
  Call->Out[0] = (ULONG)WdfMemoryCreate(&attributes, PagedPool, TAG, 64, &paged, NULL);
  GetNode(paged)->Id = 1;
  WdfObjectReference(paged);
  KeInitializeSemaphore(&Destroyed, 0, MAXLONG);
  ClearLog();
  WdfObjectDelete(paged);
  KeRaiseIrql(DISPATCH_LEVEL, &irql);
  WdfObjectDereference(paged);
  Call->Out[1] = (ULONG64)EventCount;
  KeLowerIrql(irql);
  KeWaitForSingleObject(&Destroyed, Executive, KernelMode, FALSE, NULL);
  PutLog(Call->Out + 2);
}

// MARK: What a driver may not delete

static WDFQUEUE Routed;

static void Undeletable(PSCENARIO_CALL Call) {
  WDFMEMORY memory;
  WDFQUEUE queue = WdfDeviceGetDefaultQueue(Call->Device);
  switch (Call->In[0]) {
    case 0: WdfObjectDelete(ScenarioDriver); break;
    case 1: WdfObjectDelete(queue); break;
    case 2: WdfObjectDelete(Call->Request); break;
    case 3:
      Call->Out[0] = (ULONG)WdfRequestRetrieveInputMemory(Call->Request, &memory);
      WdfObjectDelete(memory);
      Call->Out[1] = WdfMemoryGetBuffer(memory, NULL) != NULL;
      break;
    case 4: WdfObjectDelete(Routed); break;
  }
  Call->Out[2] = WdfIoQueueGetDevice(queue) == Call->Device;
  Call->Out[3] = WdfDeviceGetDriver(Call->Device) == ScenarioDriver;
  Call->Out[4] = WdfIoQueueGetDevice(Routed) == Call->Device;
}

static void RoutedRead(WDFQUEUE Queue, WDFREQUEST Request, size_t Length) {
  PVOID buffer;
  UNREFERENCED_PARAMETER(Queue);
  if (NT_SUCCESS(WdfRequestRetrieveOutputBuffer(Request, Length, &buffer, NULL))) {
    RtlZeroMemory(buffer, Length);
  }
  WdfRequestCompleteWithInformation(Request, STATUS_SUCCESS, Length);
}

// MARK: References that are looked at from outside

static WDFOBJECT Kept;

static void Keep(PSCENARIO_CALL Call) {
  Kept = MakeNode(9, NULL);
  for (ULONG64 i = 0; i < Call->In[0]; i++) WdfObjectReference(Kept);
  for (ULONG64 i = 0; i < Call->In[1]; i++) WdfObjectReferenceWithTag(Kept, (PVOID)(ULONG_PTR)'gaTx');
  Call->Out[0] = (ULONG64)Kept;
}

static void Unkeep(PSCENARIO_CALL Call) {
  KIRQL irql;
  KeRaiseIrql(DISPATCH_LEVEL, &irql);
  for (ULONG64 i = 0; i < Call->In[0]; i++) WdfObjectDereference(Kept);
  for (ULONG64 i = 0; i < Call->In[1]; i++) {
    WdfObjectDereferenceWithTag(Kept, (PVOID)(ULONG_PTR)'gaTx');
  }
  KeLowerIrql(irql);
  if (Call->In[2]) WdfObjectDelete(Kept);
}

// A referenced memory object below the device, which nobody lets go.
static void Leak(PSCENARIO_CALL Call) {
  WDF_OBJECT_ATTRIBUTES attributes;
  WDFMEMORY memory;
  NodeAttributes(&attributes, Call->Device);
  Call->Out[0] = (ULONG)WdfMemoryCreate(&attributes, NonPagedPoolNx, TAG, 64, &memory, NULL);
  GetNode(memory)->Id = 5;
  WdfObjectReferenceWithTag(memory, (PVOID)(ULONG_PTR)'gaTx');
  Call->Out[1] = (ULONG64)memory;
}

// Leaves objects for unload to delete.
static void PrintCleanup(WDFOBJECT Object) {
  DbgPrint("object %d cleanup\n", (int)GetNode(Object)->Id);
}
static void PrintDestroy(WDFOBJECT Object) {
  DbgPrint("object %d destroy\n", (int)GetNode(Object)->Id);
}

static void Leave(PSCENARIO_CALL Call) {
  WDF_OBJECT_ATTRIBUTES attributes;
  WDFOBJECT object, child;
  WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, NODE);
  attributes.EvtCleanupCallback = PrintCleanup;
  attributes.EvtDestroyCallback = PrintDestroy;
  Call->Out[0] = (ULONG)WdfObjectCreate(&attributes, &object);
  GetNode(object)->Id = 1;
  attributes.ParentObject = object;
  Call->Out[1] = (ULONG)WdfObjectCreate(&attributes, &child);
  GetNode(child)->Id = 2;
}

// Leaves a hundred memory objects below a new device and deletes it.
static void Hundred(PSCENARIO_CALL Call) {
  WDF_OBJECT_ATTRIBUTES attributes;
  WDFDEVICE device;
  WDFMEMORY memory;
  Call->Out[0] = (ULONG)MakeControlDevice(NULL, NULL, &device);
  WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
  attributes.ParentObject = device;
  for (ULONG i = 0; i < 100; i++) {
    if (NT_SUCCESS(WdfMemoryCreate(&attributes, i & 1 ? PagedPool : NonPagedPoolNx, TAG, 50 * i + 1,
                                   &memory, NULL))) {
      Call->Out[1]++;
    }
  }
  WdfObjectDelete(device);
}

// MARK: Random trees

#define TREE 60
static struct {
  WDFOBJECT Object;
  LONG Parent;
  LONG Cleanups, Destroys;
} Tree[TREE];
static ULONG64 TreeErrors;

static void TreeCleanup(WDFOBJECT Object) {
  ULONG64 i = GetNode(Object)->Id;
  Tree[i].Cleanups++;
  if (Tree[i].Parent >= 0 && Tree[Tree[i].Parent].Cleanups) TreeErrors++;
  if (Tree[i].Destroys) TreeErrors++;
}

static void TreeDestroy(WDFOBJECT Object) {
  ULONG64 i = GetNode(Object)->Id;
  Tree[i].Destroys++;
  if (Tree[i].Cleanups != 1) TreeErrors++;
  if (Tree[i].Parent >= 0 && Tree[Tree[i].Parent].Destroys) TreeErrors++;
}

static void RandomTree(PSCENARIO_CALL Call) {
  ULONG seed = (ULONG)Call->In[0] * 2654435761u + 1;
  ULONG referenced = 0;
  ULONG64 marks = 0;
  TreeErrors = 0;
  for (LONG i = 0; i < TREE; i++) {
    WDF_OBJECT_ATTRIBUTES attributes;
    seed = seed * 1664525 + 1013904223;
    WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, NODE);
    attributes.EvtCleanupCallback = TreeCleanup;
    attributes.EvtDestroyCallback = TreeDestroy;
    Tree[i].Parent = i == 0 ? -1 : (LONG)((seed >> 8) % (ULONG)i);
    Tree[i].Cleanups = Tree[i].Destroys = 0;
    attributes.ParentObject = i == 0 ? NULL : Tree[Tree[i].Parent].Object;
    if (!NT_SUCCESS(WdfObjectCreate(&attributes, &Tree[i].Object))) TreeErrors += 1000;
    GetNode(Tree[i].Object)->Id = (ULONG64)i;
  }
  for (LONG i = 0; i < TREE; i++) {
    seed = seed * 1664525 + 1013904223;
    if ((seed >> 16) % 4 == 0) {
      WdfObjectReference(Tree[i].Object);
      marks |= 1ull << i;
      referenced++;
    }
  }
  WdfObjectDelete(Tree[0].Object);
  for (LONG i = 0; i < TREE; i++) {
    if (Tree[i].Cleanups != 1) TreeErrors++;
    if ((marks >> i & 1) && Tree[i].Destroys) TreeErrors++;
  }
  for (LONG i = 0; i < TREE; i++) {
    if (marks >> i & 1) WdfObjectDereference(Tree[i].Object);
  }
  for (LONG i = 0; i < TREE; i++) {
    if (Tree[i].Destroys != 1) TreeErrors++;
  }
  Call->Out[0] = TreeErrors;
  Call->Out[1] = referenced;
}

// MARK: Locks

static WDFQUEUE Locked, Unlocked;

static void Locks(PSCENARIO_CALL Call) {
  WdfObjectAcquireLock(Call->Device);
  Call->Out[0] = KeGetCurrentIrql();
  WdfObjectReleaseLock(Call->Device);
  Call->Out[1] = KeGetCurrentIrql();
  WdfObjectAcquireLock(Locked);
  Call->Out[2] = KeGetCurrentIrql();
  WdfObjectReleaseLock(Locked);
  Call->Out[3] = KeGetCurrentIrql();
}

// MARK: What the headers define

static void Inlines(PSCENARIO_CALL Call) {
  WDF_OBJECT_ATTRIBUTES a;
  RtlFillMemory(&a, sizeof a, 0xAA);
  WDF_OBJECT_ATTRIBUTES_INIT(&a);
  Call->Out[0] = a.Size;
  Call->Out[1] = a.ExecutionLevel;
  Call->Out[2] = a.SynchronizationScope;
  Call->Out[3] = a.EvtCleanupCallback == NULL && a.EvtDestroyCallback == NULL &&
                 a.ParentObject == NULL && a.ContextSizeOverride == 0 && a.ContextTypeInfo == NULL;
  Call->Out[4] = sizeof a;
  Call->Out[5] = FIELD_OFFSET(WDF_OBJECT_ATTRIBUTES, Size);
  Call->Out[6] = FIELD_OFFSET(WDF_OBJECT_ATTRIBUTES, EvtCleanupCallback);
  Call->Out[7] = FIELD_OFFSET(WDF_OBJECT_ATTRIBUTES, EvtDestroyCallback);
  Call->Out[8] = FIELD_OFFSET(WDF_OBJECT_ATTRIBUTES, ExecutionLevel);
  Call->Out[9] = FIELD_OFFSET(WDF_OBJECT_ATTRIBUTES, SynchronizationScope);
  Call->Out[10] = FIELD_OFFSET(WDF_OBJECT_ATTRIBUTES, ParentObject);
  Call->Out[11] = FIELD_OFFSET(WDF_OBJECT_ATTRIBUTES, ContextSizeOverride);
  Call->Out[12] = FIELD_OFFSET(WDF_OBJECT_ATTRIBUTES, ContextTypeInfo);
  Call->Out[13] = WdfExecutionLevelInvalid;
  Call->Out[14] = WdfExecutionLevelInheritFromParent;
  Call->Out[15] = WdfExecutionLevelPassive;
  Call->Out[16] = WdfExecutionLevelDispatch;
  Call->Out[17] = WdfSynchronizationScopeInvalid;
  Call->Out[18] = WdfSynchronizationScopeInheritFromParent;
  Call->Out[19] = WdfSynchronizationScopeDevice;
  Call->Out[20] = WdfSynchronizationScopeQueue;
  Call->Out[21] = WdfSynchronizationScopeNone;
}

// MARK: Mistakes, each the end of the machine

static void MethodInDestroy(WDFOBJECT Object) { WdfObjectReference(Object); }

static void DereferencingCleanup(WDFOBJECT Object) { WdfObjectDereference(Object); }

static void Mistake(PSCENARIO_CALL Call) {
  WDF_OBJECT_ATTRIBUTES attributes;
  WDFOBJECT object, child;
  KIRQL irql;
  NodeAttributes(&attributes, NULL);
  switch (Call->In[0]) {
    case 0: WdfMemoryGetBuffer((WDFMEMORY)WdfDeviceGetDefaultQueue(Call->Device), NULL); break;
    case 1:
      object = MakeNode(1, NULL);
      WdfObjectDelete(object);
      WdfObjectReference(object);
      break;
    case 2: WdfObjectCreate(NULL, NULL); break;
    case 3: WdfObjectDelete(NULL); break;
    case 4:
      object = MakeNode(1, NULL);
      child = MakeNode(2, object);
      WdfObjectDelete(object);
      GetNode(child);
      break;
    case 5:
      attributes.EvtDestroyCallback = MethodInDestroy;
      WdfObjectCreate(&attributes, &object);
      WdfObjectDelete(object);
      break;
    case 6: WdfObjectDereference(MakeNode(1, NULL)); break;
    case 7:
      attributes.EvtCleanupCallback = DereferencingCleanup;
      WdfObjectCreate(&attributes, &object);
      WdfObjectDelete(object);
      break;
    case 8:
      object = MakeNode(1, NULL);
      KeRaiseIrql(HIGH_LEVEL, &irql);
      WdfObjectDelete(object);
      break;
    case 9:
      MakeControlDevice(NULL, NULL, (WDFDEVICE *)&object);
      KeRaiseIrql(DISPATCH_LEVEL, &irql);
      WdfObjectDelete(object);
      KeLowerIrql(irql);
      break;
    case 10: WdfObjectAcquireLock(MakeNode(1, NULL)); break;
    case 11: WdfObjectAcquireLock(Unlocked); break;
    case 12: WdfObjectReleaseLock(Locked); break;
    case 13: WdfVerifierKeBugCheck(0xDEAD, 1, 2, 3, 4); break;
    case 14: WdfObjectContextGetObject(Bytes + 16); break;
    case 15: WdfObjectReference((WDFOBJECT)(ULONG_PTR)Call->In[1]); break;
  }
}

// Deletes trees while another thread does so.
static void Churn(PSCENARIO_CALL Call) {
  for (ULONG64 i = 0; i < Call->In[0]; i++) {
    WDFOBJECT root, child;
    WDFMEMORY memory;
    WDF_OBJECT_ATTRIBUTES attributes;
    WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
    if (!NT_SUCCESS(WdfObjectCreate(&attributes, &root))) return;
    attributes.ParentObject = root;
    if (!NT_SUCCESS(WdfObjectCreate(&attributes, &child))) return;
    attributes.ParentObject = child;
    if (!NT_SUCCESS(WdfMemoryCreate(&attributes, NonPagedPoolNx, TAG, 64, &memory, NULL))) return;
    WdfObjectReference(memory);
    if (i & 1) WdfObjectDelete(child);
    WdfObjectDelete(root);
    WdfObjectDereference(memory);
    Call->Out[0]++;
  }
}

// Two threads delete the two ends of one chain at once.
static WDFOBJECT Ends[2];
static LONG Arrived, RaceCleanups, RaceDestroys;

static void RaceCleanup(WDFOBJECT Object) {
  UNREFERENCED_PARAMETER(Object);
  InterlockedIncrement(&RaceCleanups);
}
static void RaceDestroy(WDFOBJECT Object) {
  UNREFERENCED_PARAMETER(Object);
  InterlockedIncrement(&RaceDestroys);
}

static void RacePrepare(PSCENARIO_CALL Call) {
  WDF_OBJECT_ATTRIBUTES attributes;
  UNREFERENCED_PARAMETER(Call);
  WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
  attributes.EvtCleanupCallback = RaceCleanup;
  attributes.EvtDestroyCallback = RaceDestroy;
  if (!NT_SUCCESS(WdfObjectCreate(&attributes, &Ends[0]))) return;
  attributes.ParentObject = Ends[0];
  if (!NT_SUCCESS(WdfObjectCreate(&attributes, &Ends[1]))) return;
  WdfObjectReference(Ends[0]);
  WdfObjectReference(Ends[1]);
  Arrived = RaceCleanups = RaceDestroys = 0;
}

static void RaceDelete(PSCENARIO_CALL Call) {
  InterlockedIncrement(&Arrived);
  while (*(volatile LONG *)&Arrived < 2) YieldProcessor();
  WdfObjectDelete(Ends[Call->In[0]]);
}

static void RaceFinish(PSCENARIO_CALL Call) {
  Call->Out[0] = (ULONG64)RaceCleanups;
  Call->Out[1] = (ULONG64)RaceDestroys;
  WdfObjectDereference(Ends[1]);
  WdfObjectDereference(Ends[0]);
  Call->Out[2] = (ULONG64)RaceCleanups;
  Call->Out[3] = (ULONG64)RaceDestroys;
}

static NTSTATUS ScenarioDevice(WDFDRIVER Driver, WDFDEVICE Device) {
  WDF_IO_QUEUE_CONFIG config;
  WDF_OBJECT_ATTRIBUTES attributes;
  NTSTATUS status;
  UNREFERENCED_PARAMETER(Driver);
  WDF_IO_QUEUE_CONFIG_INIT(&config, WdfIoQueueDispatchParallel);
  config.EvtIoRead = RoutedRead;
  KeInitializeSemaphore(&Destroyed, 0, MAXLONG);
  status = WdfIoQueueCreate(Device, &config, NULL, &Routed);
  if (NT_SUCCESS(status)) {
    status = WdfDeviceConfigureRequestDispatching(Device, Routed, WdfRequestTypeRead);
  }
  WDF_IO_QUEUE_CONFIG_INIT(&config, WdfIoQueueDispatchManual);
  WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
  attributes.SynchronizationScope = WdfSynchronizationScopeQueue;
  if (NT_SUCCESS(status)) status = WdfIoQueueCreate(Device, &config, &attributes, &Locked);
  if (NT_SUCCESS(status)) status = WdfIoQueueCreate(Device, &config, NULL, &Unlocked);
  return status;
}

static void ScenarioUnload(void) { DbgPrint("unload\n"); }

SCENARIO_DRIVER(L"WdfObject", Chain, Siblings, Referenced, ReferencedChild, Attributes, Parents,
                DeletePending, Contexts, MoreContexts, ContextWithoutMemory, Custom, PassiveChild,
                AtDispatch, PassiveKind, PassiveDestroy, Undeletable, Keep, Unkeep, Leak, Leave,
                Hundred, RandomTree, Locks, Inlines, Mistake, Churn, RacePrepare, RaceDelete,
                RaceFinish)
