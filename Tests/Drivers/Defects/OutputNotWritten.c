// Reports a structure whose padding it never wrote.
#define DEFECT_READ
#include "defect.h"

typedef struct _ANSWER {
  ULONG Count;
  ULONG64 Address;
  UCHAR Kind;
} ANSWER;

static NTSTATUS DefectRead(PDEVICE_OBJECT Device, PIRP Irp) {
  ANSWER *answer = (ANSWER *)((PUCHAR)Irp->AssociatedIrp.SystemBuffer);
  UNREFERENCED_PARAMETER(Device);
#ifdef REPAIRED
  RtlZeroMemory(answer, sizeof *answer);
#endif
  answer->Count = 1;
  answer->Address = 2;
  answer->Kind = 3;
  return DefectComplete(Irp, STATUS_SUCCESS, sizeof *answer);
}
