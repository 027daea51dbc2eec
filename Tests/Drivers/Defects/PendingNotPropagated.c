// Leaves out of its completion routine what the lower driver said: that the request was pending.
#include "defect-completion.h"

static NTSTATUS LowerRequest(PIRP Irp) {
  IoMarkIrpPending(Irp);
  Answer(Irp);
  return STATUS_PENDING;
}

static NTSTATUS FilterDone(PDEVICE_OBJECT Device, PIRP Irp, PVOID Context) {
  UNREFERENCED_PARAMETER(Device);
  UNREFERENCED_PARAMETER(Irp);
  UNREFERENCED_PARAMETER(Context);
#ifdef REPAIRED
  if (Irp->PendingReturned) IoMarkIrpPending(Irp);
#endif
  return STATUS_CONTINUE_COMPLETION;
}
