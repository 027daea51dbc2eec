// The framework driver under measurement: a device whose reads are completed at once, and loops over
// memory objects. The host times the requests.
#include <ntddk.h>

#include <wdf.h>

#define TAG 'bfdW'

// The input of every loop.
typedef struct BENCH_WORK {
  ULONG64 Count;  // turns of the loop
  ULONG64 Size;   // bytes of a buffer
} BENCH_WORK;

#define CODE(Function) CTL_CODE(0x8000, Function, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define IOCTL_LOOKASIDE_PAIR CODE(0x800)
#define IOCTL_MEMORY_PAIR CODE(0x801)
#define IOCTL_MEMORY_FILL CODE(0x802)
#define IOCTL_MEMORY_DRAIN CODE(0x803)

DRIVER_INITIALIZE DriverEntry;
static EVT_WDF_IO_QUEUE_IO_READ EvtIoRead;
static EVT_WDF_IO_QUEUE_IO_DEVICE_CONTROL EvtIoDeviceControl;
static EVT_WDF_DRIVER_UNLOAD EvtDriverUnload;

static NTSTATUS LookasidePairs(ULONG64 Count, size_t Size) {
  WDFLOOKASIDE list;
  NTSTATUS status = WdfLookasideListCreate(WDF_NO_OBJECT_ATTRIBUTES, Size, NonPagedPoolNx,
                                           WDF_NO_OBJECT_ATTRIBUTES, TAG, &list);
  if (!NT_SUCCESS(status)) return status;
  for (ULONG64 i = 0; i < Count; i++) {
    WDFMEMORY memory;
    status = WdfMemoryCreateFromLookaside(list, &memory);
    if (!NT_SUCCESS(status)) break;
    WdfObjectDelete(memory);
  }
  WdfObjectDelete(list);
  return status;
}

static NTSTATUS MemoryPairs(ULONG64 Count, size_t Size) {
  for (ULONG64 i = 0; i < Count; i++) {
    WDFMEMORY memory;
    NTSTATUS status = WdfMemoryCreate(WDF_NO_OBJECT_ATTRIBUTES, NonPagedPoolNx, TAG, Size, &memory,
                                      NULL);
    if (!NT_SUCCESS(status)) return status;
    WdfObjectDelete(memory);
  }
  return STATUS_SUCCESS;
}

// The parent of many live objects.
static WDFOBJECT Crowd;

static NTSTATUS MemoryFill(ULONG64 Count, size_t Size) {
  WDF_OBJECT_ATTRIBUTES attributes;
  NTSTATUS status = WdfObjectCreate(WDF_NO_OBJECT_ATTRIBUTES, &Crowd);
  if (!NT_SUCCESS(status)) return status;
  WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
  attributes.ParentObject = Crowd;
  for (ULONG64 i = 0; i < Count; i++) {
    WDFMEMORY memory;
    status = WdfMemoryCreate(&attributes, NonPagedPoolNx, TAG, Size, &memory, NULL);
    if (!NT_SUCCESS(status)) break;
  }
  return status;
}

static NTSTATUS MemoryDrain(void) {
  if (Crowd != NULL) WdfObjectDelete(Crowd);
  Crowd = NULL;
  return STATUS_SUCCESS;
}

// Writes the first byte and claims all of them, as the reads of bench.c do.
static void EvtIoRead(WDFQUEUE Queue, WDFREQUEST Request, size_t Length) {
  UCHAR *bytes;
  NTSTATUS status = WdfRequestRetrieveOutputBuffer(Request, 1, (void **)&bytes, NULL);
  UNREFERENCED_PARAMETER(Queue);
  if (NT_SUCCESS(status)) *(volatile UCHAR *)bytes = 0x5A;
  WdfRequestCompleteWithInformation(Request, status, NT_SUCCESS(status) ? Length : 0);
}

static void EvtIoDeviceControl(WDFQUEUE Queue, WDFREQUEST Request, size_t OutputLength,
                               size_t InputLength, ULONG Code) {
  BENCH_WORK *work;
  NTSTATUS status = WdfRequestRetrieveInputBuffer(Request, sizeof *work, (void **)&work, NULL);
  UNREFERENCED_PARAMETER(Queue);
  UNREFERENCED_PARAMETER(OutputLength);
  UNREFERENCED_PARAMETER(InputLength);
  if (NT_SUCCESS(status)) {
    switch (Code) {
      case IOCTL_LOOKASIDE_PAIR: status = LookasidePairs(work->Count, (size_t)work->Size); break;
      case IOCTL_MEMORY_PAIR: status = MemoryPairs(work->Count, (size_t)work->Size); break;
      case IOCTL_MEMORY_FILL: status = MemoryFill(work->Count, (size_t)work->Size); break;
      case IOCTL_MEMORY_DRAIN: status = MemoryDrain(); break;
      default: status = STATUS_INVALID_DEVICE_REQUEST;
    }
  }
  WdfRequestComplete(Request, status);
}

static void EvtDriverUnload(WDFDRIVER Driver) { UNREFERENCED_PARAMETER(Driver); }

static NTSTATUS MakeDevice(WDFDRIVER Driver) {
  DECLARE_CONST_UNICODE_STRING(name, L"\\Device\\WdfBench");
  DECLARE_CONST_UNICODE_STRING(link, L"\\DosDevices\\WdfBench");
  WDF_IO_QUEUE_CONFIG config;
  WDFDEVICE device;
  NTSTATUS status;
  PWDFDEVICE_INIT init =
      WdfControlDeviceInitAllocate(Driver, &SDDL_DEVOBJ_SYS_ALL_ADM_RWX_WORLD_RW_RES_R);
  if (!init) return STATUS_INSUFFICIENT_RESOURCES;
  WdfDeviceInitSetIoType(init, WdfDeviceIoBuffered);
  status = WdfDeviceInitAssignName(init, &name);
  if (NT_SUCCESS(status)) status = WdfDeviceCreate(&init, WDF_NO_OBJECT_ATTRIBUTES, &device);
  if (!NT_SUCCESS(status)) {
    if (init) WdfDeviceInitFree(init);
    return status;
  }
  status = WdfDeviceCreateSymbolicLink(device, &link);
  if (!NT_SUCCESS(status)) return status;
  WDF_IO_QUEUE_CONFIG_INIT_DEFAULT_QUEUE(&config, WdfIoQueueDispatchSequential);
  config.EvtIoRead = EvtIoRead;
  config.EvtIoDeviceControl = EvtIoDeviceControl;
  status = WdfIoQueueCreate(device, &config, WDF_NO_OBJECT_ATTRIBUTES, NULL);
  if (!NT_SUCCESS(status)) return status;
  WdfControlFinishInitializing(device);
  return STATUS_SUCCESS;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath) {
  WDF_DRIVER_CONFIG config;
  WDFDRIVER driver;
  NTSTATUS status;
  WDF_DRIVER_CONFIG_INIT(&config, WDF_NO_EVENT_CALLBACK);
  config.DriverInitFlags = WdfDriverInitNonPnpDriver;
  config.EvtDriverUnload = EvtDriverUnload;
  status =
      WdfDriverCreate(DriverObject, RegistryPath, WDF_NO_OBJECT_ATTRIBUTES, &config, &driver);
  return NT_SUCCESS(status) ? MakeDevice(driver) : status;
}
