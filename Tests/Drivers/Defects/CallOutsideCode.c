// Calls a routine by a pointer in a block that it has not filled.
#define DEFECT_READ
#include "defect.h"

struct Work {
  VOID (*Routine)(VOID);
  ULONG Count;
};

static VOID Nothing(VOID) {}

static NTSTATUS DefectRead(PDEVICE_OBJECT Device, PIRP Irp) {
  NTSTATUS status = STATUS_SUCCESS;
  struct Work *work = (struct Work *)ExAllocatePoolWithTag(NonPagedPoolNx, sizeof *work, DEFECT_TAG);
  UNREFERENCED_PARAMETER(Device);
  if (work == NULL) return DefectComplete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
#ifdef REPAIRED
  work->Routine = Nothing;
#endif
  __try {
    work->Routine();
  } __except (EXCEPTION_EXECUTE_HANDLER) {
    status = GetExceptionCode();
  }
  ExFreePoolWithTag(work, DEFECT_TAG);
  if (!NT_SUCCESS(status)) return DefectComplete(Irp, status, 0);
  return DefectAnswer(Irp);
}
