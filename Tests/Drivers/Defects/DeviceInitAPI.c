// Describes a device after it was made.
#define DEFECT_LOAD
#include "defect-wdf.h"

static NTSTATUS DefectLoad(WDFDEVICE Device) {
  DECLARE_CONST_UNICODE_STRING(sddl, L"D:P");
  PWDFDEVICE_INIT init = WdfControlDeviceInitAllocate(DefectDriver, &sddl);
  WDFDEVICE other;
  NTSTATUS status;
  UNREFERENCED_PARAMETER(Device);
  if (init == NULL) return STATUS_INSUFFICIENT_RESOURCES;
#ifdef REPAIRED
  WdfDeviceInitSetExclusive(init, TRUE);
#endif
  status = WdfDeviceCreate(&init, WDF_NO_OBJECT_ATTRIBUTES, &other);
  if (!NT_SUCCESS(status)) {
    WdfDeviceInitFree(init);
    return status;
  }
#ifndef REPAIRED
  WdfDeviceInitSetExclusive(init, TRUE);
#endif
  WdfControlFinishInitializing(other);
  return STATUS_SUCCESS;
}
