// Turns the bytes of a write over in the buffer of the program.
#define DEFECT_FLAGS DO_DIRECT_IO
#define DEFECT_READ
#define DEFECT_WRITE
#include "defect.h"

static UCHAR own[64];

static NTSTATUS DefectRead(PDEVICE_OBJECT Device, PIRP Irp) {
  UCHAR *buffer = MmGetSystemAddressForMdlSafe(Irp->MdlAddress, NormalPagePriority);
  UNREFERENCED_PARAMETER(Device);
  if (buffer == NULL) return DefectComplete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
  RtlFillMemory(buffer, DefectLength(Irp), 0x5A);
  return DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
}

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  ULONG length = min(DefectLength(Irp), sizeof own);
  ULONG i;
  UCHAR *buffer = MmGetSystemAddressForMdlSafe(Irp->MdlAddress, NormalPagePriority);
  UNREFERENCED_PARAMETER(Device);
  if (buffer == NULL) return DefectComplete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
#ifdef REPAIRED
  RtlCopyMemory(own, buffer, length);
  buffer = own;
#endif
  for (i = 0; i < length; i++) buffer[i] ^= 0xFF;
  return DefectComplete(Irp, STATUS_SUCCESS, length);
}
