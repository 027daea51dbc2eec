// What a device can do in DMA.
#ifndef R3_WDF_API_DMA_ENABLER_H
#define R3_WDF_API_DMA_ENABLER_H

#include "../dma-enabler.h"
#include "call.h"
#ifndef R3_HOST

R3_BEGIN

FORCEINLINE void WDF_DMA_ENABLER_CONFIG_INIT(PWDF_DMA_ENABLER_CONFIG Config,
                                             WDF_DMA_PROFILE Profile, size_t MaximumLength) {
  R3_WDF_INIT(WDF_DMA_ENABLER_CONFIG, Config);
  Config->Profile = Profile;
  Config->MaximumLength = MaximumLength;
}

FORCEINLINE void WDF_DMA_SYSTEM_PROFILE_CONFIG_INIT(PWDF_DMA_SYSTEM_PROFILE_CONFIG DmaConfig,
                                                    PHYSICAL_ADDRESS Address, DMA_WIDTH DmaWidth,
                                                    PCM_PARTIAL_RESOURCE_DESCRIPTOR DmaDescriptor) {
  R3_WDF_INIT(WDF_DMA_SYSTEM_PROFILE_CONFIG, DmaConfig);
  DmaConfig->DeviceAddress = Address;
  DmaConfig->DmaWidth = DmaWidth;
  DmaConfig->DmaDescriptor = DmaDescriptor;
}

FORCEINLINE NTSTATUS WdfDmaEnablerCreate(WDFDEVICE Device, PWDF_DMA_ENABLER_CONFIG Config,
                                         PWDF_OBJECT_ATTRIBUTES Attributes,
                                         WDFDMAENABLER *DmaEnablerHandle) {
  return R3_WDF(WdfDmaEnablerCreate, NTSTATUS, WDFDEVICE, PWDF_DMA_ENABLER_CONFIG,
                PWDF_OBJECT_ATTRIBUTES, WDFDMAENABLER *)
      (WdfDriverGlobals, Device, Config, Attributes, DmaEnablerHandle);
}

#if KMDF_VERSION_MINOR >= 11
FORCEINLINE NTSTATUS WdfDmaEnablerConfigureSystemProfile(
    WDFDMAENABLER DmaEnabler, PWDF_DMA_SYSTEM_PROFILE_CONFIG ProfileConfig,
    WDF_DMA_DIRECTION ConfigDirection) {
  return R3_WDF(WdfDmaEnablerConfigureSystemProfile, NTSTATUS, WDFDMAENABLER,
                PWDF_DMA_SYSTEM_PROFILE_CONFIG, WDF_DMA_DIRECTION)
      (WdfDriverGlobals, DmaEnabler, ProfileConfig, ConfigDirection);
}

#endif

FORCEINLINE size_t WdfDmaEnablerGetMaximumLength(WDFDMAENABLER DmaEnabler) {
  return R3_WDF(WdfDmaEnablerGetMaximumLength, size_t, WDFDMAENABLER)(WdfDriverGlobals, DmaEnabler);
}

FORCEINLINE size_t WdfDmaEnablerGetMaximumScatterGatherElements(WDFDMAENABLER DmaEnabler) {
  return R3_WDF(WdfDmaEnablerGetMaximumScatterGatherElements, size_t, WDFDMAENABLER)
      (WdfDriverGlobals, DmaEnabler);
}

FORCEINLINE void WdfDmaEnablerSetMaximumScatterGatherElements(WDFDMAENABLER DmaEnabler,
                                                              size_t MaximumFragments) {
  R3_WDF(WdfDmaEnablerSetMaximumScatterGatherElements, void, WDFDMAENABLER, size_t)
      (WdfDriverGlobals, DmaEnabler, MaximumFragments);
}

FORCEINLINE size_t WdfDmaEnablerGetFragmentLength(WDFDMAENABLER DmaEnabler,
                                                  WDF_DMA_DIRECTION DmaDirection) {
  return R3_WDF(WdfDmaEnablerGetFragmentLength, size_t, WDFDMAENABLER, WDF_DMA_DIRECTION)
      (WdfDriverGlobals, DmaEnabler, DmaDirection);
}

FORCEINLINE PDMA_ADAPTER WdfDmaEnablerWdmGetDmaAdapter(WDFDMAENABLER DmaEnabler,
                                                       WDF_DMA_DIRECTION DmaDirection) {
  return R3_WDF(WdfDmaEnablerWdmGetDmaAdapter, PDMA_ADAPTER, WDFDMAENABLER, WDF_DMA_DIRECTION)
      (WdfDriverGlobals, DmaEnabler, DmaDirection);
}

R3_END

#endif
#endif
