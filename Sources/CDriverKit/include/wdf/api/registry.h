// Registry keys.
#ifndef R3_WDF_API_REGISTRY_H
#define R3_WDF_API_REGISTRY_H

#include "../registry.h"
#include "call.h"
#ifndef R3_HOST

R3_BEGIN

FORCEINLINE NTSTATUS WdfRegistryOpenKey(WDFKEY ParentKey, PCUNICODE_STRING KeyName,
                                        ACCESS_MASK DesiredAccess,
                                        PWDF_OBJECT_ATTRIBUTES KeyAttributes, WDFKEY *Key) {
  return R3_WDF(WdfRegistryOpenKey, NTSTATUS, WDFKEY, PCUNICODE_STRING, ACCESS_MASK,
                PWDF_OBJECT_ATTRIBUTES, WDFKEY *)
      (WdfDriverGlobals, ParentKey, KeyName, DesiredAccess, KeyAttributes, Key);
}

FORCEINLINE NTSTATUS WdfRegistryCreateKey(WDFKEY ParentKey, PCUNICODE_STRING KeyName,
                                          ACCESS_MASK DesiredAccess, ULONG CreateOptions,
                                          PULONG CreateDisposition,
                                          PWDF_OBJECT_ATTRIBUTES KeyAttributes, WDFKEY *Key) {
  return R3_WDF(WdfRegistryCreateKey, NTSTATUS, WDFKEY, PCUNICODE_STRING, ACCESS_MASK, ULONG,
                PULONG, PWDF_OBJECT_ATTRIBUTES, WDFKEY *)
      (WdfDriverGlobals, ParentKey, KeyName, DesiredAccess, CreateOptions, CreateDisposition,
       KeyAttributes, Key);
}

FORCEINLINE void WdfRegistryClose(WDFKEY Key) {
  R3_WDF(WdfRegistryClose, void, WDFKEY)(WdfDriverGlobals, Key);
}

FORCEINLINE HANDLE WdfRegistryWdmGetHandle(WDFKEY Key) {
  return R3_WDF(WdfRegistryWdmGetHandle, HANDLE, WDFKEY)(WdfDriverGlobals, Key);
}

FORCEINLINE NTSTATUS WdfRegistryRemoveKey(WDFKEY Key) {
  return R3_WDF(WdfRegistryRemoveKey, NTSTATUS, WDFKEY)(WdfDriverGlobals, Key);
}

FORCEINLINE NTSTATUS WdfRegistryRemoveValue(WDFKEY Key, PCUNICODE_STRING ValueName) {
  return R3_WDF(WdfRegistryRemoveValue, NTSTATUS, WDFKEY, PCUNICODE_STRING)
      (WdfDriverGlobals, Key, ValueName);
}

FORCEINLINE NTSTATUS WdfRegistryQueryValue(WDFKEY Key, PCUNICODE_STRING ValueName,
                                           ULONG ValueLength, PVOID Value,
                                           PULONG ValueLengthQueried, PULONG ValueType) {
  return R3_WDF(WdfRegistryQueryValue, NTSTATUS, WDFKEY, PCUNICODE_STRING, ULONG, PVOID, PULONG,
                PULONG)
      (WdfDriverGlobals, Key, ValueName, ValueLength, Value, ValueLengthQueried, ValueType);
}

FORCEINLINE NTSTATUS WdfRegistryQueryMemory(WDFKEY Key, PCUNICODE_STRING ValueName,
                                            POOL_TYPE PoolType,
                                            PWDF_OBJECT_ATTRIBUTES MemoryAttributes,
                                            WDFMEMORY *Memory, PULONG ValueType) {
  return R3_WDF(WdfRegistryQueryMemory, NTSTATUS, WDFKEY, PCUNICODE_STRING, POOL_TYPE,
                PWDF_OBJECT_ATTRIBUTES, WDFMEMORY *, PULONG)
      (WdfDriverGlobals, Key, ValueName, PoolType, MemoryAttributes, Memory, ValueType);
}

FORCEINLINE NTSTATUS WdfRegistryQueryMultiString(WDFKEY Key, PCUNICODE_STRING ValueName,
                                                 PWDF_OBJECT_ATTRIBUTES StringsAttributes,
                                                 WDFCOLLECTION Collection) {
  return R3_WDF(WdfRegistryQueryMultiString, NTSTATUS, WDFKEY, PCUNICODE_STRING,
                PWDF_OBJECT_ATTRIBUTES, WDFCOLLECTION)
      (WdfDriverGlobals, Key, ValueName, StringsAttributes, Collection);
}

FORCEINLINE NTSTATUS WdfRegistryQueryUnicodeString(WDFKEY Key, PCUNICODE_STRING ValueName,
                                                   PUSHORT ValueByteLength, PUNICODE_STRING Value) {
  return R3_WDF(WdfRegistryQueryUnicodeString, NTSTATUS, WDFKEY, PCUNICODE_STRING, PUSHORT,
                PUNICODE_STRING)
      (WdfDriverGlobals, Key, ValueName, ValueByteLength, Value);
}

FORCEINLINE NTSTATUS WdfRegistryQueryString(WDFKEY Key, PCUNICODE_STRING ValueName,
                                            WDFSTRING String) {
  return R3_WDF(WdfRegistryQueryString, NTSTATUS, WDFKEY, PCUNICODE_STRING, WDFSTRING)
      (WdfDriverGlobals, Key, ValueName, String);
}

FORCEINLINE NTSTATUS WdfRegistryQueryULong(WDFKEY Key, PCUNICODE_STRING ValueName, PULONG Value) {
  return R3_WDF(WdfRegistryQueryULong, NTSTATUS, WDFKEY, PCUNICODE_STRING, PULONG)
      (WdfDriverGlobals, Key, ValueName, Value);
}

FORCEINLINE NTSTATUS WdfRegistryAssignValue(WDFKEY Key, PCUNICODE_STRING ValueName, ULONG ValueType,
                                            ULONG ValueLength, PVOID Value) {
  return R3_WDF(WdfRegistryAssignValue, NTSTATUS, WDFKEY, PCUNICODE_STRING, ULONG, ULONG, PVOID)
      (WdfDriverGlobals, Key, ValueName, ValueType, ValueLength, Value);
}

FORCEINLINE NTSTATUS WdfRegistryAssignMemory(WDFKEY Key, PCUNICODE_STRING ValueName,
                                             ULONG ValueType, WDFMEMORY Memory,
                                             PWDFMEMORY_OFFSET MemoryOffsets) {
  return R3_WDF(WdfRegistryAssignMemory, NTSTATUS, WDFKEY, PCUNICODE_STRING, ULONG, WDFMEMORY,
                PWDFMEMORY_OFFSET)
      (WdfDriverGlobals, Key, ValueName, ValueType, Memory, MemoryOffsets);
}

FORCEINLINE NTSTATUS WdfRegistryAssignMultiString(WDFKEY Key, PCUNICODE_STRING ValueName,
                                                  WDFCOLLECTION StringsCollection) {
  return R3_WDF(WdfRegistryAssignMultiString, NTSTATUS, WDFKEY, PCUNICODE_STRING, WDFCOLLECTION)
      (WdfDriverGlobals, Key, ValueName, StringsCollection);
}

FORCEINLINE NTSTATUS WdfRegistryAssignUnicodeString(WDFKEY Key, PCUNICODE_STRING ValueName,
                                                    PCUNICODE_STRING Value) {
  return R3_WDF(WdfRegistryAssignUnicodeString, NTSTATUS, WDFKEY, PCUNICODE_STRING,
                PCUNICODE_STRING)
      (WdfDriverGlobals, Key, ValueName, Value);
}

FORCEINLINE NTSTATUS WdfRegistryAssignString(WDFKEY Key, PCUNICODE_STRING ValueName,
                                             WDFSTRING String) {
  return R3_WDF(WdfRegistryAssignString, NTSTATUS, WDFKEY, PCUNICODE_STRING, WDFSTRING)
      (WdfDriverGlobals, Key, ValueName, String);
}

FORCEINLINE NTSTATUS WdfRegistryAssignULong(WDFKEY Key, PCUNICODE_STRING ValueName, ULONG Value) {
  return R3_WDF(WdfRegistryAssignULong, NTSTATUS, WDFKEY, PCUNICODE_STRING, ULONG)
      (WdfDriverGlobals, Key, ValueName, Value);
}

R3_END

#endif
#endif
