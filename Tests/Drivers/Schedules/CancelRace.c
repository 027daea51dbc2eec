// A read waits for a timer, whose DPC completes it; it can be cancelled.
//
// The DPC does not look whether the cancel routine has begun already, which then completes the request a
// second time. REPAIRED, whoever takes the cancel routine away completes.
#define DEFECT_LOAD
#define DEFECT_UNLOAD
#define DEFECT_READ
#define DEFECT_EXTENSION sizeof(EXTENSION)
#include <ntddk.h>

typedef struct EXTENSION {
  KTIMER Timer;
  KDPC Dpc;
  KSPIN_LOCK Lock;
  PIRP Irp;
  ULONG Completed;
} EXTENSION;

#include "../Defects/defect.h"

// The request that waits, which is then nobody's any more.
static PIRP Take(EXTENSION *Extension) {
  KIRQL old;
  PIRP irp;
  KeAcquireSpinLock(&Extension->Lock, &old);
  irp = Extension->Irp;
#ifdef REPAIRED
  if (irp != NULL && IoSetCancelRoutine(irp, NULL) == NULL) irp = NULL;
  if (irp != NULL) Extension->Irp = NULL;
#endif
  KeReleaseSpinLock(&Extension->Lock, old);
  return irp;
}

static VOID Expired(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2) {
  EXTENSION *extension = Context;
  PIRP irp = Take(extension);
  UNREFERENCED_PARAMETER(Dpc);
  UNREFERENCED_PARAMETER(Argument1);
  UNREFERENCED_PARAMETER(Argument2);
  if (irp == NULL) return;
#ifndef REPAIRED
  extension->Irp = NULL;
  IoSetCancelRoutine(irp, NULL);
#endif
  extension->Completed++;
  DefectComplete(irp, STATUS_SUCCESS, 0);
}

static VOID Cancelled(PDEVICE_OBJECT Device, PIRP Irp) {
  EXTENSION *extension = Device->DeviceExtension;
  KIRQL old;
  IoReleaseCancelSpinLock(Irp->CancelIrql);
  KeAcquireSpinLock(&extension->Lock, &old);
  extension->Irp = NULL;
  KeReleaseSpinLock(&extension->Lock, old);
  KeCancelTimer(&extension->Timer);
  DefectComplete(Irp, STATUS_CANCELLED, 0);
}

static NTSTATUS DefectRead(PDEVICE_OBJECT Device, PIRP Irp) {
  EXTENSION *extension = Device->DeviceExtension;
  LARGE_INTEGER due;
  KIRQL old;
  due.QuadPart = -10000;
  IoMarkIrpPending(Irp);
  KeAcquireSpinLock(&extension->Lock, &old);
  IoSetCancelRoutine(Irp, Cancelled);
  if (Irp->Cancel && IoSetCancelRoutine(Irp, NULL) != NULL) {
    KeReleaseSpinLock(&extension->Lock, old);
    DefectComplete(Irp, STATUS_CANCELLED, 0);
    return STATUS_PENDING;
  }
  extension->Irp = Irp;
  KeSetTimer(&extension->Timer, due, &extension->Dpc);
  KeReleaseSpinLock(&extension->Lock, old);
  return STATUS_PENDING;
}

static NTSTATUS DefectLoad(PDRIVER_OBJECT Driver, PDEVICE_OBJECT Device) {
  EXTENSION *extension = Device->DeviceExtension;
  UNREFERENCED_PARAMETER(Driver);
  KeInitializeTimer(&extension->Timer);
  KeInitializeDpc(&extension->Dpc, Expired, extension);
  KeInitializeSpinLock(&extension->Lock);
  return STATUS_SUCCESS;
}

static VOID DefectUnload(PDRIVER_OBJECT Driver) {
  EXTENSION *extension = Driver->DeviceObject->DeviceExtension;
  // The DPC may still run on another processor.
  KeCancelTimer(&extension->Timer);
  KeFlushQueuedDpcs();
}
