// Making, naming and giving up objects.
#ifndef R3_WDF_API_OBJECT_H
#define R3_WDF_API_OBJECT_H

#include "../object.h"
#include "call.h"
#ifndef R3_HOST

R3_BEGIN

FORCEINLINE void WDF_OBJECT_ATTRIBUTES_INIT(PWDF_OBJECT_ATTRIBUTES Attributes) {
  R3_WDF_INIT(WDF_OBJECT_ATTRIBUTES, Attributes);
  Attributes->ExecutionLevel = WdfExecutionLevelInheritFromParent;
  Attributes->SynchronizationScope = WdfSynchronizationScopeInheritFromParent;
}

FORCEINLINE PVOID WdfObjectGetTypedContextWorker(WDFOBJECT Handle,
                                                 PCWDF_OBJECT_CONTEXT_TYPE_INFO TypeInfo) {
  return R3_WDF(WdfObjectGetTypedContextWorker, PVOID, WDFOBJECT, PCWDF_OBJECT_CONTEXT_TYPE_INFO)
      (WdfDriverGlobals, Handle, TypeInfo);
}

FORCEINLINE NTSTATUS WdfObjectAllocateContext(WDFOBJECT Handle,
                                              PWDF_OBJECT_ATTRIBUTES ContextAttributes,
                                              PVOID *Context) {
  return R3_WDF(WdfObjectAllocateContext, NTSTATUS, WDFOBJECT, PWDF_OBJECT_ATTRIBUTES, PVOID *)
      (WdfDriverGlobals, Handle, ContextAttributes, Context);
}

FORCEINLINE WDFOBJECT WdfObjectContextGetObject(PVOID ContextPointer) {
  return R3_WDF(WdfObjectContextGetObject, WDFOBJECT, PVOID)(WdfDriverGlobals, ContextPointer);
}

FORCEINLINE void WdfObjectReferenceActual(WDFOBJECT Handle, PVOID Tag, LONG Line, PCCH File) {
  R3_WDF(WdfObjectReferenceActual, void, WDFOBJECT, PVOID, LONG, PCCH)
      (WdfDriverGlobals, Handle, Tag, Line, File);
}

FORCEINLINE void WdfObjectDereferenceActual(WDFOBJECT Handle, PVOID Tag, LONG Line, PCCH File) {
  R3_WDF(WdfObjectDereferenceActual, void, WDFOBJECT, PVOID, LONG, PCCH)
      (WdfDriverGlobals, Handle, Tag, Line, File);
}

FORCEINLINE NTSTATUS WdfObjectCreate(PWDF_OBJECT_ATTRIBUTES Attributes, WDFOBJECT *Object) {
  return R3_WDF(WdfObjectCreate, NTSTATUS, PWDF_OBJECT_ATTRIBUTES, WDFOBJECT *)
      (WdfDriverGlobals, Attributes, Object);
}

FORCEINLINE void WdfObjectDelete(WDFOBJECT Object) {
  R3_WDF(WdfObjectDelete, void, WDFOBJECT)(WdfDriverGlobals, Object);
}

FORCEINLINE NTSTATUS WdfObjectQuery(WDFOBJECT Object, const GUID *Guid, ULONG QueryBufferLength,
                                    PVOID QueryBuffer) {
  return R3_WDF(WdfObjectQuery, NTSTATUS, WDFOBJECT, const GUID *, ULONG, PVOID)
      (WdfDriverGlobals, Object, Guid, QueryBufferLength, QueryBuffer);
}

// MARK: References

#define WdfObjectReferenceWithTag(Handle, Tag) \
  WdfObjectReferenceActual(Handle, Tag, __LINE__, __FILE__)
#define WdfObjectDereferenceWithTag(Handle, Tag) \
  WdfObjectDereferenceActual(Handle, Tag, __LINE__, __FILE__)
#define WdfObjectReference(Handle) WdfObjectReferenceWithTag(Handle, NULL)
#define WdfObjectDereference(Handle) WdfObjectDereferenceWithTag(Handle, NULL)

R3_END

#endif
#endif
