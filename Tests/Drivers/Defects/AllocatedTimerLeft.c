// Does not delete its timer at unload; the timer is not set.
#define DEFECT_LOAD
#define DEFECT_UNLOAD
#include "defect.h"

static PEX_TIMER Timer;

static NTSTATUS DefectLoad(PDRIVER_OBJECT Driver, PDEVICE_OBJECT Device) {
  UNREFERENCED_PARAMETER(Driver);
  UNREFERENCED_PARAMETER(Device);
  Timer = ExAllocateTimer(NULL, NULL, 0);
  return Timer == NULL ? STATUS_INSUFFICIENT_RESOURCES : STATUS_SUCCESS;
}

static VOID DefectUnload(PDRIVER_OBJECT Driver) {
  UNREFERENCED_PARAMETER(Driver);
#ifdef REPAIRED
  ExDeleteTimer(Timer, TRUE, TRUE, NULL);
#endif
}
