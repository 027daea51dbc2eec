// Takes a fast mutex that was never initialized.
#define DEFECT_WRITE
#include "defect.h"

static FAST_MUTEX mutex;

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  UNREFERENCED_PARAMETER(Device);
#ifdef REPAIRED
  ExInitializeFastMutex(&mutex);
#endif
  ExAcquireFastMutex(&mutex);
  ExReleaseFastMutex(&mutex);
  return DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
}
