// The function driver of a USB device with isochronous pipes. Reads and writes of direct I/O wait in a manual
// queue, whose notice has the driver fetch all of them; each goes to its pipe as two transfers, a part
// of the request's own MDL at a time.
#include <ntddk.h>
#include <initguid.h>
#include <usbdi.h>
#include <usbdlib.h>
#include <wdf.h>
#include <wdfusb.h>

#define PACKET 64

// {8f1c1f0e-4c1a-4c4e-9d0c-4b1f6a6f0022}
DEFINE_GUID(GUID_FRAMES, 0x8f1c1f0e, 0x4c1a, 0x4c4e, 0x9d, 0x0c, 0x4b, 0x1f, 0x6a, 0x6f, 0x00, 0x22);

typedef struct _FRAMES {
  WDFUSBDEVICE Usb;
  WDFUSBPIPE In;
  WDFUSBPIPE Out;
  WDFQUEUE Queue;
  ULONG NextFrame;
  LONG Notices;
} FRAMES, *PFRAMES;
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(FRAMES, GetFrames)

typedef struct _TRANSFER {
  PFRAMES Frames;
  WDFMEMORY Urb;
  PMDL Mdl;
  PMDL Part;
  BOOLEAN IsRead;
  ULONG Length;
  ULONG Done;
} TRANSFER, *PTRANSFER;
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(TRANSFER, GetTransfer)

DRIVER_INITIALIZE DriverEntry;

static EVT_WDF_REQUEST_COMPLETION_ROUTINE PartComplete;

static NTSTATUS RetrieveMdl(WDFREQUEST Request, PMDL *Mdl) {
  return GetTransfer(Request)->IsRead ? WdfRequestRetrieveOutputWdmMdl(Request, Mdl)
                                      : WdfRequestRetrieveInputWdmMdl(Request, Mdl);
}

static void Finish(WDFREQUEST Request, NTSTATUS Status) {
  PTRANSFER transfer = GetTransfer(Request);
  if (transfer->Part != NULL) IoFreeMdl(transfer->Part);
  transfer->Part = NULL;
  WdfRequestCompleteWithInformation(Request, Status, transfer->Done);
}

// Fills the request block for the packets from Done on.
static NTSTATUS BuildPart(PTRANSFER Transfer, WDFUSBPIPE Pipe, ULONG Length) {
  ULONG packets = Length / PACKET;
  ULONG frame;
  PURB urb = WdfMemoryGetBuffer(Transfer->Urb, NULL);
  NTSTATUS status = WdfUsbTargetDeviceRetrieveCurrentFrameNumber(Transfer->Frames->Usb, &frame);
  if (!NT_SUCCESS(status)) return status;
  urb->UrbHeader.Length = (USHORT)GET_ISO_URB_SIZE(packets);
  urb->UrbHeader.Function = URB_FUNCTION_ISOCH_TRANSFER;
  urb->UrbIsochronousTransfer.PipeHandle = WdfUsbTargetPipeWdmGetPipeHandle(Pipe);
  urb->UrbIsochronousTransfer.TransferFlags =
      Transfer->IsRead ? USBD_TRANSFER_DIRECTION_IN : USBD_TRANSFER_DIRECTION_OUT;
  urb->UrbIsochronousTransfer.TransferBufferLength = Length;
  urb->UrbIsochronousTransfer.TransferBuffer = NULL;
  urb->UrbIsochronousTransfer.TransferBufferMDL = Transfer->Part;
  urb->UrbIsochronousTransfer.NumberOfPackets = packets;
  urb->UrbIsochronousTransfer.StartFrame = max(frame, Transfer->Frames->NextFrame) + 5;
  Transfer->Frames->NextFrame = urb->UrbIsochronousTransfer.StartFrame + packets;
  for (ULONG i = 0; i < packets; i++) {
    urb->UrbIsochronousTransfer.IsoPacket[i].Offset = i * PACKET;
    urb->UrbIsochronousTransfer.IsoPacket[i].Length = 0;
    urb->UrbIsochronousTransfer.IsoPacket[i].Status = 0;
  }
  return STATUS_SUCCESS;
}

// Sends the next part: half of the packets, and then the rest.
static NTSTATUS SendPart(WDFREQUEST Request) {
  PTRANSFER transfer = GetTransfer(Request);
  WDFUSBPIPE pipe = transfer->IsRead ? transfer->Frames->In : transfer->Frames->Out;
  PUCHAR address = (PUCHAR)MmGetMdlVirtualAddress(transfer->Mdl) + transfer->Done;
  ULONG length = transfer->Length - transfer->Done;
  NTSTATUS status;
  if (transfer->Done == 0 && length > PACKET) length = length / PACKET / 2 * PACKET;
  if (transfer->Part != NULL) IoFreeMdl(transfer->Part);
  transfer->Part = IoAllocateMdl(address, length, FALSE, FALSE, NULL);
  if (transfer->Part == NULL) return STATUS_INSUFFICIENT_RESOURCES;
  IoBuildPartialMdl(transfer->Mdl, transfer->Part, address, length);
  status = BuildPart(transfer, pipe, length);
  if (NT_SUCCESS(status)) {
    status = WdfUsbTargetPipeFormatRequestForUrb(pipe, Request, transfer->Urb, NULL);
  }
  if (!NT_SUCCESS(status)) return status;
  WdfRequestSetCompletionRoutine(Request, PartComplete, transfer);
  if (WdfRequestSend(Request, WdfUsbTargetPipeGetIoTarget(pipe), WDF_NO_SEND_OPTIONS)) {
    return STATUS_SUCCESS;
  }
  return WdfRequestGetStatus(Request);
}

static void PartComplete(WDFREQUEST Request, WDFIOTARGET Target,
                         PWDF_REQUEST_COMPLETION_PARAMS Params, WDFCONTEXT Context) {
  PTRANSFER transfer = Context;
  NTSTATUS status = Params->IoStatus.Status;
  PURB urb = WdfMemoryGetBuffer(transfer->Urb, NULL);
  ULONG packets = urb->UrbIsochronousTransfer.NumberOfPackets;
  ULONG length = 0;
  PMDL mdl = NULL;
  UNREFERENCED_PARAMETER(Target);
  for (ULONG i = 0; i < packets; i++) length += urb->UrbIsochronousTransfer.IsoPacket[i].Length;
  RetrieveMdl(Request, &mdl);
  DbgPrint("%s %08x: %u packets with %u bytes, %u errors, %s\n", transfer->IsRead ? "in" : "out",
           status, packets, length, urb->UrbIsochronousTransfer.ErrorCount,
           mdl == transfer->Mdl ? "own MDL" : "MDL lost");
  if (NT_SUCCESS(status)) {
    transfer->Done += packets * PACKET;
    if (transfer->Done < transfer->Length) {
      status = SendPart(Request);
      if (NT_SUCCESS(status)) return;
    }
  }
  Finish(Request, status);
}

static NTSTATUS Begin(PFRAMES Frames, WDFREQUEST Request) {
  PTRANSFER transfer = GetTransfer(Request);
  WDF_REQUEST_PARAMETERS parameters;
  WDF_OBJECT_ATTRIBUTES attributes;
  NTSTATUS status;
  WDF_REQUEST_PARAMETERS_INIT(&parameters);
  WdfRequestGetParameters(Request, &parameters);
  transfer->Frames = Frames;
  transfer->IsRead = parameters.Type == WdfRequestTypeRead;
  transfer->Length = (ULONG)(transfer->IsRead ? parameters.Parameters.Read.Length
                                              : parameters.Parameters.Write.Length);
  if (transfer->Length % PACKET != 0) return STATUS_INVALID_PARAMETER;
  status = RetrieveMdl(Request, &transfer->Mdl);
  if (!NT_SUCCESS(status)) return status;
  WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
  attributes.ParentObject = Request;
  status = WdfUsbTargetDeviceCreateIsochUrb(Frames->Usb, &attributes, transfer->Length / PACKET,
                                            &transfer->Urb, NULL);
  return NT_SUCCESS(status) ? SendPart(Request) : status;
}

static void EvtReady(WDFQUEUE Queue, WDFCONTEXT Context) {
  PFRAMES frames = Context;
  WDFREQUEST request;
  // A notice that never ends is not to hang a test.
  if (++frames->Notices > 16) return;
  DbgPrint("ready\n");
  while (NT_SUCCESS(WdfIoQueueRetrieveNextRequest(Queue, &request))) {
    NTSTATUS status = Begin(frames, request);
    if (!NT_SUCCESS(status)) Finish(request, status);
  }
}

static void EvtTransfer(WDFQUEUE Queue, WDFREQUEST Request, size_t Length) {
  PFRAMES frames = GetFrames(WdfIoQueueGetDevice(Queue));
  NTSTATUS status = WdfRequestForwardToIoQueue(Request, frames->Queue);
  UNREFERENCED_PARAMETER(Length);
  if (!NT_SUCCESS(status)) WdfRequestComplete(Request, status);
}

static void EvtStop(WDFQUEUE Queue, WDFREQUEST Request, ULONG Flags) {
  UNREFERENCED_PARAMETER(Queue);
  if (Flags & WdfRequestStopActionSuspend) {
    WdfRequestStopAcknowledge(Request, FALSE);
  } else if (Flags & WdfRequestStopActionPurge) {
    WdfRequestCancelSentRequest(Request);
  }
}

static NTSTATUS EvtPrepare(WDFDEVICE Device, WDFCMRESLIST Raw, WDFCMRESLIST Translated) {
  PFRAMES frames = GetFrames(Device);
  WDF_USB_DEVICE_CREATE_CONFIG config;
  WDF_USB_DEVICE_SELECT_CONFIG_PARAMS params;
  WDFUSBINTERFACE interface;
  NTSTATUS status;
  UNREFERENCED_PARAMETER(Raw);
  UNREFERENCED_PARAMETER(Translated);
  WDF_USB_DEVICE_CREATE_CONFIG_INIT(&config, USBD_CLIENT_CONTRACT_VERSION_602);
  status = WdfUsbTargetDeviceCreateWithParameters(Device, &config, WDF_NO_OBJECT_ATTRIBUTES,
                                                  &frames->Usb);
  if (!NT_SUCCESS(status)) return status;
  WDF_USB_DEVICE_SELECT_CONFIG_PARAMS_INIT_SINGLE_INTERFACE(&params);
  status = WdfUsbTargetDeviceSelectConfig(frames->Usb, WDF_NO_OBJECT_ATTRIBUTES, &params);
  if (!NT_SUCCESS(status)) return status;
  interface = params.Types.SingleInterface.ConfiguredUsbInterface;
  frames->In = WdfUsbInterfaceGetConfiguredPipe(interface, 0, NULL);
  frames->Out = WdfUsbInterfaceGetConfiguredPipe(interface, 1, NULL);
  return frames->In != NULL && frames->Out != NULL ? STATUS_SUCCESS : STATUS_DEVICE_CONFIGURATION_ERROR;
}

static NTSTATUS MakeQueues(WDFDEVICE Device) {
  PFRAMES frames = GetFrames(Device);
  WDF_OBJECT_ATTRIBUTES attributes;
  WDF_IO_QUEUE_CONFIG config;
  WDFQUEUE queue;
  NTSTATUS status;
  WDF_IO_QUEUE_CONFIG_INIT_DEFAULT_QUEUE(&config, WdfIoQueueDispatchParallel);
  config.EvtIoRead = EvtTransfer;
  config.EvtIoWrite = EvtTransfer;
  config.EvtIoStop = EvtStop;
  status = WdfIoQueueCreate(Device, &config, WDF_NO_OBJECT_ATTRIBUTES, &queue);
  if (!NT_SUCCESS(status)) return status;
  WDF_IO_QUEUE_CONFIG_INIT(&config, WdfIoQueueDispatchManual);
  config.EvtIoStop = EvtStop;
  WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
  attributes.SynchronizationScope = WdfSynchronizationScopeQueue;
  status = WdfIoQueueCreate(Device, &config, &attributes, &frames->Queue);
  if (!NT_SUCCESS(status)) return status;
  return WdfIoQueueReadyNotify(frames->Queue, EvtReady, frames);
}

static NTSTATUS EvtAdd(WDFDRIVER Driver, PWDFDEVICE_INIT Init) {
  WDF_PNPPOWER_EVENT_CALLBACKS callbacks;
  WDF_OBJECT_ATTRIBUTES attributes;
  WDFDEVICE device;
  NTSTATUS status;
  UNREFERENCED_PARAMETER(Driver);
  WDF_PNPPOWER_EVENT_CALLBACKS_INIT(&callbacks);
  callbacks.EvtDevicePrepareHardware = EvtPrepare;
  WdfDeviceInitSetPnpPowerEventCallbacks(Init, &callbacks);
  WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, TRANSFER);
  WdfDeviceInitSetRequestAttributes(Init, &attributes);
  WdfDeviceInitSetIoType(Init, WdfDeviceIoDirect);
  WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, FRAMES);
  status = WdfDeviceCreate(&Init, &attributes, &device);
  if (!NT_SUCCESS(status)) return status;
  status = MakeQueues(device);
  if (!NT_SUCCESS(status)) return status;
  return WdfDeviceCreateDeviceInterface(device, &GUID_FRAMES, NULL);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath) {
  WDF_DRIVER_CONFIG config;
  WDF_DRIVER_CONFIG_INIT(&config, EvtAdd);
  return WdfDriverCreate(DriverObject, RegistryPath, WDF_NO_OBJECT_ATTRIBUTES, &config,
                         WDF_NO_HANDLE);
}
