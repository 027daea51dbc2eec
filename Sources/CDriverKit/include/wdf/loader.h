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

// Class libraries: drivers that other framework drivers are bound to at their start.

typedef struct _WDF_CLASS_VERSION {
  WDF_MAJOR_VERSION Major;
  WDF_MINOR_VERSION Minor;
  WDF_BUILD_NUMBER Build;
} WDF_CLASS_VERSION;

typedef struct _WDF_CLASS_BIND_INFO *PWDF_CLASS_BIND_INFO;

R3_EVENT(NTSTATUS, WDF_VERSION_BIND_CLASS,
         (PWDF_BIND_INFO BindInfo, PWDF_COMPONENT_GLOBALS Globals,
          PWDF_CLASS_BIND_INFO ClassBindInfo));
R3_EVENT(VOID, WDF_VERSION_UNBIND_CLASS,
         (PWDF_BIND_INFO BindInfo, PWDF_COMPONENT_GLOBALS Globals,
          PWDF_CLASS_BIND_INFO ClassBindInfo));
R3_EVENT(NTSTATUS, CLIENT_BIND_CLASS,
         (PFN_WDF_VERSION_BIND_CLASS BindFunction, PWDF_BIND_INFO BindInfo,
          PWDF_COMPONENT_GLOBALS Globals, PWDF_CLASS_BIND_INFO ClassBindInfo));
R3_EVENT(VOID, CLIENT_UNBIND_CLASS,
         (PFN_WDF_VERSION_UNBIND_CLASS UnbindFunction, PWDF_BIND_INFO BindInfo,
          PWDF_COMPONENT_GLOBALS Globals, PWDF_CLASS_BIND_INFO ClassBindInfo));

/// What a client asks for of a class library; it lies in the section `.kmdfclassbind$b`.
typedef struct _WDF_CLASS_BIND_INFO {
  ULONG Size;
  PWCHAR ClassName;
  WDF_CLASS_VERSION Version;
#ifdef R3_HOST
  PVOID FunctionTable;
#else
  VOID (**FunctionTable)(VOID);
#endif
  ULONG FunctionTableCount;
  PVOID ClassBindInfo;
  PFN_CLIENT_BIND_CLASS ClientBindClass;
  PFN_CLIENT_UNBIND_CLASS ClientUnbindClass;
  PVOID ClassModule;
} WDF_CLASS_BIND_INFO;

R3_EVENT(NTSTATUS, CLASS_LIBRARY_INIT, (VOID));
R3_EVENT(VOID, CLASS_LIBRARY_DEINIT, (VOID));
R3_EVENT(NTSTATUS, CLASS_LIBRARY_BIND_CLIENT,
         (PWDF_CLASS_BIND_INFO ClassBindInfo, PWDF_COMPONENT_GLOBALS ClientGlobals));
R3_EVENT(VOID, CLASS_LIBRARY_UNBIND_CLIENT,
         (PWDF_CLASS_BIND_INFO ClassBindInfo, PWDF_COMPONENT_GLOBALS ClientGlobals));

/// What a class library offers.
typedef struct _WDF_CLASS_LIBRARY_INFO {
  ULONG Size;
  WDF_CLASS_VERSION Version;
  PFN_CLASS_LIBRARY_INIT ClassLibraryInitialize;
  PFN_CLASS_LIBRARY_DEINIT ClassLibraryDeinitialize;
  PFN_CLASS_LIBRARY_BIND_CLIENT ClassLibraryBindClient;
  PFN_CLASS_LIBRARY_UNBIND_CLIENT ClassLibraryUnbindClient;
} WDF_CLASS_LIBRARY_INFO, *PWDF_CLASS_LIBRARY_INFO;

#ifndef R3_HOST
R3_BEGIN
NTSYSAPI NTSTATUS NTAPI WdfVersionBind(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath,
                                       PWDF_BIND_INFO BindInfo,
                                       PWDF_COMPONENT_GLOBALS *ComponentGlobals);
NTSYSAPI NTSTATUS NTAPI WdfVersionUnbind(PUNICODE_STRING RegistryPath, PWDF_BIND_INFO BindInfo,
                                         PWDF_COMPONENT_GLOBALS ComponentGlobals);
NTSYSAPI NTSTATUS NTAPI WdfVersionBindClass(PWDF_BIND_INFO BindInfo,
                                            PWDF_COMPONENT_GLOBALS ComponentGlobals,
                                            PWDF_CLASS_BIND_INFO ClassBindInfo);
NTSYSAPI VOID NTAPI WdfVersionUnbindClass(PWDF_BIND_INFO BindInfo,
                                          PWDF_COMPONENT_GLOBALS ComponentGlobals,
                                          PWDF_CLASS_BIND_INFO ClassBindInfo);
NTSYSAPI NTSTATUS NTAPI WdfRegisterClassLibrary(PWDF_CLASS_LIBRARY_INFO ClassLibraryInfo,
                                                PUNICODE_STRING ServicePath,
                                                PUNICODE_STRING ClassDeviceName);
R3_END
#endif

#endif
