// Touches memory that the system allocated, beyond its end or after its release: the control code says
// which. Each is to be found by guarded pages.
#define DEFECT_CONTROL
#define DEFECT_LOAD
#define DEFECT_UNLOAD
#include "Defects/defect.h"

static LOOKASIDE_LIST_EX List;
static NPAGED_LOOKASIDE_LIST OldList;

static NTSTATUS DefectLoad(PDRIVER_OBJECT Driver, PDEVICE_OBJECT Device) {
  UNREFERENCED_PARAMETER(Driver);
  UNREFERENCED_PARAMETER(Device);
  ExInitializeNPagedLookasideList(&OldList, NULL, NULL, POOL_NX_ALLOCATION, 100, DEFECT_TAG, 0);
  return ExInitializeLookasideListEx(&List, NULL, NULL, NonPagedPoolNx, 0, 100, DEFECT_TAG, 0);
}

static VOID DefectUnload(PDRIVER_OBJECT Driver) {
  UNREFERENCED_PARAMETER(Driver);
  ExDeleteLookasideListEx(&List);
  ExDeleteNPagedLookasideList(&OldList);
}

static VOID Touch(PVOID Memory, SIZE_T Offset) { ((volatile UCHAR *)Memory)[Offset] = 1; }

static VOID TouchIrp(BOOLEAN IsFreed) {
  PIRP irp = IoAllocateIrp(1, FALSE);
  if (irp == NULL) return;
  if (IsFreed) IoFreeIrp(irp);
  Touch(irp, IsFreed ? 0 : IoSizeOfIrp(1) + 16);
  if (!IsFreed) IoFreeIrp(irp);
}

static VOID TouchMdl(BOOLEAN IsFreed) {
  static UCHAR bytes[64];
  PMDL mdl = IoAllocateMdl(bytes, sizeof bytes, FALSE, FALSE, NULL);
  if (mdl == NULL) return;
  if (IsFreed) IoFreeMdl(mdl);
  Touch(mdl, IsFreed ? 0 : MmSizeOfMdl(bytes, sizeof bytes) + 16);
  if (!IsFreed) IoFreeMdl(mdl);
}

static VOID TouchEntry(BOOLEAN IsFreed) {
  PVOID entry = ExAllocateFromLookasideListEx(&List);
  if (entry == NULL) return;
  if (IsFreed) ExFreeToLookasideListEx(&List, entry);
  Touch(entry, IsFreed ? 50 : 112);
  if (!IsFreed) ExFreeToLookasideListEx(&List, entry);
}

static VOID TouchOldEntry(BOOLEAN IsFreed) {
  PVOID entry = ExAllocateFromNPagedLookasideList(&OldList);
  if (entry == NULL) return;
  if (IsFreed) ExFreeToNPagedLookasideList(&OldList, entry);
  Touch(entry, IsFreed ? 50 : 112);
  if (!IsFreed) ExFreeToNPagedLookasideList(&OldList, entry);
}

static VOID TouchPaged(VOID) {
  PVOID block = ExAllocatePool2(POOL_FLAG_PAGED, 8, DEFECT_TAG);
  if (block == NULL) return;
  Touch(block, 16);
  ExFreePoolWithTag(block, DEFECT_TAG);
}

static NTSTATUS DefectControl(PDEVICE_OBJECT Device, PIRP Irp) {
  PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
  ULONG length = stack->Parameters.DeviceIoControl.OutputBufferLength;
  ULONG choice = (stack->Parameters.DeviceIoControl.IoControlCode >> 2) & 0xFF;
  PUCHAR buffer = (PUCHAR)Irp->AssociatedIrp.SystemBuffer;
  UNREFERENCED_PARAMETER(Device);
  switch (choice) {
    case 0: case 1: TouchIrp(choice == 1); break;
    case 2: case 3: TouchMdl(choice == 3); break;
    case 4: case 5: TouchEntry(choice == 5); break;
    case 6: case 7: TouchOldEntry(choice == 7); break;
    // The system buffer: far behind its end, far before its beginning, and just behind its end.
    case 8: Touch(buffer, (length + 15) & ~15ULL); break;
    case 9: Touch(buffer - PAGE_SIZE, 0); break;
    case 10: Touch(buffer, length); break;
    case 11: Touch(buffer - 1, 0); break;
    case 13: TouchPaged(); break;
  }
  return DefectAnswer(Irp);
}
