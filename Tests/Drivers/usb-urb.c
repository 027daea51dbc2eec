// A WDM function driver of a USB device that sends one request block for each control request, and says what
// came back. Input and output are numbers.
#include "pnp.h"
#include <usbdi.h>
#include <usbdlib.h>
#include <usbbusif.h>

typedef struct _EXTENSION {
  PDEVICE_OBJECT Pdo;
  PDEVICE_OBJECT Lower;
  UNICODE_STRING Link;
  USBD_CONFIGURATION_HANDLE Configuration;
  USBD_INTERFACE_HANDLE Interface;
  USBD_PIPE_HANDLE Pipes[4];
  PIRP Pending;
  PURB PendingUrb;
  UCHAR PendingData[64];
  PIRP Idle;
  USB_IDLE_CALLBACK_INFO IdleInfo;
  ULONG IdleCalls;
} EXTENSION, *PEXTENSION;

static NTSTATUS SignalDone(PDEVICE_OBJECT device, PIRP irp, PVOID context) {
  UNREFERENCED_PARAMETER(device);
  UNREFERENCED_PARAMETER(irp);
  KeSetEvent(context, IO_NO_INCREMENT, FALSE);
  return STATUS_MORE_PROCESSING_REQUIRED;
}

// Sends an internal control code with its argument and waits.
static NTSTATUS Send(PEXTENSION extension, ULONG code, PVOID argument) {
  PIRP irp = IoAllocateIrp(extension->Lower->StackSize, FALSE);
  PIO_STACK_LOCATION next = IoGetNextIrpStackLocation(irp);
  KEVENT event;
  NTSTATUS status;
  KeInitializeEvent(&event, NotificationEvent, FALSE);
  next->MajorFunction = IRP_MJ_INTERNAL_DEVICE_CONTROL;
  next->Parameters.DeviceIoControl.IoControlCode = code;
  next->Parameters.Others.Argument1 = argument;
  IoSetCompletionRoutine(irp, SignalDone, &event, TRUE, TRUE, TRUE);
  IoCallDriver(extension->Lower, irp);
  KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, NULL);
  status = irp->IoStatus.Status;
  IoFreeIrp(irp);
  return status;
}

static NTSTATUS Submit(PEXTENSION extension, PVOID urb) {
  return Send(extension, IOCTL_INTERNAL_USB_SUBMIT_URB, urb);
}

typedef void SCENARIO(PEXTENSION extension, const ULONG64 *in, ULONG64 *out);

static NTSTATUS GetDescriptor(PEXTENSION extension, UCHAR type, UCHAR index, PVOID data,
                              PULONG length) {
  URB urb;
  NTSTATUS status;
  RtlZeroMemory(&urb, sizeof urb);
  UsbBuildGetDescriptorRequest(&urb, sizeof(struct _URB_CONTROL_DESCRIPTOR_REQUEST), type, index,
                               0x409, data, NULL, *length, NULL);
  status = Submit(extension, &urb);
  *length = urb.UrbControlDescriptorRequest.TransferBufferLength;
  return NT_SUCCESS(status) ? status : (NTSTATUS)urb.UrbHeader.Status;
}

static void Descriptors(PEXTENSION extension, const ULONG64 *in, ULONG64 *out) {
  UCHAR data[256];
  ULONG length = (ULONG)in[2];
  out[0] = (ULONG)GetDescriptor(extension, (UCHAR)in[0], (UCHAR)in[1], data, &length);
  out[1] = length;
  for (ULONG i = 0; i < length && i < 24; i++) out[2 + i] = data[i];
}

// Selects the configuration with the library's help; out: what the pipes are.
static void Configure(PEXTENSION extension, const ULONG64 *in, ULONG64 *out) {
  static UCHAR bytes[256];
  PUSB_CONFIGURATION_DESCRIPTOR configuration = (PUSB_CONFIGURATION_DESCRIPTOR)bytes;
  USBD_INTERFACE_LIST_ENTRY list[2] = {{0}};
  ULONG length = sizeof bytes;
  PUCHAR wrong;
  PURB urb;
  out[0] = (ULONG)GetDescriptor(extension, USB_CONFIGURATION_DESCRIPTOR_TYPE, 0, bytes, &length);
  out[1] = (ULONG)USBD_ValidateConfigurationDescriptor(configuration, length, 3, &wrong, 'bsuT');
  list[0].InterfaceDescriptor = USBD_ParseConfigurationDescriptorEx(configuration, configuration, 0,
                                                                    (LONG)in[0], -1, -1, -1);
  urb = USBD_CreateConfigurationRequestEx(configuration, list);
  if (in[1]) configuration->bConfigurationValue = (UCHAR)in[1];
  out[2] = (ULONG)Submit(extension, urb);
  out[3] = (ULONG)URB_STATUS(urb);
  out[4] = list[0].Interface->NumberOfPipes;
  out[5] = urb->UrbSelectConfiguration.ConfigurationHandle != NULL;
  extension->Configuration = urb->UrbSelectConfiguration.ConfigurationHandle;
  for (ULONG i = 0; i < list[0].Interface->NumberOfPipes && i < 4; i++) {
    extension->Pipes[i] = list[0].Interface->Pipes[i].PipeHandle;
    out[6 + 2 * i] = list[0].Interface->Pipes[i].EndpointAddress;
    out[7 + 2 * i] = list[0].Interface->Pipes[i].MaximumPacketSize;
  }
  ExFreePool(urb);
}

// in: pipe, length, flags, fill; out: status, URB status, length, first and last byte.
static void Transfer(PEXTENSION extension, const ULONG64 *in, ULONG64 *out) {
  URB urb;
  static UCHAR data[2048];
  PMDL mdl = NULL;
  RtlFillMemory(data, sizeof data, (UCHAR)in[3]);
  RtlZeroMemory(&urb, sizeof urb);
  if (in[4]) {
    mdl = IoAllocateMdl(data, (ULONG)in[1], FALSE, FALSE, NULL);
    MmBuildMdlForNonPagedPool(mdl);
  }
  UsbBuildInterruptOrBulkTransferRequest(&urb, sizeof(struct _URB_BULK_OR_INTERRUPT_TRANSFER),
                                         extension->Pipes[in[0]], mdl ? NULL : data, mdl,
                                         (ULONG)in[1], (ULONG)in[2], NULL);
  out[0] = (ULONG)Submit(extension, &urb);
  out[1] = (ULONG)urb.UrbHeader.Status;
  out[2] = urb.UrbBulkOrInterruptTransfer.TransferBufferLength;
  out[3] = data[0];
  out[4] = data[in[1] ? in[1] - 1 : 0];
  if (mdl) IoFreeMdl(mdl);
}

static void PipeRequest(PEXTENSION extension, const ULONG64 *in, ULONG64 *out) {
  struct _URB_PIPE_REQUEST urb;
  RtlZeroMemory(&urb, sizeof urb);
  urb.Hdr.Length = sizeof urb;
  urb.Hdr.Function = (USHORT)in[1];
  urb.PipeHandle = in[0] == 99 ? (PVOID)0x1234 : extension->Pipes[in[0]];
  out[0] = (ULONG)Submit(extension, &urb);
  out[1] = (ULONG)urb.Hdr.Status;
}

static void Status(PEXTENSION extension, const ULONG64 *in, ULONG64 *out) {
  URB urb;
  USHORT word = 0xFFFF;
  RtlZeroMemory(&urb, sizeof urb);
  UsbBuildGetStatusRequest(&urb, (USHORT)in[0], (USHORT)in[1], &word, NULL, NULL);
  out[0] = (ULONG)Submit(extension, &urb);
  out[1] = word;
}

static void Feature(PEXTENSION extension, const ULONG64 *in, ULONG64 *out) {
  URB urb;
  RtlZeroMemory(&urb, sizeof urb);
  UsbBuildFeatureRequest(&urb, (USHORT)in[0], (USHORT)in[1], (USHORT)in[2], NULL);
  out[0] = (ULONG)Submit(extension, &urb);
  out[1] = (ULONG)urb.UrbHeader.Status;
}

// in: request, value, index, length, whether to the host, flags.
static void Vendor(PEXTENSION extension, const ULONG64 *in, ULONG64 *out) {
  URB urb;
  UCHAR data[64] = {(UCHAR)in[1]};
  RtlZeroMemory(&urb, sizeof urb);
  UsbBuildVendorRequest(&urb, URB_FUNCTION_VENDOR_DEVICE,
                        sizeof(struct _URB_CONTROL_VENDOR_OR_CLASS_REQUEST), (ULONG)in[5], 0,
                        (UCHAR)in[0], (USHORT)in[1], (USHORT)in[2], in[3] ? data : NULL, NULL,
                        (ULONG)in[3], NULL);
  out[0] = (ULONG)Submit(extension, &urb);
  out[1] = (ULONG)urb.UrbHeader.Status;
  out[2] = urb.UrbControlVendorClassRequest.TransferBufferLength;
  out[3] = data[0];
}

static void SelectInterface(PEXTENSION extension, const ULONG64 *in, ULONG64 *out) {
  UCHAR memory[sizeof(URB) + 4 * sizeof(USBD_PIPE_INFORMATION)] = {0};
  PURB urb = (PURB)memory;
  UsbBuildSelectInterfaceRequest(urb, GET_SELECT_INTERFACE_REQUEST_SIZE((USHORT)in[1]),
                                 in[2] ? NULL : extension->Configuration, 0, (UCHAR)in[0]);
  urb->UrbSelectInterface.Interface.Length = GET_USBD_INTERFACE_SIZE((USHORT)in[1]);
  urb->UrbSelectInterface.Interface.NumberOfPipes = (ULONG)in[1];
  out[0] = (ULONG)Submit(extension, urb);
  out[1] = (ULONG)URB_STATUS(urb);
  out[2] = urb->UrbSelectInterface.Interface.NumberOfPipes;
  out[3] = urb->UrbSelectInterface.Interface.Pipes[0].MaximumPacketSize;
}

// Any function with a header alone.
static void Raw(PEXTENSION extension, const ULONG64 *in, ULONG64 *out) {
  URB urb;
  RtlZeroMemory(&urb, sizeof urb);
  urb.UrbHeader.Length = (USHORT)in[1];
  urb.UrbHeader.Function = (USHORT)in[0];
  out[0] = (ULONG)Submit(extension, &urb);
  out[1] = (ULONG)urb.UrbHeader.Status;
  out[2] = urb.UrbGetCurrentFrameNumber.FrameNumber;
}

static NTSTATUS Answered(PDEVICE_OBJECT device, PIRP irp, PVOID context) {
  PEXTENSION extension = context;
  UNREFERENCED_PARAMETER(device);
  DbgPrint("read %08x %08x length %u level %u\n", irp->IoStatus.Status,
           extension->PendingUrb->UrbHeader.Status,
           extension->PendingUrb->UrbBulkOrInterruptTransfer.TransferBufferLength,
           KeGetCurrentIrql());
  extension->Pending = NULL;
  IoFreeIrp(irp);
  return STATUS_MORE_PROCESSING_REQUIRED;
}

// Starts a read that stays pending.
static void Start(PEXTENSION extension, const ULONG64 *in, ULONG64 *out) {
  PIRP irp = IoAllocateIrp(extension->Lower->StackSize, FALSE);
  PIO_STACK_LOCATION next = IoGetNextIrpStackLocation(irp);
  if (extension->PendingUrb == NULL) {
    extension->PendingUrb = ExAllocatePool2(POOL_FLAG_NON_PAGED, sizeof(URB), 'bsuT');
  }
  RtlZeroMemory(extension->PendingUrb, sizeof(URB));
  UsbBuildInterruptOrBulkTransferRequest(
      extension->PendingUrb, sizeof(struct _URB_BULK_OR_INTERRUPT_TRANSFER), extension->Pipes[in[0]],
      extension->PendingData, NULL, 64, USBD_TRANSFER_DIRECTION_IN | USBD_SHORT_TRANSFER_OK, NULL);
  next->MajorFunction = IRP_MJ_INTERNAL_DEVICE_CONTROL;
  next->Parameters.DeviceIoControl.IoControlCode = IOCTL_INTERNAL_USB_SUBMIT_URB;
  USBD_AssignUrbToIoStackLocation(NULL, next, extension->PendingUrb);
  IoSetCompletionRoutine(irp, Answered, extension, TRUE, TRUE, TRUE);
  extension->Pending = irp;
  out[0] = (ULONG)IoCallDriver(extension->Lower, irp);
}

static void Cancel(PEXTENSION extension, const ULONG64 *in, ULONG64 *out) {
  UNREFERENCED_PARAMETER(in);
  out[0] = extension->Pending ? IoCancelIrp(extension->Pending) : 2;
}

static void Port(PEXTENSION extension, const ULONG64 *in, ULONG64 *out) {
  ULONG bits = 0;
  out[0] = (ULONG)Send(extension, (ULONG)in[0], &bits);
  out[1] = bits;
}

static void Interface(PEXTENSION extension, const ULONG64 *in, ULONG64 *out) {
  PIRP irp = IoAllocateIrp(extension->Lower->StackSize, FALSE);
  PIO_STACK_LOCATION next = IoGetNextIrpStackLocation(irp);
  USB_BUS_INTERFACE_USBDI_V3 bus = {0};
  USBD_VERSION_INFORMATION version = {0};
  USB_BUS_INFORMATION_LEVEL_0 information = {0};
  ULONG length = sizeof information, actual = 0, frame = 0;
  KEVENT event;
  KeInitializeEvent(&event, NotificationEvent, FALSE);
  irp->IoStatus.Status = STATUS_NOT_SUPPORTED;
  next->MajorFunction = IRP_MJ_PNP;
  next->MinorFunction = IRP_MN_QUERY_INTERFACE;
  next->Parameters.QueryInterface.InterfaceType = &USB_BUS_INTERFACE_USBDI_GUID;
  next->Parameters.QueryInterface.Size = sizeof bus;
  next->Parameters.QueryInterface.Version = (USHORT)in[0];
  next->Parameters.QueryInterface.Interface = (PINTERFACE)&bus;
  IoSetCompletionRoutine(irp, SignalDone, &event, TRUE, TRUE, TRUE);
  IoCallDriver(extension->Lower, irp);
  KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, NULL);
  out[0] = (ULONG)irp->IoStatus.Status;
  IoFreeIrp(irp);
  out[1] = bus.Size;
  out[2] = bus.Version;
  if (!NT_SUCCESS((NTSTATUS)out[0])) return;
  bus.GetUSBDIVersion(bus.BusContext, &version, NULL);
  out[3] = version.Supported_USB_Version;
  out[4] = (ULONG)bus.QueryBusTime(bus.BusContext, &frame);
  out[5] = (ULONG)bus.QueryBusInformation(bus.BusContext, 0, &information, &length, &actual);
  out[6] = information.TotalBandwidth;
  out[7] = bus.IsDeviceHighSpeed ? bus.IsDeviceHighSpeed(bus.BusContext) : 2;
  bus.InterfaceDereference(bus.BusContext);
}

static void IdleCallback(PVOID context) {
  PEXTENSION extension = context;
  extension->IdleCalls++;
  DbgPrint("idle level %u\n", KeGetCurrentIrql());
}

static NTSTATUS IdleDone(PDEVICE_OBJECT device, PIRP irp, PVOID context) {
  PEXTENSION extension = context;
  UNREFERENCED_PARAMETER(device);
  DbgPrint("idle %08x\n", irp->IoStatus.Status);
  extension->Idle = NULL;
  IoFreeIrp(irp);
  return STATUS_MORE_PROCESSING_REQUIRED;
}

static void Idle(PEXTENSION extension, const ULONG64 *in, ULONG64 *out) {
  PIRP irp;
  PIO_STACK_LOCATION next;
  if (in[0]) {
    out[0] = extension->Idle ? IoCancelIrp(extension->Idle) : 2;
    return;
  }
  irp = IoAllocateIrp(extension->Lower->StackSize, FALSE);
  next = IoGetNextIrpStackLocation(irp);
  extension->IdleInfo.IdleCallback = IdleCallback;
  extension->IdleInfo.IdleContext = extension;
  next->MajorFunction = IRP_MJ_INTERNAL_DEVICE_CONTROL;
  next->Parameters.DeviceIoControl.IoControlCode = IOCTL_INTERNAL_USB_SUBMIT_IDLE_NOTIFICATION;
  next->Parameters.DeviceIoControl.InputBufferLength = sizeof extension->IdleInfo;
  next->Parameters.DeviceIoControl.Type3InputBuffer = &extension->IdleInfo;
  IoSetCompletionRoutine(irp, IdleDone, extension, TRUE, TRUE, TRUE);
  extension->Idle = irp;
  out[0] = (ULONG)IoCallDriver(extension->Lower, irp);
}

// in: pipe, packets, bytes of a packet; out: statuses, then the lengths.
static void Frames(PEXTENSION extension, const ULONG64 *in, ULONG64 *out) {
  ULONG count = (ULONG)in[1];
  ULONG size = (ULONG)in[2];
  PURB urb = ExAllocatePool2(POOL_FLAG_NON_PAGED, GET_ISO_URB_SIZE(count), 'bsuT');
  PUCHAR data = ExAllocatePool2(POOL_FLAG_NON_PAGED, count * size, 'bsuT');
  urb->UrbHeader.Length = (USHORT)GET_ISO_URB_SIZE(count);
  urb->UrbHeader.Function = URB_FUNCTION_ISOCH_TRANSFER;
  urb->UrbIsochronousTransfer.PipeHandle = extension->Pipes[in[0]];
  urb->UrbIsochronousTransfer.TransferFlags =
      USBD_TRANSFER_DIRECTION_IN | USBD_START_ISO_TRANSFER_ASAP;
  urb->UrbIsochronousTransfer.TransferBuffer = data;
  urb->UrbIsochronousTransfer.TransferBufferLength = count * size;
  urb->UrbIsochronousTransfer.NumberOfPackets = count;
  for (ULONG i = 0; i < count; i++) urb->UrbIsochronousTransfer.IsoPacket[i].Offset = i * size;
  out[0] = (ULONG)Submit(extension, urb);
  out[1] = (ULONG)URB_STATUS(urb);
  out[2] = urb->UrbIsochronousTransfer.TransferBufferLength;
  out[3] = urb->UrbIsochronousTransfer.ErrorCount;
  for (ULONG i = 0; i < count && i < 8; i++) {
    out[4 + i] = urb->UrbIsochronousTransfer.IsoPacket[i].Length;
  }
  ExFreePool(data);
  ExFreePool(urb);
}

static void Library(PEXTENSION extension, const ULONG64 *in, ULONG64 *out) {
  USBD_HANDLE handle = NULL;
  PURB urb = NULL;
  UNREFERENCED_PARAMETER(in);
  out[0] = (ULONG)USBD_CreateHandle(extension->Pdo, extension->Lower,
                                    USBD_CLIENT_CONTRACT_VERSION_602, 'bsuT', &handle);
  out[1] = (ULONG)USBD_UrbAllocate(handle, &urb);
  out[2] = urb != NULL && urb->UrbHeader.Length == 0;
  USBD_UrbFree(handle, urb);
  out[3] = (ULONG)USBD_QueryUsbCapability(
      handle, &GUID_USB_CAPABILITY_DEVICE_CONNECTION_HIGH_SPEED_COMPATIBLE, 0, NULL, NULL);
  out[4] = (ULONG)USBD_QueryUsbCapability(handle, &GUID_USB_CAPABILITY_CHAINED_MDLS, 0, NULL, NULL);
  out[5] = USBD_IsInterfaceVersionSupported(handle, USBD_INTERFACE_VERSION_602);
  USBD_CloseHandle(handle);
  out[6] = (ULONG)USBD_CreateHandle(extension->Pdo, extension->Lower, 0x123, 'bsuT', &handle);
  out[7] = (ULONG)USBD_UrbAllocate(NULL, &urb);
}

static SCENARIO *const scenarios[] = {Descriptors, Configure, Transfer,        PipeRequest, Status,
                                      Feature,     Vendor,    SelectInterface, Raw,         Start,
                                      Cancel,      Port,      Interface,       Idle,        Frames,
                                      Library};

static NTSTATUS Control(PDEVICE_OBJECT device, PIRP irp) {
  PIO_STACK_LOCATION location = IoGetCurrentIrpStackLocation(irp);
  ULONG index = ((location->Parameters.DeviceIoControl.IoControlCode >> 2) & 0xFFF) - 0x800;
  ULONG length = location->Parameters.DeviceIoControl.OutputBufferLength;
  ULONG64 in[8] = {0}, out[32] = {0};
  if (index >= ARRAYSIZE(scenarios)) return Complete(irp, STATUS_INVALID_DEVICE_REQUEST, 0);
  RtlCopyMemory(in, irp->AssociatedIrp.SystemBuffer,
                min(location->Parameters.DeviceIoControl.InputBufferLength, sizeof in));
  scenarios[index](device->DeviceExtension, in, out);
  length = min(length, sizeof out);
  if (length) RtlCopyMemory(irp->AssociatedIrp.SystemBuffer, out, length);
  return Complete(irp, STATUS_SUCCESS, length);
}

static NTSTATUS OpenClose(PDEVICE_OBJECT device, PIRP irp) {
  UNREFERENCED_PARAMETER(device);
  return Complete(irp, STATUS_SUCCESS, 0);
}

static NTSTATUS Pass(PEXTENSION extension, PIRP irp) {
  IoSkipCurrentIrpStackLocation(irp);
  return IoCallDriver(extension->Lower, irp);
}

static NTSTATUS Power(PDEVICE_OBJECT device, PIRP irp) {
  return Pass(device->DeviceExtension, irp);
}

static NTSTATUS Pnp(PDEVICE_OBJECT device, PIRP irp) {
  PEXTENSION extension = device->DeviceExtension;
  PIO_STACK_LOCATION location = IoGetCurrentIrpStackLocation(irp);
  NTSTATUS status;
  LogPnp("urb", location->MinorFunction);
  switch (location->MinorFunction) {
    case IRP_MN_START_DEVICE: {
      KEVENT event;
      KeInitializeEvent(&event, NotificationEvent, FALSE);
      IoCopyCurrentIrpStackLocationToNext(irp);
      IoSetCompletionRoutine(irp, SignalDone, &event, TRUE, TRUE, TRUE);
      IoCallDriver(extension->Lower, irp);
      KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, NULL);
      IoSetDeviceInterfaceState(&extension->Link, TRUE);
      return Complete(irp, STATUS_SUCCESS, 0);
    }
    case IRP_MN_REMOVE_DEVICE:
      if (extension->PendingUrb) ExFreePool(extension->PendingUrb);
      irp->IoStatus.Status = STATUS_SUCCESS;
      status = Pass(extension, irp);
      IoSetDeviceInterfaceState(&extension->Link, FALSE);
      RtlFreeUnicodeString(&extension->Link);
      IoDetachDevice(extension->Lower);
      IoDeleteDevice(device);
      return status;
    case IRP_MN_QUERY_REMOVE_DEVICE:
    case IRP_MN_CANCEL_REMOVE_DEVICE:
    case IRP_MN_SURPRISE_REMOVAL: irp->IoStatus.Status = STATUS_SUCCESS; return Pass(extension, irp);
    default: return Pass(extension, irp);
  }
}

static NTSTATUS AddDevice(PDRIVER_OBJECT driver, PDEVICE_OBJECT pdo) {
  PDEVICE_OBJECT device;
  PEXTENSION extension;
  NTSTATUS status = IoCreateDevice(driver, sizeof *extension, NULL, FILE_DEVICE_UNKNOWN,
                                   FILE_DEVICE_SECURE_OPEN, FALSE, &device);
  if (!NT_SUCCESS(status)) return status;
  extension = device->DeviceExtension;
  RtlZeroMemory(extension, sizeof *extension);
  extension->Pdo = pdo;
  extension->Lower = IoAttachDeviceToDeviceStack(device, pdo);
  IoRegisterDeviceInterface(pdo, &GUID_TEST, NULL, &extension->Link);
  device->Flags |= DO_BUFFERED_IO | DO_POWER_PAGABLE;
  device->Flags &= ~DO_DEVICE_INITIALIZING;
  return STATUS_SUCCESS;
}

static void Unload(PDRIVER_OBJECT driver) { UNREFERENCED_PARAMETER(driver); }

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING registryPath) {
  UNREFERENCED_PARAMETER(registryPath);
  driver->DriverExtension->AddDevice = AddDevice;
  driver->DriverUnload = Unload;
  driver->MajorFunction[IRP_MJ_CREATE] = OpenClose;
  driver->MajorFunction[IRP_MJ_CLOSE] = OpenClose;
  driver->MajorFunction[IRP_MJ_CLEANUP] = OpenClose;
  driver->MajorFunction[IRP_MJ_DEVICE_CONTROL] = Control;
  driver->MajorFunction[IRP_MJ_PNP] = Pnp;
  driver->MajorFunction[IRP_MJ_POWER] = Power;
  driver->MajorFunction[IRP_MJ_SYSTEM_CONTROL] = Power;
  return STATUS_SUCCESS;
}
