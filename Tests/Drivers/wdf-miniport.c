// A driver with a dispatch table of its own, as a port driver has it, that wraps its device objects into
// framework devices. One scenario for each control code.
#include <ntddk.h>

#include <wdf.h>
#include <wdfminiport.h>

DRIVER_INITIALIZE DriverEntry;

#define TAG 'troP'
#define IOCTL_ANSWER CTL_CODE(FILE_DEVICE_UNKNOWN, 0x900, METHOD_BUFFERED, FILE_ANY_ACCESS)

typedef struct _EXTENSION {
  ULONG64 Mark;
  PDEVICE_OBJECT Lower;
} EXTENSION, *PEXTENSION;

typedef struct _NOTE {
  ULONG Number;
} NOTE, *PNOTE;

WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(NOTE, GetNote)

static PDRIVER_OBJECT driverObject;
static PDEVICE_OBJECT port, lower, upper;
static WDFDEVICE kept;
static KEVENT expired;
static ULONG log[32], logCount;

static void Log(ULONG Number) {
  if (logCount < 32) log[logCount++] = Number;
}

static void EvtCleanup(WDFOBJECT Object) { Log(GetNote(Object)->Number); }
static void EvtDestroy(WDFOBJECT Object) { Log(100 + GetNote(Object)->Number); }

static void SetAttributes(PWDF_OBJECT_ATTRIBUTES Attributes, WDFOBJECT Parent) {
  WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(Attributes, NOTE);
  Attributes->ParentObject = Parent;
  Attributes->EvtCleanupCallback = EvtCleanup;
  Attributes->EvtDestroyCallback = EvtDestroy;
}

static NTSTATUS Wrap(PDEVICE_OBJECT Device, PDEVICE_OBJECT Attached, PDEVICE_OBJECT Physical,
                     WDFDEVICE *Result) {
  WDF_OBJECT_ATTRIBUTES attributes;
  NTSTATUS status;
  SetAttributes(&attributes, NULL);
  status = WdfDeviceMiniportCreate(WdfGetDriver(), &attributes, Device, Attached, Physical, Result);
  if (NT_SUCCESS(status)) GetNote(*Result)->Number = 1;
  return status;
}

// What a device over nothing answers, and that the framework leaves the extension alone.
static void Plain(ULONG64 *Out) {
  PEXTENSION extension = port->DeviceExtension;
  WDFDEVICE device = NULL;
  Out[0] = (ULONG)Wrap(port, NULL, NULL, &device);
  if (!device) return;
  Out[1] = WdfDeviceWdmGetDeviceObject(device) == port;
  Out[2] = (ULONG64)WdfDeviceWdmGetAttachedDevice(device);
  Out[3] = (ULONG64)WdfDeviceWdmGetPhysicalDevice(device);
  Out[4] = (ULONG64)WdfDeviceGetIoTarget(device);
  Out[5] = (ULONG64)WdfWdmDeviceGetWdfDeviceHandle(port);
  Out[6] = extension->Mark;
  Out[7] = WdfDeviceGetDriver(device) == WdfGetDriver();
  WdfDeviceSetAlignmentRequirement(device, FILE_LONG_ALIGNMENT);
  Out[8] = port->AlignmentRequirement == FILE_LONG_ALIGNMENT;
  port->AlignmentRequirement = 0;
  WdfObjectDelete(device);
  Out[9] = extension->Mark;
}

// A request through the target of a device above another one.
static void Target(ULONG64 *Out) {
  WDF_MEMORY_DESCRIPTOR output;
  ULONG64 answer = 0;
  ULONG_PTR count = 0;
  WDFIOTARGET target;
  WDFDEVICE device = NULL;
  Out[0] = (ULONG)Wrap(upper, lower, lower, &device);
  if (!device) return;
  Out[1] = WdfDeviceWdmGetAttachedDevice(device) == lower;
  Out[2] = WdfDeviceWdmGetPhysicalDevice(device) == lower;
  target = WdfDeviceGetIoTarget(device);
  Out[3] = target != NULL && WdfIoTargetGetDevice(target) == device;
  WDF_MEMORY_DESCRIPTOR_INIT_BUFFER(&output, &answer, sizeof answer);
  Out[4] = (ULONG)WdfIoTargetSendIoctlSynchronously(target, NULL, IOCTL_ANSWER, NULL, &output, NULL,
                                                    &count);
  Out[5] = answer;
  Out[6] = count;
  WdfObjectDelete(device);
  // Still above the lower device, which the framework has nothing to do with.
  Out[7] = lower->AttachedDevice == upper;
}

static void EvtTimer(WDFTIMER Timer) {
  Log(WdfTimerGetParentObject(Timer) == kept ? 50 : 51);
  KeSetEvent(&expired, 0, FALSE);
}

static void EvtWork(WDFWORKITEM Item) {
  Log(WdfWorkItemGetParentObject(Item) == kept ? 60 : 61);
}

static NTSTATUS MakeObjects(void) {
  WDF_OBJECT_ATTRIBUTES attributes;
  WDF_TIMER_CONFIG timerConfig;
  WDF_WORKITEM_CONFIG workConfig;
  WDFTIMER timer;
  WDFWORKITEM item;
  WDFMEMORY memory;
  NTSTATUS status;
  SetAttributes(&attributes, kept);
  status = WdfMemoryCreate(&attributes, NonPagedPoolNx, TAG, 100, &memory, NULL);
  if (!NT_SUCCESS(status)) return status;
  GetNote(memory)->Number = 2;
  SetAttributes(&attributes, kept);
  WDF_TIMER_CONFIG_INIT(&timerConfig, EvtTimer);
  status = WdfTimerCreate(&timerConfig, &attributes, &timer);
  if (!NT_SUCCESS(status)) return status;
  GetNote(timer)->Number = 3;
  SetAttributes(&attributes, kept);
  WDF_WORKITEM_CONFIG_INIT(&workConfig, EvtWork);
  status = WdfWorkItemCreate(&workConfig, &attributes, &item);
  if (!NT_SUCCESS(status)) return status;
  GetNote(item)->Number = 4;
  (void)WdfTimerStart(timer, WDF_REL_TIMEOUT_IN_MS(1));
  (void)KeWaitForSingleObject(&expired, Executive, KernelMode, FALSE, NULL);
  WdfWorkItemEnqueue(item);
  WdfWorkItemFlush(item);
  return STATUS_SUCCESS;
}

// Timers, work items and memory below a device, and how they go with it.
static void Children(ULONG64 *Out) {
  logCount = 0;
  KeInitializeEvent(&expired, NotificationEvent, FALSE);
  Out[0] = (ULONG)Wrap(port, NULL, NULL, &kept);
  if (NT_SUCCESS(Out[0])) Out[0] = (ULONG)MakeObjects();
  WdfObjectDelete(kept);
  for (ULONG i = 0; i < logCount; i++) Out[2 + i] = log[i];
  Out[1] = logCount;
}

// A device that is left to the end of the driver.
static void Keep(ULONG64 *Out) { Out[0] = (ULONG)Wrap(port, NULL, NULL, &kept); }

static void HalfStack(ULONG64 *Out) {
  WDFDEVICE device;
  Out[0] = (ULONG)Wrap(upper, lower, NULL, &device);
}

static void Queue(ULONG64 *Out) {
  WDF_IO_QUEUE_CONFIG config;
  WDFDEVICE device;
  WDF_IO_QUEUE_CONFIG_INIT(&config, WdfIoQueueDispatchManual);
  if (!NT_SUCCESS(Wrap(port, NULL, NULL, &device))) return;
  Out[0] = (ULONG)WdfIoQueueCreate(device, &config, WDF_NO_OBJECT_ATTRIBUTES, NULL);
}

static NTSTATUS Complete(PIRP Irp, NTSTATUS Status, ULONG_PTR Information) {
  Irp->IoStatus.Status = Status;
  Irp->IoStatus.Information = Information;
  IoCompleteRequest(Irp, IO_NO_INCREMENT);
  return Status;
}

static NTSTATUS DispatchOpen(PDEVICE_OBJECT Device, PIRP Irp) {
  UNREFERENCED_PARAMETER(Device);
  return Complete(Irp, STATUS_SUCCESS, 0);
}

static NTSTATUS DispatchControl(PDEVICE_OBJECT Device, PIRP Irp) {
  static void (*const scenarios[])(ULONG64 *) = {Plain, Target,    Children,
                                                 Keep,  HalfStack, Queue};
  PIO_STACK_LOCATION location = IoGetCurrentIrpStackLocation(Irp);
  ULONG code = location->Parameters.DeviceIoControl.IoControlCode;
  ULONG number = ((code >> 2) & 0xFFF) - 0x800;
  ULONG64 output[16] = {0};
  ULONG length = location->Parameters.DeviceIoControl.OutputBufferLength;
  if (Device == lower && code == IOCTL_ANSWER && length >= 8) {
    *(ULONG64 *)Irp->AssociatedIrp.SystemBuffer = 42;
    return Complete(Irp, STATUS_SUCCESS, 8);
  }
  if (number >= ARRAYSIZE(scenarios)) return Complete(Irp, STATUS_INVALID_DEVICE_REQUEST, 0);
  scenarios[number](output);
  if (length > sizeof output) length = sizeof output;
  RtlCopyMemory(Irp->AssociatedIrp.SystemBuffer, output, length);
  return Complete(Irp, STATUS_SUCCESS, length);
}

static void Unload(PDRIVER_OBJECT Driver) {
  DECLARE_CONST_UNICODE_STRING(link, L"\\DosDevices\\WdfMiniport");
  IoDeleteSymbolicLink((PUNICODE_STRING)&link);
  IoDetachDevice(lower);
  if (kept) WdfObjectDelete(kept);
  while (Driver->DeviceObject) IoDeleteDevice(Driver->DeviceObject);
  WdfDriverMiniportUnload(WdfGetDriver());
}

static NTSTATUS MakeDevice(PCUNICODE_STRING Name, PDEVICE_OBJECT *Device) {
  NTSTATUS status = IoCreateDevice(driverObject, sizeof(EXTENSION), (PUNICODE_STRING)Name,
                                   FILE_DEVICE_UNKNOWN, 0, FALSE, Device);
  if (!NT_SUCCESS(status)) return status;
  ((PEXTENSION)(*Device)->DeviceExtension)->Mark = 0x1122334455667788;
  (*Device)->Flags |= DO_BUFFERED_IO;
  (*Device)->Flags &= ~DO_DEVICE_INITIALIZING;
  return status;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath) {
  DECLARE_CONST_UNICODE_STRING(name, L"\\Device\\WdfMiniport");
  DECLARE_CONST_UNICODE_STRING(link, L"\\DosDevices\\WdfMiniport");
  WDF_DRIVER_CONFIG config;
  NTSTATUS status;
  driverObject = DriverObject;
  DriverObject->MajorFunction[IRP_MJ_CREATE] = DispatchOpen;
  DriverObject->MajorFunction[IRP_MJ_CLOSE] = DispatchOpen;
  DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = DispatchControl;
  DriverObject->DriverUnload = Unload;
  WDF_DRIVER_CONFIG_INIT(&config, WDF_NO_EVENT_CALLBACK);
  config.DriverInitFlags = WdfDriverInitNoDispatchOverride;
  status = WdfDriverCreate(DriverObject, RegistryPath, WDF_NO_OBJECT_ATTRIBUTES, &config,
                           WDF_NO_HANDLE);
  if (!NT_SUCCESS(status)) return status;
  // The table is still this driver's.
  if (DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] != DispatchControl ||
      DriverObject->DriverUnload != Unload) {
    return STATUS_UNSUCCESSFUL;
  }
  status = MakeDevice(&name, &port);
  if (NT_SUCCESS(status)) status = MakeDevice(NULL, &lower);
  if (NT_SUCCESS(status)) status = MakeDevice(NULL, &upper);
  if (NT_SUCCESS(status) && !IoAttachDeviceToDeviceStack(upper, lower)) {
    status = STATUS_UNSUCCESSFUL;
  }
  if (NT_SUCCESS(status)) status = IoCreateSymbolicLink((PUNICODE_STRING)&link, (PUNICODE_STRING)&name);
  return status;
}
