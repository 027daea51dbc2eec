// How a driver reaches the framework: through a table that WdfVersionBind fills in.
#ifndef R3_WDF_API_CALL_H
#define R3_WDF_API_CALL_H

#include "../slots.h"
#include "../structures.h"
#ifndef R3_HOST

R3_BEGIN

// MARK: The table

// The number of the version is part of the name, so that objects of two versions do not link.
#define R3_WDF_JOIN(Prefix, Minor) Prefix##Minor
#define R3_WDF_NAME(Prefix, Minor) R3_WDF_JOIN(Prefix, Minor)
#if KMDF_VERSION_MINOR < 10
#define WdfFunctions R3_WDF_NAME(WdfFunctions_0100, KMDF_VERSION_MINOR)
#else
#define WdfFunctions R3_WDF_NAME(WdfFunctions_010, KMDF_VERSION_MINOR)
#endif

typedef void (*WDFFUNC)(void);
#if KMDF_VERSION_MINOR < 15
extern WDFFUNC WdfFunctions[WdfFunctionTableNumEntries];
#else
extern const WDFFUNC *WdfFunctions;
#endif
extern PWDF_DRIVER_GLOBALS WdfDriverGlobals;
extern WDFFUNC WdfDriverMiniportUnloadOverride;

/// The function in the slot of that name, ready to be called.
#define R3_WDF(Name, Return, ...) \
  ((Return (*)(PWDF_DRIVER_GLOBALS, ##__VA_ARGS__))WdfFunctions[Name##TableIndex])

// MARK: Drivers that also run on frameworks older than the one they were built for

typedef size_t *WDF_STRUCT_INFO;
extern BOOLEAN WdfClientVersionHigherThanFramework;
extern ULONG WdfFunctionCount;
extern ULONG WdfStructureCount;
extern WDF_STRUCT_INFO WdfStructures;

#if !defined(KMDF_MINIMUM_VERSION_REQUIRED) || KMDF_MINIMUM_VERSION_REQUIRED == KMDF_VERSION_MINOR
#define WDF_EVERYTHING_ALWAYS_AVAILABLE
#elif KMDF_MINIMUM_VERSION_REQUIRED < 25 || KMDF_MINIMUM_VERSION_REQUIRED > KMDF_VERSION_MINOR
#error "KMDF_MINIMUM_VERSION_REQUIRED must be 25 at least and KMDF_VERSION_MINOR at most"
#endif

// Every framework since 1.25 has so many functions.
#define WDF_ALWAYS_AVAILABLE_FUNCTION_COUNT 453

#ifdef WDF_EVERYTHING_ALWAYS_AVAILABLE
#define WDF_IS_FUNCTION_AVAILABLE(Name) (Name##TableIndex < WdfFunctionTableNumEntries)
#define WDF_IS_STRUCTURE_AVAILABLE(Name) (INDEX_##Name < WDF_STRUCTURE_TABLE_NUM_ENTRIES)
#define WDF_IS_FIELD_AVAILABLE(Name, Field) (FIELD_OFFSET(Name, Field) >= 0)
#define WDF_STRUCTURE_SIZE(Name) ((ULONG)sizeof(Name))
#define R3_WDF_REQUIRE(Name)
#else
#define WDF_IS_FUNCTION_AVAILABLE(Name)                      \
  (Name##TableIndex < WDF_ALWAYS_AVAILABLE_FUNCTION_COUNT || \
   !WdfClientVersionHigherThanFramework || (ULONG)Name##TableIndex < WdfFunctionCount)
#define WDF_IS_STRUCTURE_AVAILABLE(Name) \
  (!WdfClientVersionHigherThanFramework || (ULONG)INDEX_##Name < WdfStructureCount)
#define WDF_IS_FIELD_AVAILABLE(Name, Field)    \
  (!WdfClientVersionHigherThanFramework ||     \
   ((ULONG)INDEX_##Name < WdfStructureCount && \
    __builtin_offsetof(Name, Field) < WdfStructures[INDEX_##Name]))
#define WDF_STRUCTURE_SIZE(Name)                           \
  ((ULONG)(!WdfClientVersionHigherThanFramework            \
               ? sizeof(Name)                              \
           : (ULONG)INDEX_##Name < WdfStructureCount       \
               ? WdfStructures[INDEX_##Name]               \
               : (size_t)-1))

/// Leaves a function that returns nothing, with a report, where the framework does not have it.
#define R3_WDF_REQUIRE(Name)                                                       \
  if (!WDF_IS_FUNCTION_AVAILABLE(Name)) {                                          \
    WdfDriverErrorReportApiMissing(WdfGetDriver(), NULL, Name##TableIndex, FALSE); \
    return;                                                                        \
  }
#endif

/// Clears a structure and states its size.
#define R3_WDF_INIT(Type, Value)              \
  do {                                        \
    RtlZeroMemory((Value), sizeof(Type));     \
    (Value)->Size = WDF_STRUCTURE_SIZE(Type); \
  } while (0)

R3_END

#endif
#endif
