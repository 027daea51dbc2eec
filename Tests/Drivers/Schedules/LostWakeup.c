// Each write gives a thread of the driver work, and waits until it is done.
//
// The thread clears the event that wakes it after it has looked for work: a write that comes in between is
// never seen, and waits for ever. REPAIRED, it clears the event first.
#define DEFECT_LOAD
#define DEFECT_UNLOAD
#define DEFECT_WRITE
#define DEFECT_EXTENSION sizeof(EXTENSION)
#include <ntddk.h>

typedef struct EXTENSION {
  KEVENT Wake;
  KEVENT Done;
  LONG Work;
  BOOLEAN Stops;
  PVOID Thread;
} EXTENSION;

#include "../Defects/defect.h"

static VOID Worker(PVOID Context) {
  EXTENSION *extension = Context;
  while (!extension->Stops) {
    KeWaitForSingleObject(&extension->Wake, Executive, KernelMode, FALSE, NULL);
#ifdef REPAIRED
    KeClearEvent(&extension->Wake);
#endif
    if (InterlockedExchange(&extension->Work, 0) != 0) {
      KeSetEvent(&extension->Done, IO_NO_INCREMENT, FALSE);
    }
#ifndef REPAIRED
    KeClearEvent(&extension->Wake);
#endif
  }
  PsTerminateSystemThread(STATUS_SUCCESS);
}

static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) {
  EXTENSION *extension = Device->DeviceExtension;
  InterlockedExchange(&extension->Work, 1);
  KeSetEvent(&extension->Wake, IO_NO_INCREMENT, FALSE);
  KeWaitForSingleObject(&extension->Done, Executive, KernelMode, FALSE, NULL);
  return DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
}

static NTSTATUS DefectLoad(PDRIVER_OBJECT Driver, PDEVICE_OBJECT Device) {
  EXTENSION *extension = Device->DeviceExtension;
  HANDLE handle;
  NTSTATUS status;
  UNREFERENCED_PARAMETER(Driver);
  KeInitializeEvent(&extension->Wake, NotificationEvent, FALSE);
  KeInitializeEvent(&extension->Done, SynchronizationEvent, FALSE);
  status = PsCreateSystemThread(&handle, THREAD_ALL_ACCESS, NULL, NULL, NULL, Worker, extension);
  if (!NT_SUCCESS(status)) return status;
  status = ObReferenceObjectByHandle(handle, THREAD_ALL_ACCESS, *PsThreadType, KernelMode,
                                     &extension->Thread, NULL);
  ZwClose(handle);
  return status;
}

static VOID DefectUnload(PDRIVER_OBJECT Driver) {
  EXTENSION *extension = Driver->DeviceObject->DeviceExtension;
  extension->Stops = TRUE;
  KeSetEvent(&extension->Wake, IO_NO_INCREMENT, FALSE);
  KeWaitForSingleObject(extension->Thread, Executive, KernelMode, FALSE, NULL);
  ObDereferenceObject(extension->Thread);
}
