// Describes a device after it was made.
#define DEFECT_LOAD
#include "defect-second.h"
#include "defect-wdf.h"

static NTSTATUS DefectLoad(WDFDEVICE Device) {
  PWDFDEVICE_INIT init = DefectSecondInit(DefectDriver);
  WDFDEVICE second;
  NTSTATUS status;
  UNREFERENCED_PARAMETER(Device);
  if (init == NULL) return STATUS_INSUFFICIENT_RESOURCES;
#ifdef REPAIRED
  WdfDeviceInitSetExclusive(init, TRUE);
#endif
  status = DefectMakeSecond(&init, &second);
  if (!NT_SUCCESS(status)) return status;
#ifndef REPAIRED
  WdfDeviceInitSetExclusive(init, TRUE);
#endif
  WdfControlFinishInitializing(second);
  return STATUS_SUCCESS;
}
