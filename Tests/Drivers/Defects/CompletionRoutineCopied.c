// A filter that copies its whole stack location, with the completion routine of who sent the request:
// the routine by which the system waits for it.
#include "defect-filter.h"

static NTSTATUS LowerRequest(PIRP Irp) {
  if (IoGetCurrentIrpStackLocation(Irp)->MajorFunction == IRP_MJ_WRITE) {
    return DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
  }
  return DefectAnswer(Irp);
}

// Sends a request of its own down the stack, and waits.
static VOID Send(void) {
  PIRP own = IoAllocateIrp(filter->StackSize + 1, FALSE);
  if (own == NULL) return;
  IoSetNextIrpStackLocation(own);
  IoGetCurrentIrpStackLocation(own)->MajorFunction = IRP_MJ_WRITE;
  IoForwardIrpSynchronously(filter, own);
  IoFreeIrp(own);
}

static NTSTATUS FilterRequest(PDEVICE_OBJECT Device, PIRP Irp) {
  PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
  if (stack->MajorFunction == IRP_MJ_READ) {
    Send();
    return PassOn(Device, Irp);
  }
#ifdef REPAIRED
  IoCopyCurrentIrpStackLocationToNext(Irp);
#else
  *IoGetNextIrpStackLocation(Irp) = *stack;
#endif
  return IoCallDriver(lower, Irp);
}
