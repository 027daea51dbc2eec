// What the framework drivers of this folder have in common: a control device \Device\Defect with the
// link \\.\Defect and one parallel queue.
//
// A driver defines, before it includes this, which parts are its own, and after it each of these
// routines: DEFECT_LOAD, DEFECT_UNLOAD, DEFECT_READ, DEFECT_WRITE, DEFECT_CONTROL, DEFECT_INTERNAL. The
// others do what is right; without DEFECT_INTERNAL nobody takes internal control requests.
// DEFECT_IO_TYPE is the device's kind of buffers in the place of WdfDeviceIoBuffered,
// DEFECT_DISPATCH_TYPE the queue's in the place of WdfIoQueueDispatchParallel, DEFECT_SCOPE its
// synchronization scope in the place of none, DEFECT_ZERO_LENGTH whether it presents transfers of no
// bytes, DEFECT_STACK the number of stack locations of requests.
//
// It is built twice: without REPAIRED it breaks the rule of its name, with it it breaks none.
#pragma once
#include <ntddk.h>

#include <wdf.h>

#define DEFECT_TAG 'tfeD'

#ifndef DEFECT_IO_TYPE
#define DEFECT_IO_TYPE WdfDeviceIoBuffered
#endif
#ifndef DEFECT_DISPATCH_TYPE
#define DEFECT_DISPATCH_TYPE WdfIoQueueDispatchParallel
#endif
#ifndef DEFECT_SCOPE
#define DEFECT_SCOPE WdfSynchronizationScopeNone
#endif
#ifndef DEFECT_ZERO_LENGTH
#define DEFECT_ZERO_LENGTH FALSE
#endif
#ifndef DEFECT_STACK
#define DEFECT_STACK 1
#endif

DRIVER_INITIALIZE DriverEntry;

static WDFDRIVER DefectDriver;
static WDFDEVICE DefectDevice;
static WDFQUEUE DefectQueue;

// Answers a read or a control request with bytes of its own.
static __inline VOID DefectAnswer(WDFREQUEST Request, size_t Length) {
  PVOID buffer;
  NTSTATUS status = STATUS_SUCCESS;
  if (Length != 0) {
    status = WdfRequestRetrieveOutputBuffer(Request, Length, &buffer, NULL);
    if (NT_SUCCESS(status)) RtlFillMemory(buffer, Length, 0x5A);
  }
  WdfRequestCompleteWithInformation(Request, status, NT_SUCCESS(status) ? Length : 0);
}

#ifdef DEFECT_LOAD
static NTSTATUS DefectLoad(WDFDEVICE Device);
#else
static NTSTATUS DefectLoad(WDFDEVICE Device) {
  UNREFERENCED_PARAMETER(Device);
  return STATUS_SUCCESS;
}
#endif

#ifdef DEFECT_UNLOAD
static EVT_WDF_DRIVER_UNLOAD DefectUnload;
#else
static VOID DefectUnload(WDFDRIVER Driver) { UNREFERENCED_PARAMETER(Driver); }
#endif

#ifdef DEFECT_READ
static EVT_WDF_IO_QUEUE_IO_READ DefectRead;
#else
static VOID DefectRead(WDFQUEUE Queue, WDFREQUEST Request, size_t Length) {
  UNREFERENCED_PARAMETER(Queue);
  DefectAnswer(Request, Length);
}
#endif

#ifdef DEFECT_WRITE
static EVT_WDF_IO_QUEUE_IO_WRITE DefectWrite;
#else
static VOID DefectWrite(WDFQUEUE Queue, WDFREQUEST Request, size_t Length) {
  UNREFERENCED_PARAMETER(Queue);
  WdfRequestCompleteWithInformation(Request, STATUS_SUCCESS, Length);
}
#endif

#ifdef DEFECT_CONTROL
static EVT_WDF_IO_QUEUE_IO_DEVICE_CONTROL DefectControl;
#else
static VOID DefectControl(WDFQUEUE Queue, WDFREQUEST Request, size_t OutputLength,
                          size_t InputLength, ULONG Code) {
  UNREFERENCED_PARAMETER(Queue);
  UNREFERENCED_PARAMETER(InputLength);
  UNREFERENCED_PARAMETER(Code);
  DefectAnswer(Request, OutputLength);
}
#endif

#ifdef DEFECT_INTERNAL
static EVT_WDF_IO_QUEUE_IO_INTERNAL_DEVICE_CONTROL DefectInternal;
#endif

static NTSTATUS DefectMakeDevice(WDFDRIVER Driver) {
  DECLARE_CONST_UNICODE_STRING(sddl, L"D:P(A;;GA;;;WD)");
  DECLARE_CONST_UNICODE_STRING(name, L"\\Device\\Defect");
  DECLARE_CONST_UNICODE_STRING(link, L"\\DosDevices\\Defect");
  PWDFDEVICE_INIT init = WdfControlDeviceInitAllocate(Driver, &sddl);
  NTSTATUS status;
  if (init == NULL) return STATUS_INSUFFICIENT_RESOURCES;
  WdfDeviceInitSetIoType(init, DEFECT_IO_TYPE);
  status = WdfDeviceInitAssignName(init, &name);
  if (NT_SUCCESS(status)) status = WdfDeviceCreate(&init, WDF_NO_OBJECT_ATTRIBUTES, &DefectDevice);
  if (!NT_SUCCESS(status)) {
    if (init != NULL) WdfDeviceInitFree(init);
    return status;
  }
  WdfDeviceWdmGetDeviceObject(DefectDevice)->StackSize = DEFECT_STACK;
  return WdfDeviceCreateSymbolicLink(DefectDevice, &link);
}

static NTSTATUS DefectMakeQueue(void) {
  WDF_OBJECT_ATTRIBUTES attributes;
  WDF_IO_QUEUE_CONFIG config;
  WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
  attributes.SynchronizationScope = DEFECT_SCOPE;
  WDF_IO_QUEUE_CONFIG_INIT_DEFAULT_QUEUE(&config, DEFECT_DISPATCH_TYPE);
  config.AllowZeroLengthRequests = DEFECT_ZERO_LENGTH;
  config.EvtIoRead = DefectRead;
  config.EvtIoWrite = DefectWrite;
  config.EvtIoDeviceControl = DefectControl;
#ifdef DEFECT_INTERNAL
  config.EvtIoInternalDeviceControl = DefectInternal;
#endif
  return WdfIoQueueCreate(DefectDevice, &config, &attributes, &DefectQueue);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING RegistryPath) {
  WDF_DRIVER_CONFIG config;
  NTSTATUS status;

  WDF_DRIVER_CONFIG_INIT(&config, WDF_NO_EVENT_CALLBACK);
  config.DriverInitFlags = WdfDriverInitNonPnpDriver;
  config.EvtDriverUnload = DefectUnload;
  config.DriverPoolTag = DEFECT_TAG;
  status =
      WdfDriverCreate(Driver, RegistryPath, WDF_NO_OBJECT_ATTRIBUTES, &config, &DefectDriver);
  if (NT_SUCCESS(status)) status = DefectMakeDevice(DefectDriver);
  if (NT_SUCCESS(status)) status = DefectMakeQueue();
  if (NT_SUCCESS(status)) status = DefectLoad(DefectDevice);
  if (NT_SUCCESS(status)) WdfControlFinishInitializing(DefectDevice);
  return status;
}
