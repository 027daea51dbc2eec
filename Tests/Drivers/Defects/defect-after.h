// What the drivers have in common that look into the memory of a request which they have completed.
//
// A driver defines, before it includes this, one of DEFECT_READ, DEFECT_WRITE, DEFECT_CONTROL and
// DEFECT_INTERNAL: the kind of the request; and AFTER_MDL when it is the mapped pages that it looks into,
// not the system buffer. Control requests that the script does not send, the driver sends to itself.
#pragma once

#ifdef AFTER_MDL
#define AFTER_METHOD METHOD_OUT_DIRECT
#define DEFECT_FLAGS DO_DIRECT_IO
#else
#define AFTER_METHOD METHOD_BUFFERED
#endif
#define AFTER_CODE CTL_CODE(FILE_DEVICE_UNKNOWN, 0x801, AFTER_METHOD, FILE_ANY_ACCESS)

#ifdef DEFECT_INTERNAL
#define AFTER_IS_INTERNAL TRUE
#define DEFECT_CONTROL
#else
#define AFTER_IS_INTERNAL FALSE
#endif

#include "defect.h"

static volatile UCHAR AfterLast;

static volatile UCHAR *AfterMemory(PIRP Irp) {
#ifdef AFTER_MDL
  return MmGetSystemAddressForMdlSafe(Irp->MdlAddress, NormalPagePriority);
#else
  return Irp->AssociatedIrp.SystemBuffer;
#endif
}

// Completes the request, and looks into its memory: before that when the driver is repaired.
static __inline NTSTATUS AfterLook(PDEVICE_OBJECT Device, PIRP Irp) {
  volatile UCHAR *memory = AfterMemory(Irp);
  NTSTATUS status;
  UNREFERENCED_PARAMETER(Device);
  if (memory == NULL) return DefectComplete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
#ifndef DEFECT_WRITE
  RtlFillMemory((PVOID)memory, DefectLength(Irp), 0x5A);
#endif
#ifdef REPAIRED
  AfterLast = memory[0];
#endif
  status = DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp));
#ifndef REPAIRED
  AfterLast = memory[0];
#endif
  return status;
}

// Sends a control request to the driver's own device, and waits for it.
static __inline NTSTATUS AfterSend(PDEVICE_OBJECT Device) {
  UCHAR *bytes = ExAllocatePool2(POOL_FLAG_NON_PAGED, 64, DEFECT_TAG);
  IO_STATUS_BLOCK answer;
  KEVENT event;
  PIRP irp;
  NTSTATUS status;
  if (bytes == NULL) return STATUS_INSUFFICIENT_RESOURCES;
  KeInitializeEvent(&event, NotificationEvent, FALSE);
  irp = IoBuildDeviceIoControlRequest(AFTER_CODE, Device, NULL, 0, bytes, 64, AFTER_IS_INTERNAL,
                                      &event, &answer);
  status = irp == NULL ? STATUS_INSUFFICIENT_RESOURCES : IoCallDriver(Device, irp);
  if (status == STATUS_PENDING) {
    KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, NULL);
    status = answer.Status;
  }
  ExFreePoolWithTag(bytes, DEFECT_TAG);
  return status;
}

#ifdef DEFECT_READ
static NTSTATUS DefectRead(PDEVICE_OBJECT Device, PIRP Irp) { return AfterLook(Device, Irp); }
#endif

#ifdef DEFECT_WRITE
static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) { return AfterLook(Device, Irp); }
#endif

#ifdef DEFECT_CONTROL
static NTSTATUS DefectControl(PDEVICE_OBJECT Device, PIRP Irp) {
  ULONG code = IoGetCurrentIrpStackLocation(Irp)->Parameters.DeviceIoControl.IoControlCode;
  NTSTATUS status;
  if (code == AFTER_CODE) return AfterLook(Device, Irp);
  status = AfterSend(Device);
  return NT_SUCCESS(status) ? DefectAnswer(Irp) : DefectComplete(Irp, status, 0);
}
#endif

#ifdef DEFECT_INTERNAL
static NTSTATUS DefectInternal(PDEVICE_OBJECT Device, PIRP Irp) { return AfterLook(Device, Irp); }
#endif
