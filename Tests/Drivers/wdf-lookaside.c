// Lookaside lists of the framework.
#include "wdf-scenario.h"

typedef struct _ITEM {
  ULONG64 Number;
} ITEM, *PITEM;
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(ITEM, GetItem)

static WDFLOOKASIDE List;
static WDFOBJECT Parent;
static WDFMEMORY Taken[1024];

static void ItemCleanup(WDFOBJECT Object) { Log(100 + (ULONG)GetItem(Object)->Number); }
static void ItemDestroy(WDFOBJECT Object) { Log(200 + (ULONG)GetItem(Object)->Number); }
static void ListCleanup(WDFOBJECT Object) {
  UNREFERENCED_PARAMETER(Object);
  Log(1);
}
static void ListDestroy(WDFOBJECT Object) {
  UNREFERENCED_PARAMETER(Object);
  Log(2);
}

// Makes the list: In: size, pool type, tag, 1 for contexts, 1 for a parent of the list, 2 of the memory.
static void Make(PSCENARIO_CALL Call) {
  WDF_OBJECT_ATTRIBUTES attributes, memory;
  WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
  attributes.EvtCleanupCallback = ListCleanup;
  attributes.EvtDestroyCallback = ListDestroy;
  WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&memory, ITEM);
  memory.EvtCleanupCallback = ItemCleanup;
  memory.EvtDestroyCallback = ItemDestroy;
  if (Call->In[4]) {
    if (!NT_SUCCESS(WdfObjectCreate(NULL, &Parent))) return;
    if (Call->In[4] & 1) attributes.ParentObject = Parent;
    if (Call->In[4] & 2) memory.ParentObject = Parent;
  }
  List = (WDFLOOKASIDE)1;
  ClearLog();
  Call->Out[0] = (ULONG)WdfLookasideListCreate(
      &attributes, (size_t)Call->In[0], (POOL_TYPE)Call->In[1],
      Call->In[3] ? &memory : WDF_NO_OBJECT_ATTRIBUTES, (ULONG)Call->In[2], &List);
  Call->Out[1] = (ULONG64)List;
}

// Takes In[0] memory objects.
static void Take(PSCENARIO_CALL Call) {
  ULONG64 i;
  for (i = 0; i < Call->In[0]; i++) {
    size_t size = 0;
    Taken[i] = (WDFMEMORY)1;
    NTSTATUS status = WdfMemoryCreateFromLookaside(List, &Taken[i]);
    Call->Out[0] = (ULONG)status;
    if (!NT_SUCCESS(status)) break;
    UCHAR *bytes = WdfMemoryGetBuffer(Taken[i], &size);
    if (i == 0 || size == Call->Out[1]) Call->Out[2]++;
    Call->Out[1] = size;
    if (GetItem(Taken[i])) {
      Call->Out[3]++;
      GetItem(Taken[i])->Number = i + 1;
    }
    for (size_t j = 0; j < size; j++) Call->Out[4] += bytes[j] != 0;
    Call->Out[5] |= (ULONG64)bytes & (size >= PAGE_SIZE ? PAGE_SIZE - 1 : 15);
    RtlFillMemory(bytes, size, 0xEE);
    if (i < 8) {
      Call->Out[8 + i] = (ULONG64)Taken[i];
      Call->Out[16 + i] = (ULONG64)bytes;
    }
  }
  if (i < Call->In[0]) Call->Out[6] = (ULONG64)Taken[i];
}

// Deletes what was taken, the first In[0].
static void Give(PSCENARIO_CALL Call) {
  ClearLog();
  for (ULONG64 i = 0; i < Call->In[0]; i++) WdfObjectDelete(Taken[i]);
  PutLog(Call->Out);
}

static void Pairs(PSCENARIO_CALL Call) {
  for (ULONG64 i = 0; i < Call->In[0]; i++) {
    WDFMEMORY memory;
    if (!NT_SUCCESS(WdfMemoryCreateFromLookaside(List, &memory))) return;
    WdfObjectDelete(memory);
    Call->Out[0]++;
  }
}

static void DropList(PSCENARIO_CALL Call) {
  ClearLog();
  WdfObjectDelete(List);
  PutLog(Call->Out);
}

static void DropParent(PSCENARIO_CALL Call) {
  ClearLog();
  WdfObjectDelete(Parent);
  PutLog(Call->Out);
}

static void Levels(PSCENARIO_CALL Call) {
  WDFLOOKASIDE list = (WDFLOOKASIDE)1, paged;
  WDFMEMORY memory = (WDFMEMORY)1;
  KIRQL irql;
  Call->Out[0] = (ULONG)WdfLookasideListCreate(NULL, 64, PagedPool, NULL, 'LooW', &paged);
  KeRaiseIrql(DISPATCH_LEVEL, &irql);
  Call->Out[1] = (ULONG)WdfLookasideListCreate(NULL, 64, PagedPool, NULL, 'LooW', &list);
  Call->Out[2] = (ULONG)WdfMemoryCreateFromLookaside(paged, &memory);
  Call->Out[3] = (ULONG64)memory;
  Call->Out[4] = (ULONG)WdfLookasideListCreate(NULL, 64, NonPagedPoolNx, NULL, 'LooW', &list);
  Call->Out[5] = (ULONG)WdfMemoryCreateFromLookaside(list, &memory);
  WdfObjectDelete(memory);
  WdfObjectDelete(list);
  KeLowerIrql(irql);
  KeRaiseIrql(APC_LEVEL, &irql);
  Call->Out[6] = (ULONG)WdfMemoryCreateFromLookaside(paged, &memory);
  KeLowerIrql(irql);
  Call->Out[7] = (ULONG)WdfMemoryCreateFromLookaside(paged, &memory);
  WdfObjectDelete(memory);
  WdfObjectDelete(paged);
}

// Parents of list and memory in two devices.
static void Devices(PSCENARIO_CALL Call) {
  WDF_OBJECT_ATTRIBUTES attributes, memory;
  WDFDEVICE one, two;
  WDFLOOKASIDE list;
  if (!NT_SUCCESS(MakeControlDevice(NULL, NULL, &one))) return;
  if (!NT_SUCCESS(MakeControlDevice(NULL, NULL, &two))) return;
  WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
  WDF_OBJECT_ATTRIBUTES_INIT(&memory);
  attributes.ParentObject = one;
  memory.ParentObject = two;
  list = (WDFLOOKASIDE)1;
  Call->Out[0] = (ULONG)WdfLookasideListCreate(&attributes, 64, PagedPool, &memory, 'LooW', &list);
  Call->Out[1] = (ULONG64)list;
  memory.ParentObject = one;
  Call->Out[2] = (ULONG)WdfLookasideListCreate(&attributes, 64, PagedPool, &memory, 'LooW', &list);
  memory.ParentObject = two;
  Call->Out[3] =
      (ULONG)WdfLookasideListCreate(&attributes, 64, NonPagedPoolNx, &memory, 'LooW', &list);
  WdfObjectDelete(one);
  WdfObjectDelete(two);
}

static void Mistake(PSCENARIO_CALL Call) {
  WDFMEMORY memory;
  switch (Call->In[0]) {
    case 0: WdfLookasideListCreate(NULL, 64, NonPagedPoolNx, NULL, 'LooW', NULL); break;
    case 1:
      WdfMemoryCreateFromLookaside((WDFLOOKASIDE)WdfDeviceGetDefaultQueue(Call->Device), &memory);
      break;
    case 2: WdfMemoryCreateFromLookaside(List, NULL); break;
    case 3: WdfMemoryGetBuffer((WDFMEMORY)(ULONG_PTR)Call->In[1], NULL); break;
    case 4: WdfMemoryCreateFromLookaside(List, &memory); break;
  }
}

// Lists that are deleted while another thread deletes their memory objects.
static WDFMEMORY Handed;
static LONG volatile Turn;

static void RaceList(PSCENARIO_CALL Call) {
  for (LONG i = 1; i <= (LONG)Call->In[0]; i++) {
    WDFLOOKASIDE list;
    WDFMEMORY memory, second;
    if (!NT_SUCCESS(WdfLookasideListCreate(NULL, 64, NonPagedPoolNx, NULL, 'RooW', &list))) break;
    if (!NT_SUCCESS(WdfMemoryCreateFromLookaside(list, &memory))) break;
    if (!NT_SUCCESS(WdfMemoryCreateFromLookaside(list, &second))) break;
    WdfObjectDelete(second);
    Handed = memory;
    InterlockedExchange(&Turn, i);
    WdfObjectDelete(list);
    while (Turn != 0) YieldProcessor();
    Call->Out[0]++;
  }
  InterlockedExchange(&Turn, -1);
}

static void RaceMemory(PSCENARIO_CALL Call) {
  LONG last = 0;
  for (;;) {
    LONG turn = Turn;
    if (turn == -1) break;
    if (turn <= last) {
      YieldProcessor();
      continue;
    }
    WdfObjectDelete(Handed);
    last = turn;
    InterlockedExchange(&Turn, 0);
    Call->Out[0]++;
  }
}

static NTSTATUS ScenarioDevice(WDFDRIVER Driver, WDFDEVICE Device) {
  UNREFERENCED_PARAMETER(Driver);
  UNREFERENCED_PARAMETER(Device);
  return STATUS_SUCCESS;
}

static void ScenarioUnload(void) {}

SCENARIO_DRIVER(L"WdfLookaside", Make, Take, Give, Pairs, DropList, DropParent, Levels, Devices,
                Mistake, RaceList, RaceMemory)
