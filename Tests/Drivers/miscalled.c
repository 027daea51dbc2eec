// Calls a routine where or with what it may not be called: control code 0x222000 + 4 * N does the N-th.
#define DEFECT_CONTROL
#include "Defects/defect.h"

#define ABOVE (DISPATCH_LEVEL + 1)

static KSPIN_LOCK lock;
static FAST_MUTEX mutex;
static ERESOURCE resource;
static EX_PUSH_LOCK pushLock;
static KEVENT event;
static PDEVICE_OBJECT device;

static VOID Raise(KIRQL Level) {
  KIRQL old;
  KeRaiseIrql(Level, &old);
}

// An MDL of a block of nonpaged pool.
static PMDL Make(VOID) {
  PVOID block = ExAllocatePool2(POOL_FLAG_NON_PAGED, PAGE_SIZE, DEFECT_TAG);
  return IoAllocateMdl(block, PAGE_SIZE, FALSE, FALSE, NULL);
}

static PMDL Locked(VOID) {
  PMDL mdl = Make();
  MmProbeAndLockPages(mdl, KernelMode, IoWriteAccess);
  return mdl;
}

static PVOID Map(PMDL Mdl, KPROCESSOR_MODE Mode) {
  return MmMapLockedPagesSpecifyCache(Mdl, Mode, MmCached, NULL, FALSE, NormalPagePriority);
}

static VOID LockPages(VOID) { PMDL mdl = Make(); Raise(ABOVE); MmProbeAndLockPages(mdl, KernelMode, IoReadAccess); }

static VOID LockProcessPages(VOID) {
  PMDL mdl = Make();
  Raise(DISPATCH_LEVEL);
  MmProbeAndLockProcessPages(mdl, PsGetCurrentProcess(), KernelMode, IoReadAccess);
}

static VOID MapRegisters(VOID) {
  PHYSICAL_ADDRESS none = {0};
  Raise(ABOVE);
  (void)MmMapIoSpace(none, PAGE_SIZE, MmNonCached);
}

static VOID MapKernel(VOID) { PMDL mdl = Locked(); Raise(ABOVE); (void)Map(mdl, KernelMode); }
static VOID MapUser(VOID) { PMDL mdl = Locked(); Raise(DISPATCH_LEVEL); (void)Map(mdl, UserMode); }
static VOID Unlock(VOID) { PMDL mdl = Locked(); Raise(ABOVE); MmUnlockPages(mdl); }

static VOID UnmapKernel(VOID) {
  PMDL mdl = Locked();
  PVOID address = Map(mdl, KernelMode);
  Raise(ABOVE);
  MmUnmapLockedPages(address, mdl);
}

static VOID UnmapUser(VOID) {
  PMDL mdl = Locked();
  PVOID address = Map(mdl, UserMode);
  Raise(DISPATCH_LEVEL);
  MmUnmapLockedPages(address, mdl);
}

static VOID UnmapRegisters(VOID) {
  PHYSICAL_ADDRESS page = MmGetPhysicalAddress(Map(Locked(), KernelMode));
  PVOID address = MmMapIoSpace(page, PAGE_SIZE, MmNonCached);
  Raise(DISPATCH_LEVEL);
  MmUnmapIoSpace(address, PAGE_SIZE);
}

static VOID AllocatePages(VOID) {
  PHYSICAL_ADDRESS low = {0}, high, none = {0};
  high.QuadPart = -1;
  Raise(ABOVE);
  (void)MmAllocatePagesForMdl(low, high, none, PAGE_SIZE);
}

static VOID UnlockTwice(VOID) { PMDL mdl = Locked(); MmUnlockPages(mdl); MmUnlockPages(mdl); }

static VOID BuildOverStack(VOID) {
  ULONG words[16];
  MmBuildMdlForNonPagedPool(IoAllocateMdl(words, sizeof(words), FALSE, FALSE, NULL));
}

static VOID LockBuilt(VOID) {
  PMDL mdl = Make();
  MmBuildMdlForNonPagedPool(mdl);
  MmProbeAndLockProcessPages(mdl, PsGetCurrentProcess(), KernelMode, IoReadAccess);
}

static VOID UnmapPartial(VOID) {
  PMDL mdl = Locked(), part = IoAllocateMdl(MmGetMdlVirtualAddress(mdl), 64, FALSE, FALSE, NULL);
  PVOID address = Map(mdl, KernelMode);
  IoBuildPartialMdl(mdl, part, MmGetMdlVirtualAddress(mdl), 64);
  MmUnmapLockedPages(address, part);
}

static VOID ReleaseLow(VOID) { KeReleaseSpinLock(&lock, PASSIVE_LEVEL); }
static VOID AcquireLow(VOID) { KeAcquireSpinLockAtDpcLevel(&lock); }
static VOID ReleaseDpcLow(VOID) { KeReleaseSpinLockFromDpcLevel(&lock); }
static VOID AcquireHigh(VOID) { KIRQL old; Raise(ABOVE); KeAcquireSpinLock(&lock, &old); }
static VOID LowerUp(VOID) { KeLowerIrql(DISPATCH_LEVEL); }

static VOID Wait(KIRQL Level, PLARGE_INTEGER Timeout) {
  Raise(Level);
  (void)KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, Timeout);
}

static VOID WaitAbove(VOID) { LARGE_INTEGER none = {0}; Wait(ABOVE, &none); }
static VOID WaitWithoutEnd(VOID) { Wait(DISPATCH_LEVEL, NULL); }
static VOID WaitAWhile(VOID) { LARGE_INTEGER some; some.QuadPart = -1; Wait(DISPATCH_LEVEL, &some); }
static VOID LeaveHigh(VOID) { KeEnterCriticalRegion(); Raise(DISPATCH_LEVEL); KeLeaveCriticalRegion(); }

static VOID ReleaseUnsafe(VOID) {
  ExInitializeFastMutex(&mutex);
  KeEnterCriticalRegion();
  ExAcquireFastMutexUnsafe(&mutex);
  KeLeaveCriticalRegion();
  ExReleaseFastMutexUnsafe(&mutex);
}

static VOID ReleaseResource(VOID) {
  (void)ExInitializeResourceLite(&resource);
  KeEnterCriticalRegion();
  (void)ExAcquireResourceExclusiveLite(&resource, TRUE);
  KeLeaveCriticalRegion();
  ExReleaseResourceLite(&resource);
}

static VOID ReleasePushLock(VOID) {
  ExInitializePushLock(&pushLock);
  KeEnterCriticalRegion();
  ExAcquirePushLockShared(&pushLock);
  KeLeaveCriticalRegion();
  ExReleasePushLockShared(&pushLock);
}

static VOID ReleaseOtherForm(VOID) {
  KLOCK_QUEUE_HANDLE handle;
  KeAcquireInStackQueuedSpinLock(&lock, &handle);
  KeReleaseSpinLock(&lock, handle.OldIrql);
}

static VOID AllocateHigh(VOID) { Raise(ABOVE); (void)ExAllocatePool2(POOL_FLAG_NON_PAGED, 8, DEFECT_TAG); }

static VOID FreeHigh(POOL_FLAGS Flags, KIRQL Level) {
  PVOID block = ExAllocatePool2(Flags, 8, DEFECT_TAG);
  Raise(Level);
  ExFreePoolWithTag(block, DEFECT_TAG);
}

static VOID FreePagedHigh(VOID) { FreeHigh(POOL_FLAG_PAGED, DISPATCH_LEVEL); }
static VOID FreeNonpagedHigh(VOID) { FreeHigh(POOL_FLAG_NON_PAGED, ABOVE); }

// MARK: DMA

static IO_ALLOCATION_ACTION action;

static IO_ALLOCATION_ACTION Program(PDEVICE_OBJECT Device, PIRP Irp, PVOID Base, PVOID Context) {
  UNREFERENCED_PARAMETER(Device);
  UNREFERENCED_PARAMETER(Irp);
  UNREFERENCED_PARAMETER(Base);
  UNREFERENCED_PARAMETER(Context);
  return action;
}

static VOID Keep(PDEVICE_OBJECT Device, PIRP Irp, PSCATTER_GATHER_LIST List, PVOID Context) {
  UNREFERENCED_PARAMETER(Device);
  UNREFERENCED_PARAMETER(Irp);
  UNREFERENCED_PARAMETER(List);
  UNREFERENCED_PARAMETER(Context);
}

static PDMA_ADAPTER Adapter(VOID) {
  DEVICE_DESCRIPTION description = {0};
  ULONG count;
  description.Version = DEVICE_DESCRIPTION_VERSION2;
  description.Master = TRUE;
  description.ScatterGather = TRUE;
  description.Dma64BitAddresses = TRUE;
  description.InterfaceType = PCIBus;
  description.MaximumLength = 65536;
  return IoGetDmaAdapter(device, &description, &count);
}

// Gives an adapter back after it has its channel, or map registers.
static VOID PutWith(IO_ALLOCATION_ACTION Action) {
  PDMA_ADAPTER adapter = Adapter();
  KIRQL old;
  action = Action;
  KeRaiseIrql(DISPATCH_LEVEL, &old);
  (void)adapter->DmaOperations->AllocateAdapterChannel(adapter, device, 1, Program, NULL);
  KeLowerIrql(old);
  adapter->DmaOperations->PutDmaAdapter(adapter);
}

static VOID PutWithChannel(VOID) { PutWith(KeepObject); }
static VOID PutWithRegisters(VOID) { PutWith(DeallocateObjectKeepRegisters); }

static VOID PutWithList(VOID) {
  PDMA_ADAPTER adapter = Adapter();
  PMDL mdl = Make();
  KIRQL old;
  MmBuildMdlForNonPagedPool(mdl);
  KeRaiseIrql(DISPATCH_LEVEL, &old);
  (void)adapter->DmaOperations->GetScatterGatherList(adapter, device, mdl, MmGetMdlVirtualAddress(mdl), 64,
                                                     Keep, NULL, TRUE);
  KeLowerIrql(old);
  adapter->DmaOperations->PutDmaAdapter(adapter);
}

typedef VOID CALL(VOID);

static CALL *const calls[] = {
    LockPages,      LockProcessPages, MapRegisters,    MapKernel,        MapUser,
    Unlock,         UnmapKernel,      UnmapUser,       UnmapRegisters,   AllocatePages,
    UnlockTwice,    BuildOverStack,   LockBuilt,       UnmapPartial,     ReleaseLow,
    AcquireLow,     ReleaseDpcLow,    AcquireHigh,     LowerUp,          WaitAbove,
    WaitWithoutEnd, WaitAWhile,       LeaveHigh,       ReleaseUnsafe,    ReleaseResource,
    ReleasePushLock, ReleaseOtherForm, AllocateHigh,   FreePagedHigh,    FreeNonpagedHigh,
    PutWithChannel, PutWithRegisters, PutWithList,
};

static NTSTATUS DefectControl(PDEVICE_OBJECT Device, PIRP Irp) {
  ULONG code = IoGetCurrentIrpStackLocation(Irp)->Parameters.DeviceIoControl.IoControlCode;
  ULONG number = (code - 0x222000) / 4;
  device = Device;
  KeInitializeEvent(&event, NotificationEvent, FALSE);
  if (number < ARRAYSIZE(calls)) calls[number]();
  return DefectComplete(Irp, STATUS_SUCCESS, 0);
}
