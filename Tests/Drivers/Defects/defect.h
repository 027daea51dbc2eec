// What the drivers of this folder have in common: a device \Device\Defect with the link \\.\Defect.
//
// A driver defines, before it includes this, which parts are its own, and after it each of these
// routines: DEFECT_LOAD, DEFECT_UNLOAD, DEFECT_CREATE, DEFECT_CLEANUP, DEFECT_CLOSE, DEFECT_READ,
// DEFECT_WRITE, DEFECT_CONTROL, DEFECT_INTERNAL. The others do what is right; without DEFECT_INTERNAL
// nobody takes internal control requests. DEFECT_FLAGS are the device's flags in the place of
// DO_BUFFERED_IO, DEFECT_EXTENSION is the size of its extension.
//
// It is built twice: without REPAIRED it breaks the rule of its name, with it it breaks none.
#pragma once
#include <ntddk.h>

#define DEFECT_TAG 'tfeD'

#ifndef DEFECT_FLAGS
#define DEFECT_FLAGS DO_BUFFERED_IO
#endif
#ifndef DEFECT_EXTENSION
#define DEFECT_EXTENSION 0
#endif

static UNICODE_STRING DefectName = RTL_CONSTANT_STRING(L"\\Device\\Defect");
static UNICODE_STRING DefectLink = RTL_CONSTANT_STRING(L"\\DosDevices\\Defect");

DRIVER_INITIALIZE DriverEntry;

// Ends a request.
static __inline NTSTATUS DefectComplete(PIRP Irp, NTSTATUS Status, ULONG_PTR Information) {
  Irp->IoStatus.Status = Status;
  Irp->IoStatus.Information = Information;
  IoCompleteRequest(Irp, IO_NO_INCREMENT);
  return Status;
}

// Bytes that a read, a write or the output of a control request has.
static __inline ULONG DefectLength(PIRP Irp) {
  PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
  switch (stack->MajorFunction) {
    case IRP_MJ_READ:
      return stack->Parameters.Read.Length;
    case IRP_MJ_WRITE:
      return stack->Parameters.Write.Length;
    case IRP_MJ_DEVICE_CONTROL:
    case IRP_MJ_INTERNAL_DEVICE_CONTROL:
      return stack->Parameters.DeviceIoControl.OutputBufferLength;
    default:
      return 0;
  }
}

// Answers a read or a control request with bytes of its own.
static __inline NTSTATUS DefectAnswer(PIRP Irp) {
  ULONG length = DefectLength(Irp);
  if (length != 0 && Irp->AssociatedIrp.SystemBuffer != NULL) {
    RtlFillMemory(Irp->AssociatedIrp.SystemBuffer, length, 0x5A);
  }
  return DefectComplete(Irp, STATUS_SUCCESS, length);
}

#ifdef DEFECT_LOAD
static NTSTATUS DefectLoad(PDRIVER_OBJECT Driver, PDEVICE_OBJECT Device);
#else
static NTSTATUS DefectLoad(PDRIVER_OBJECT Driver, PDEVICE_OBJECT Device) {
  UNREFERENCED_PARAMETER(Driver);
  UNREFERENCED_PARAMETER(Device);
  return STATUS_SUCCESS;
}
#endif

#ifdef DEFECT_UNLOAD
static VOID DefectUnload(PDRIVER_OBJECT Driver);
#else
static VOID DefectUnload(PDRIVER_OBJECT Driver) { UNREFERENCED_PARAMETER(Driver); }
#endif

#define DEFECT_DISPATCH(Name, Body)                                \
  static NTSTATUS Defect##Name(PDEVICE_OBJECT Device, PIRP Irp) { \
    UNREFERENCED_PARAMETER(Device);                                \
    return Body;                                                   \
  }

#ifdef DEFECT_CREATE
static DRIVER_DISPATCH DefectCreate;
#else
DEFECT_DISPATCH(Create, DefectComplete(Irp, STATUS_SUCCESS, 0))
#endif

#ifdef DEFECT_CLEANUP
static DRIVER_DISPATCH DefectCleanup;
#else
DEFECT_DISPATCH(Cleanup, DefectComplete(Irp, STATUS_SUCCESS, 0))
#endif

#ifdef DEFECT_CLOSE
static DRIVER_DISPATCH DefectClose;
#else
DEFECT_DISPATCH(Close, DefectComplete(Irp, STATUS_SUCCESS, 0))
#endif

#ifdef DEFECT_READ
static DRIVER_DISPATCH DefectRead;
#else
DEFECT_DISPATCH(Read, DefectAnswer(Irp))
#endif

#ifdef DEFECT_WRITE
static DRIVER_DISPATCH DefectWrite;
#else
DEFECT_DISPATCH(Write, DefectComplete(Irp, STATUS_SUCCESS, DefectLength(Irp)))
#endif

#ifdef DEFECT_CONTROL
static DRIVER_DISPATCH DefectControl;
#else
DEFECT_DISPATCH(Control, DefectAnswer(Irp))
#endif

#ifdef DEFECT_INTERNAL
static DRIVER_DISPATCH DefectInternal;
#endif

static VOID DefectGo(PDRIVER_OBJECT Driver) {
  DefectUnload(Driver);
  IoDeleteSymbolicLink(&DefectLink);
  IoDeleteDevice(Driver->DeviceObject);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING RegistryPath) {
  PDEVICE_OBJECT device;
  NTSTATUS status;
  UNREFERENCED_PARAMETER(RegistryPath);

  Driver->DriverUnload = DefectGo;
  Driver->MajorFunction[IRP_MJ_CREATE] = DefectCreate;
  Driver->MajorFunction[IRP_MJ_CLEANUP] = DefectCleanup;
  Driver->MajorFunction[IRP_MJ_CLOSE] = DefectClose;
  Driver->MajorFunction[IRP_MJ_READ] = DefectRead;
  Driver->MajorFunction[IRP_MJ_WRITE] = DefectWrite;
  Driver->MajorFunction[IRP_MJ_DEVICE_CONTROL] = DefectControl;
#ifdef DEFECT_INTERNAL
  Driver->MajorFunction[IRP_MJ_INTERNAL_DEVICE_CONTROL] = DefectInternal;
#endif

  status = IoCreateDevice(Driver, DEFECT_EXTENSION, &DefectName, FILE_DEVICE_UNKNOWN,
                          FILE_DEVICE_SECURE_OPEN, FALSE, &device);
  if (!NT_SUCCESS(status)) return status;
  device->Flags |= DEFECT_FLAGS;
  status = IoCreateSymbolicLink(&DefectLink, &DefectName);
  if (NT_SUCCESS(status)) status = DefectLoad(Driver, device);
  if (!NT_SUCCESS(status)) {
    IoDeleteSymbolicLink(&DefectLink);
    IoDeleteDevice(device);
    return status;
  }
  device->Flags &= ~DO_DEVICE_INITIALIZING;
  return STATUS_SUCCESS;
}
