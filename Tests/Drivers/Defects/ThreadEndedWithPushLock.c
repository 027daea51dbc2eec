// Ends a thread with a push lock that it acquired.
#define DEFECT_WRITE
#include "defect.h"

static EX_PUSH_LOCK lock;

static VOID Work(PVOID Context) {
  UNREFERENCED_PARAMETER(Context);
  KeEnterCriticalRegion();
  ExAcquirePushLockExclusive(&lock);
#ifdef REPAIRED
  ExReleasePushLockExclusive(&lock);
#endif
  KeLeaveCriticalRegion();
  PsTerminateSystemThread(STATUS_SUCCESS);
}

// Runs the other thread to its end.
static NTSTATUS Run(void) {
  OBJECT_ATTRIBUTES attributes;
  HANDLE handle;
  PVOID thread;
  NTSTATUS status;
  InitializeObjectAttributes(&attributes, NULL, OBJ_KERNEL_HANDLE, NULL, NULL);
  status = PsCreateSystemThread(&handle, THREAD_ALL_ACCESS, &attributes, NULL, NULL, Work, NULL);
  if (!NT_SUCCESS(status)) return status;
  status = ObReferenceObjectByHandle(handle, SYNCHRONIZE, NULL, KernelMode, &thread, NULL);
  ZwClose(handle);
  if (!NT_SUCCESS(status)) return status;
  KeWaitForSingleObject(thread, Executive, KernelMode, FALSE, NULL);
  ObDereferenceObject(thread);
  return STATUS_SUCCESS;
}

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  NTSTATUS status;
  UNREFERENCED_PARAMETER(Device);
  ExInitializePushLock(&lock);
  status = Run();
  return DefectComplete(Irp, status, NT_SUCCESS(status) ? DefectLength(Irp) : 0);
}
