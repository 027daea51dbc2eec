// Tasks for a companion in user mode.
#ifndef R3_WDF_API_COMPANION_TARGET_H
#define R3_WDF_API_COMPANION_TARGET_H

#include "../companion-target.h"
#include "call.h"
#ifndef R3_HOST

R3_BEGIN

FORCEINLINE void WDF_TASK_SEND_OPTIONS_INIT(PWDF_TASK_SEND_OPTIONS Options, ULONG Flags) {
  R3_WDF_INIT(WDF_TASK_SEND_OPTIONS, Options);
  Options->Flags = Flags;
}

#if KMDF_VERSION_MINOR >= 23
FORCEINLINE NTSTATUS WdfCompanionTargetSendTaskSynchronously(WDFCOMPANIONTARGET CompanionTarget,
                                                             USHORT TaskQueueIdentifier,
                                                             ULONG TaskOperationCode,
                                                             PWDF_MEMORY_DESCRIPTOR InputBuffer,
                                                             PWDF_MEMORY_DESCRIPTOR OutputBuffer,
                                                             PWDF_TASK_SEND_OPTIONS TaskOptions,
                                                             PULONG_PTR BytesReturned) {
  return R3_WDF(WdfCompanionTargetSendTaskSynchronously, NTSTATUS, WDFCOMPANIONTARGET, USHORT,
                ULONG, PWDF_MEMORY_DESCRIPTOR, PWDF_MEMORY_DESCRIPTOR, PWDF_TASK_SEND_OPTIONS,
                PULONG_PTR)
      (WdfDriverGlobals, CompanionTarget, TaskQueueIdentifier, TaskOperationCode, InputBuffer,
       OutputBuffer, TaskOptions, BytesReturned);
}

FORCEINLINE PEPROCESS WdfCompanionTargetWdmGetCompanionProcess(WDFCOMPANIONTARGET CompanionTarget) {
  return R3_WDF(WdfCompanionTargetWdmGetCompanionProcess, PEPROCESS, WDFCOMPANIONTARGET)
      (WdfDriverGlobals, CompanionTarget);
}

#endif

R3_END

#endif
#endif
