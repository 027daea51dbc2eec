// Deletes a registry value at APC_LEVEL.
#define DEFECT_WRITE
#include "defect.h"

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  KIRQL old;
  
  UNREFERENCED_PARAMETER(Device);
#ifdef REPAIRED
  (void)RtlDeleteRegistryValue(RTL_REGISTRY_SERVICES, L"Nobody", L"Nothing");
  KeRaiseIrql(APC_LEVEL, &old);
#else
  KeRaiseIrql(APC_LEVEL, &old);
  (void)RtlDeleteRegistryValue(RTL_REGISTRY_SERVICES, L"Nobody", L"Nothing");
#endif
  KeLowerIrql(old);
  return DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
}
