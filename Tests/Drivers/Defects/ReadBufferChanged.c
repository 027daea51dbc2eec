// A filter that clears the buffer of a read before it passes the request on.
#define DEFECT_FLAGS DO_DIRECT_IO
#include "defect-filter.h"

static NTSTATUS FilterRequest(PDEVICE_OBJECT Device, PIRP Irp) {
#ifndef REPAIRED
  if (IoGetCurrentIrpStackLocation(Irp)->MajorFunction == IRP_MJ_READ) {
    UCHAR *buffer = MmGetSystemAddressForMdlSafe(Irp->MdlAddress, NormalPagePriority);
    if (buffer == NULL) return DefectComplete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
    RtlFillMemory(buffer, DefectLength(Irp), 0xFF);
  }
#endif
  return PassOn(Device, Irp);
}

static NTSTATUS LowerRequest(PIRP Irp) {
  if (IoGetCurrentIrpStackLocation(Irp)->MajorFunction == IRP_MJ_READ) {
    UCHAR *buffer = MmGetSystemAddressForMdlSafe(Irp->MdlAddress, NormalPagePriority);
    if (buffer == NULL) return DefectComplete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
    RtlFillMemory(buffer, DefectLength(Irp), 0x5A);
  } else if (IoGetCurrentIrpStackLocation(Irp)->MajorFunction == IRP_MJ_DEVICE_CONTROL) {
    return DefectAnswer(Irp);
  }
  return DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
}
