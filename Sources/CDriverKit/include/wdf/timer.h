// Timers.
#ifndef R3_WDF_TIMER_H
#define R3_WDF_TIMER_H

#include "base.h"

#define TolerableDelayUnlimited ((ULONG)-1)
R3_EVENT(void, WDF_TIMER, (WDFTIMER Timer));

typedef struct _WDF_TIMER_CONFIG {
  ULONG Size;
  PFN_WDF_TIMER EvtTimerFunc;
  ULONG Period;
  BOOLEAN AutomaticSerialization;
#if KMDF_VERSION_MINOR >= 9
  ULONG TolerableDelay;
#endif
#if KMDF_VERSION_MINOR >= 13
  R3_ALIGN(8) BOOLEAN UseHighResolutionTimer;
#endif
} WDF_TIMER_CONFIG, *PWDF_TIMER_CONFIG;

#endif
