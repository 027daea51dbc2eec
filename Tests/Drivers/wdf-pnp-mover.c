// A driver of the block mover as one writes it: a write becomes a transaction, each of whose transfers
// ends with an interrupt and its DPC.
#include "wdf-pnp.h"

DRIVER_INITIALIZE DriverEntry;

enum { CONTROL = 0, STATUS = 4, SOURCE = 8, DESTINATION = 16, LENGTH = 24, FLAGS = 28 };

typedef struct _MOVER {
  PUCHAR Registers;
  SIZE_T Length;
  WDFINTERRUPT Interrupt;
  WDFDMAENABLER Enabler;
  WDFDMATRANSACTION Transaction;
  ULONG Transfers, Interrupts, Dpcs;
} MOVER, *PMOVER;

WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(MOVER, GetMover)

static BOOLEAN EvtProgram(WDFDMATRANSACTION Transaction, WDFDEVICE Device, WDFCONTEXT Context,
                          WDF_DMA_DIRECTION Direction, PSCATTER_GATHER_LIST List) {
  PMOVER mover = GetMover(Device);
  ULONG64 local = WdfDmaTransactionGetBytesTransferred(Transaction);
  ULONG64 address = (ULONG64)List->Elements[0].Address.QuadPart;
  BOOLEAN isWrite = Direction == WdfDmaDirectionWriteToDevice;
  UNREFERENCED_PARAMETER(Context);
  mover->Transfers++;
  WRITE_REGISTER_ULONG64((PULONG64)(mover->Registers + SOURCE), isWrite ? address : local);
  WRITE_REGISTER_ULONG64((PULONG64)(mover->Registers + DESTINATION), isWrite ? local : address);
  WRITE_REGISTER_ULONG((PULONG)(mover->Registers + LENGTH), List->Elements[0].Length);
  WRITE_REGISTER_ULONG((PULONG)(mover->Registers + FLAGS), isWrite ? 2 : 1);
  WRITE_REGISTER_ULONG((PULONG)(mover->Registers + CONTROL), 5);
  return TRUE;
}

static BOOLEAN EvtIsr(WDFINTERRUPT Interrupt, ULONG Message) {
  PMOVER mover = GetMover(WdfInterruptGetDevice(Interrupt));
  ULONG status = READ_REGISTER_ULONG((PULONG)(mover->Registers + STATUS));
  UNREFERENCED_PARAMETER(Message);
  if (!status) return FALSE;
  WRITE_REGISTER_ULONG((PULONG)(mover->Registers + STATUS), status);
  mover->Interrupts++;
  (void)WdfInterruptQueueDpcForIsr(Interrupt);
  return TRUE;
}

static void EvtDpc(WDFINTERRUPT Interrupt, WDFOBJECT Object) {
  PMOVER mover = GetMover(WdfInterruptGetDevice(Interrupt));
  WDFDMATRANSACTION transaction = mover->Transaction;
  NTSTATUS status;
  UNREFERENCED_PARAMETER(Object);
  mover->Dpcs++;
  if (!WdfDmaTransactionDmaCompleted(transaction, &status)) return;
  WDFREQUEST request = WdfDmaTransactionGetRequest(transaction);
  size_t count = WdfDmaTransactionGetBytesTransferred(transaction);
  WdfDmaTransactionRelease(transaction);
  WdfRequestCompleteWithInformation(request, status, count);
}

static void Start(WDFQUEUE Queue, WDFREQUEST Request, WDF_DMA_DIRECTION Direction) {
  PMOVER mover = GetMover(WdfIoQueueGetDevice(Queue));
  NTSTATUS status = WdfDmaTransactionInitializeUsingRequest(mover->Transaction, Request, EvtProgram,
                                                            Direction);
  if (NT_SUCCESS(status)) {
    status = WdfDmaTransactionExecute(mover->Transaction, NULL);
    if (NT_SUCCESS(status)) return;
    WdfDmaTransactionRelease(mover->Transaction);
  }
  WdfRequestComplete(Request, status);
}

static void EvtWrite(WDFQUEUE Queue, WDFREQUEST Request, size_t Length) {
  UNREFERENCED_PARAMETER(Length);
  Start(Queue, Request, WdfDmaDirectionWriteToDevice);
}

static void EvtRead(WDFQUEUE Queue, WDFREQUEST Request, size_t Length) {
  UNREFERENCED_PARAMETER(Length);
  Start(Queue, Request, WdfDmaDirectionReadFromDevice);
}

static void EvtControl(WDFQUEUE Queue, WDFREQUEST Request, size_t OutputLength, size_t InputLength,
                       ULONG Code) {
  PMOVER mover = GetMover(WdfIoQueueGetDevice(Queue));
  ULONG *output;
  NTSTATUS status = WdfRequestRetrieveOutputBuffer(Request, 12, (void **)&output, NULL);
  UNREFERENCED_PARAMETER(OutputLength);
  UNREFERENCED_PARAMETER(InputLength);
  UNREFERENCED_PARAMETER(Code);
  if (NT_SUCCESS(status)) {
    output[0] = mover->Transfers;
    output[1] = mover->Interrupts;
    output[2] = mover->Dpcs;
  }
  WdfRequestCompleteWithInformation(Request, status, 12);
}

static NTSTATUS EvtPrepare(WDFDEVICE Device, WDFCMRESLIST Raw, WDFCMRESLIST Translated) {
  PMOVER mover = GetMover(Device);
  UNREFERENCED_PARAMETER(Raw);
  for (ULONG i = 0; i < WdfCmResourceListGetCount(Translated); i++) {
    PCM_PARTIAL_RESOURCE_DESCRIPTOR descriptor = WdfCmResourceListGetDescriptor(Translated, i);
    if (descriptor->Type != CmResourceTypeMemory) continue;
    mover->Length = descriptor->u.Memory.Length;
    mover->Registers = MmMapIoSpace(descriptor->u.Memory.Start, mover->Length, MmNonCached);
  }
  return mover->Registers ? STATUS_SUCCESS : STATUS_DEVICE_CONFIGURATION_ERROR;
}

static NTSTATUS EvtRelease(WDFDEVICE Device, WDFCMRESLIST Translated) {
  PMOVER mover = GetMover(Device);
  UNREFERENCED_PARAMETER(Translated);
  if (mover->Registers) MmUnmapIoSpace(mover->Registers, mover->Length);
  mover->Registers = NULL;
  return STATUS_SUCCESS;
}

static NTSTATUS MakeDma(WDFDEVICE Device) {
  PMOVER mover = GetMover(Device);
  WDF_DMA_ENABLER_CONFIG config;
  NTSTATUS status;
  WdfDeviceSetAlignmentRequirement(Device, FILE_LONG_ALIGNMENT);
  // One piece at a time, of a page at most.
  WDF_DMA_ENABLER_CONFIG_INIT(&config, WdfDmaProfilePacket64, 4096);
  status = WdfDmaEnablerCreate(Device, &config, WDF_NO_OBJECT_ATTRIBUTES, &mover->Enabler);
  if (!NT_SUCCESS(status)) return status;
  return WdfDmaTransactionCreate(mover->Enabler, WDF_NO_OBJECT_ATTRIBUTES, &mover->Transaction);
}

static NTSTATUS EvtAdd(WDFDRIVER Driver, PWDFDEVICE_INIT Init) {
  WDF_PNPPOWER_EVENT_CALLBACKS callbacks;
  WDF_OBJECT_ATTRIBUTES attributes;
  WDF_INTERRUPT_CONFIG interrupt;
  WDF_IO_QUEUE_CONFIG config;
  WDFDEVICE device;
  NTSTATUS status;
  UNREFERENCED_PARAMETER(Driver);
  WDF_PNPPOWER_EVENT_CALLBACKS_INIT(&callbacks);
  callbacks.EvtDevicePrepareHardware = EvtPrepare;
  callbacks.EvtDeviceReleaseHardware = EvtRelease;
  WdfDeviceInitSetPnpPowerEventCallbacks(Init, &callbacks);
  WdfDeviceInitSetIoType(Init, WdfDeviceIoDirect);
  WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, MOVER);
  status = WdfDeviceCreate(&Init, &attributes, &device);
  if (!NT_SUCCESS(status)) return status;
  WDF_IO_QUEUE_CONFIG_INIT_DEFAULT_QUEUE(&config, WdfIoQueueDispatchSequential);
  config.EvtIoWrite = EvtWrite;
  config.EvtIoRead = EvtRead;
  config.EvtIoDeviceControl = EvtControl;
  status = WdfIoQueueCreate(device, &config, WDF_NO_OBJECT_ATTRIBUTES, NULL);
  if (!NT_SUCCESS(status)) return status;
  WDF_INTERRUPT_CONFIG_INIT(&interrupt, EvtIsr, EvtDpc);
  status = WdfInterruptCreate(device, &interrupt, WDF_NO_OBJECT_ATTRIBUTES,
                              &GetMover(device)->Interrupt);
  if (NT_SUCCESS(status)) status = MakeDma(device);
  if (!NT_SUCCESS(status)) return status;
  return WdfDeviceCreateDeviceInterface(device, &FunctionInterface, NULL);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath) {
  WDF_DRIVER_CONFIG config;
  WDF_DRIVER_CONFIG_INIT(&config, EvtAdd);
  return WdfDriverCreate(DriverObject, RegistryPath, WDF_NO_OBJECT_ATTRIBUTES, &config,
                         WDF_NO_HANDLE);
}
