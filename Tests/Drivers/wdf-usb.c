// The function driver of a USB board: bulk loopback by reads and writes, switches by a continuous reader,
// and a scenario of USB target functions for each control code. Input and output are numbers.
#include <ntddk.h>
#include <initguid.h>
#include <usbdi.h>
#include <usbdlib.h>
#include <wdf.h>
#include <wdfusb.h>

// {8f1c1f0e-4c1a-4c4e-9d0c-4b1f6a6f0021}
DEFINE_GUID(GUID_BOARD, 0x8f1c1f0e, 0x4c1a, 0x4c4e, 0x9d, 0x0c, 0x4b, 0x1f, 0x6a, 0x6f, 0x00, 0x21);

typedef struct _BOARD {
  WDFUSBDEVICE Usb;
  WDFUSBINTERFACE Interface;
  WDFUSBPIPE Interrupt;
  WDFUSBPIPE In;
  WDFUSBPIPE Out;
  LONG Reads;
  BOOLEAN Gives;
  WDFMEMORY Kept;
} BOARD, *PBOARD;

WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(BOARD, GetBoard)

DRIVER_INITIALIZE DriverEntry;

static void ReadComplete(WDFUSBPIPE Pipe, WDFMEMORY Buffer, size_t Count, WDFCONTEXT Context) {
  PBOARD board = Context;
  size_t size;
  PUCHAR data = WdfMemoryGetBuffer(Buffer, &size);
  UNREFERENCED_PARAMETER(Pipe);
  board->Reads++;
  DbgPrint("switches %u of %u: %02x\n", (ULONG)Count, (ULONG)size, Count ? data[4] : 0);
  if (board->Kept == NULL) {
    WdfObjectReference(Buffer);
    board->Kept = Buffer;
  }
}

static BOOLEAN ReadersFailed(WDFUSBPIPE Pipe, NTSTATUS Status, USBD_STATUS UsbdStatus) {
  PBOARD board = GetBoard(WdfIoTargetGetDevice(WdfUsbTargetPipeGetIoTarget(Pipe)));
  DbgPrint("readers failed %08x %08x\n", Status, UsbdStatus);
  return !board->Gives;
}

static NTSTATUS FindPipes(PBOARD board) {
  WDF_USB_CONTINUOUS_READER_CONFIG reader;
  WDF_USB_PIPE_INFORMATION information;
  NTSTATUS status = STATUS_SUCCESS;
  board->Interrupt = board->In = board->Out = NULL;
  for (UCHAR i = 0; i < WdfUsbInterfaceGetNumConfiguredPipes(board->Interface); i++) {
    WDFUSBPIPE pipe;
    WDF_USB_PIPE_INFORMATION_INIT(&information);
    pipe = WdfUsbInterfaceGetConfiguredPipe(board->Interface, i, &information);
    if (information.PipeType == WdfUsbPipeTypeInterrupt) board->Interrupt = pipe;
    if (information.PipeType != WdfUsbPipeTypeBulk) continue;
    if (WdfUsbTargetPipeIsInEndpoint(pipe)) board->In = pipe;
    if (WdfUsbTargetPipeIsOutEndpoint(pipe)) board->Out = pipe;
  }
  if (board->Interrupt != NULL) {
    WDF_USB_CONTINUOUS_READER_CONFIG_INIT(&reader, ReadComplete, board, 8);
    reader.HeaderLength = 4;
    reader.TrailerLength = 2;
    reader.EvtUsbTargetPipeReadersFailed = ReadersFailed;
    status = WdfUsbTargetPipeConfigContinuousReader(board->Interrupt, &reader);
  }
  return status;
}

static NTSTATUS Configure(PBOARD board) {
  WDF_USB_DEVICE_SELECT_CONFIG_PARAMS params;
  NTSTATUS status;
  WDF_USB_DEVICE_SELECT_CONFIG_PARAMS_INIT_SINGLE_INTERFACE(&params);
  status = WdfUsbTargetDeviceSelectConfig(board->Usb, WDF_NO_OBJECT_ATTRIBUTES, &params);
  if (!NT_SUCCESS(status)) return status;
  board->Interface = params.Types.SingleInterface.ConfiguredUsbInterface;
  return FindPipes(board);
}

static NTSTATUS EvtPrepare(WDFDEVICE Device, WDFCMRESLIST Raw, WDFCMRESLIST Translated) {
  PBOARD board = GetBoard(Device);
  WDF_USB_DEVICE_CREATE_CONFIG config;
  NTSTATUS status = STATUS_SUCCESS;
  UNREFERENCED_PARAMETER(Raw);
  UNREFERENCED_PARAMETER(Translated);
  if (board->Usb == NULL) {
    WDF_USB_DEVICE_CREATE_CONFIG_INIT(&config, USBD_CLIENT_CONTRACT_VERSION_602);
    status = WdfUsbTargetDeviceCreateWithParameters(Device, &config, WDF_NO_OBJECT_ATTRIBUTES,
                                                    &board->Usb);
  }
  if (NT_SUCCESS(status)) status = Configure(board);
  return status;
}

static NTSTATUS EvtD0Entry(WDFDEVICE Device, WDF_POWER_DEVICE_STATE Previous) {
  UNREFERENCED_PARAMETER(Previous);
  return WdfIoTargetStart(WdfUsbTargetPipeGetIoTarget(GetBoard(Device)->Interrupt));
}

static NTSTATUS EvtD0Exit(WDFDEVICE Device, WDF_POWER_DEVICE_STATE Target) {
  UNREFERENCED_PARAMETER(Target);
  WdfIoTargetStop(WdfUsbTargetPipeGetIoTarget(GetBoard(Device)->Interrupt), WdfIoTargetCancelSentIo);
  return STATUS_SUCCESS;
}

static void EvtCleanup(WDFOBJECT Device) {
  PBOARD board = GetBoard(Device);
  if (board->Kept != NULL) WdfObjectDereference(board->Kept);
}

// MARK: Loopback

static void TransferComplete(WDFREQUEST Request, WDFIOTARGET Target,
                             PWDF_REQUEST_COMPLETION_PARAMS Params, WDFCONTEXT Context) {
  PWDF_USB_REQUEST_COMPLETION_PARAMS usb = Params->Parameters.Usb.Completion;
  size_t count = Context ? usb->Parameters.PipeRead.Length : usb->Parameters.PipeWrite.Length;
  UNREFERENCED_PARAMETER(Target);
  if (!NT_SUCCESS(Params->IoStatus.Status)) {
    DbgPrint("transfer %08x %08x\n", Params->IoStatus.Status, usb->UsbdStatus);
    count = 0;
  }
  WdfRequestCompleteWithInformation(Request, Params->IoStatus.Status, count);
}

static void Transfer(WDFREQUEST Request, WDFUSBPIPE Pipe, NTSTATUS Status, WDFCONTEXT Context) {
  if (NT_SUCCESS(Status)) {
    WdfRequestSetCompletionRoutine(Request, TransferComplete, Context);
    if (WdfRequestSend(Request, WdfUsbTargetPipeGetIoTarget(Pipe), WDF_NO_SEND_OPTIONS)) return;
    Status = WdfRequestGetStatus(Request);
  }
  WdfRequestComplete(Request, Status);
}

static void EvtRead(WDFQUEUE Queue, WDFREQUEST Request, size_t Length) {
  PBOARD board = GetBoard(WdfIoQueueGetDevice(Queue));
  WDFMEMORY memory;
  NTSTATUS status = WdfRequestRetrieveOutputMemory(Request, &memory);
  UNREFERENCED_PARAMETER(Length);
  if (NT_SUCCESS(status)) {
    status = WdfUsbTargetPipeFormatRequestForRead(board->In, Request, memory, NULL);
  }
  Transfer(Request, board->In, status, board);
}

static void EvtWrite(WDFQUEUE Queue, WDFREQUEST Request, size_t Length) {
  PBOARD board = GetBoard(WdfIoQueueGetDevice(Queue));
  WDFMEMORY memory;
  NTSTATUS status = WdfRequestRetrieveInputMemory(Request, &memory);
  UNREFERENCED_PARAMETER(Length);
  if (NT_SUCCESS(status)) {
    status = WdfUsbTargetPipeFormatRequestForWrite(board->Out, Request, memory, NULL);
  }
  Transfer(Request, board->Out, status, NULL);
}

static void EvtStop(WDFQUEUE Queue, WDFREQUEST Request, ULONG Flags) {
  UNREFERENCED_PARAMETER(Queue);
  if (Flags & WdfRequestStopActionSuspend) {
    WdfRequestStopAcknowledge(Request, FALSE);
  } else if (Flags & WdfRequestStopActionPurge) {
    WdfRequestCancelSentRequest(Request);
  }
}

// MARK: Scenarios

typedef void SCENARIO(PBOARD board, const ULONG64 *in, ULONG64 *out);

static void Describe(PBOARD board, const ULONG64 *in, ULONG64 *out) {
  WDF_USB_DEVICE_INFORMATION information;
  USB_DEVICE_DESCRIPTOR device;
  USHORT length = 0;
  UCHAR bytes[128];
  UNREFERENCED_PARAMETER(in);
  WDF_USB_DEVICE_INFORMATION_INIT(&information);
  out[0] = WdfUsbTargetDeviceRetrieveInformation(board->Usb, &information);
  out[1] = information.Traits;
  out[2] = information.UsbdVersionInformation.USBDI_Version;
  WdfUsbTargetDeviceGetDeviceDescriptor(board->Usb, &device);
  out[3] = device.idVendor;
  out[4] = device.idProduct;
  out[5] = (ULONG)WdfUsbTargetDeviceRetrieveConfigDescriptor(board->Usb, NULL, &length);
  out[6] = length;
  out[7] = (ULONG)WdfUsbTargetDeviceRetrieveConfigDescriptor(board->Usb, bytes, &length);
  out[8] = bytes[0] << 8 | bytes[1];
  out[9] = WdfUsbTargetDeviceGetNumInterfaces(board->Usb);
  out[10] = WdfUsbTargetDeviceGetInterface(board->Usb, 0) == board->Interface;
  out[11] = WdfUsbTargetDeviceGetInterface(board->Usb, 1) == NULL;
  out[12] = WdfUsbInterfaceGetNumConfiguredPipes(board->Interface);
  out[13] = WdfUsbInterfaceGetNumSettings(board->Interface);
  out[14] = WdfUsbTargetDeviceWdmGetConfigurationHandle(board->Usb) != NULL;
  out[15] = WdfUsbTargetPipeWdmGetPipeHandle(board->In) != NULL;
}

static void Query(PBOARD board, const ULONG64 *in, ULONG64 *out) {
  WCHAR text[32];
  USHORT count = 0;
  WDFMEMORY memory;
  out[0] = (ULONG)WdfUsbTargetDeviceQueryString(board->Usb, NULL, NULL, NULL, &count, (UCHAR)in[0],
                                                0x409);
  out[1] = count;
  count = (USHORT)in[1];
  out[2] = (ULONG)WdfUsbTargetDeviceQueryString(board->Usb, NULL, NULL, text, &count, (UCHAR)in[0],
                                                0x409);
  out[3] = count;
  out[4] = text[0];
  out[5] = (ULONG)WdfUsbTargetDeviceAllocAndQueryString(
      board->Usb, WDF_NO_OBJECT_ATTRIBUTES, &memory, &count, (UCHAR)in[0], 0x409);
  if (NT_SUCCESS((NTSTATUS)out[5])) {
    size_t size;
    PWCHAR whole = WdfMemoryGetBuffer(memory, &size);
    out[6] = size;
    out[7] = whole[count - 1];
    WdfObjectDelete(memory);
  }
}

static void Control(PBOARD board, const ULONG64 *in, ULONG64 *out) {
  WDF_USB_CONTROL_SETUP_PACKET setup;
  WDF_MEMORY_DESCRIPTOR memory;
  UCHAR data[16];
  ULONG count = 99;
  BOOLEAN isIn = in[1] != 0;
  RtlFillMemory(data, sizeof data, (UCHAR)in[3]);
  WDF_USB_CONTROL_SETUP_PACKET_INIT_VENDOR(
      &setup, isIn ? BmRequestDeviceToHost : BmRequestHostToDevice, BmRequestToDevice, (UCHAR)in[0],
      0x1234, 0x5678);
  WDF_MEMORY_DESCRIPTOR_INIT_BUFFER(&memory, data, (ULONG)in[2]);
  out[0] = (ULONG)WdfUsbTargetDeviceSendControlTransferSynchronously(
      board->Usb, NULL, NULL, &setup, in[2] ? &memory : NULL, &count);
  out[1] = count;
  out[2] = data[0];
}

static void Loop(PBOARD board, const ULONG64 *in, ULONG64 *out) {
  WDF_MEMORY_DESCRIPTOR memory;
  WDF_REQUEST_SEND_OPTIONS options;
  ULONG length = (ULONG)in[0];
  ULONG count = 99;
  PUCHAR data = ExAllocatePool2(POOL_FLAG_NON_PAGED, 4096, 'bsuT');
  for (ULONG i = 0; i < length; i++) data[i] = (UCHAR)i;
  WDF_MEMORY_DESCRIPTOR_INIT_BUFFER(&memory, data, length);
  if (length) {
    out[0] = (ULONG)WdfUsbTargetPipeWriteSynchronously(board->Out, NULL, NULL, &memory, &count);
    out[1] = count;
  }
  RtlZeroMemory(data, 4096);
  WDF_REQUEST_SEND_OPTIONS_INIT(&options, WDF_REQUEST_SEND_OPTION_TIMEOUT);
  WDF_REQUEST_SEND_OPTIONS_SET_TIMEOUT(&options, WDF_REL_TIMEOUT_IN_MS(20));
  WDF_MEMORY_DESCRIPTOR_INIT_BUFFER(&memory, data, (ULONG)in[1]);
  out[2] = (ULONG)WdfUsbTargetPipeReadSynchronously(board->In, NULL, &options, &memory, &count);
  out[3] = count;
  out[4] = length ? data[length - 1] : 0;
  ExFreePool(data);
}

static void Pipes(PBOARD board, const ULONG64 *in, ULONG64 *out) {
  WDF_USB_PIPE_INFORMATION information;
  UNREFERENCED_PARAMETER(in);
  WDF_USB_PIPE_INFORMATION_INIT(&information);
  WdfUsbTargetPipeGetInformation(board->In, &information);
  out[0] = information.MaximumPacketSize;
  out[1] = information.EndpointAddress;
  out[2] = information.PipeType;
  out[3] = WdfUsbTargetPipeGetType(board->Interrupt);
  out[4] = (ULONG)WdfUsbTargetPipeAbortSynchronously(board->In, NULL, NULL);
  out[5] = (ULONG)WdfUsbTargetPipeResetSynchronously(board->In, NULL, NULL);
  WDF_USB_PIPE_INFORMATION_INIT(&information);
  WdfUsbInterfaceGetEndpointInformation(board->Interface, 1, 0, &information);
  out[6] = information.EndpointAddress;
  out[7] = information.MaximumPacketSize;
  out[8] = information.SettingIndex;
  out[9] = WdfUsbInterfaceGetNumEndpoints(board->Interface, 1);
  out[10] = WdfUsbInterfaceGetConfiguredPipe(board->Interface, 3, NULL) == NULL;
  out[11] = WdfIoTargetGetState(WdfUsbTargetPipeGetIoTarget(board->Interrupt));
}

static void Refuse(PBOARD board, const ULONG64 *in, ULONG64 *out) {
  WDF_MEMORY_DESCRIPTOR memory;
  WDF_USB_CONTINUOUS_READER_CONFIG reader;
  UCHAR data[16];
  ULONG count;
  UNREFERENCED_PARAMETER(in);
  WDF_MEMORY_DESCRIPTOR_INIT_BUFFER(&memory, data, sizeof data);
  out[0] = (ULONG)WdfUsbTargetPipeReadSynchronously(board->In, NULL, NULL, &memory, &count);
  out[1] = (ULONG)WdfUsbTargetPipeReadSynchronously(board->Out, NULL, NULL, &memory, &count);
  out[2] = (ULONG)WdfUsbTargetPipeWriteSynchronously(board->In, NULL, NULL, &memory, &count);
  WDF_USB_CONTINUOUS_READER_CONFIG_INIT(&reader, ReadComplete, board, 8);
  out[3] = (ULONG)WdfUsbTargetPipeConfigContinuousReader(board->Interrupt, &reader);
  out[4] = (ULONG)WdfUsbTargetPipeConfigContinuousReader(board->Out, &reader);
  out[5] = (ULONG)WdfUsbTargetPipeConfigContinuousReader(board->In, &reader);
  reader.TransferLength = 0;
  out[6] = (ULONG)WdfUsbTargetPipeConfigContinuousReader(board->In, &reader);
  reader.Size = 3;
  out[7] = (ULONG)WdfUsbTargetPipeConfigContinuousReader(board->In, &reader);
}

static void Bus(PBOARD board, const ULONG64 *in, ULONG64 *out) {
  ULONG frame = 0;
  ULONG length = 7;
  UNREFERENCED_PARAMETER(in);
  out[0] = (ULONG)WdfUsbTargetDeviceRetrieveCurrentFrameNumber(board->Usb, &frame);
  out[1] = frame != 0;
  out[2] = (ULONG)WdfUsbTargetDeviceIsConnectedSynchronous(board->Usb);
  out[3] = (ULONG)WdfUsbTargetDeviceQueryUsbCapability(
      board->Usb, &GUID_USB_CAPABILITY_DEVICE_CONNECTION_HIGH_SPEED_COMPATIBLE, 0, NULL, &length);
  out[4] = length;
  out[5] = (ULONG)WdfUsbTargetDeviceQueryUsbCapability(
      board->Usb, &GUID_USB_CAPABILITY_STATIC_STREAMS, sizeof length, &length, NULL);
}

static void Select(PBOARD board, const ULONG64 *in, ULONG64 *out) {
  WDF_USB_INTERFACE_SELECT_SETTING_PARAMS params;
  USB_INTERFACE_DESCRIPTOR descriptor;
  WdfIoTargetStop(WdfUsbTargetPipeGetIoTarget(board->Interrupt), WdfIoTargetCancelSentIo);
  WDF_USB_INTERFACE_SELECT_SETTING_PARAMS_INIT_SETTING(&params, (UCHAR)in[0]);
  out[0] = (ULONG)WdfUsbInterfaceSelectSetting(board->Interface, NULL, &params);
  out[1] = WdfUsbInterfaceGetConfiguredSettingIndex(board->Interface);
  out[2] = WdfUsbInterfaceGetNumConfiguredPipes(board->Interface);
  WdfUsbInterfaceGetDescriptor(board->Interface, (UCHAR)in[0], &descriptor);
  out[3] = descriptor.bNumEndpoints;
  out[4] = WdfUsbInterfaceGetInterfaceNumber(board->Interface);
  WDF_USB_INTERFACE_SELECT_SETTING_PARAMS_INIT_SETTING(&params, 0);
  out[5] = (ULONG)WdfUsbInterfaceSelectSetting(board->Interface, NULL, &params);
  out[6] = (ULONG)FindPipes(board);
  out[7] = (ULONG)WdfIoTargetStart(WdfUsbTargetPipeGetIoTarget(board->Interrupt));
}

static void Reselect(PBOARD board, const ULONG64 *in, ULONG64 *out) {
  WDF_USB_DEVICE_SELECT_CONFIG_PARAMS params;
  WDF_USB_INTERFACE_SETTING_PAIR pair;
  UNREFERENCED_PARAMETER(in);
  WDF_USB_DEVICE_SELECT_CONFIG_PARAMS_INIT_DECONFIG(&params);
  out[0] = (ULONG)WdfUsbTargetDeviceSelectConfig(board->Usb, NULL, &params);
  out[1] = WdfUsbInterfaceGetNumConfiguredPipes(board->Interface);
  pair.UsbInterface = board->Interface;
  pair.SettingIndex = 1;
  WDF_USB_DEVICE_SELECT_CONFIG_PARAMS_INIT_MULTIPLE_INTERFACES(&params, 1, &pair);
  out[2] = (ULONG)WdfUsbTargetDeviceSelectConfig(board->Usb, NULL, &params);
  out[3] = params.Types.MultiInterface.NumberOfConfiguredInterfaces;
  out[4] = WdfUsbInterfaceGetConfiguredSettingIndex(board->Interface);
  WDF_USB_DEVICE_SELECT_CONFIG_PARAMS_INIT_MULTIPLE_INTERFACES(&params, 0, NULL);
  out[5] = (ULONG)WdfUsbTargetDeviceSelectConfig(board->Usb, NULL, &params);
  out[6] = WdfUsbInterfaceGetNumConfiguredPipes(board->Interface);
  out[7] = (ULONG)Configure(board);
  out[8] = (ULONG)WdfIoTargetStart(WdfUsbTargetPipeGetIoTarget(board->Interrupt));
}

static void SendUrb(PBOARD board, const ULONG64 *in, ULONG64 *out) {
  WDF_OBJECT_ATTRIBUTES attributes;
  WDF_USB_REQUEST_COMPLETION_PARAMS *usb;
  WDF_REQUEST_COMPLETION_PARAMS params;
  WDF_REQUEST_SEND_OPTIONS options;
  WDFREQUEST request;
  WDFMEMORY memory;
  UCHAR data[64];
  PURB urb;
  WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
  attributes.ParentObject = board->Usb;
  RtlFillMemory(data, sizeof data, (UCHAR)in[0]);
  out[0] = (ULONG)WdfUsbTargetDeviceCreateUrb(board->Usb, &attributes, &memory, &urb);
  UsbBuildInterruptOrBulkTransferRequest(urb, sizeof(struct _URB_BULK_OR_INTERRUPT_TRANSFER),
                                         WdfUsbTargetPipeWdmGetPipeHandle(board->Out), data, NULL,
                                         sizeof data, USBD_TRANSFER_DIRECTION_OUT, NULL);
  out[1] = (ULONG)WdfUsbTargetPipeSendUrbSynchronously(board->Out, NULL, NULL, urb);
  out[2] = (ULONG)URB_STATUS(urb);
  WdfRequestCreate(&attributes, WdfUsbTargetPipeGetIoTarget(board->Out), &request);
  out[3] = (ULONG)WdfUsbTargetPipeFormatRequestForUrb(board->Out, request, memory, NULL);
  WDF_REQUEST_SEND_OPTIONS_INIT(&options, WDF_REQUEST_SEND_OPTION_SYNCHRONOUS);
  out[4] = WdfRequestSend(request, WdfUsbTargetPipeGetIoTarget(board->Out), &options);
  WDF_REQUEST_COMPLETION_PARAMS_INIT(&params);
  WdfRequestGetCompletionParams(request, &params);
  usb = params.Parameters.Usb.Completion;
  out[5] = params.Type;
  out[6] = usb->Type;
  out[7] = usb->Parameters.PipeUrb.Buffer == memory;
  WdfObjectDelete(request);
  WdfObjectDelete(memory);
}

static void FormatString(PBOARD board, const ULONG64 *in, ULONG64 *out) {
  WDF_OBJECT_ATTRIBUTES attributes;
  WDF_REQUEST_COMPLETION_PARAMS params;
  WDF_REQUEST_SEND_OPTIONS options;
  WDFREQUEST request;
  WDFMEMORY memory;
  PWCHAR text;
  WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
  attributes.ParentObject = board->Usb;
  WdfMemoryCreate(&attributes, NonPagedPoolNx, 0, 32, &memory, (PVOID *)&text);
  WdfRequestCreate(&attributes, WdfUsbTargetDeviceGetIoTarget(board->Usb), &request);
  out[0] = (ULONG)WdfUsbTargetDeviceFormatRequestForString(board->Usb, request, memory, NULL,
                                                           (UCHAR)in[0], 0x409);
  WDF_REQUEST_SEND_OPTIONS_INIT(&options, WDF_REQUEST_SEND_OPTION_SYNCHRONOUS);
  out[1] = WdfRequestSend(request, WdfUsbTargetDeviceGetIoTarget(board->Usb), &options);
  WDF_REQUEST_COMPLETION_PARAMS_INIT(&params);
  WdfRequestGetCompletionParams(request, &params);
  out[2] = (ULONG)params.IoStatus.Status;
  out[3] = params.Parameters.Usb.Completion->Parameters.DeviceString.RequiredSize;
  out[4] = text[0];
  WdfObjectDelete(request);
  WdfObjectDelete(memory);
}

static void Port(PBOARD board, const ULONG64 *in, ULONG64 *out) {
  out[0] = (ULONG)(in[0] ? WdfUsbTargetDeviceCyclePortSynchronously(board->Usb)
                         : WdfUsbTargetDeviceResetPortSynchronously(board->Usb));
}

static void Readers(PBOARD board, const ULONG64 *in, ULONG64 *out) {
  board->Gives = in[0] != 0;
  out[0] = (ULONG)board->Reads;
}

static SCENARIO *const scenarios[] = {Describe, Query,    Control, Loop,         Pipes, Refuse, Bus,
                                      Select,   Reselect, SendUrb, FormatString, Port,  Readers};

static void EvtControl(WDFQUEUE Queue, WDFREQUEST Request, size_t OutputLength, size_t InputLength,
                       ULONG Code) {
  PBOARD board = GetBoard(WdfIoQueueGetDevice(Queue));
  ULONG index = ((Code >> 2) & 0xFFF) - 0x800;
  ULONG64 in[4] = {0}, out[32] = {0};
  PVOID buffer;
  if (index >= ARRAYSIZE(scenarios)) {
    WdfRequestComplete(Request, STATUS_INVALID_DEVICE_REQUEST);
    return;
  }
  if (InputLength > 0 && NT_SUCCESS(WdfRequestRetrieveInputBuffer(Request, 1, &buffer, NULL))) {
    RtlCopyMemory(in, buffer, min(InputLength, sizeof in));
  }
  scenarios[index](board, in, out);
  OutputLength = min(OutputLength, sizeof out);
  if (OutputLength > 0 && NT_SUCCESS(WdfRequestRetrieveOutputBuffer(Request, 1, &buffer, NULL))) {
    RtlCopyMemory(buffer, out, OutputLength);
  }
  WdfRequestCompleteWithInformation(Request, STATUS_SUCCESS, OutputLength);
}

static NTSTATUS EvtAdd(WDFDRIVER Driver, PWDFDEVICE_INIT Init) {
  WDF_PNPPOWER_EVENT_CALLBACKS callbacks;
  WDF_OBJECT_ATTRIBUTES attributes;
  WDF_IO_QUEUE_CONFIG config;
  WDFDEVICE device;
  WDFQUEUE queue;
  NTSTATUS status;
  UNREFERENCED_PARAMETER(Driver);
  WDF_PNPPOWER_EVENT_CALLBACKS_INIT(&callbacks);
  callbacks.EvtDevicePrepareHardware = EvtPrepare;
  callbacks.EvtDeviceD0Entry = EvtD0Entry;
  callbacks.EvtDeviceD0Exit = EvtD0Exit;
  WdfDeviceInitSetPnpPowerEventCallbacks(Init, &callbacks);
  WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, BOARD);
  attributes.EvtCleanupCallback = EvtCleanup;
  status = WdfDeviceCreate(&Init, &attributes, &device);
  if (!NT_SUCCESS(status)) return status;
  WDF_IO_QUEUE_CONFIG_INIT_DEFAULT_QUEUE(&config, WdfIoQueueDispatchParallel);
  config.EvtIoDeviceControl = EvtControl;
  config.EvtIoRead = EvtRead;
  config.EvtIoWrite = EvtWrite;
  config.EvtIoStop = EvtStop;
  status = WdfIoQueueCreate(device, &config, WDF_NO_OBJECT_ATTRIBUTES, &queue);
  if (!NT_SUCCESS(status)) return status;
  return WdfDeviceCreateDeviceInterface(device, &GUID_BOARD, NULL);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath) {
  WDF_DRIVER_CONFIG config;
  WDF_DRIVER_CONFIG_INIT(&config, EvtAdd);
  return WdfDriverCreate(DriverObject, RegistryPath, WDF_NO_OBJECT_ATTRIBUTES, &config,
                         WDF_NO_HANDLE);
}
