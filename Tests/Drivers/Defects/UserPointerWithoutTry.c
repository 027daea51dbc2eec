// Reads the program's memory and hopes that it is there.
#define DEFECT_FLAGS 0
#define DEFECT_WRITE
#include "defect.h"

static volatile UCHAR last;

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  UNREFERENCED_PARAMETER(Device);
#ifdef REPAIRED
  __try {
    last = *(volatile UCHAR *)Irp->UserBuffer;
  } __except (EXCEPTION_EXECUTE_HANDLER) {
    return DefectComplete(Irp, GetExceptionCode(), 0);
  }
#else
  last = *(volatile UCHAR *)Irp->UserBuffer;
#endif
  return DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
}
