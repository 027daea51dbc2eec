// Interrupts.
#ifndef R3_WDF_API_INTERRUPT_H
#define R3_WDF_API_INTERRUPT_H

#include "../interrupt.h"
#include "call.h"
#ifndef R3_HOST

R3_BEGIN

FORCEINLINE void WDF_INTERRUPT_CONFIG_INIT(PWDF_INTERRUPT_CONFIG Configuration,
                                           PFN_WDF_INTERRUPT_ISR EvtInterruptIsr,
                                           PFN_WDF_INTERRUPT_DPC EvtInterruptDpc) {
  R3_WDF_INIT(WDF_INTERRUPT_CONFIG, Configuration);
  Configuration->ShareVector = WdfUseDefault;
  Configuration->EvtInterruptIsr = EvtInterruptIsr;
  Configuration->EvtInterruptDpc = EvtInterruptDpc;
#if KMDF_VERSION_MINOR >= 11
  Configuration->ReportInactiveOnPowerDown = WdfUseDefault;
#endif
}

FORCEINLINE void WDF_INTERRUPT_INFO_INIT(PWDF_INTERRUPT_INFO Info) {
  R3_WDF_INIT(WDF_INTERRUPT_INFO, Info);
}

FORCEINLINE void WDF_INTERRUPT_EXTENDED_POLICY_INIT(PWDF_INTERRUPT_EXTENDED_POLICY ExtendedPolicy) {
  R3_WDF_INIT(WDF_INTERRUPT_EXTENDED_POLICY, ExtendedPolicy);
  ExtendedPolicy->Policy = WdfIrqPolicyMachineDefault;
  ExtendedPolicy->Priority = WdfIrqPriorityUndefined;
}

FORCEINLINE NTSTATUS WdfInterruptCreate(WDFDEVICE Device, PWDF_INTERRUPT_CONFIG Configuration,
                                        PWDF_OBJECT_ATTRIBUTES Attributes,
                                        WDFINTERRUPT *Interrupt) {
  return R3_WDF(WdfInterruptCreate, NTSTATUS, WDFDEVICE, PWDF_INTERRUPT_CONFIG,
                PWDF_OBJECT_ATTRIBUTES, WDFINTERRUPT *)
      (WdfDriverGlobals, Device, Configuration, Attributes, Interrupt);
}

FORCEINLINE BOOLEAN WdfInterruptQueueDpcForIsr(WDFINTERRUPT Interrupt) {
  return R3_WDF(WdfInterruptQueueDpcForIsr, BOOLEAN, WDFINTERRUPT)(WdfDriverGlobals, Interrupt);
}

#if KMDF_VERSION_MINOR >= 11
FORCEINLINE BOOLEAN WdfInterruptQueueWorkItemForIsr(WDFINTERRUPT Interrupt) {
  return R3_WDF(WdfInterruptQueueWorkItemForIsr, BOOLEAN, WDFINTERRUPT)
      (WdfDriverGlobals, Interrupt);
}

#endif

FORCEINLINE BOOLEAN WdfInterruptSynchronize(WDFINTERRUPT Interrupt,
                                            PFN_WDF_INTERRUPT_SYNCHRONIZE Callback,
                                            WDFCONTEXT Context) {
  return R3_WDF(WdfInterruptSynchronize, BOOLEAN, WDFINTERRUPT, PFN_WDF_INTERRUPT_SYNCHRONIZE,
                WDFCONTEXT)
      (WdfDriverGlobals, Interrupt, Callback, Context);
}

FORCEINLINE void WdfInterruptAcquireLock(WDFINTERRUPT Interrupt) {
  R3_WDF(WdfInterruptAcquireLock, void, WDFINTERRUPT)(WdfDriverGlobals, Interrupt);
}

FORCEINLINE void WdfInterruptReleaseLock(WDFINTERRUPT Interrupt) {
  R3_WDF(WdfInterruptReleaseLock, void, WDFINTERRUPT)(WdfDriverGlobals, Interrupt);
}

FORCEINLINE void WdfInterruptEnable(WDFINTERRUPT Interrupt) {
  R3_WDF(WdfInterruptEnable, void, WDFINTERRUPT)(WdfDriverGlobals, Interrupt);
}

FORCEINLINE void WdfInterruptDisable(WDFINTERRUPT Interrupt) {
  R3_WDF(WdfInterruptDisable, void, WDFINTERRUPT)(WdfDriverGlobals, Interrupt);
}

FORCEINLINE PKINTERRUPT WdfInterruptWdmGetInterrupt(WDFINTERRUPT Interrupt) {
  return R3_WDF(WdfInterruptWdmGetInterrupt, PKINTERRUPT, WDFINTERRUPT)
      (WdfDriverGlobals, Interrupt);
}

FORCEINLINE void WdfInterruptGetInfo(WDFINTERRUPT Interrupt, PWDF_INTERRUPT_INFO Info) {
  R3_WDF(WdfInterruptGetInfo, void, WDFINTERRUPT, PWDF_INTERRUPT_INFO)
      (WdfDriverGlobals, Interrupt, Info);
}

FORCEINLINE void WdfInterruptSetPolicy(WDFINTERRUPT Interrupt, WDF_INTERRUPT_POLICY Policy,
                                       WDF_INTERRUPT_PRIORITY Priority,
                                       KAFFINITY TargetProcessorSet) {
  R3_WDF(WdfInterruptSetPolicy, void, WDFINTERRUPT, WDF_INTERRUPT_POLICY, WDF_INTERRUPT_PRIORITY,
         KAFFINITY)
      (WdfDriverGlobals, Interrupt, Policy, Priority, TargetProcessorSet);
}

#if KMDF_VERSION_MINOR >= 9
FORCEINLINE void WdfInterruptSetExtendedPolicy(WDFINTERRUPT Interrupt,
                                               PWDF_INTERRUPT_EXTENDED_POLICY PolicyAndGroup) {
  R3_WDF(WdfInterruptSetExtendedPolicy, void, WDFINTERRUPT, PWDF_INTERRUPT_EXTENDED_POLICY)
      (WdfDriverGlobals, Interrupt, PolicyAndGroup);
}

#endif

FORCEINLINE WDFDEVICE WdfInterruptGetDevice(WDFINTERRUPT Interrupt) {
  return R3_WDF(WdfInterruptGetDevice, WDFDEVICE, WDFINTERRUPT)(WdfDriverGlobals, Interrupt);
}

#if KMDF_VERSION_MINOR >= 11
FORCEINLINE BOOLEAN WdfInterruptTryToAcquireLock(WDFINTERRUPT Interrupt) {
  return R3_WDF(WdfInterruptTryToAcquireLock, BOOLEAN, WDFINTERRUPT)(WdfDriverGlobals, Interrupt);
}

FORCEINLINE void WdfInterruptReportActive(WDFINTERRUPT Interrupt) {
  R3_WDF(WdfInterruptReportActive, void, WDFINTERRUPT)(WdfDriverGlobals, Interrupt);
}

FORCEINLINE void WdfInterruptReportInactive(WDFINTERRUPT Interrupt) {
  R3_WDF(WdfInterruptReportInactive, void, WDFINTERRUPT)(WdfDriverGlobals, Interrupt);
}

#endif

R3_END

#endif
#endif
