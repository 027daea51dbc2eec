// Memory objects, lookaside lists, buffers.
#ifndef R3_WDF_API_MEMORY_H
#define R3_WDF_API_MEMORY_H

#include "../memory.h"
#include "call.h"
#ifndef R3_HOST

R3_BEGIN

FORCEINLINE void WDF_MEMORY_DESCRIPTOR_INIT_BUFFER(PWDF_MEMORY_DESCRIPTOR Descriptor, PVOID Buffer,
                                                   ULONG BufferLength) {
  RtlZeroMemory(Descriptor, sizeof(WDF_MEMORY_DESCRIPTOR));
  Descriptor->Type = WdfMemoryDescriptorTypeBuffer;
  Descriptor->u.BufferType.Buffer = Buffer;
  Descriptor->u.BufferType.Length = BufferLength;
}

FORCEINLINE void WDF_MEMORY_DESCRIPTOR_INIT_HANDLE(PWDF_MEMORY_DESCRIPTOR Descriptor,
                                                   WDFMEMORY Memory, PWDFMEMORY_OFFSET Offsets) {
  RtlZeroMemory(Descriptor, sizeof(WDF_MEMORY_DESCRIPTOR));
  Descriptor->Type = WdfMemoryDescriptorTypeHandle;
  Descriptor->u.HandleType.Memory = Memory;
  Descriptor->u.HandleType.Offsets = Offsets;
}

FORCEINLINE void WDF_MEMORY_DESCRIPTOR_INIT_MDL(PWDF_MEMORY_DESCRIPTOR Descriptor, PMDL Mdl,
                                                ULONG BufferLength) {
  RtlZeroMemory(Descriptor, sizeof(WDF_MEMORY_DESCRIPTOR));
  Descriptor->Type = WdfMemoryDescriptorTypeMdl;
  Descriptor->u.MdlType.Mdl = Mdl;
  Descriptor->u.MdlType.BufferLength = BufferLength;
}

FORCEINLINE NTSTATUS WdfMemoryCreate(PWDF_OBJECT_ATTRIBUTES Attributes, POOL_TYPE PoolType,
                                     ULONG PoolTag, size_t BufferSize, WDFMEMORY *Memory,
                                     PVOID *Buffer) {
  return R3_WDF(WdfMemoryCreate, NTSTATUS, PWDF_OBJECT_ATTRIBUTES, POOL_TYPE, ULONG, size_t,
                WDFMEMORY *, PVOID *)
      (WdfDriverGlobals, Attributes, PoolType, PoolTag, BufferSize, Memory, Buffer);
}

FORCEINLINE NTSTATUS WdfMemoryCreatePreallocated(PWDF_OBJECT_ATTRIBUTES Attributes, PVOID Buffer,
                                                 size_t BufferSize, WDFMEMORY *Memory) {
  return R3_WDF(WdfMemoryCreatePreallocated, NTSTATUS, PWDF_OBJECT_ATTRIBUTES, PVOID, size_t,
                WDFMEMORY *)
      (WdfDriverGlobals, Attributes, Buffer, BufferSize, Memory);
}

FORCEINLINE PVOID WdfMemoryGetBuffer(WDFMEMORY Memory, size_t *BufferSize) {
  return R3_WDF(WdfMemoryGetBuffer, PVOID, WDFMEMORY, size_t *)
      (WdfDriverGlobals, Memory, BufferSize);
}

FORCEINLINE NTSTATUS WdfMemoryAssignBuffer(WDFMEMORY Memory, PVOID Buffer, size_t BufferSize) {
  return R3_WDF(WdfMemoryAssignBuffer, NTSTATUS, WDFMEMORY, PVOID, size_t)
      (WdfDriverGlobals, Memory, Buffer, BufferSize);
}

FORCEINLINE NTSTATUS WdfMemoryCopyToBuffer(WDFMEMORY SourceMemory, size_t SourceOffset,
                                           PVOID Buffer, size_t NumBytesToCopyTo) {
  return R3_WDF(WdfMemoryCopyToBuffer, NTSTATUS, WDFMEMORY, size_t, PVOID, size_t)
      (WdfDriverGlobals, SourceMemory, SourceOffset, Buffer, NumBytesToCopyTo);
}

FORCEINLINE NTSTATUS WdfMemoryCopyFromBuffer(WDFMEMORY DestinationMemory, size_t DestinationOffset,
                                             PVOID Buffer, size_t NumBytesToCopyFrom) {
  return R3_WDF(WdfMemoryCopyFromBuffer, NTSTATUS, WDFMEMORY, size_t, PVOID, size_t)
      (WdfDriverGlobals, DestinationMemory, DestinationOffset, Buffer, NumBytesToCopyFrom);
}

FORCEINLINE NTSTATUS WdfLookasideListCreate(PWDF_OBJECT_ATTRIBUTES LookasideAttributes,
                                            size_t BufferSize, POOL_TYPE PoolType,
                                            PWDF_OBJECT_ATTRIBUTES MemoryAttributes, ULONG PoolTag,
                                            WDFLOOKASIDE *Lookaside) {
  return R3_WDF(WdfLookasideListCreate, NTSTATUS, PWDF_OBJECT_ATTRIBUTES, size_t, POOL_TYPE,
                PWDF_OBJECT_ATTRIBUTES, ULONG, WDFLOOKASIDE *)
      (WdfDriverGlobals, LookasideAttributes, BufferSize, PoolType, MemoryAttributes, PoolTag,
       Lookaside);
}

FORCEINLINE NTSTATUS WdfMemoryCreateFromLookaside(WDFLOOKASIDE Lookaside, WDFMEMORY *Memory) {
  return R3_WDF(WdfMemoryCreateFromLookaside, NTSTATUS, WDFLOOKASIDE, WDFMEMORY *)
      (WdfDriverGlobals, Lookaside, Memory);
}

R3_END

#endif
#endif
