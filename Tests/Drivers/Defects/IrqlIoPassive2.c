// Looks whether a file may be shared at APC_LEVEL.
#define WRONG_LEVEL APC_LEVEL
#include "defect-level.h"

static VOID DefectCall(PDEVICE_OBJECT Device, PIRP Irp) {
  PFILE_OBJECT file = IoGetCurrentIrpStackLocation(Irp)->FileObject;
  SHARE_ACCESS sharing = {0};
  UNREFERENCED_PARAMETER(Device);
  (void)IoCheckShareAccess(FILE_READ_DATA, FILE_SHARE_READ, file, &sharing, FALSE);
}
