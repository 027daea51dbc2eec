// The first code of a KMDF driver that runs: it binds the driver to the framework, and unbinds it
// when the driver is unloaded. Compiled for each driver, for the version that the driver asks for.
#include <ntddk.h>

#include <wdf.h>

// MARK: What the framework's headers refer to

PWDF_DRIVER_GLOBALS WdfDriverGlobals;
WDFFUNC WdfDriverMiniportUnloadOverride;

BOOLEAN WdfClientVersionHigherThanFramework;
ULONG WdfFunctionCount = WdfFunctionTableNumEntries;
ULONG WdfStructureCount = WDF_STRUCTURE_TABLE_NUM_ENTRIES;
WDF_STRUCT_INFO WdfStructures;

#if KMDF_VERSION_MINOR < 15
// The framework copies its functions here.
WDFFUNC WdfFunctions[WdfFunctionTableNumEntries];
#define TABLE ((PVOID)WdfFunctions)
#else
// The framework stores the address of its own table here.
const WDFFUNC *WdfFunctions;
#define TABLE ((PVOID)&WdfFunctions)
#endif

#if KMDF_VERSION_MINOR < 25
static WDF_BIND_INFO info = {
    sizeof info,  L"KmdfLibrary", {KMDF_VERSION_MAJOR, KMDF_VERSION_MINOR, 0},
    WdfFunctionTableNumEntries, TABLE, NULL,
};
#define INFO (&info)
#else
#ifdef KMDF_MINIMUM_VERSION_REQUIRED
static ULONG minimum = KMDF_MINIMUM_VERSION_REQUIRED;
#else
static ULONG minimum = KMDF_VERSION_MINOR;
#endif
static WDF_BIND_INFO2 info = {
    {sizeof info, L"KmdfLibrary", {KMDF_VERSION_MAJOR, KMDF_VERSION_MINOR, 0},
     WdfFunctionTableNumEntries, TABLE, NULL},
    &minimum, &WdfClientVersionHigherThanFramework, &WdfFunctionCount, &WdfStructureCount,
    &WdfStructures,
};
#define INFO (&info.V1)
#endif

static UNICODE_STRING registryPath;
static WCHAR registryPathBuffer[260];
static PDRIVER_UNLOAD driverUnload;

// MARK: Context types that several drivers share

// The linker sorts the sections by the letter after the dollar sign.
#pragma section(".kmdftypeinit$a", read, write)
#pragma section(".kmdftypeinit$c", read, write)
static __declspec(allocate(".kmdftypeinit$a")) PVOID firstType = NULL;
static __declspec(allocate(".kmdftypeinit$c")) PVOID lastType = NULL;

/// Asks each shared type for its unique description. Types may lie apart by padding of zeros.
static NTSTATUS findSharedTypes(void) {
  const ULONG_PTR end = (ULONG_PTR)&lastType;
  ULONG_PTR place = (ULONG_PTR)(&firstType + 1);
  while (place + sizeof(WDF_OBJECT_CONTEXT_TYPE_INFO) <= end) {
    PWDF_OBJECT_CONTEXT_TYPE_INFO type = (PWDF_OBJECT_CONTEXT_TYPE_INFO)place;
    if (type->Size != sizeof *type) {
      place += sizeof(PVOID);
      continue;
    }
    type->UniqueType = type->EvtDriverGetUniqueContextType();
    if (type->UniqueType == NULL) return STATUS_UNSUCCESSFUL;
    place += sizeof *type;
  }
  return STATUS_SUCCESS;
}

// MARK: Class libraries that the driver is a client of

#pragma section(".kmdfclassbind$a", read, write)
#pragma section(".kmdfclassbind$c", read, write)
static __declspec(allocate(".kmdfclassbind$a")) PVOID firstClass = NULL;
static __declspec(allocate(".kmdfclassbind$c")) PVOID lastClass = NULL;

/// The next class from `place` on, over padding of zeros; NULL when there is none.
static PWDF_CLASS_BIND_INFO nextClass(ULONG_PTR place) {
  const ULONG_PTR end = (ULONG_PTR)&lastClass;
  while (place + sizeof(WDF_CLASS_BIND_INFO) <= end) {
    PWDF_CLASS_BIND_INFO class = (PWDF_CLASS_BIND_INFO)place;
    if (class->Size == sizeof *class) return class;
    place += sizeof(PVOID);
  }
  return NULL;
}

/// Unbinds the driver from the classes before `end`; NULL stands for all.
static void unbindClasses(PWDF_CLASS_BIND_INFO end) {
  PWDF_COMPONENT_GLOBALS globals = (PWDF_COMPONENT_GLOBALS)WdfDriverGlobals;
  PWDF_CLASS_BIND_INFO class = nextClass((ULONG_PTR)(&firstClass + 1));
  for (; class != NULL && class != end; class = nextClass((ULONG_PTR)(class + 1))) {
    if (class->ClientUnbindClass != NULL) {
      class->ClientUnbindClass(WdfVersionUnbindClass, INFO, globals, class);
    } else {
      WdfVersionUnbindClass(INFO, globals, class);
    }
  }
}

static NTSTATUS bindClasses(void) {
  PWDF_COMPONENT_GLOBALS globals = (PWDF_COMPONENT_GLOBALS)WdfDriverGlobals;
  PWDF_CLASS_BIND_INFO class = nextClass((ULONG_PTR)(&firstClass + 1));
  for (; class != NULL; class = nextClass((ULONG_PTR)(class + 1))) {
    NTSTATUS status = class->ClientBindClass != NULL
                          ? class->ClientBindClass(WdfVersionBindClass, INFO, globals, class)
                          : WdfVersionBindClass(INFO, globals, class);
    if (!NT_SUCCESS(status)) {
      unbindClasses(class);
      return status;
    }
  }
  return STATUS_SUCCESS;
}

// MARK: The end

static void unbind(void) {
  WdfVersionUnbind(&registryPath, INFO, (PWDF_COMPONENT_GLOBALS)WdfDriverGlobals);
}

static void unload(PDRIVER_OBJECT driver) {
  if (driverUnload != NULL) driverUnload(driver);
  unbindClasses(NULL);
  unbind();
}

static void miniportUnload(PWDF_DRIVER_GLOBALS globals, WDFDRIVER driver) {
  R3_WDF(WdfDriverMiniportUnload, void, WDFDRIVER)(globals, driver);
  unbindClasses(NULL);
  unbind();
}

// MARK: The beginning

extern void __security_init_cookie(void);
extern NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path);

NTSTATUS FxDriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path) {
  __security_init_cookie();
  // A library that is loaded as an export driver has no driver object, and nothing to bind.
  if (driver == NULL) return DriverEntry(driver, path);

  registryPath.Buffer = registryPathBuffer;
  registryPath.MaximumLength = sizeof registryPathBuffer;
  RtlCopyUnicodeString(&registryPath, path);
  NTSTATUS status = WdfVersionBind(driver, &registryPath, INFO,
                                   (PWDF_COMPONENT_GLOBALS *)&WdfDriverGlobals);
  if (!NT_SUCCESS(status)) return status;
  status = findSharedTypes();
  if (NT_SUCCESS(status)) status = bindClasses();
  if (!NT_SUCCESS(status)) {
    unbind();
    return status;
  }
  status = DriverEntry(driver, path);
  if (!NT_SUCCESS(status)) {
    unbindClasses(NULL);
    unbind();
    return status;
  }
  if (WdfDriverGlobals->DisplaceDriverUnload) {
    driverUnload = driver->DriverUnload;
    driver->DriverUnload = unload;
  } else if (WdfDriverGlobals->DriverFlags & WdfDriverInitNoDispatchOverride) {
    WdfDriverMiniportUnloadOverride = (WDFFUNC)miniportUnload;
  }
  return status;
}
