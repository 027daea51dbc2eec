// Memory that a device and its driver share.
#ifndef R3_WDF_API_COMMON_BUFFER_H
#define R3_WDF_API_COMMON_BUFFER_H

#include "../common-buffer.h"
#include "call.h"
#ifndef R3_HOST

R3_BEGIN

FORCEINLINE void WDF_COMMON_BUFFER_CONFIG_INIT(PWDF_COMMON_BUFFER_CONFIG Config,
                                               ULONG AlignmentRequirement) {
  R3_WDF_INIT(WDF_COMMON_BUFFER_CONFIG, Config);
  Config->AlignmentRequirement = AlignmentRequirement;
}

FORCEINLINE NTSTATUS WdfCommonBufferCreate(WDFDMAENABLER DmaEnabler, size_t Length,
                                           PWDF_OBJECT_ATTRIBUTES Attributes,
                                           WDFCOMMONBUFFER *CommonBuffer) {
  return R3_WDF(WdfCommonBufferCreate, NTSTATUS, WDFDMAENABLER, size_t, PWDF_OBJECT_ATTRIBUTES,
                WDFCOMMONBUFFER *)
      (WdfDriverGlobals, DmaEnabler, Length, Attributes, CommonBuffer);
}

FORCEINLINE NTSTATUS WdfCommonBufferCreateWithConfig(WDFDMAENABLER DmaEnabler, size_t Length,
                                                     PWDF_COMMON_BUFFER_CONFIG Config,
                                                     PWDF_OBJECT_ATTRIBUTES Attributes,
                                                     WDFCOMMONBUFFER *CommonBuffer) {
  return R3_WDF(WdfCommonBufferCreateWithConfig, NTSTATUS, WDFDMAENABLER, size_t,
                PWDF_COMMON_BUFFER_CONFIG, PWDF_OBJECT_ATTRIBUTES, WDFCOMMONBUFFER *)
      (WdfDriverGlobals, DmaEnabler, Length, Config, Attributes, CommonBuffer);
}

FORCEINLINE PVOID WdfCommonBufferGetAlignedVirtualAddress(WDFCOMMONBUFFER CommonBuffer) {
  return R3_WDF(WdfCommonBufferGetAlignedVirtualAddress, PVOID, WDFCOMMONBUFFER)
      (WdfDriverGlobals, CommonBuffer);
}

FORCEINLINE PHYSICAL_ADDRESS WdfCommonBufferGetAlignedLogicalAddress(WDFCOMMONBUFFER CommonBuffer) {
  return R3_WDF(WdfCommonBufferGetAlignedLogicalAddress, PHYSICAL_ADDRESS, WDFCOMMONBUFFER)
      (WdfDriverGlobals, CommonBuffer);
}

FORCEINLINE size_t WdfCommonBufferGetLength(WDFCOMMONBUFFER CommonBuffer) {
  return R3_WDF(WdfCommonBufferGetLength, size_t, WDFCOMMONBUFFER)(WdfDriverGlobals, CommonBuffer);
}

R3_END

#endif
#endif
