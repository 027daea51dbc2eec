// Locks of the framework.
#ifndef R3_WDF_API_SYNC_H
#define R3_WDF_API_SYNC_H

#include "../object.h"
#include "call.h"
#ifndef R3_HOST

R3_BEGIN

FORCEINLINE void WdfObjectAcquireLock(WDFOBJECT Object) {
  R3_WDF(WdfObjectAcquireLock, void, WDFOBJECT)(WdfDriverGlobals, Object);
}

FORCEINLINE void WdfObjectReleaseLock(WDFOBJECT Object) {
  R3_WDF(WdfObjectReleaseLock, void, WDFOBJECT)(WdfDriverGlobals, Object);
}

FORCEINLINE NTSTATUS WdfWaitLockCreate(PWDF_OBJECT_ATTRIBUTES LockAttributes, WDFWAITLOCK *Lock) {
  return R3_WDF(WdfWaitLockCreate, NTSTATUS, PWDF_OBJECT_ATTRIBUTES, WDFWAITLOCK *)
      (WdfDriverGlobals, LockAttributes, Lock);
}

FORCEINLINE NTSTATUS WdfWaitLockAcquire(WDFWAITLOCK Lock, PLONGLONG Timeout) {
  return R3_WDF(WdfWaitLockAcquire, NTSTATUS, WDFWAITLOCK, PLONGLONG)
      (WdfDriverGlobals, Lock, Timeout);
}

FORCEINLINE void WdfWaitLockRelease(WDFWAITLOCK Lock) {
  R3_WDF(WdfWaitLockRelease, void, WDFWAITLOCK)(WdfDriverGlobals, Lock);
}

FORCEINLINE NTSTATUS WdfSpinLockCreate(PWDF_OBJECT_ATTRIBUTES SpinLockAttributes,
                                       WDFSPINLOCK *SpinLock) {
  return R3_WDF(WdfSpinLockCreate, NTSTATUS, PWDF_OBJECT_ATTRIBUTES, WDFSPINLOCK *)
      (WdfDriverGlobals, SpinLockAttributes, SpinLock);
}

FORCEINLINE void WdfSpinLockAcquire(WDFSPINLOCK SpinLock) {
  R3_WDF(WdfSpinLockAcquire, void, WDFSPINLOCK)(WdfDriverGlobals, SpinLock);
}

FORCEINLINE void WdfSpinLockRelease(WDFSPINLOCK SpinLock) {
  R3_WDF(WdfSpinLockRelease, void, WDFSPINLOCK)(WdfDriverGlobals, SpinLock);
}

R3_END

#endif
#endif
