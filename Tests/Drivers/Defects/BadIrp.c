// Releases the record of a request in the place of the request.
#define DEFECT_WRITE
#include "defect.h"

typedef struct {
  LIST_ENTRY entry;
  PIRP irp;
  UCHAR bytes[1024];
} Record;

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  Record *record = ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(Record), DEFECT_TAG);
  if (record == NULL) return DefectComplete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
  record->irp = IoAllocateIrp(Device->StackSize, FALSE);
#ifdef REPAIRED
  if (record->irp != NULL) IoFreeIrp(record->irp);
#else
  if (record->irp != NULL) IoFreeIrp((PIRP)record);
#endif
  ExFreePoolWithTag(record, DEFECT_TAG);
  return DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
}
