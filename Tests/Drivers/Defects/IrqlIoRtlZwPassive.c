// Looks for a registry key at APC_LEVEL.
#define WRONG_LEVEL APC_LEVEL
#include "defect-level.h"

static VOID DefectCall(PDEVICE_OBJECT Device, PIRP Irp) {
  UNREFERENCED_PARAMETER(Device);
  UNREFERENCED_PARAMETER(Irp);
  (void)RtlCheckRegistryKey(RTL_REGISTRY_SERVICES, L"Nobody");
}
