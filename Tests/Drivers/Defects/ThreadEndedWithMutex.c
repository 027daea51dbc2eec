// Ends a thread with a mutex that it waited for.
#define DEFECT_WRITE
#include "defect.h"

static KMUTEX mutex;

static VOID Work(PVOID Context) {
  UNREFERENCED_PARAMETER(Context);
  KeWaitForSingleObject(&mutex, Executive, KernelMode, FALSE, NULL);
#ifdef REPAIRED
  KeReleaseMutex(&mutex, FALSE);
#endif
#ifndef RETURNS
  PsTerminateSystemThread(STATUS_SUCCESS);
#endif
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
  KeInitializeMutex(&mutex, 0);
  status = Run();
  return DefectComplete(Irp, status, NT_SUCCESS(status) ? DefectLength(Irp) : 0);
}
