// Deferred procedure calls.
#ifndef R3_WDF_DPC_H
#define R3_WDF_DPC_H

#include "base.h"

R3_EVENT(void, WDF_DPC, (WDFDPC Dpc));

typedef struct _WDF_DPC_CONFIG {
  ULONG Size;
  PFN_WDF_DPC EvtDpcFunc;
  BOOLEAN AutomaticSerialization;
} WDF_DPC_CONFIG, *PWDF_DPC_CONFIG;

#endif
