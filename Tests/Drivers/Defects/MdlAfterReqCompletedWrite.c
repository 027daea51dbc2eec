// Looks into the mapped pages of a request that it has completed.
#define DEFECT_FLAGS DO_DIRECT_IO
#define DEFECT_READ
#define DEFECT_WRITE
#include "defect.h"

static volatile UCHAR last;

static NTSTATUS Look(PIRP Irp, BOOLEAN Late) {
  volatile UCHAR *buffer = MmGetSystemAddressForMdlSafe(Irp->MdlAddress, NormalPagePriority);
  NTSTATUS status;
  if (buffer == NULL) return DefectComplete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
  if (!Late) last = buffer[0];
  status = DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
  if (Late) last = buffer[0];
  return status;
}

#ifdef REPAIRED
#define LATE FALSE
#else
#define LATE TRUE
#endif

static NTSTATUS DefectRead(PDEVICE_OBJECT Device, PIRP Irp) {
  UNREFERENCED_PARAMETER(Device);
  return Look(Irp, IRP_MJ_READ == IRP_MJ_WRITE && LATE);
}

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  UNREFERENCED_PARAMETER(Device);
  return Look(Irp, IRP_MJ_WRITE == IRP_MJ_WRITE && LATE);
}
