// Context types: how a driver puts structures of its own on objects of the framework.
#ifndef R3_WDF_API_CONTEXT_H
#define R3_WDF_API_CONTEXT_H

#include "object.h"
#ifndef R3_HOST

// MARK: Names that the declarations make

#define WDF_TYPE_NAME_TO_TYPE_INFO(Type) _WDF_##Type##_TYPE_INFO
#define WDF_TYPE_NAME_TO_EXTERNAL_INIT(Type) _WDF_##Type##_EXTERNAL_INIT
#define WDF_TYPE_NAME_TO_EXTERNAL_INIT_FUNCTION(Type) Type##_EXTERNAL_INIT_FUNCTION
#define WDF_TYPE_NAME_POINTER_TYPE(Type) WDF_POINTER_TYPE_##Type
#define WDF_GET_CONTEXT_TYPE_INFO(Type) (&WDF_TYPE_NAME_TO_TYPE_INFO(Type))

// MARK: Attributes

#define WDF_OBJECT_ATTRIBUTES_SET_CONTEXT_TYPE(Attributes, Type) \
  (Attributes)->ContextTypeInfo = WDF_GET_CONTEXT_TYPE_INFO(Type)->UniqueType
#define WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(Attributes, Type) \
  WDF_OBJECT_ATTRIBUTES_INIT(Attributes);                         \
  WDF_OBJECT_ATTRIBUTES_SET_CONTEXT_TYPE(Attributes, Type)

// MARK: Declaring a type

// Types whose unique description is found at start-up lie in a section of their own, between two
// marks of the entry code.
#define WDF_TYPE_INIT_BASE_SECTION_NAME ".kmdftypeinit"
#define WDF_TYPE_INIT_SECTION_NAME ".kmdftypeinit$b"
#define WDF_TYPE_DEFAULT_SECTION_NAME ".data"
#pragma section(WDF_TYPE_INIT_SECTION_NAME, read, write)

#define R3_WDF_DECLARE_TYPE(Type, Where, Unique, GetUnique)                            \
  typedef Type *WDF_TYPE_NAME_POINTER_TYPE(Type);                                      \
  WDF_EXTERN_C Where DECLSPEC_SELECTANY WDF_OBJECT_CONTEXT_TYPE_INFO                   \
      WDF_TYPE_NAME_TO_TYPE_INFO(Type) = {sizeof(WDF_OBJECT_CONTEXT_TYPE_INFO), #Type, \
                                          sizeof(Type), Unique, GetUnique};

// Not constant: the compiler would take the empty description for the final one.
#define R3_WDF_TYPE_INIT __declspec(allocate(WDF_TYPE_INIT_SECTION_NAME))

#define WDF_DECLARE_CASTING_FUNCTION(Type, Function)                                     \
  WDF_EXTERN_C FORCEINLINE WDF_TYPE_NAME_POINTER_TYPE(Type) Function(WDFOBJECT Handle) { \
    return (WDF_TYPE_NAME_POINTER_TYPE(Type))WdfObjectGetTypedContextWorker(             \
        Handle, WDF_GET_CONTEXT_TYPE_INFO(Type)->UniqueType);                            \
  }

#define WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(Type, Function)                \
  R3_WDF_DECLARE_TYPE(Type, const, WDF_GET_CONTEXT_TYPE_INFO(Type), NULL) \
  WDF_DECLARE_CASTING_FUNCTION(Type, Function)
#define WDF_DECLARE_CONTEXT_TYPE(Type) \
  WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(Type, WdfObjectGet_##Type)
#define WDF_DECLARE_SHARED_CONTEXT_TYPE_WITH_NAME(Type, Function)    \
  R3_WDF_DECLARE_TYPE(Type, R3_WDF_TYPE_INIT, NULL,                  \
                      WDF_TYPE_NAME_TO_EXTERNAL_INIT_FUNCTION(Type)) \
  WDF_DECLARE_CASTING_FUNCTION(Type, Function)

#define WdfObjectGetTypedContext(Handle, Type) \
  ((Type *)WdfObjectGetTypedContextWorker(     \
      (WDFOBJECT)(Handle), WDF_GET_CONTEXT_TYPE_INFO(Type)->UniqueType))

// MARK: Custom types: a mark that a driver sets on objects

#define WDF_CUSTOM_TYPE_CONTEXT_NAME(Type) WdfCustomType_##Type
#define WDF_GET_CUSTOM_TYPE_FUNCTION_NAME(Type) WdfObjectGetCustomType_##Type
#define WDF_ADD_CUSTOM_TYPE_FUNCTION_NAME(Type) WdfObjectAddCustomType_##Type

R3_BEGIN

FORCEINLINE NTSTATUS R3WdfAddCustomType(WDFOBJECT Handle, PCWDF_OBJECT_CONTEXT_TYPE_INFO Type,
                                        ULONG_PTR Data, PFN_WDF_OBJECT_CONTEXT_CLEANUP Cleanup,
                                        PFN_WDF_OBJECT_CONTEXT_DESTROY Destroy) {
  WDF_OBJECT_ATTRIBUTES attributes;
  WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
  attributes.ContextTypeInfo = Type;
  attributes.EvtCleanupCallback = Cleanup;
  attributes.EvtDestroyCallback = Destroy;
  PVOID context;
  NTSTATUS status = WdfObjectAllocateContext(Handle, &attributes, &context);
  if (!NT_SUCCESS(status)) return status;
  ((PWDF_CUSTOM_TYPE_CONTEXT)context)->Size = sizeof(WDF_CUSTOM_TYPE_CONTEXT);
  ((PWDF_CUSTOM_TYPE_CONTEXT)context)->Data = Data;
  return status;
}

R3_END

#define WDF_DECLARE_CUSTOM_TYPE(Type)                                 \
  typedef WDF_CUSTOM_TYPE_CONTEXT WDF_CUSTOM_TYPE_CONTEXT_NAME(Type); \
  R3_WDF_DECLARE_CUSTOM(WDF_CUSTOM_TYPE_CONTEXT_NAME(Type),           \
                        WDF_GET_CUSTOM_TYPE_FUNCTION_NAME(Type),      \
                        WDF_ADD_CUSTOM_TYPE_FUNCTION_NAME(Type))
#define R3_WDF_DECLARE_CUSTOM(Context, Get, Add)                                             \
  WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(Context, Get)                                           \
  WDF_EXTERN_C FORCEINLINE NTSTATUS Add(WDFOBJECT Handle, ULONG_PTR Data,                    \
                                        PFN_WDF_OBJECT_CONTEXT_CLEANUP EvtCleanupCallback,   \
                                        PFN_WDF_OBJECT_CONTEXT_DESTROY EvtDestroyCallback) { \
    return R3WdfAddCustomType(Handle, WDF_GET_CONTEXT_TYPE_INFO(Context)->UniqueType, Data,  \
                              EvtCleanupCallback, EvtDestroyCallback);                       \
  }

#define WdfObjectIsCustomType(Handle, Type) \
  (WDF_GET_CUSTOM_TYPE_FUNCTION_NAME(Type)(Handle) != NULL)
#define WdfObjectAddCustomTypeWithData(Handle, Type, Data, Cleanup, Destroy) \
  WDF_ADD_CUSTOM_TYPE_FUNCTION_NAME(Type)(Handle, Data, Cleanup, Destroy)
#define WdfObjectAddCustomType(Handle, Type) \
  WdfObjectAddCustomTypeWithData(Handle, Type, 0, NULL, NULL)
#define WdfObjectGetCustomTypeData(Handle, Type) \
  (WDF_GET_CUSTOM_TYPE_FUNCTION_NAME(Type)(Handle)->Data)

#endif
#endif
