// A driver of a bell: its interrupt completes a request, by DPC or by work item.
#include "wdf-pnp.h"

DRIVER_INITIALIZE DriverEntry;

typedef struct _BELL {
  volatile ULONG *Registers;
  SIZE_T Length;
  WDFQUEUE Pended;
  WDFINTERRUPT Interrupt;
  ULONG Rings;
} BELL, *PBELL;

WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(BELL, GetBell)

enum { PassiveLevel = 1, WithWorkItem = 2 };

static BOOLEAN EvtIsr(WDFINTERRUPT Interrupt, ULONG MessageID) {
  PBELL bell = GetBell(WdfInterruptGetDevice(Interrupt));
  UNREFERENCED_PARAMETER(MessageID);
  if (READ_REGISTER_ULONG((PULONG)bell->Registers) == 0) return FALSE;
  WRITE_REGISTER_ULONG((PULONG)bell->Registers, 0);
  bell->Rings++;
  DbgPrint("isr at %u\n", KeGetCurrentIrql() > DISPATCH_LEVEL ? 3 : KeGetCurrentIrql());
  if (!WdfInterruptQueueDpcForIsr(Interrupt)) (void)WdfInterruptQueueWorkItemForIsr(Interrupt);
  return TRUE;
}

static void Finish(WDFINTERRUPT Interrupt) {
  PBELL bell = GetBell(WdfInterruptGetDevice(Interrupt));
  WDFREQUEST request;
  if (NT_SUCCESS(WdfIoQueueRetrieveNextRequest(bell->Pended, &request))) {
    WdfRequestCompleteWithInformation(request, STATUS_SUCCESS, bell->Rings);
  }
}

static void EvtDpc(WDFINTERRUPT Interrupt, WDFOBJECT Object) {
  UNREFERENCED_PARAMETER(Object);
  DbgPrint("dpc at %u\n", KeGetCurrentIrql());
  Finish(Interrupt);
}

static void EvtWork(WDFINTERRUPT Interrupt, WDFOBJECT Object) {
  UNREFERENCED_PARAMETER(Object);
  DbgPrint("work at %u\n", KeGetCurrentIrql());
  Finish(Interrupt);
}

static NTSTATUS EvtEnable(WDFINTERRUPT Interrupt, WDFDEVICE Device) {
  UNREFERENCED_PARAMETER(Interrupt);
  UNREFERENCED_PARAMETER(Device);
  DbgPrint("enable\n");
  return STATUS_SUCCESS;
}

static NTSTATUS EvtDisable(WDFINTERRUPT Interrupt, WDFDEVICE Device) {
  UNREFERENCED_PARAMETER(Interrupt);
  UNREFERENCED_PARAMETER(Device);
  DbgPrint("disable\n");
  return STATUS_SUCCESS;
}

static BOOLEAN EvtSynchronize(WDFINTERRUPT Interrupt, WDFCONTEXT Context) {
  UNREFERENCED_PARAMETER(Interrupt);
  *(ULONG *)Context = GetBell(WdfInterruptGetDevice(Interrupt))->Rings;
  return TRUE;
}

static NTSTATUS EvtPrepare(WDFDEVICE Device, WDFCMRESLIST Raw, WDFCMRESLIST Translated) {
  PBELL bell = GetBell(Device);
  UNREFERENCED_PARAMETER(Raw);
  for (ULONG i = 0; i < WdfCmResourceListGetCount(Translated); i++) {
    PCM_PARTIAL_RESOURCE_DESCRIPTOR descriptor = WdfCmResourceListGetDescriptor(Translated, i);
    if (descriptor->Type != CmResourceTypeMemory) continue;
    bell->Length = descriptor->u.Memory.Length;
    bell->Registers = MmMapIoSpace(descriptor->u.Memory.Start, bell->Length, MmNonCached);
  }
  return bell->Registers ? STATUS_SUCCESS : STATUS_DEVICE_CONFIGURATION_ERROR;
}

static NTSTATUS EvtRelease(WDFDEVICE Device, WDFCMRESLIST Translated) {
  PBELL bell = GetBell(Device);
  UNREFERENCED_PARAMETER(Translated);
  if (bell->Registers) MmUnmapIoSpace((PVOID)bell->Registers, bell->Length);
  bell->Registers = NULL;
  return STATUS_SUCCESS;
}

static void EvtControl(WDFQUEUE Queue, WDFREQUEST Request, size_t OutputLength, size_t InputLength,
                       ULONG Code) {
  PBELL bell = GetBell(WdfIoQueueGetDevice(Queue));
  WDF_INTERRUPT_INFO info;
  ULONG *output;
  NTSTATUS status = STATUS_INVALID_DEVICE_REQUEST;
  UNREFERENCED_PARAMETER(OutputLength);
  UNREFERENCED_PARAMETER(InputLength);
  if (Code == IOCTL_PEND) {
    status = WdfRequestForwardToIoQueue(Request, bell->Pended);
    if (NT_SUCCESS(status)) return;
  }
  if (Code == IOCTL_STATES) {
    status = WdfRequestRetrieveOutputBuffer(Request, 12, (void **)&output, NULL);
    if (NT_SUCCESS(status)) {
      WDF_INTERRUPT_INFO_INIT(&info);
      WdfInterruptGetInfo(bell->Interrupt, &info);
      output[1] = info.Vector;
      output[2] = info.Irql;
      (void)WdfInterruptSynchronize(bell->Interrupt, EvtSynchronize, output);
      WdfRequestSetInformation(Request, 12);
    }
  }
  WdfRequestComplete(Request, status);
}

static NTSTATUS MakeInterrupt(WDFDEVICE Device, ULONG Kind) {
  WDF_INTERRUPT_CONFIG config;
  WDF_INTERRUPT_CONFIG_INIT(&config, EvtIsr, Kind & WithWorkItem ? NULL : EvtDpc);
  if (Kind & WithWorkItem) config.EvtInterruptWorkItem = EvtWork;
  config.PassiveHandling = Kind & PassiveLevel;
  config.EvtInterruptEnable = EvtEnable;
  config.EvtInterruptDisable = EvtDisable;
  return WdfInterruptCreate(Device, &config, WDF_NO_OBJECT_ATTRIBUTES,
                            &GetBell(Device)->Interrupt);
}

static NTSTATUS EvtAdd(WDFDRIVER Driver, PWDFDEVICE_INIT Init) {
  WDF_PNPPOWER_EVENT_CALLBACKS callbacks;
  WDF_OBJECT_ATTRIBUTES attributes;
  WDF_IO_QUEUE_CONFIG config;
  WDFDEVICE device;
  NTSTATUS status;
  WDF_PNPPOWER_EVENT_CALLBACKS_INIT(&callbacks);
  callbacks.EvtDevicePrepareHardware = EvtPrepare;
  callbacks.EvtDeviceReleaseHardware = EvtRelease;
  WdfDeviceInitSetPnpPowerEventCallbacks(Init, &callbacks);
  WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, BELL);
  status = WdfDeviceCreate(&Init, &attributes, &device);
  if (!NT_SUCCESS(status)) return status;
  WDF_IO_QUEUE_CONFIG_INIT_DEFAULT_QUEUE(&config, WdfIoQueueDispatchParallel);
  config.EvtIoDeviceControl = EvtControl;
  status = WdfIoQueueCreate(device, &config, WDF_NO_OBJECT_ATTRIBUTES, NULL);
  if (!NT_SUCCESS(status)) return status;
  WDF_IO_QUEUE_CONFIG_INIT(&config, WdfIoQueueDispatchManual);
  status = WdfIoQueueCreate(device, &config, WDF_NO_OBJECT_ATTRIBUTES, &GetBell(device)->Pended);
  if (NT_SUCCESS(status)) status = MakeInterrupt(device, ReadFailure(Driver));
  if (!NT_SUCCESS(status)) return status;
  return WdfDeviceCreateDeviceInterface(device, &FunctionInterface, NULL);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath) {
  WDF_DRIVER_CONFIG config;
  WDF_DRIVER_CONFIG_INIT(&config, EvtAdd);
  return WdfDriverCreate(DriverObject, RegistryPath, WDF_NO_OBJECT_ATTRIBUTES, &config,
                         WDF_NO_HANDLE);
}
