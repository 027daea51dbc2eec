// Enters a critical region in its completion routine and does not leave it.
#include "defect-completion.h"

static NTSTATUS LowerRequest(PIRP Irp) { return Answer(Irp); }

static NTSTATUS FilterDone(PDEVICE_OBJECT Device, PIRP Irp, PVOID Context) {
  UNREFERENCED_PARAMETER(Device);
  UNREFERENCED_PARAMETER(Context);
  if (Irp->PendingReturned) IoMarkIrpPending(Irp);
  KeEnterCriticalRegion();
#ifdef REPAIRED
  KeLeaveCriticalRegion();
#endif
  return STATUS_CONTINUE_COMPLETION;
}
