// Reads a length from the program's memory, checks it, and reads it again to use it.
#define DEFECT_FLAGS 0
#define DEFECT_WRITE
#include "defect.h"

static UCHAR own[64];
static volatile ULONG used;

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  volatile ULONG *user = Irp->UserBuffer;
  ULONG length = DefectLength(Irp);
  ULONG count;
  UNREFERENCED_PARAMETER(Device);
  if (length < sizeof own) return DefectComplete(Irp, STATUS_INVALID_PARAMETER, 0);
  __try {
    count = user[0];
    if (count > sizeof own) count = sizeof own;
#ifndef REPAIRED
    count = user[0];
#endif
    used = count;
    RtlCopyMemory(own, (PUCHAR)Irp->UserBuffer + sizeof(ULONG), sizeof own - sizeof(ULONG));
  } __except (EXCEPTION_EXECUTE_HANDLER) {
    return DefectComplete(Irp, GetExceptionCode(), 0);
  }
  return DefectComplete(Irp, STATUS_SUCCESS, length);
}
