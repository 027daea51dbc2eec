// Runtime power management: components of a device and the states they idle in.
#ifndef R3_WDM_POWER_FRAMEWORK_H
#define R3_WDM_POWER_FRAMEWORK_H

#include "device.h"
#include "power.h"

#define PO_FX_VERSION_V1 0x00000001
#define PO_FX_VERSION_V2 0x00000002
#ifndef PO_FX_VERSION
#define PO_FX_VERSION PO_FX_VERSION_V1
#endif
#define PO_FX_UNKNOWN_POWER 0xFFFFFFFF
#define PO_FX_UNKNOWN_TIME 0xFFFFFFFFFFFFFFFF
#define PO_FX_COMPONENT_FLAG_F0_ON_DX 0x0000000000000001
#define PO_FX_COMPONENT_FLAG_NO_DEBOUNCE 0x0000000000000002

#ifdef R3_HOST
typedef void *POHANDLE;
#else
DECLARE_HANDLE(POHANDLE);
#endif

R3_CODE(void, PO_FX_COMPONENT_ACTIVE_CONDITION_CALLBACK, (PVOID Context, ULONG Component));
R3_CODE(void, PO_FX_COMPONENT_IDLE_CONDITION_CALLBACK, (PVOID Context, ULONG Component));
R3_CODE(void, PO_FX_COMPONENT_IDLE_STATE_CALLBACK,
        (PVOID Context, ULONG Component, ULONG State));
R3_CODE(void, PO_FX_DEVICE_POWER_REQUIRED_CALLBACK, (PVOID Context));
R3_CODE(void, PO_FX_DEVICE_POWER_NOT_REQUIRED_CALLBACK, (PVOID Context));
R3_CODE(NTSTATUS, PO_FX_POWER_CONTROL_CALLBACK,
        (PVOID DeviceContext, LPCGUID PowerControlCode, PVOID InBuffer, SIZE_T InBufferSize,
         PVOID OutBuffer, SIZE_T OutBufferSize, PSIZE_T BytesReturned));

/// A state that a component idles in; times in units of 100 nanoseconds, power in microwatts.
typedef struct _PO_FX_COMPONENT_IDLE_STATE {
  ULONGLONG TransitionLatency;
  ULONGLONG ResidencyRequirement;
  ULONG NominalPower;
} PO_FX_COMPONENT_IDLE_STATE, *PPO_FX_COMPONENT_IDLE_STATE;

typedef struct _PO_FX_COMPONENT_V1 {
  GUID Id;
  ULONG IdleStateCount;
  ULONG DeepestWakeableIdleState;
  PPO_FX_COMPONENT_IDLE_STATE IdleStates;
} PO_FX_COMPONENT_V1, *PPO_FX_COMPONENT_V1;

typedef struct _PO_FX_COMPONENT_V2 {
  GUID Id;
  ULONGLONG Flags;
  ULONG DeepestWakeableIdleState;
  ULONG IdleStateCount;
  PPO_FX_COMPONENT_IDLE_STATE IdleStates;
  ULONG ProviderCount;
  PULONG Providers;
} PO_FX_COMPONENT_V2, *PPO_FX_COMPONENT_V2;

typedef struct _PO_FX_DEVICE_V1 {
  ULONG Version;
  ULONG ComponentCount;
  PPO_FX_COMPONENT_ACTIVE_CONDITION_CALLBACK ComponentActiveConditionCallback;
  PPO_FX_COMPONENT_IDLE_CONDITION_CALLBACK ComponentIdleConditionCallback;
  PPO_FX_COMPONENT_IDLE_STATE_CALLBACK ComponentIdleStateCallback;
  PPO_FX_DEVICE_POWER_REQUIRED_CALLBACK DevicePowerRequiredCallback;
  PPO_FX_DEVICE_POWER_NOT_REQUIRED_CALLBACK DevicePowerNotRequiredCallback;
  PPO_FX_POWER_CONTROL_CALLBACK PowerControlCallback;
  PVOID DeviceContext;
  PO_FX_COMPONENT_V1 Components[ANYSIZE_ARRAY];
} PO_FX_DEVICE_V1, *PPO_FX_DEVICE_V1;

typedef struct _PO_FX_DEVICE_V2 {
  ULONG Version;
  ULONGLONG Flags;
  PPO_FX_COMPONENT_ACTIVE_CONDITION_CALLBACK ComponentActiveConditionCallback;
  PPO_FX_COMPONENT_IDLE_CONDITION_CALLBACK ComponentIdleConditionCallback;
  PPO_FX_COMPONENT_IDLE_STATE_CALLBACK ComponentIdleStateCallback;
  PPO_FX_DEVICE_POWER_REQUIRED_CALLBACK DevicePowerRequiredCallback;
  PPO_FX_DEVICE_POWER_NOT_REQUIRED_CALLBACK DevicePowerNotRequiredCallback;
  PPO_FX_POWER_CONTROL_CALLBACK PowerControlCallback;
  PVOID DeviceContext;
  ULONG ComponentCount;
  PO_FX_COMPONENT_V2 Components[ANYSIZE_ARRAY];
} PO_FX_DEVICE_V2, *PPO_FX_DEVICE_V2;

#if PO_FX_VERSION == 0x00000001
typedef PO_FX_COMPONENT_V1 PO_FX_COMPONENT, *PPO_FX_COMPONENT;
typedef PO_FX_DEVICE_V1 PO_FX_DEVICE, *PPO_FX_DEVICE;
#else
typedef PO_FX_COMPONENT_V2 PO_FX_COMPONENT, *PPO_FX_COMPONENT;
typedef PO_FX_DEVICE_V2 PO_FX_DEVICE, *PPO_FX_DEVICE;
#endif

#define PO_FX_FLAG_BLOCKING 0x1
#define PO_FX_FLAG_ASYNC_ONLY 0x2

#ifndef R3_HOST
R3_BEGIN
NTKERNELAPI NTSTATUS NTAPI PoFxRegisterDevice(PDEVICE_OBJECT pdo, PPO_FX_DEVICE device,
                                              POHANDLE *handle);
NTKERNELAPI void NTAPI PoFxStartDevicePowerManagement(POHANDLE handle);
NTKERNELAPI void NTAPI PoFxUnregisterDevice(POHANDLE handle);
NTKERNELAPI void NTAPI PoFxActivateComponent(POHANDLE handle, ULONG component, ULONG flags);
NTKERNELAPI void NTAPI PoFxIdleComponent(POHANDLE handle, ULONG component, ULONG flags);
NTKERNELAPI void NTAPI PoFxCompleteIdleCondition(POHANDLE handle, ULONG component);
NTKERNELAPI void NTAPI PoFxCompleteIdleState(POHANDLE handle, ULONG component);
NTKERNELAPI void NTAPI PoFxCompleteDevicePowerNotRequired(POHANDLE handle);
NTKERNELAPI void NTAPI PoFxReportDevicePoweredOn(POHANDLE handle);
NTKERNELAPI void NTAPI PoFxSetDeviceIdleTimeout(POHANDLE handle, ULONGLONG timeout);
NTKERNELAPI void NTAPI PoFxSetComponentLatency(POHANDLE handle, ULONG component,
                                               ULONGLONG latency);
NTKERNELAPI void NTAPI PoFxSetComponentResidency(POHANDLE handle, ULONG component,
                                                 ULONGLONG residency);
NTKERNELAPI void NTAPI PoFxSetComponentWake(POHANDLE handle, ULONG component, BOOLEAN wakeHint);
NTKERNELAPI NTSTATUS NTAPI PoFxPowerControl(POHANDLE handle, LPCGUID code, PVOID in, SIZE_T inSize,
                                            PVOID out, SIZE_T outSize, PSIZE_T returned);
R3_END
#endif

#endif
