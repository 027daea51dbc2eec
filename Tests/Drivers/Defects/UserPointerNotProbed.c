// Reads beyond the buffer that the system has probed.
#define DEFECT_FLAGS 0
#define DEFECT_WRITE
#include "defect.h"

static volatile UCHAR last;

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  PUCHAR next = (PUCHAR)Irp->UserBuffer + DefectLength(Irp);
  UNREFERENCED_PARAMETER(Device);
  __try {
#ifdef REPAIRED
    ProbeForRead(next, 1, 1);
#endif
    last = *(volatile UCHAR *)next;
  } __except (EXCEPTION_EXECUTE_HANDLER) {
    return DefectComplete(Irp, GetExceptionCode(), 0);
  }
  return DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
}
