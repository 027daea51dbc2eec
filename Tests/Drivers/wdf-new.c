// A driver for KMDF 1.33 that also runs on 1.25, and asks what there is.
#define KMDF_VERSION_MINOR 33
#define KMDF_MINIMUM_VERSION_REQUIRED 25
#include "wdf-scenario.h"

static void Run(PSCENARIO_CALL Scenario) {
  CHECK(!WdfClientVersionHigherThanFramework);
  CHECK(WDF_IS_FUNCTION_AVAILABLE(WdfDriverCreate));
  CHECK(WDF_IS_FUNCTION_AVAILABLE(WdfDeviceGetSystemPowerAction));
  CHECK(WDF_IS_STRUCTURE_AVAILABLE(WDF_TIMER_CONFIG));
  CHECK(WDF_IS_FIELD_AVAILABLE(WDF_TIMER_CONFIG, UseHighResolutionTimer));
  CHECK(WDF_STRUCTURE_SIZE(WDF_TIMER_CONFIG) == sizeof(WDF_TIMER_CONFIG));
  CHECK(WdfFunctionCount == WdfFunctionTableNumEntries);
  CHECK(WdfStructureCount == WDF_STRUCTURE_TABLE_NUM_ENTRIES);
  // The table says so too.
  CHECK(WdfStructures[INDEX_WDF_TIMER_CONFIG] == sizeof(WDF_TIMER_CONFIG));
  CHECK(WdfStructures[INDEX_WDF_OBJECT_ATTRIBUTES] == sizeof(WDF_OBJECT_ATTRIBUTES));
  CHECK(WdfStructures[INDEX_WDF_IO_QUEUE_CONFIG] == sizeof(WDF_IO_QUEUE_CONFIG));
  Put(Scenario, (ULONGLONG)(ULONG_PTR)WdfFunctions);
}

SCENARIO_RUN(L"New", Run)
