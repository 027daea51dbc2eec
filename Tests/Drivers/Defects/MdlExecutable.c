// Maps the pages of a request without saying that nobody is to execute them.
#define DEFECT_FLAGS DO_DIRECT_IO
#define DEFECT_READ
#include "defect.h"

#ifdef REPAIRED
#define PRIORITY (NormalPagePriority | MdlMappingNoExecute)
#else
#define PRIORITY NormalPagePriority
#endif

static NTSTATUS DefectRead(PDEVICE_OBJECT Device, PIRP Irp) {
  PVOID address = MmGetSystemAddressForMdlSafe(Irp->MdlAddress, PRIORITY);
  UNREFERENCED_PARAMETER(Device);
  if (address == NULL) return DefectComplete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
  RtlFillMemory(address, 64, 0x5A);
  return DefectComplete(Irp, STATUS_SUCCESS, 64);
}
