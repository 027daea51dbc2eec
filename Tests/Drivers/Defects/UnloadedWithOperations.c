// Goes without telling the system that its routine is not to be called any more.
#define DEFECT_LOAD
#define DEFECT_UNLOAD
#include "defect.h"

static volatile LONG seen;

static VOID Notify(HANDLE Parent, HANDLE Process, BOOLEAN IsNew) {
  UNREFERENCED_PARAMETER(Parent);
  UNREFERENCED_PARAMETER(Process);
  if (IsNew) InterlockedIncrement(&seen);
}

static NTSTATUS DefectLoad(PDRIVER_OBJECT Driver, PDEVICE_OBJECT Device) {
  UNREFERENCED_PARAMETER(Driver);
  UNREFERENCED_PARAMETER(Device);
  return PsSetCreateProcessNotifyRoutine(Notify, FALSE);
}

static VOID DefectUnload(PDRIVER_OBJECT Driver) {
  UNREFERENCED_PARAMETER(Driver);
#ifdef REPAIRED
  PsSetCreateProcessNotifyRoutine(Notify, TRUE);
#endif
}
