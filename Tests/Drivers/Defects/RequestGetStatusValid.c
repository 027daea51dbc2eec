// Asks for the status of a request that was never sent.
#define DEFECT_CONTROL
#include "defect-target.h"

static VOID DefectControl(WDFQUEUE Queue, WDFREQUEST Request, size_t OutputLength,
                          size_t InputLength, ULONG Code) {
  UNREFERENCED_PARAMETER(Queue);
  UNREFERENCED_PARAMETER(InputLength);
  UNREFERENCED_PARAMETER(Code);
  if (NT_SUCCESS(DefectOpenTarget())) {
    (void)WdfIoTargetFormatRequestForRead(DefectTarget, DefectOwn, NULL, NULL, NULL);
#ifdef REPAIRED
    (void)DefectSendAndWait();
#endif
    (void)WdfRequestGetStatus(DefectOwn);
  }
  DefectCloseTarget();
  DefectAnswer(Request, OutputLength);
}
