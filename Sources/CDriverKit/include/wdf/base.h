// What every part of the framework's headers begins with: version, handles, forms of declarations.
#ifndef R3_WDF_BASE_H
#define R3_WDF_BASE_H

#include "../wdm.h"

// MARK: Version

#ifdef R3_HOST
#undef KMDF_VERSION_MAJOR
#undef KMDF_VERSION_MINOR
#endif
#ifndef KMDF_VERSION_MAJOR
#define KMDF_VERSION_MAJOR 1
#endif
#ifndef KMDF_VERSION_MINOR
#define KMDF_VERSION_MINOR 33
#endif
#if KMDF_VERSION_MAJOR != 1 || KMDF_VERSION_MINOR < 1 || KMDF_VERSION_MINOR > 33
#error "KMDF_VERSION_MAJOR.KMDF_VERSION_MINOR must be one of 1.1 to 1.33"
#endif

// MARK: Forms of declarations

#ifdef R3_HOST
/// A routine of the driver that the framework calls: EVT_Name is its type, PFN_Name the pointer.
#define R3_EVENT(Return, Name, Parameters) typedef void *PFN_##Name
#define R3_WDF_HANDLE(Name) typedef void *Name
#else
#define R3_EVENT(Return, Name, Parameters) \
  typedef Return EVT_##Name Parameters;    \
  typedef EVT_##Name *PFN_##Name
// Microsoft's compiler only warns where C declares a function with one kind of handle and defines
// it with another; clang refuses that unless both are the same type.
#ifdef __cplusplus
#define R3_WDF_HANDLE(Name) DECLARE_HANDLE(Name)
#else
#define R3_WDF_HANDLE(Name) typedef void *Name
#endif
#endif

#ifndef R3_HOST
#ifdef __cplusplus
#define WDF_EXTERN_C extern "C"
#define WDF_EXTERN_C_START extern "C" {
#define WDF_EXTERN_C_END }
#else
#define WDF_EXTERN_C
#define WDF_EXTERN_C_START
#define WDF_EXTERN_C_END
#endif

#define WDFAPI
#if defined(__cplusplus) && !defined(WDF_NO_NULLPTR)
#define WDF_NULL_POINTER nullptr
#else
#define WDF_NULL_POINTER NULL
#endif
#define WDF_NO_OBJECT_ATTRIBUTES WDF_NULL_POINTER
#define WDF_NO_EVENT_CALLBACK WDF_NULL_POINTER
#define WDF_NO_HANDLE WDF_NULL_POINTER
#define WDF_NO_CONTEXT WDF_NULL_POINTER
#define WDF_NO_SEND_OPTIONS WDF_NULL_POINTER
#endif

typedef enum _WDF_TRI_STATE {
  WdfFalse = 0,
  WdfTrue = 1,
  WdfUseDefault = 2
} WDF_TRI_STATE, *PWDF_TRI_STATE;

// MARK: Handles

typedef PVOID WDFCONTEXT;
typedef HANDLE WDFOBJECT, *PWDFOBJECT;

#ifdef R3_HOST
typedef void *PWDFDEVICE_INIT;
typedef void *PWDFCXDEVICE_INIT;
#else
typedef struct WDFDEVICE_INIT *PWDFDEVICE_INIT;
typedef struct WDFCXDEVICE_INIT *PWDFCXDEVICE_INIT;
#endif

R3_WDF_HANDLE(WDFDRIVER);
R3_WDF_HANDLE(WDFDEVICE);
R3_WDF_HANDLE(WDFWMIPROVIDER);
R3_WDF_HANDLE(WDFWMIINSTANCE);
R3_WDF_HANDLE(WDFQUEUE);
R3_WDF_HANDLE(WDFREQUEST);
R3_WDF_HANDLE(WDFFILEOBJECT);
R3_WDF_HANDLE(WDFDPC);
R3_WDF_HANDLE(WDFTIMER);
R3_WDF_HANDLE(WDFWORKITEM);
R3_WDF_HANDLE(WDFINTERRUPT);
R3_WDF_HANDLE(WDFWAITLOCK);
R3_WDF_HANDLE(WDFSPINLOCK);
R3_WDF_HANDLE(WDFMEMORY);
R3_WDF_HANDLE(WDFLOOKASIDE);
R3_WDF_HANDLE(WDFIOTARGET);
R3_WDF_HANDLE(WDFUSBDEVICE);
R3_WDF_HANDLE(WDFUSBINTERFACE);
R3_WDF_HANDLE(WDFUSBPIPE);
R3_WDF_HANDLE(WDFDMAENABLER);
R3_WDF_HANDLE(WDFDMATRANSACTION);
R3_WDF_HANDLE(WDFCOMMONBUFFER);
R3_WDF_HANDLE(WDFKEY);
R3_WDF_HANDLE(WDFSTRING);
R3_WDF_HANDLE(WDFCOLLECTION);
R3_WDF_HANDLE(WDFCHILDLIST);
R3_WDF_HANDLE(WDFIORESREQLIST);
R3_WDF_HANDLE(WDFIORESLIST);
R3_WDF_HANDLE(WDFCMRESLIST);
R3_WDF_HANDLE(WDFCOMPANIONTARGET);

// MARK: What the framework tells a driver about itself

#define WDF_DRIVER_GLOBALS_NAME_LEN 32

typedef struct _WDF_DRIVER_GLOBALS {
  WDFDRIVER Driver;
  ULONG DriverFlags;
  ULONG DriverTag;
  CHAR DriverName[WDF_DRIVER_GLOBALS_NAME_LEN];
  BOOLEAN DisplaceDriverUnload;
} WDF_DRIVER_GLOBALS, *PWDF_DRIVER_GLOBALS;

#endif
