// Work at passive level.
#ifndef R3_WDF_WORK_ITEM_H
#define R3_WDF_WORK_ITEM_H

#include "base.h"

R3_EVENT(void, WDF_WORKITEM, (WDFWORKITEM WorkItem));

typedef struct _WDF_WORKITEM_CONFIG {
  ULONG Size;
  PFN_WDF_WORKITEM EvtWorkItemFunc;
  BOOLEAN AutomaticSerialization;
} WDF_WORKITEM_CONFIG, *PWDF_WORKITEM_CONFIG;

#endif
