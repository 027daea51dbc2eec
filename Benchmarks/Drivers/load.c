// Load that lasts, and load from two threads: blocks that go from thread to thread, many tags, many
// requests that wait, and a mixed load that may break nonpaged pool into pieces.
#include <ntddk.h>

#include "workload.h"

#define TAG 'daoL'
#define MIXED_SLOTS 4096
#define KINDS 6

// The input of every loop.
typedef struct BENCH_WORK {
  ULONG64 Count;   // turns of the loop
  ULONG64 Choice;  // 1: with lookaside lists; the number of tags
} BENCH_WORK;

#define CODE(Function) CTL_CODE(0x8000, Function, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_GIVE CODE(0x800)
#define IOCTL_TAKE CODE(0x801)
#define IOCTL_TAGS CODE(0x802)
#define IOCTL_RELEASE CODE(0x803)
#define IOCTL_MIXED_BEGIN CODE(0x804)
#define IOCTL_MIXED_STEP CODE(0x805)
#define IOCTL_MIXED_END CODE(0x806)
#define IOCTL_MISUSE CODE(0x807)

DRIVER_INITIALIZE DriverEntry;

static BENCH_PASSAGE Passage;
static NPAGED_LOOKASIDE_LIST Entries;
static LIST_ENTRY Waiting;
static KSPIN_LOCK WaitingLock;

static NTSTATUS Complete(PIRP Irp, NTSTATUS Status, ULONG_PTR Information) {
  Irp->IoStatus.Status = Status;
  Irp->IoStatus.Information = Information;
  IoCompleteRequest(Irp, IO_NO_INCREMENT);
  return Status;
}

// MARK: From thread to thread

static NTSTATUS Give(ULONG64 Count, BOOLEAN UseList) {
  for (ULONG64 i = 0; i < Count; i++) {
    PVOID block = UseList ? ExAllocateFromNPagedLookasideList(&Entries)
                          : ExAllocatePoolWithTag(NonPagedPoolNx, 256, TAG);
    if (block == NULL) return STATUS_INSUFFICIENT_RESOURCES;
    BenchGive(&Passage, i, block);
  }
  return STATUS_SUCCESS;
}

static NTSTATUS Take(ULONG64 Count, BOOLEAN UseList) {
  for (ULONG64 i = 0; i < Count; i++) {
    PVOID block = BenchTake(&Passage, i);
    if (UseList) {
      ExFreeToNPagedLookasideList(&Entries, block);
    } else {
      ExFreePoolWithTag(block, TAG);
    }
  }
  return STATUS_SUCCESS;
}

// MARK: Many tags

static NTSTATUS Tags(ULONG64 Count, ULONG64 TagCount) {
  ULONG64 number = 0;
  for (ULONG64 i = 0; i < Count; i++) {
    ULONG tag = (ULONG)(0x20203030 + number % 100 + (number / 100 << 16));
    PVOID block = ExAllocatePoolWithTag(NonPagedPoolNx, 64, tag);
    if (block == NULL) return STATUS_INSUFFICIENT_RESOURCES;
    ExFreePoolWithTag(block, tag);
    if (++number == TagCount) number = 0;
  }
  return STATUS_SUCCESS;
}

// MARK: Requests that wait

static VOID CancelWaiting(PDEVICE_OBJECT Device, PIRP Irp) {
  KIRQL irql;
  UNREFERENCED_PARAMETER(Device);
  IoReleaseCancelSpinLock(Irp->CancelIrql);
  KeAcquireSpinLock(&WaitingLock, &irql);
  RemoveEntryList(&Irp->Tail.Overlay.ListEntry);
  KeReleaseSpinLock(&WaitingLock, irql);
  Complete(Irp, STATUS_CANCELLED, 0);
}

static NTSTATUS LoadRead(PDEVICE_OBJECT Device, PIRP Irp) {
  KIRQL irql;
  UNREFERENCED_PARAMETER(Device);
  IoMarkIrpPending(Irp);
  KeAcquireSpinLock(&WaitingLock, &irql);
  InsertTailList(&Waiting, &Irp->Tail.Overlay.ListEntry);
  IoSetCancelRoutine(Irp, CancelWaiting);
  KeReleaseSpinLock(&WaitingLock, irql);
  return STATUS_PENDING;
}

static PIRP NextWaiting(void) {
  KIRQL irql;
  PIRP irp = NULL;
  KeAcquireSpinLock(&WaitingLock, &irql);
  while (irp == NULL && !IsListEmpty(&Waiting)) {
    PLIST_ENTRY entry = RemoveHeadList(&Waiting);
    irp = CONTAINING_RECORD(entry, IRP, Tail.Overlay.ListEntry);
    if (IoSetCancelRoutine(irp, NULL) == NULL) {
      // Its cancel routine takes it out of the list that it is then in.
      InitializeListHead(entry);
      irp = NULL;
    }
  }
  KeReleaseSpinLock(&WaitingLock, irql);
  return irp;
}

static NTSTATUS ReleaseWaiting(void) {
  PIRP irp;
  while ((irp = NextWaiting()) != NULL) Complete(irp, STATUS_SUCCESS, 1);
  return STATUS_SUCCESS;
}

// MARK: Mixed load: small objects of fixed sizes that come and go, and buffers of all sizes that stay

typedef struct MIXED_SLOT {
  PVOID Block;
  ULONG Kind;  // the number of a fixed size, or KINDS for a buffer
} MIXED_SLOT;

static const ULONG FixedSizes[KINDS] = {48, 112, 208, 480, 1100, 1900};
static MIXED_SLOT Mixed[MIXED_SLOTS];
static NPAGED_LOOKASIDE_LIST FixedLists[KINDS];
static ULONG64 Random;
static BOOLEAN MixedUsesLists;

static void FreeMixed(MIXED_SLOT *Slot) {
  if (Slot->Block == NULL) return;
  if (Slot->Kind < KINDS && MixedUsesLists) {
    ExFreeToNPagedLookasideList(&FixedLists[Slot->Kind], Slot->Block);
  } else {
    ExFreePoolWithTag(Slot->Block, TAG);
  }
  Slot->Block = NULL;
}

static void FillMixed(MIXED_SLOT *Slot) {
  ULONG64 random = BenchNext(&Random);
  if (random % 8 < 7) {
    Slot->Kind = (ULONG)((random >> 8) % KINDS);
    Slot->Block = MixedUsesLists
                      ? ExAllocateFromNPagedLookasideList(&FixedLists[Slot->Kind])
                      : ExAllocatePoolWithTag(NonPagedPoolNx, FixedSizes[Slot->Kind], TAG);
  } else {
    // Up to 256 KiB, the smaller the more often.
    SIZE_T size = 256 + ((random >> 16) & 0x3FFFF) / (1 + ((random >> 40) & 31));
    Slot->Kind = KINDS;
    Slot->Block = ExAllocatePoolWithTag(NonPagedPoolNx, size, TAG);
  }
}

static NTSTATUS MixedStep(ULONG64 Count) {
  for (ULONG64 i = 0; i < Count; i++) {
    MIXED_SLOT *slot = &Mixed[BenchNext(&Random) % MIXED_SLOTS];
    FreeMixed(slot);
    // What is live goes up and down.
    if (BenchNext(&Random) % 4 != 0) FillMixed(slot);
  }
  return STATUS_SUCCESS;
}

static void MixedBegin(BOOLEAN UseLists) {
  MixedUsesLists = UseLists;
  Random = 0x9E3779B97F4A7C15;
  for (int kind = 0; kind < KINDS; kind++) {
    ExInitializeNPagedLookasideList(&FixedLists[kind], NULL, NULL, POOL_NX_ALLOCATION,
                                    FixedSizes[kind], TAG, 0);
  }
}

static void MixedEnd(void) {
  for (int i = 0; i < MIXED_SLOTS; i++) FreeMixed(&Mixed[i]);
  for (int kind = 0; kind < KINDS; kind++) ExDeleteNPagedLookasideList(&FixedLists[kind]);
}

// The most bytes that one request could have now.
static ULONG64 LargestBlock(void) {
  ULONG64 had = 0, refused = 1ull << 32;
  while (refused - had > PAGE_SIZE) {
    ULONG64 size = (had + (refused - had) / 2) & ~(ULONG64)(PAGE_SIZE - 1);
    PVOID block = ExAllocatePoolWithTag(NonPagedPoolNx, size, TAG);
    if (block != NULL) {
      ExFreePoolWithTag(block, TAG);
      had = size;
    } else {
      refused = size;
    }
  }
  return had;
}

// MARK: Mistakes, which the system must find: it does not come back from any of them

static NTSTATUS Misuse(ULONG64 Choice, SIZE_T Size) {
  UCHAR *block = NULL;
  // From the second turn on, pool goes the short way.
  for (int i = 0; i < 8; i++) {
    block = ExAllocatePoolWithTag(NonPagedPoolNx, Size, TAG);
    if (block == NULL) return STATUS_INSUFFICIENT_RESOURCES;
    if (i < 7) ExFreePoolWithTag(block, TAG);
  }
  switch (Choice) {
    case 0: ExFreePoolWithTag(block, TAG + 1); break;
    case 1:
      ExFreePool(block);
      ExFreePool(block);
      break;
    case 2:
      block[Size] = 0;
      ExFreePoolWithTag(block, TAG);
      break;
    case 3: ExFreePool(block + 16); break;
    case 4: ExFreePool(NULL); break;
    default: ExFreePoolWithTag(block, TAG);
  }
  return STATUS_SUCCESS;
}

// MARK: Requests

static NTSTATUS LoadControl(PDEVICE_OBJECT Device, PIRP Irp) {
  PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
  ULONG output = stack->Parameters.DeviceIoControl.OutputBufferLength;
  BENCH_WORK work;
  UNREFERENCED_PARAMETER(Device);
  if (stack->Parameters.DeviceIoControl.InputBufferLength < sizeof work) {
    return Complete(Irp, STATUS_INVALID_PARAMETER, 0);
  }
  work = *(const BENCH_WORK *)Irp->AssociatedIrp.SystemBuffer;
  switch (stack->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_GIVE: return Complete(Irp, Give(work.Count, work.Choice != 0), 0);
    case IOCTL_TAKE: return Complete(Irp, Take(work.Count, work.Choice != 0), 0);
    case IOCTL_TAGS: return Complete(Irp, Tags(work.Count, work.Choice), 0);
    case IOCTL_RELEASE: return Complete(Irp, ReleaseWaiting(), 0);
    case IOCTL_MISUSE: return Complete(Irp, Misuse(work.Choice, (SIZE_T)work.Count), 0);
    case IOCTL_MIXED_BEGIN: MixedBegin(work.Choice != 0); return Complete(Irp, STATUS_SUCCESS, 0);
    case IOCTL_MIXED_END: MixedEnd(); return Complete(Irp, STATUS_SUCCESS, 0);
    case IOCTL_MIXED_STEP:
      MixedStep(work.Count);
      if (output < sizeof(ULONG64)) return Complete(Irp, STATUS_BUFFER_TOO_SMALL, 0);
      *(ULONG64 *)Irp->AssociatedIrp.SystemBuffer = LargestBlock();
      return Complete(Irp, STATUS_SUCCESS, sizeof(ULONG64));
    default: return Complete(Irp, STATUS_INVALID_DEVICE_REQUEST, 0);
  }
}

static NTSTATUS LoadCreateClose(PDEVICE_OBJECT Device, PIRP Irp) {
  UNREFERENCED_PARAMETER(Device);
  return Complete(Irp, STATUS_SUCCESS, 0);
}

static VOID LoadUnload(PDRIVER_OBJECT Driver) {
  UNICODE_STRING link = RTL_CONSTANT_STRING(L"\\DosDevices\\BenchLoad");
  ExDeleteNPagedLookasideList(&Entries);
  IoDeleteSymbolicLink(&link);
  IoDeleteDevice(Driver->DeviceObject);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING RegistryPath) {
  UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\Device\\BenchLoad");
  UNICODE_STRING link = RTL_CONSTANT_STRING(L"\\DosDevices\\BenchLoad");
  PDEVICE_OBJECT device;
  NTSTATUS status;
  UNREFERENCED_PARAMETER(RegistryPath);
  status = IoCreateDevice(Driver, 0, &name, 0x8000, 0, FALSE, &device);
  if (!NT_SUCCESS(status)) return status;
  InitializeListHead(&Waiting);
  KeInitializeSpinLock(&WaitingLock);
  ExInitializeNPagedLookasideList(&Entries, NULL, NULL, POOL_NX_ALLOCATION, 256, TAG, 0);
  Driver->MajorFunction[IRP_MJ_CREATE] = LoadCreateClose;
  Driver->MajorFunction[IRP_MJ_CLOSE] = LoadCreateClose;
  Driver->MajorFunction[IRP_MJ_READ] = LoadRead;
  Driver->MajorFunction[IRP_MJ_DEVICE_CONTROL] = LoadControl;
  Driver->DriverUnload = LoadUnload;
  device->Flags |= DO_BUFFERED_IO;
  device->Flags &= ~DO_DEVICE_INITIALIZING;
  status = IoCreateSymbolicLink(&link, &name);
  if (!NT_SUCCESS(status)) {
    ExDeleteNPagedLookasideList(&Entries);
    IoDeleteDevice(device);
  }
  return status;
}
