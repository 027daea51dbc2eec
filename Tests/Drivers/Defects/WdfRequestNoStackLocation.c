// Formats a request like one that came from above, which it did not.
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
#else
    WdfRequestFormatRequestUsingCurrentType(DefectOwn);
#endif
  }
  DefectCloseTarget();
  DefectAnswer(Request, OutputLength);
}
