// Releases the memory of a fast mutex before the mutex.
#define DEFECT_WRITE
#include "defect.h"

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  PFAST_MUTEX mutex = ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof *mutex, DEFECT_TAG);
  UNREFERENCED_PARAMETER(Device);
  if (mutex == NULL) return DefectComplete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
  ExInitializeFastMutex(mutex);
  ExAcquireFastMutex(mutex);
#ifdef REPAIRED
  ExReleaseFastMutex(mutex);
#endif
  ExFreePoolWithTag(mutex, DEFECT_TAG);
  return DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
}
