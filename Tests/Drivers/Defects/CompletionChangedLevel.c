// Raises the level in its completion routine and does not lower it.
#include "defect-completion.h"

static NTSTATUS LowerRequest(PIRP Irp) { return Answer(Irp); }

static NTSTATUS FilterDone(PDEVICE_OBJECT Device, PIRP Irp, PVOID Context) {
  KIRQL old;
  UNREFERENCED_PARAMETER(Device);
  UNREFERENCED_PARAMETER(Context);
  if (Irp->PendingReturned) IoMarkIrpPending(Irp);
  KeRaiseIrql(DISPATCH_LEVEL, &old);
#ifdef REPAIRED
  KeLowerIrql(old);
#endif
  return STATUS_CONTINUE_COMPLETION;
}
