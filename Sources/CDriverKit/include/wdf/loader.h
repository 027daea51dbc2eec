// The loader of the framework: how a driver is bound to a version of it.
#ifndef R3_WDF_LOADER_H
#define R3_WDF_LOADER_H

#include "base.h"

typedef ULONG WDF_MAJOR_VERSION, WDF_MINOR_VERSION, WDF_BUILD_NUMBER;

typedef struct _WDF_VERSION {
  WDF_MAJOR_VERSION Major;
  WDF_MINOR_VERSION Minor;
  WDF_BUILD_NUMBER Build;
} WDF_VERSION;

/// What a driver asks for. `FuncTable` is the table itself before 1.15, and the address of the
/// pointer to it since then.
typedef struct _WDF_BIND_INFO {
  ULONG Size;
  PWCHAR Component;
  WDF_VERSION Version;
  ULONG FuncCount;
  PVOID FuncTable;
  PVOID Module;
} WDF_BIND_INFO, *PWDF_BIND_INFO;

/// What drivers ask for since 1.25: they may also run on older frameworks.
typedef struct _WDF_BIND_INFO2 {
  WDF_BIND_INFO V1;
  WDF_MINOR_VERSION *MinimumVersionRequired;
  BOOLEAN *ClientVersionHigherThanFramework;
  ULONG *FuncCountPtr;
  ULONG *StructCountPtr;
  size_t **StructTable;
} WDF_BIND_INFO2, *PWDF_BIND_INFO2;

typedef PVOID WDF_COMPONENT_GLOBALS, *PWDF_COMPONENT_GLOBALS;

#ifndef R3_HOST
R3_BEGIN
NTSYSAPI NTSTATUS NTAPI WdfVersionBind(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath,
                                       PWDF_BIND_INFO BindInfo,
                                       PWDF_COMPONENT_GLOBALS *ComponentGlobals);
NTSYSAPI NTSTATUS NTAPI WdfVersionUnbind(PUNICODE_STRING RegistryPath, PWDF_BIND_INFO BindInfo,
                                         PWDF_COMPONENT_GLOBALS ComponentGlobals);
R3_END
#endif

#endif
