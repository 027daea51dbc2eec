// Sends a request that is not formatted.
#define DEFECT_CONTROL
#include "defect-target.h"

static VOID DefectControl(WDFQUEUE Queue, WDFREQUEST Request, size_t OutputLength,
                          size_t InputLength, ULONG Code) {
  UNREFERENCED_PARAMETER(Queue);
  UNREFERENCED_PARAMETER(InputLength);
  UNREFERENCED_PARAMETER(Code);
  if (NT_SUCCESS(DefectOpenTarget())) {
#ifdef REPAIRED
    (void)WdfIoTargetFormatRequestForRead(DefectTarget, DefectOwn, NULL, NULL, NULL);
#endif
    (void)DefectSendAndWait();
  }
  DefectCloseTarget();
  DefectAnswer(Request, OutputLength);
}
