// Work at passive level.
#ifndef R3_WDF_API_WORK_ITEM_H
#define R3_WDF_API_WORK_ITEM_H

#include "../work-item.h"
#include "call.h"
#ifndef R3_HOST

R3_BEGIN

FORCEINLINE void WDF_WORKITEM_CONFIG_INIT(PWDF_WORKITEM_CONFIG Config,
                                          PFN_WDF_WORKITEM EvtWorkItemFunc) {
  R3_WDF_INIT(WDF_WORKITEM_CONFIG, Config);
  Config->EvtWorkItemFunc = EvtWorkItemFunc;
  Config->AutomaticSerialization = TRUE;
}

FORCEINLINE NTSTATUS WdfWorkItemCreate(PWDF_WORKITEM_CONFIG Config,
                                       PWDF_OBJECT_ATTRIBUTES Attributes, WDFWORKITEM *WorkItem) {
  return R3_WDF(WdfWorkItemCreate, NTSTATUS, PWDF_WORKITEM_CONFIG, PWDF_OBJECT_ATTRIBUTES,
                WDFWORKITEM *)
      (WdfDriverGlobals, Config, Attributes, WorkItem);
}

FORCEINLINE void WdfWorkItemEnqueue(WDFWORKITEM WorkItem) {
  R3_WDF(WdfWorkItemEnqueue, void, WDFWORKITEM)(WdfDriverGlobals, WorkItem);
}

FORCEINLINE WDFOBJECT WdfWorkItemGetParentObject(WDFWORKITEM WorkItem) {
  return R3_WDF(WdfWorkItemGetParentObject, WDFOBJECT, WDFWORKITEM)(WdfDriverGlobals, WorkItem);
}

FORCEINLINE void WdfWorkItemFlush(WDFWORKITEM WorkItem) {
  R3_WDF(WdfWorkItemFlush, void, WDFWORKITEM)(WdfDriverGlobals, WorkItem);
}

R3_END

#endif
#endif
