// The driver under measurement: devices whose reads cost nothing of their own, and loops over the
// routines of the memory manager. The host times the requests.
#include <ntddk.h>

#include "workload.h"

#define TAG 'hcnB'

typedef enum BENCH_KIND {
  Buffered,
  Direct,
  Neither,
  ByDpc,
  ByThread,
  Filled,
  KindCount
} BENCH_KIND;

// The input of every loop.
typedef struct BENCH_WORK {
  ULONG64 Count;    // turns of the loop
  ULONG64 Size;     // bytes of a block or of the memory at `Address`
  ULONG64 Address;  // user memory
} BENCH_WORK;

typedef struct BENCH_EXTENSION {
  BENCH_KIND Kind;
  KDPC Dpc;
  KEVENT Event;
  PIRP volatile Pending;
  LONG volatile Stopped;
} BENCH_EXTENSION, *PBENCH_EXTENSION;

#define CODE(Function) CTL_CODE(0x8000, Function, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_ECHO CODE(0x800)
#define IOCTL_POOL_PAIR CODE(0x801)
#define IOCTL_POOL_FILL CODE(0x802)
#define IOCTL_POOL_REPLACE CODE(0x803)
#define IOCTL_POOL_DRAIN CODE(0x804)
#define IOCTL_LOOKASIDE_EX CODE(0x805)
#define IOCTL_LOOKASIDE_NPAGED CODE(0x806)
#define IOCTL_MDL CODE(0x807)
#define IOCTL_COMPLETE_LOOP CODE(0x808)
#define IOCTL_COMPLETE_STOP CODE(0x809)
#define IOCTL_NOTHING CODE(0x80A)

static PCWSTR DeviceNames[KindCount] = {
    L"\\Device\\BenchBuffered", L"\\Device\\BenchDirect", L"\\Device\\BenchNeither",
    L"\\Device\\BenchDpc", L"\\Device\\BenchThread", L"\\Device\\BenchFilled"};
static PCWSTR LinkNames[KindCount] = {
    L"\\DosDevices\\BenchBuffered", L"\\DosDevices\\BenchDirect", L"\\DosDevices\\BenchNeither",
    L"\\DosDevices\\BenchDpc", L"\\DosDevices\\BenchThread", L"\\DosDevices\\BenchFilled"};

static PUCHAR Slots[BENCH_SLOTS];
static ULONG64 Random = 0x9E3779B97F4A7C15;

static NTSTATUS Complete(PIRP Irp, NTSTATUS Status, ULONG_PTR Information) {
  Irp->IoStatus.Status = Status;
  Irp->IoStatus.Information = Information;
  IoCompleteRequest(Irp, IO_NO_INCREMENT);
  return Status;
}

static NTSTATUS PoolPairs(ULONG64 Count, SIZE_T Size) {
  for (ULONG64 i = 0; i < Count; i++) {
    PVOID block = ExAllocatePoolWithTag(NonPagedPoolNx, Size, TAG);
    if (block == NULL) return STATUS_INSUFFICIENT_RESOURCES;
    ExFreePoolWithTag(block, TAG);
  }
  return STATUS_SUCCESS;
}

static NTSTATUS PoolReplace(ULONG64 Count) {
  for (ULONG64 i = 0; i < Count; i++) {
    ULONG64 random = BenchNext(&Random);
    unsigned slot = BenchSlot(random);
    ExFreePoolWithTag(Slots[slot], TAG);
    PUCHAR block = ExAllocatePoolWithTag(NonPagedPoolNx, BenchSize(random), TAG);
    if (block == NULL) return STATUS_INSUFFICIENT_RESOURCES;
    *(volatile UCHAR *)block = 1;
    Slots[slot] = block;
  }
  return STATUS_SUCCESS;
}

static void PoolDrain(void) {
  for (unsigned i = 0; i < BENCH_SLOTS; i++) {
    if (Slots[i] != NULL) ExFreePoolWithTag(Slots[i], TAG);
    Slots[i] = NULL;
  }
}

static NTSTATUS PoolFill(void) {
  PoolDrain();
  for (unsigned i = 0; i < BENCH_SLOTS; i++) {
    Slots[i] = ExAllocatePoolWithTag(NonPagedPoolNx, BenchSize(BenchNext(&Random)), TAG);
    if (Slots[i] == NULL) return STATUS_INSUFFICIENT_RESOURCES;
  }
  return STATUS_SUCCESS;
}

static LOOKASIDE_LIST_EX ListEx;
static NPAGED_LOOKASIDE_LIST ListNPaged;

static NTSTATUS LookasideExPairs(ULONG64 Count, SIZE_T Size) {
  NTSTATUS status = ExInitializeLookasideListEx(&ListEx, NULL, NULL, NonPagedPoolNx, 0, Size, TAG, 0);
  if (!NT_SUCCESS(status)) return status;
  for (ULONG64 i = 0; i < Count; i++) {
    PVOID block = ExAllocateFromLookasideListEx(&ListEx);
    if (block == NULL) {
      status = STATUS_INSUFFICIENT_RESOURCES;
      break;
    }
    ExFreeToLookasideListEx(&ListEx, block);
  }
  ExDeleteLookasideListEx(&ListEx);
  return status;
}

static NTSTATUS LookasideNPagedPairs(ULONG64 Count, SIZE_T Size) {
  NTSTATUS status = STATUS_SUCCESS;
  ExInitializeNPagedLookasideList(&ListNPaged, NULL, NULL, POOL_NX_ALLOCATION, Size, TAG, 0);
  for (ULONG64 i = 0; i < Count; i++) {
    PVOID block = ExAllocateFromNPagedLookasideList(&ListNPaged);
    if (block == NULL) {
      status = STATUS_INSUFFICIENT_RESOURCES;
      break;
    }
    ExFreeToNPagedLookasideList(&ListNPaged, block);
  }
  ExDeleteNPagedLookasideList(&ListNPaged);
  return status;
}

static NTSTATUS Mdls(ULONG64 Count, PVOID Address, ULONG Size) {
  for (ULONG64 i = 0; i < Count; i++) {
    PMDL mdl = IoAllocateMdl(Address, Size, FALSE, FALSE, NULL);
    if (mdl == NULL) return STATUS_INSUFFICIENT_RESOURCES;
    __try {
      MmProbeAndLockPages(mdl, UserMode, IoWriteAccess);
    } __except (EXCEPTION_EXECUTE_HANDLER) {
      IoFreeMdl(mdl);
      return GetExceptionCode();
    }
    MmUnlockPages(mdl);
    IoFreeMdl(mdl);
  }
  return STATUS_SUCCESS;
}

// Completes every read that comes, in this thread, until it is told to stop.
static NTSTATUS CompleteLoop(PBENCH_EXTENSION Bench) {
  while (!Bench->Stopped) {
    KeWaitForSingleObject(&Bench->Event, Executive, KernelMode, FALSE, NULL);
    PIRP irp = InterlockedExchangePointer((PVOID volatile *)&Bench->Pending, NULL);
    if (irp != NULL) Complete(irp, STATUS_SUCCESS, 1);
  }
  Bench->Stopped = 0;
  return STATUS_SUCCESS;
}

static VOID CompleteInDpc(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2) {
  UNREFERENCED_PARAMETER(Dpc);
  UNREFERENCED_PARAMETER(Context);
  UNREFERENCED_PARAMETER(Argument2);
  Complete(Argument1, STATUS_SUCCESS, 1);
}

static NTSTATUS ReadNeither(PIRP Irp, ULONG Length) {
  __try {
    ProbeForWrite(Irp->UserBuffer, Length, 1);
    *(volatile UCHAR *)Irp->UserBuffer = 0x5A;
  } __except (EXCEPTION_EXECUTE_HANDLER) {
    return Complete(Irp, GetExceptionCode(), 0);
  }
  return Complete(Irp, STATUS_SUCCESS, Length);
}

// Writes the first byte and claims all of them: what is measured is the system, not the driver. But
// where output is checked, it writes all of them.
static NTSTATUS BenchRead(PDEVICE_OBJECT Device, PIRP Irp) {
  PBENCH_EXTENSION bench = Device->DeviceExtension;
  ULONG length = IoGetCurrentIrpStackLocation(Irp)->Parameters.Read.Length;
  PUCHAR bytes;
  switch (bench->Kind) {
    case Buffered:
      bytes = Irp->AssociatedIrp.SystemBuffer;
      *(volatile UCHAR *)bytes = 0x5A;
      return Complete(Irp, STATUS_SUCCESS, length);
    case Filled:
      RtlFillMemory(Irp->AssociatedIrp.SystemBuffer, length, 0x5A);
      return Complete(Irp, STATUS_SUCCESS, length);
    case Direct:
      bytes = MmGetSystemAddressForMdlSafe(Irp->MdlAddress, NormalPagePriority | MdlMappingNoExecute);
      if (bytes == NULL) return Complete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
      *(volatile UCHAR *)bytes = 0x5A;
      return Complete(Irp, STATUS_SUCCESS, length);
    case Neither:
      return ReadNeither(Irp, length);
    case ByDpc:
      IoMarkIrpPending(Irp);
      KeInsertQueueDpc(&bench->Dpc, Irp, NULL);
      return STATUS_PENDING;
    default:
      IoMarkIrpPending(Irp);
      InterlockedExchangePointer((PVOID volatile *)&bench->Pending, Irp);
      KeSetEvent(&bench->Event, IO_NO_INCREMENT, FALSE);
      return STATUS_PENDING;
  }
}

static NTSTATUS Loop(PBENCH_EXTENSION Bench, ULONG Code, const BENCH_WORK *Work) {
  switch (Code) {
    case IOCTL_POOL_PAIR: return PoolPairs(Work->Count, Work->Size);
    case IOCTL_POOL_FILL: return PoolFill();
    case IOCTL_POOL_REPLACE: return PoolReplace(Work->Count);
    case IOCTL_POOL_DRAIN: PoolDrain(); return STATUS_SUCCESS;
    case IOCTL_LOOKASIDE_EX: return LookasideExPairs(Work->Count, Work->Size);
    case IOCTL_LOOKASIDE_NPAGED: return LookasideNPagedPairs(Work->Count, Work->Size);
    case IOCTL_MDL: return Mdls(Work->Count, (PVOID)Work->Address, (ULONG)Work->Size);
    case IOCTL_COMPLETE_LOOP: return CompleteLoop(Bench);
    case IOCTL_COMPLETE_STOP:
      Bench->Stopped = 1;
      KeSetEvent(&Bench->Event, IO_NO_INCREMENT, FALSE);
      return STATUS_SUCCESS;
    default: return STATUS_INVALID_DEVICE_REQUEST;
  }
}

static NTSTATUS BenchControl(PDEVICE_OBJECT Device, PIRP Irp) {
  PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
  ULONG code = stack->Parameters.DeviceIoControl.IoControlCode;
  ULONG input = stack->Parameters.DeviceIoControl.InputBufferLength;
  BENCH_WORK work;
  if (code == IOCTL_NOTHING) return Complete(Irp, STATUS_SUCCESS, 0);
  if (code == IOCTL_ECHO) {
    return Complete(Irp, STATUS_SUCCESS, stack->Parameters.DeviceIoControl.OutputBufferLength);
  }
  if (input < sizeof work) return Complete(Irp, STATUS_INVALID_PARAMETER, 0);
  work = *(const BENCH_WORK *)Irp->AssociatedIrp.SystemBuffer;
  return Complete(Irp, Loop(Device->DeviceExtension, code, &work), 0);
}

static NTSTATUS BenchCreateClose(PDEVICE_OBJECT Device, PIRP Irp) {
  UNREFERENCED_PARAMETER(Device);
  return Complete(Irp, STATUS_SUCCESS, 0);
}

static VOID BenchUnload(PDRIVER_OBJECT Driver) {
  PoolDrain();
  while (Driver->DeviceObject != NULL) {
    PBENCH_EXTENSION bench = Driver->DeviceObject->DeviceExtension;
    UNICODE_STRING link;
    RtlInitUnicodeString(&link, LinkNames[bench->Kind]);
    IoDeleteSymbolicLink(&link);
    IoDeleteDevice(Driver->DeviceObject);
  }
}

static NTSTATUS MakeDevice(PDRIVER_OBJECT Driver, BENCH_KIND Kind) {
  PDEVICE_OBJECT device;
  UNICODE_STRING name, link;
  RtlInitUnicodeString(&name, DeviceNames[Kind]);
  RtlInitUnicodeString(&link, LinkNames[Kind]);
  NTSTATUS status =
      IoCreateDevice(Driver, sizeof(BENCH_EXTENSION), &name, 0x8000, 0, FALSE, &device);
  if (!NT_SUCCESS(status)) return status;
  PBENCH_EXTENSION bench = device->DeviceExtension;
  bench->Kind = Kind;
  KeInitializeDpc(&bench->Dpc, CompleteInDpc, bench);
  KeInitializeEvent(&bench->Event, SynchronizationEvent, FALSE);
  if (Kind == Direct) device->Flags |= DO_DIRECT_IO;
  if (Kind != Direct && Kind != Neither) device->Flags |= DO_BUFFERED_IO;
  device->Flags &= ~DO_DEVICE_INITIALIZING;
  return IoCreateSymbolicLink(&link, &name);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING RegistryPath) {
  UNREFERENCED_PARAMETER(RegistryPath);
  Driver->MajorFunction[IRP_MJ_CREATE] = BenchCreateClose;
  Driver->MajorFunction[IRP_MJ_CLOSE] = BenchCreateClose;
  Driver->MajorFunction[IRP_MJ_READ] = BenchRead;
  Driver->MajorFunction[IRP_MJ_DEVICE_CONTROL] = BenchControl;
  Driver->DriverUnload = BenchUnload;
  for (int kind = 0; kind < KindCount; kind++) {
    NTSTATUS status = MakeDevice(Driver, kind);
    if (!NT_SUCCESS(status)) {
      BenchUnload(Driver);
      return status;
    }
  }
  return STATUS_SUCCESS;
}
