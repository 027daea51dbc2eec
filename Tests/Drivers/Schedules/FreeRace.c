// A write starts a timer whose DPC counts in a block; a read stops the timer and releases the block.
//
// KeCancelTimer does not wait for a DPC that runs on another processor: it may use the block after its
// release. REPAIRED, KeFlushQueuedDpcs waits for it.
#define DEFECT_LOAD
#define DEFECT_READ
#define DEFECT_WRITE
#define DEFECT_EXTENSION sizeof(EXTENSION)
#include <ntddk.h>

typedef struct BLOCK {
  LARGE_INTEGER Last;
  ULONG Count;
} BLOCK;

typedef struct EXTENSION {
  KTIMER Timer;
  KDPC Dpc;
  BLOCK *Block;
} EXTENSION;

#include "../Defects/defect.h"

static VOID Expired(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2) {
  EXTENSION *extension = Context;
  BLOCK *block = extension->Block;
  LARGE_INTEGER now;
  UNREFERENCED_PARAMETER(Dpc);
  UNREFERENCED_PARAMETER(Argument1);
  UNREFERENCED_PARAMETER(Argument2);
  if (block == NULL) return;
  KeQuerySystemTimePrecise(&now);
  block->Last = now;
  block->Count++;
}

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  EXTENSION *extension = Device->DeviceExtension;
  LARGE_INTEGER due;
  due.QuadPart = -10000;
  if (extension->Block == NULL) {
    extension->Block = ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(BLOCK), DEFECT_TAG);
    if (extension->Block == NULL) return DefectComplete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
    KeSetTimer(&extension->Timer, due, &extension->Dpc);
  }
  return DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
}

static NTSTATUS DefectRead(PDEVICE_OBJECT Device, PIRP Irp) {
  EXTENSION *extension = Device->DeviceExtension;
  BLOCK *block = extension->Block;
  KeCancelTimer(&extension->Timer);
#ifdef REPAIRED
  KeFlushQueuedDpcs();
#endif
  extension->Block = NULL;
  if (block != NULL) ExFreePoolWithTag(block, DEFECT_TAG);
  return DefectComplete(Irp, STATUS_SUCCESS, 0);
}

static NTSTATUS DefectLoad(PDRIVER_OBJECT Driver, PDEVICE_OBJECT Device) {
  EXTENSION *extension = Device->DeviceExtension;
  UNREFERENCED_PARAMETER(Driver);
  KeInitializeTimer(&extension->Timer);
  KeInitializeDpc(&extension->Dpc, Expired, extension);
  return STATUS_SUCCESS;
}
