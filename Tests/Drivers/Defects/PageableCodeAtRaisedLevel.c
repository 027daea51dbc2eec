// Calls a function of a pageable section under a spin lock.
#define DEFECT_WRITE
#include "defect.h"

static KSPIN_LOCK lock;

static ULONG Sum(const UCHAR *Bytes, ULONG Count);
#pragma alloc_text(PAGE, Sum)

static __declspec(noinline) ULONG Sum(const UCHAR *Bytes, ULONG Count) {
  ULONG sum = 0;
  for (ULONG i = 0; i < Count; i++) sum += Bytes[i];
  return sum;
}

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  const UCHAR *bytes = Irp->AssociatedIrp.SystemBuffer;
  volatile ULONG sum;
  KIRQL old;
  UNREFERENCED_PARAMETER(Device);
#ifdef REPAIRED
  sum = Sum(bytes, DefectLength(Irp));
  KeAcquireSpinLock(&lock, &old);
#else
  KeAcquireSpinLock(&lock, &old);
  sum = Sum(bytes, DefectLength(Irp));
#endif
  KeReleaseSpinLock(&lock, old);
  return DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp) + 0 * sum);
}
