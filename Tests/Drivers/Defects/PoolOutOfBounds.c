// Reads the byte behind a block whose length is no multiple of the pool's granularity.
#define DEFECT_CONTROL
#include "defect.h"

#define ROOM 21

static NTSTATUS DefectControl(PDEVICE_OBJECT Device, PIRP Irp) {
  volatile UCHAR *block = ExAllocatePool2(POOL_FLAG_NON_PAGED, ROOM, DEFECT_TAG);
  UCHAR last = 0;
  UNREFERENCED_PARAMETER(Device);
  if (block != NULL) {
#ifdef REPAIRED
    last = block[ROOM - 1];
#else
    last = block[ROOM];
#endif
    ExFreePoolWithTag((PVOID)block, DEFECT_TAG);
  }
  *(PUCHAR)Irp->AssociatedIrp.SystemBuffer = last;
  return DefectAnswer(Irp);
}
