// Reads through a pointer that nobody has set, with a handler for a program's memory round it.
#define DEFECT_READ
#include "defect.h"

struct Settings {
  ULONG Version;
  ULONG Fill;
};

static struct Settings Known;
static struct Settings *volatile Current;

static NTSTATUS DefectRead(PDEVICE_OBJECT Device, PIRP Irp) {
  NTSTATUS status = STATUS_SUCCESS;
  UNREFERENCED_PARAMETER(Device);
#ifdef REPAIRED
  Current = &Known;
#endif
  __try {
    Known.Version = Current->Fill;
  } __except (EXCEPTION_EXECUTE_HANDLER) {
    status = GetExceptionCode();
  }
  if (!NT_SUCCESS(status)) return DefectComplete(Irp, status, 0);
  return DefectAnswer(Irp);
}
