// What extensions of the framework decide before a device is made.
#ifndef R3_WDF_API_CLASS_EXTENSION_H
#define R3_WDF_API_CLASS_EXTENSION_H

#include "../device.h"
#include "call.h"
#ifndef R3_HOST

R3_BEGIN

typedef struct _WDFCX_FILEOBJECT_CONFIG *PWDFCX_FILEOBJECT_CONFIG;
typedef struct _WDFCX_PNPPOWER_EVENT_CALLBACKS *PWDFCX_PNPPOWER_EVENT_CALLBACKS;
typedef struct _WDFCX_POWER_POLICY_EVENT_CALLBACKS *PWDFCX_POWER_POLICY_EVENT_CALLBACKS;
R3_EVENT(NTSTATUS, WDFCXDEVICE_WDM_IRP_PREPROCESS,
         (WDFDEVICE Device, PIRP Irp, WDFCONTEXT DispatchContext));

#if KMDF_VERSION_MINOR >= 11
FORCEINLINE PWDFCXDEVICE_INIT WdfCxDeviceInitAllocate(PWDFDEVICE_INIT DeviceInit) {
  return R3_WDF(WdfCxDeviceInitAllocate, PWDFCXDEVICE_INIT, PWDFDEVICE_INIT)
      (WdfDriverGlobals, DeviceInit);
}

FORCEINLINE NTSTATUS WdfCxDeviceInitAssignWdmIrpPreprocessCallback(
    PWDFCXDEVICE_INIT CxDeviceInit, PFN_WDFCXDEVICE_WDM_IRP_PREPROCESS EvtCxDeviceWdmIrpPreprocess,
    UCHAR MajorFunction, PUCHAR MinorFunctions, ULONG NumMinorFunctions) {
  return R3_WDF(WdfCxDeviceInitAssignWdmIrpPreprocessCallback, NTSTATUS, PWDFCXDEVICE_INIT,
                PFN_WDFCXDEVICE_WDM_IRP_PREPROCESS, UCHAR, PUCHAR, ULONG)
      (WdfDriverGlobals, CxDeviceInit, EvtCxDeviceWdmIrpPreprocess, MajorFunction, MinorFunctions,
       NumMinorFunctions);
}

FORCEINLINE void WdfCxDeviceInitSetIoInCallerContextCallback(
    PWDFCXDEVICE_INIT CxDeviceInit, PFN_WDF_IO_IN_CALLER_CONTEXT EvtIoInCallerContext) {
  R3_WDF(WdfCxDeviceInitSetIoInCallerContextCallback, void, PWDFCXDEVICE_INIT,
         PFN_WDF_IO_IN_CALLER_CONTEXT)
      (WdfDriverGlobals, CxDeviceInit, EvtIoInCallerContext);
}

FORCEINLINE void WdfCxDeviceInitSetRequestAttributes(PWDFCXDEVICE_INIT CxDeviceInit,
                                                     PWDF_OBJECT_ATTRIBUTES RequestAttributes) {
  R3_WDF(WdfCxDeviceInitSetRequestAttributes, void, PWDFCXDEVICE_INIT, PWDF_OBJECT_ATTRIBUTES)
      (WdfDriverGlobals, CxDeviceInit, RequestAttributes);
}

FORCEINLINE void WdfCxDeviceInitSetFileObjectConfig(PWDFCXDEVICE_INIT CxDeviceInit,
                                                    PWDFCX_FILEOBJECT_CONFIG CxFileObjectConfig,
                                                    PWDF_OBJECT_ATTRIBUTES FileObjectAttributes) {
  R3_WDF(WdfCxDeviceInitSetFileObjectConfig, void, PWDFCXDEVICE_INIT, PWDFCX_FILEOBJECT_CONFIG,
         PWDF_OBJECT_ATTRIBUTES)
      (WdfDriverGlobals, CxDeviceInit, CxFileObjectConfig, FileObjectAttributes);
}

FORCEINLINE void WdfCxVerifierKeBugCheck(WDFOBJECT Object, ULONG BugCheckCode,
                                         ULONG_PTR BugCheckParameter1, ULONG_PTR BugCheckParameter2,
                                         ULONG_PTR BugCheckParameter3,
                                         ULONG_PTR BugCheckParameter4) {
  R3_WDF(WdfCxVerifierKeBugCheck, void, WDFOBJECT, ULONG, ULONG_PTR, ULONG_PTR, ULONG_PTR,
         ULONG_PTR)
      (WdfDriverGlobals, Object, BugCheckCode, BugCheckParameter1, BugCheckParameter2,
       BugCheckParameter3, BugCheckParameter4);
}

#endif

#if KMDF_VERSION_MINOR >= 19
FORCEINLINE void WdfCxDeviceInitSetPnpPowerEventCallbacks(
    PWDFCXDEVICE_INIT CxDeviceInit, PWDFCX_PNPPOWER_EVENT_CALLBACKS CxPnpPowerCallbacks) {
  R3_WDF(WdfCxDeviceInitSetPnpPowerEventCallbacks, void, PWDFCXDEVICE_INIT,
         PWDFCX_PNPPOWER_EVENT_CALLBACKS)
      (WdfDriverGlobals, CxDeviceInit, CxPnpPowerCallbacks);
}

#endif

#if KMDF_VERSION_MINOR >= 31
FORCEINLINE NTSTATUS WdfCxDeviceInitAllocateContext(PWDFDEVICE_INIT DeviceInit,
                                                    PWDF_OBJECT_ATTRIBUTES ContextAttributes,
                                                    PVOID *Context) {
  return R3_WDF(WdfCxDeviceInitAllocateContext, NTSTATUS, PWDFDEVICE_INIT, PWDF_OBJECT_ATTRIBUTES,
                PVOID *)
      (WdfDriverGlobals, DeviceInit, ContextAttributes, Context);
}

FORCEINLINE PVOID WdfCxDeviceInitGetTypedContextWorker(PWDFDEVICE_INIT DeviceInit,
                                                       PCWDF_OBJECT_CONTEXT_TYPE_INFO TypeInfo) {
  return R3_WDF(WdfCxDeviceInitGetTypedContextWorker, PVOID, PWDFDEVICE_INIT,
                PCWDF_OBJECT_CONTEXT_TYPE_INFO)
      (WdfDriverGlobals, DeviceInit, TypeInfo);
}

FORCEINLINE void WdfCxDeviceInitSetPowerPolicyEventCallbacks(
    PWDFCXDEVICE_INIT CxDeviceInit, PWDFCX_POWER_POLICY_EVENT_CALLBACKS CxPowerPolicyCallbacks) {
  R3_WDF(WdfCxDeviceInitSetPowerPolicyEventCallbacks, void, PWDFCXDEVICE_INIT,
         PWDFCX_POWER_POLICY_EVENT_CALLBACKS)
      (WdfDriverGlobals, CxDeviceInit, CxPowerPolicyCallbacks);
}

#endif

R3_END

#endif
#endif
