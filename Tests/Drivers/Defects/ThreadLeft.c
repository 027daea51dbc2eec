// Leaves a thread behind that waits for something which nobody will do.
//
// With SIGNALLED its unload routine waits only for an event that the thread sets last of all.
#define DEFECT_LOAD
#define DEFECT_UNLOAD
#include "defect.h"

static KEVENT Stop;
static KEVENT Last;
static PKTHREAD Thread;

static VOID Run(PVOID Context) {
  UNREFERENCED_PARAMETER(Context);
  KeWaitForSingleObject(&Stop, Executive, KernelMode, FALSE, NULL);
  KeSetEvent(&Last, IO_NO_INCREMENT, FALSE);
  PsTerminateSystemThread(STATUS_SUCCESS);
}

static NTSTATUS DefectLoad(PDRIVER_OBJECT Driver, PDEVICE_OBJECT Device) {
  HANDLE handle;
  NTSTATUS status;
  UNREFERENCED_PARAMETER(Driver);
  UNREFERENCED_PARAMETER(Device);
  KeInitializeEvent(&Stop, NotificationEvent, FALSE);
  KeInitializeEvent(&Last, NotificationEvent, FALSE);
  status = PsCreateSystemThread(&handle, THREAD_ALL_ACCESS, NULL, NULL, NULL, Run, NULL);
  if (!NT_SUCCESS(status)) return status;
  status = ObReferenceObjectByHandle(handle, THREAD_ALL_ACCESS, *PsThreadType, KernelMode,
                                     (PVOID *)&Thread, NULL);
  ZwClose(handle);
  return status;
}

static VOID DefectUnload(PDRIVER_OBJECT Driver) {
  UNREFERENCED_PARAMETER(Driver);
#ifdef REPAIRED
  KeSetEvent(&Stop, IO_NO_INCREMENT, FALSE);
  KeWaitForSingleObject(Thread, Executive, KernelMode, FALSE, NULL);
#endif
#ifdef SIGNALLED
  KeSetEvent(&Stop, IO_NO_INCREMENT, FALSE);
  KeWaitForSingleObject(&Last, Executive, KernelMode, FALSE, NULL);
#endif
  ObDereferenceObject(Thread);
}
