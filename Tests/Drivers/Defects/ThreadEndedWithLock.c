// Ends a thread with a resource that it acquired.
#define DEFECT_WRITE
#include "defect.h"

static ERESOURCE resource;

static VOID Work(PVOID Context) {
  UNREFERENCED_PARAMETER(Context);
  KeEnterCriticalRegion();
  ExAcquireResourceExclusiveLite(&resource, TRUE);
#ifdef REPAIRED
  ExReleaseResourceLite(&resource);
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
  status = ExInitializeResourceLite(&resource);
  if (!NT_SUCCESS(status)) return DefectComplete(Irp, status, 0);
  status = Run();
  ExDeleteResourceLite(&resource);
  return DefectComplete(Irp, status, NT_SUCCESS(status) ? DefectLength(Irp) : 0);
}
