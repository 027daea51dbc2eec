// The driver object of the framework: its end, and what it says of itself.
#define SCENARIO_DRIVER_UNLOAD Unload
#include <ntddk.h>

#include <wdf.h>
static void Unload(WDFDRIVER Driver);
#include "wdf-scenario.h"

static void Unload(WDFDRIVER Driver) {
  CHECK(Driver == WdfGetDriver() && KeGetCurrentIrql() == PASSIVE_LEVEL);
  DbgPrint("unload\n");
}

static void EvtCleanup(WDFOBJECT Object) {
  UNREFERENCED_PARAMETER(Object);
  DbgPrint("object\n");
}

static void Information(void) {
  WDF_DRIVER_VERSION_AVAILABLE_PARAMS wanted;
  UNICODE_STRING text;
  WDFSTRING string;
  CHECK(WdfStringCreate(NULL, WDF_NO_OBJECT_ATTRIBUTES, &string) == STATUS_SUCCESS);
  CHECK(WdfDriverRetrieveVersionString(WdfGetDriver(), string) == STATUS_SUCCESS);
  WdfStringGetUnicodeString(string, &text);
  CHECK(wcscmp(text.Buffer, L"Kernel Mode Driver Framework version 1.33.0") == 0);
  CHECK(WdfDriverRegisterTraceInfo(WdfDriverWdmGetDriverObject(WdfGetDriver()), NULL, NULL) ==
        STATUS_NOT_SUPPORTED);
  WDF_DRIVER_VERSION_AVAILABLE_PARAMS_INIT(&wanted, 1, 33);
  CHECK(WdfDriverIsVersionAvailable(WdfGetDriver(), &wanted));
  wanted.MinorVersion = 35;
  CHECK(!WdfDriverIsVersionAvailable(WdfGetDriver(), &wanted));
  wanted.MajorVersion = 2;
  wanted.MinorVersion = 1;
  CHECK(!WdfDriverIsVersionAvailable(WdfGetDriver(), &wanted));
  CHECK(WdfWdmDriverGetWdfDriverHandle(WdfDriverWdmGetDriverObject(WdfGetDriver())) ==
        WdfGetDriver());
  CHECK(WdfDriverErrorReportApiMissing(WdfGetDriver(), NULL, 999, TRUE) ==
        STATUS_PROCEDURE_NOT_FOUND);
  CHECK(WdfDriverGlobals->DriverFlags & WdfDriverInitNonPnpDriver);
  CHECK(WdfDriverGlobals->DisplaceDriverUnload);
}

static void Run(PSCENARIO_CALL Scenario) {
  WDF_OBJECT_ATTRIBUTES attributes;
  WDFOBJECT object;
  switch (Scenario->Number) {
    case 0: Information(); break;
    case 1:
      WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
      attributes.EvtCleanupCallback = EvtCleanup;
      CHECK(WdfObjectCreate(&attributes, &object) == STATUS_SUCCESS);
      break;
    case 3: WdfVerifierDbgBreakPoint(); break;
    case 4: WdfVerifierKeBugCheck(WDF_VIOLATION, 1, 2, 3, 4); break;
    case 2: WdfDriverErrorReportApiMissing(WdfGetDriver(), NULL, 999, FALSE); break;
  }
}

SCENARIO_RUN(L"Scenarios", Run)
