// Deferred procedure calls.
#ifndef R3_WDF_API_DPC_H
#define R3_WDF_API_DPC_H

#include "../dpc.h"
#include "call.h"
#ifndef R3_HOST

R3_BEGIN

FORCEINLINE void WDF_DPC_CONFIG_INIT(PWDF_DPC_CONFIG Config, PFN_WDF_DPC EvtDpcFunc) {
  R3_WDF_INIT(WDF_DPC_CONFIG, Config);
  Config->EvtDpcFunc = EvtDpcFunc;
  Config->AutomaticSerialization = TRUE;
}

FORCEINLINE NTSTATUS WdfDpcCreate(PWDF_DPC_CONFIG Config, PWDF_OBJECT_ATTRIBUTES Attributes,
                                  WDFDPC *Dpc) {
  return R3_WDF(WdfDpcCreate, NTSTATUS, PWDF_DPC_CONFIG, PWDF_OBJECT_ATTRIBUTES, WDFDPC *)
      (WdfDriverGlobals, Config, Attributes, Dpc);
}

FORCEINLINE BOOLEAN WdfDpcEnqueue(WDFDPC Dpc) {
  return R3_WDF(WdfDpcEnqueue, BOOLEAN, WDFDPC)(WdfDriverGlobals, Dpc);
}

FORCEINLINE BOOLEAN WdfDpcCancel(WDFDPC Dpc, BOOLEAN Wait) {
  return R3_WDF(WdfDpcCancel, BOOLEAN, WDFDPC, BOOLEAN)(WdfDriverGlobals, Dpc, Wait);
}

FORCEINLINE WDFOBJECT WdfDpcGetParentObject(WDFDPC Dpc) {
  return R3_WDF(WdfDpcGetParentObject, WDFOBJECT, WDFDPC)(WdfDriverGlobals, Dpc);
}

FORCEINLINE PKDPC WdfDpcWdmGetDpc(WDFDPC Dpc) {
  return R3_WDF(WdfDpcWdmGetDpc, PKDPC, WDFDPC)(WdfDriverGlobals, Dpc);
}

R3_END

#endif
#endif
