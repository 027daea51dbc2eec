// A driver with two devices: the one that defect.h makes, and a filter over it.
//
// Reads, writes and control requests that come to the filter go to FilterRequest, which the driver
// defines; at the lower device they are answered. Everything else is passed on.
#pragma once
#define DEFECT_LOAD
#define DEFECT_UNLOAD
#define DEFECT_CREATE
#define DEFECT_CLEANUP
#define DEFECT_CLOSE
#define DEFECT_READ
#define DEFECT_WRITE
#define DEFECT_CONTROL
#include "defect.h"

static PDEVICE_OBJECT filter, lower;

static DRIVER_DISPATCH FilterRequest;
static NTSTATUS LowerRequest(PIRP Irp);

static NTSTATUS DefectLoad(PDRIVER_OBJECT Driver, PDEVICE_OBJECT Device) {
  NTSTATUS status = IoCreateDevice(Driver, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &filter);
  Device->Flags &= ~DO_DEVICE_INITIALIZING;
  if (!NT_SUCCESS(status)) return status;
  filter->Flags |= DEFECT_FLAGS;
  lower = IoAttachDeviceToDeviceStack(filter, Device);
  if (lower == NULL) {
    IoDeleteDevice(filter);
    return STATUS_NO_SUCH_DEVICE;
  }
  filter->Flags &= ~DO_DEVICE_INITIALIZING;
  return STATUS_SUCCESS;
}

static VOID DefectUnload(PDRIVER_OBJECT Driver) {
  UNREFERENCED_PARAMETER(Driver);
  IoDetachDevice(lower);
  IoDeleteDevice(filter);
}

static NTSTATUS PassOn(PDEVICE_OBJECT Device, PIRP Irp) {
  if (Device != filter) return DefectComplete(Irp, STATUS_SUCCESS, 0);
  IoSkipCurrentIrpStackLocation(Irp);
  return IoCallDriver(lower, Irp);
}

static NTSTATUS DefectCreate(PDEVICE_OBJECT Device, PIRP Irp) { return PassOn(Device, Irp); }
static NTSTATUS DefectCleanup(PDEVICE_OBJECT Device, PIRP Irp) { return PassOn(Device, Irp); }
static NTSTATUS DefectClose(PDEVICE_OBJECT Device, PIRP Irp) { return PassOn(Device, Irp); }

static NTSTATUS Request(PDEVICE_OBJECT Device, PIRP Irp) {
  return Device == filter ? FilterRequest(Device, Irp) : LowerRequest(Irp);
}

static NTSTATUS DefectRead(PDEVICE_OBJECT Device, PIRP Irp) { return Request(Device, Irp); }
static NTSTATUS DefectWrite(PDEVICE_OBJECT Device, PIRP Irp) { return Request(Device, Irp); }
static NTSTATUS DefectControl(PDEVICE_OBJECT Device, PIRP Irp) { return Request(Device, Irp); }
