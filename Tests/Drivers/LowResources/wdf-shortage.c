// The framework's driver for runs in which it is refused memory and objects.
//
// With MISSING_CHECK it uses memory that it did not get, with LEAK it forgets a block of pool when it
// gets no collection, with HANG it forgets the request when it gets no timer.
#include <ntddk.h>

#include <wdf.h>

#define SHORTAGE_TAG 'WrhS'

DRIVER_INITIALIZE DriverEntry;
static EVT_WDF_DRIVER_DEVICE_ADD ShortageAdd;
static EVT_WDF_IO_QUEUE_IO_READ ShortageRead;
static EVT_WDF_IO_QUEUE_IO_WRITE ShortageWrite;
static EVT_WDF_TIMER ShortageTimer;

static VOID ShortageTimer(WDFTIMER Timer) { UNREFERENCED_PARAMETER(Timer); }

// Memory that belongs to the request.
static NTSTATUS Fill(WDFREQUEST Request, PVOID Output, size_t Length) {
  WDF_OBJECT_ATTRIBUTES attributes;
  WDFMEMORY memory;
  PVOID bytes;
  NTSTATUS status;

  WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
  attributes.ParentObject = Request;
  status = WdfMemoryCreate(&attributes, NonPagedPoolNx, SHORTAGE_TAG, Length, &memory, &bytes);
#ifndef MISSING_CHECK
  if (!NT_SUCCESS(status)) return status;
#endif
  RtlFillMemory(bytes, Length, 0x5A);
  RtlCopyMemory(Output, bytes, Length);
  return STATUS_SUCCESS;
}

static VOID ShortageRead(WDFQUEUE Queue, WDFREQUEST Request, size_t Length) {
  PVOID output;
  NTSTATUS status = WdfRequestRetrieveOutputBuffer(Request, 1, &output, NULL);
  UNREFERENCED_PARAMETER(Queue);
  if (NT_SUCCESS(status)) status = Fill(Request, output, Length);
  WdfRequestCompleteWithInformation(Request, status, NT_SUCCESS(status) ? Length : 0);
}

// A block of pool, and an object while it is there.
static NTSTATUS UseCollection(WDFREQUEST Request) {
  WDF_OBJECT_ATTRIBUTES attributes;
  WDFCOLLECTION collection;
  NTSTATUS status;
  PVOID block = ExAllocatePool2(POOL_FLAG_NON_PAGED, 48, SHORTAGE_TAG);
  if (block == NULL) return STATUS_INSUFFICIENT_RESOURCES;
  WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
  attributes.ParentObject = Request;
  status = WdfCollectionCreate(&attributes, &collection);
#ifdef LEAK
  if (!NT_SUCCESS(status)) return status;
#endif
  if (NT_SUCCESS(status)) status = WdfCollectionAdd(collection, Request);
  if (NT_SUCCESS(status)) WdfCollectionRemove(collection, Request);
  ExFreePoolWithTag(block, SHORTAGE_TAG);
  return status;
}

static NTSTATUS UseTimer(WDFDEVICE Device) {
  WDF_TIMER_CONFIG config;
  WDF_OBJECT_ATTRIBUTES attributes;
  WDFTIMER timer;
  NTSTATUS status;
  WDF_TIMER_CONFIG_INIT(&config, ShortageTimer);
  WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
  attributes.ParentObject = Device;
  status = WdfTimerCreate(&config, &attributes, &timer);
  if (NT_SUCCESS(status)) WdfObjectDelete(timer);
  return status;
}

static VOID ShortageWrite(WDFQUEUE Queue, WDFREQUEST Request, size_t Length) {
  NTSTATUS status = UseCollection(Request);
  if (NT_SUCCESS(status)) {
    status = UseTimer(WdfIoQueueGetDevice(Queue));
#ifdef HANG
    if (!NT_SUCCESS(status)) return;
#endif
  }
  WdfRequestCompleteWithInformation(Request, status, NT_SUCCESS(status) ? Length : 0);
}

static NTSTATUS ShortageAdd(WDFDRIVER Driver, PWDFDEVICE_INIT Init) {
  DECLARE_CONST_UNICODE_STRING(link, L"\\DosDevices\\WdfShortage");
  WDF_IO_QUEUE_CONFIG config;
  WDFDEVICE device;
  NTSTATUS status;
  UNREFERENCED_PARAMETER(Driver);

  WdfDeviceInitSetIoType(Init, WdfDeviceIoBuffered);
  status = WdfDeviceCreate(&Init, WDF_NO_OBJECT_ATTRIBUTES, &device);
  if (!NT_SUCCESS(status)) return status;
  WDF_IO_QUEUE_CONFIG_INIT_DEFAULT_QUEUE(&config, WdfIoQueueDispatchParallel);
  config.EvtIoRead = ShortageRead;
  config.EvtIoWrite = ShortageWrite;
  status = WdfIoQueueCreate(device, &config, WDF_NO_OBJECT_ATTRIBUTES, WDF_NO_HANDLE);
  if (!NT_SUCCESS(status)) return status;
  return WdfDeviceCreateSymbolicLink(device, &link);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath) {
  WDF_DRIVER_CONFIG config;
  WDF_DRIVER_CONFIG_INIT(&config, ShortageAdd);
  return WdfDriverCreate(DriverObject, RegistryPath, WDF_NO_OBJECT_ATTRIBUTES, &config,
                         WDF_NO_HANDLE);
}
