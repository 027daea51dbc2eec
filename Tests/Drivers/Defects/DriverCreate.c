// A framework driver that makes no driver object.
#ifdef REPAIRED
#include "defect-wdf.h"
#else
#include <ntddk.h>

#include <wdf.h>

DRIVER_INITIALIZE DriverEntry;

NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING RegistryPath) {
  UNREFERENCED_PARAMETER(Driver);
  UNREFERENCED_PARAMETER(RegistryPath);
  return STATUS_SUCCESS;
}
#endif
