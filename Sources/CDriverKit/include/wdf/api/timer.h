// Timers.
#ifndef R3_WDF_API_TIMER_H
#define R3_WDF_API_TIMER_H

#include "../timer.h"
#include "call.h"
#ifndef R3_HOST

R3_BEGIN

FORCEINLINE void WDF_TIMER_CONFIG_INIT(PWDF_TIMER_CONFIG Config, PFN_WDF_TIMER EvtTimerFunc) {
  R3_WDF_INIT(WDF_TIMER_CONFIG, Config);
  Config->EvtTimerFunc = EvtTimerFunc;
  Config->Period = 0;
  Config->AutomaticSerialization = TRUE;
#if KMDF_VERSION_MINOR >= 9
  Config->TolerableDelay = 0;
#endif
}

FORCEINLINE void WDF_TIMER_CONFIG_INIT_PERIODIC(PWDF_TIMER_CONFIG Config,
                                                PFN_WDF_TIMER EvtTimerFunc, LONG Period) {
  R3_WDF_INIT(WDF_TIMER_CONFIG, Config);
  Config->EvtTimerFunc = EvtTimerFunc;
  Config->Period = Period;
  Config->AutomaticSerialization = TRUE;
#if KMDF_VERSION_MINOR >= 9
  Config->TolerableDelay = 0;
#endif
}

FORCEINLINE NTSTATUS WdfTimerCreate(PWDF_TIMER_CONFIG Config, PWDF_OBJECT_ATTRIBUTES Attributes,
                                    WDFTIMER *Timer) {
  return R3_WDF(WdfTimerCreate, NTSTATUS, PWDF_TIMER_CONFIG, PWDF_OBJECT_ATTRIBUTES, WDFTIMER *)
      (WdfDriverGlobals, Config, Attributes, Timer);
}

FORCEINLINE BOOLEAN WdfTimerStart(WDFTIMER Timer, LONGLONG DueTime) {
  return R3_WDF(WdfTimerStart, BOOLEAN, WDFTIMER, LONGLONG)(WdfDriverGlobals, Timer, DueTime);
}

FORCEINLINE BOOLEAN WdfTimerStop(WDFTIMER Timer, BOOLEAN Wait) {
  return R3_WDF(WdfTimerStop, BOOLEAN, WDFTIMER, BOOLEAN)(WdfDriverGlobals, Timer, Wait);
}

FORCEINLINE WDFOBJECT WdfTimerGetParentObject(WDFTIMER Timer) {
  return R3_WDF(WdfTimerGetParentObject, WDFOBJECT, WDFTIMER)(WdfDriverGlobals, Timer);
}

R3_END

#endif
#endif
