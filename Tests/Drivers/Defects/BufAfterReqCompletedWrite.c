// Looks into the system buffer of a request that it has completed.
#define DEFECT_WRITE
#include "defect.h"

static volatile UCHAR last;

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  volatile UCHAR *buffer = Irp->AssociatedIrp.SystemBuffer;
  NTSTATUS status;
  UNREFERENCED_PARAMETER(Device);
#ifdef REPAIRED
  last = buffer[0];
#endif
  RtlFillMemory((PVOID)buffer, DefectLength(Irp), 0x5A);
  status = DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
#ifndef REPAIRED
  last = buffer[0];
#endif
  return status;
}
