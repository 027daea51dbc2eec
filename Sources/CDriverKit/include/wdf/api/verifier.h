// Stopping the machine on behalf of the framework.
#ifndef R3_WDF_API_VERIFIER_H
#define R3_WDF_API_VERIFIER_H

#include "../object.h"
#include "call.h"
#ifndef R3_HOST

R3_BEGIN

FORCEINLINE void WdfVerifierDbgBreakPoint(void) {
  R3_WDF(WdfVerifierDbgBreakPoint, void)(WdfDriverGlobals);
}

FORCEINLINE void WdfVerifierKeBugCheck(ULONG BugCheckCode, ULONG_PTR BugCheckParameter1,
                                       ULONG_PTR BugCheckParameter2, ULONG_PTR BugCheckParameter3,
                                       ULONG_PTR BugCheckParameter4) {
  R3_WDF(WdfVerifierKeBugCheck, void, ULONG, ULONG_PTR, ULONG_PTR, ULONG_PTR, ULONG_PTR)
      (WdfDriverGlobals, BugCheckCode, BugCheckParameter1, BugCheckParameter2, BugCheckParameter3,
       BugCheckParameter4);
}

#if KMDF_VERSION_MINOR >= 11
FORCEINLINE PVOID WdfGetTriageInfo(void) {
  return R3_WDF(WdfGetTriageInfo, PVOID)(WdfDriverGlobals);
}

#endif

R3_END

#endif
#endif
