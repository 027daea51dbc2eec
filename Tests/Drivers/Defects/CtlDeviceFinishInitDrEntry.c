// Makes a second control device and does not finish it.
#define DEFECT_LOAD
#include "defect-second.h"
#include "defect-wdf.h"

static NTSTATUS DefectLoad(WDFDEVICE Device) {
  PWDFDEVICE_INIT init = DefectSecondInit(DefectDriver);
  WDFDEVICE second;
  NTSTATUS status = DefectMakeSecond(&init, &second);
  UNREFERENCED_PARAMETER(Device);
#ifdef REPAIRED
  if (NT_SUCCESS(status)) WdfControlFinishInitializing(second);
#endif
  return status;
}
