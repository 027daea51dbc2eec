// A driver for KMDF 1.9, which has a copy of the framework's table of functions.
#define KMDF_VERSION_MINOR 9
#include "wdf-scenario.h"

static void EvtTimer(WDFTIMER Timer) { UNREFERENCED_PARAMETER(Timer); }

static void Run(PSCENARIO_CALL Scenario) {
  WDF_TIMER_CONFIG config;
  WDF_OBJECT_ATTRIBUTES attributes;
  WDFTIMER timer;
  CHECK(sizeof config == 32);
  WDF_TIMER_CONFIG_INIT(&config, EvtTimer);
  WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
  attributes.ParentObject = Scenario->Device;
  CHECK(WdfTimerCreate(&config, &attributes, &timer) == STATUS_SUCCESS);
  // Before 1.13 there was no unlimited delay.
  config.TolerableDelay = 0x80000000;
  CHECK(WdfTimerCreate(&config, &attributes, &timer) == STATUS_INVALID_PARAMETER);
  Put(Scenario, (ULONGLONG)(ULONG_PTR)WdfFunctions);
  Put(Scenario, WdfFunctionTableNumEntries);
}

SCENARIO_RUN(L"Scenarios", Run)
