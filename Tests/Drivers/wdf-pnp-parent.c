// A bus whose children have no driver of their own: raw devices with an address, that hand requests to
// the bus, fail, and are found again.
#include "wdf-pnp.h"

#include <ntstrsafe.h>

DRIVER_INITIALIZE DriverEntry;

// {8f1c1f0e-4c1a-4c4e-9d0c-4b1f6a6f0013}: what the bus offers its own stack.
static const GUID OfferGuid = {
    0x8f1c1f0e, 0x4c1a, 0x4c4e, {0x9d, 0x0c, 0x4b, 0x1f, 0x6a, 0x6f, 0x00, 0x13}};

typedef struct _CHILD {
  WDF_CHILD_IDENTIFICATION_DESCRIPTION_HEADER Header;
  ULONG Number;
} CHILD, *PCHILD;

typedef struct _ADDRESS {
  WDF_CHILD_ADDRESS_DESCRIPTION_HEADER Header;
  ULONG Slot;
} ADDRESS, *PADDRESS;

typedef struct _OFFER {
  INTERFACE Header;
  ULONG Value;
} OFFER, *POFFER;

typedef struct _PDO_CONTEXT {
  ULONG Number;
  ULONG Slot;
} PDO_CONTEXT, *PPDO_CONTEXT;

WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(PDO_CONTEXT, GetPdo)

static WDFQUEUE forwarded;

static void EvtForwarded(WDFQUEUE Queue, WDFREQUEST Request, size_t OutputLength,
                         size_t InputLength, ULONG Code) {
  UNREFERENCED_PARAMETER(OutputLength);
  UNREFERENCED_PARAMETER(InputLength);
  UNREFERENCED_PARAMETER(Code);
  DbgPrint("parent has it: %u\n", WdfRequestGetIoQueue(Request) == Queue);
  WdfRequestCompleteWithInformation(Request, STATUS_SUCCESS, 0);
}

static NTSTATUS Forward(WDFREQUEST Request, WDFQUEUE Queue, ULONG Flags) {
  WDF_REQUEST_FORWARD_OPTIONS options;
  WDF_REQUEST_FORWARD_OPTIONS_INIT(&options);
  if (Flags) options.Flags = 0;
  return WdfRequestForwardToParentDeviceIoQueue(Request, Queue, &options);
}

static void EvtChildControl(WDFQUEUE Queue, WDFREQUEST Request, size_t OutputLength,
                            size_t InputLength, ULONG Code) {
  WDFDEVICE device = WdfIoQueueGetDevice(Queue);
  NTSTATUS status = STATUS_SUCCESS;
  size_t length = 0;
  ULONG *output;
  UNREFERENCED_PARAMETER(OutputLength);
  UNREFERENCED_PARAMETER(InputLength);
  switch (Code) {
    case IOCTL_PING:
      // Only sending and forgetting is a way, and only to the parent.
      if (Forward(Request, forwarded, 1) != STATUS_INVALID_PARAMETER ||
          Forward(Request, Queue, 0) != STATUS_INVALID_DEVICE_REQUEST) {
        DbgPrint("a wrong forward was not refused\n");
      }
      status = Forward(Request, forwarded, 0);
      if (NT_SUCCESS(status)) return;
      break;
    case IOCTL_STATES:
      status = WdfRequestRetrieveOutputBuffer(Request, 8, (void **)&output, NULL);
      if (!NT_SUCCESS(status)) break;
      output[0] = GetPdo(device)->Number;
      output[1] = GetPdo(device)->Slot;
      length = 8;
      break;
    case IOCTL_FAIL: WdfDeviceSetFailed(device, WdfDeviceFailedAttemptRestart); break;
    default: status = STATUS_INVALID_DEVICE_REQUEST;
  }
  WdfRequestCompleteWithInformation(Request, status, length);
}

static NTSTATUS Describe(PWDFDEVICE_INIT Init, ULONG Number) {
  DECLARE_CONST_UNICODE_STRING(identifier, L"WDFPARENT\\Raw");
  DECLARE_UNICODE_STRING_SIZE(text, 40);
  NTSTATUS status = WdfPdoInitAssignDeviceID(Init, &identifier);
  if (NT_SUCCESS(status)) status = WdfPdoInitAddHardwareID(Init, &identifier);
  if (NT_SUCCESS(status)) status = RtlUnicodeStringPrintf(&text, L"%02u", Number);
  if (NT_SUCCESS(status)) status = WdfPdoInitAssignInstanceID(Init, &text);
  if (NT_SUCCESS(status)) status = WdfPdoInitAssignRawDevice(Init, &OfferGuid);
  return status;
}

static NTSTATUS EvtCreateChild(WDFCHILDLIST List,
                               PWDF_CHILD_IDENTIFICATION_DESCRIPTION_HEADER Identification,
                               PWDFDEVICE_INIT Init) {
  WDF_OBJECT_ATTRIBUTES attributes;
  WDF_IO_QUEUE_CONFIG config;
  WDFDEVICE child;
  ADDRESS address;
  NTSTATUS status;
  ULONG number = CONTAINING_RECORD(Identification, CHILD, Header)->Number;
  WDF_CHILD_ADDRESS_DESCRIPTION_HEADER_INIT(&address.Header, sizeof address);
  status = WdfChildListRetrieveAddressDescription(List, Identification, &address.Header);
  if (!NT_SUCCESS(status)) return status;
  DbgPrint("create %u at %u\n", number, address.Slot);
  WdfPdoInitAllowForwardingRequestToParent(Init);
  status = Describe(Init, number);
  if (!NT_SUCCESS(status)) return status;
  WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, PDO_CONTEXT);
  status = WdfDeviceCreate(&Init, &attributes, &child);
  if (!NT_SUCCESS(status)) return status;
  GetPdo(child)->Number = number;
  GetPdo(child)->Slot = address.Slot;
  WDF_IO_QUEUE_CONFIG_INIT_DEFAULT_QUEUE(&config, WdfIoQueueDispatchParallel);
  config.EvtIoDeviceControl = EvtChildControl;
  status = WdfIoQueueCreate(child, &config, WDF_NO_OBJECT_ATTRIBUTES, NULL);
  if (!NT_SUCCESS(status)) return status;
  return WdfDeviceCreateDeviceInterface(child, &FunctionInterface, NULL);
}

// A child that failed is found again, one slot further.
static BOOLEAN EvtReenumerated(WDFCHILDLIST List, WDFDEVICE Old,
                               PWDF_CHILD_ADDRESS_DESCRIPTION_HEADER OldAddress,
                               PWDF_CHILD_ADDRESS_DESCRIPTION_HEADER NewAddress) {
  PADDRESS old = CONTAINING_RECORD(OldAddress, ADDRESS, Header);
  UNREFERENCED_PARAMETER(List);
  DbgPrint("found again %u, was at %u\n", GetPdo(Old)->Number, old->Slot);
  CONTAINING_RECORD(NewAddress, ADDRESS, Header)->Slot = old->Slot + 1;
  return TRUE;
}

// The number's upper half is the slot.
static NTSTATUS Plug(WDFDEVICE Device, ULONG Number) {
  CHILD child;
  ADDRESS address;
  WDF_CHILD_IDENTIFICATION_DESCRIPTION_HEADER_INIT(&child.Header, sizeof child);
  child.Number = Number & 0xFFFF;
  WDF_CHILD_ADDRESS_DESCRIPTION_HEADER_INIT(&address.Header, sizeof address);
  address.Slot = Number >> 16;
  return WdfChildListAddOrUpdateChildDescriptionAsPresent(WdfFdoGetDefaultChildList(Device),
                                                          &child.Header, &address.Header);
}

// What the list says now of a child.
static NTSTATUS Slot(WDFDEVICE Device, ULONG Number, ULONG *Output) {
  CHILD child;
  ADDRESS address;
  NTSTATUS status;
  WDF_CHILD_IDENTIFICATION_DESCRIPTION_HEADER_INIT(&child.Header, sizeof child);
  child.Number = Number;
  WDF_CHILD_ADDRESS_DESCRIPTION_HEADER_INIT(&address.Header, sizeof address);
  status = WdfChildListRetrieveAddressDescription(WdfFdoGetDefaultChildList(Device), &child.Header,
                                                  &address.Header);
  Output[0] = address.Slot;
  return status;
}

static void EvtReference(PVOID Context) {
  UNREFERENCED_PARAMETER(Context);
  DbgPrint("offer referenced\n");
}

static NTSTATUS Query(WDFDEVICE Device, ULONG *Output) {
  OFFER offer;
  NTSTATUS status;
  RtlZeroMemory(&offer, sizeof offer);
  status = WdfFdoQueryForInterface(Device, &OfferGuid, &offer.Header, sizeof offer, 3, NULL);
  Output[0] = offer.Value;
  Output[1] = offer.Header.Version;
  // One that nobody offers.
  Output[2] = (ULONG)WdfFdoQueryForInterface(Device, &BusInterface, &offer.Header, sizeof offer, 3,
                                             NULL);
  return status;
}

static NTSTATUS Offer(WDFDEVICE Device) {
  WDF_QUERY_INTERFACE_CONFIG config;
  OFFER offer;
  RtlZeroMemory(&offer, sizeof offer);
  offer.Header.Size = sizeof offer;
  offer.Header.Version = 3;
  offer.Header.InterfaceReference = EvtReference;
  offer.Header.InterfaceDereference = WdfDeviceInterfaceDereferenceNoOp;
  offer.Value = 77;
  WDF_QUERY_INTERFACE_CONFIG_INIT(&config, &offer.Header, &OfferGuid, WDF_NO_EVENT_CALLBACK);
  return WdfDeviceAddQueryInterface(Device, &config);
}

static void EvtControl(WDFQUEUE Queue, WDFREQUEST Request, size_t OutputLength, size_t InputLength,
                       ULONG Code) {
  WDFDEVICE device = WdfIoQueueGetDevice(Queue);
  ULONG *number, *output;
  size_t length = 0;
  NTSTATUS status = WdfRequestRetrieveInputBuffer(Request, 4, (void **)&number, NULL);
  UNREFERENCED_PARAMETER(InputLength);
  if (NT_SUCCESS(status) && Code == IOCTL_PLUG) status = Plug(device, *number);
  if (NT_SUCCESS(status) && OutputLength >= 12) {
    status = WdfRequestRetrieveOutputBuffer(Request, 12, (void **)&output, NULL);
    if (NT_SUCCESS(status)) {
      // Input and output are one buffer.
      const ULONG which = *number;
      RtlZeroMemory(output, 12);
      status = Code == IOCTL_COUNT ? Slot(device, which, output) : Query(device, output);
    }
    length = 12;
  }
  WdfRequestCompleteWithInformation(Request, status, length);
}

static NTSTATUS EvtAdd(WDFDRIVER Driver, PWDFDEVICE_INIT Init) {
  WDF_CHILD_LIST_CONFIG list;
  WDF_IO_QUEUE_CONFIG config;
  WDFDEVICE device;
  NTSTATUS status;
  UNREFERENCED_PARAMETER(Driver);
  WDF_CHILD_LIST_CONFIG_INIT(&list, sizeof(CHILD), EvtCreateChild);
  list.AddressDescriptionSize = sizeof(ADDRESS);
  list.EvtChildListDeviceReenumerated = EvtReenumerated;
  WdfFdoInitSetDefaultChildListConfig(Init, &list, WDF_NO_OBJECT_ATTRIBUTES);
  status = WdfDeviceCreate(&Init, WDF_NO_OBJECT_ATTRIBUTES, &device);
  if (!NT_SUCCESS(status)) return status;
  WDF_IO_QUEUE_CONFIG_INIT_DEFAULT_QUEUE(&config, WdfIoQueueDispatchParallel);
  config.EvtIoDeviceControl = EvtControl;
  status = WdfIoQueueCreate(device, &config, WDF_NO_OBJECT_ATTRIBUTES, NULL);
  if (!NT_SUCCESS(status)) return status;
  WDF_IO_QUEUE_CONFIG_INIT(&config, WdfIoQueueDispatchParallel);
  config.EvtIoDeviceControl = EvtForwarded;
  status = WdfIoQueueCreate(device, &config, WDF_NO_OBJECT_ATTRIBUTES, &forwarded);
  if (NT_SUCCESS(status)) status = Offer(device);
  if (!NT_SUCCESS(status)) return status;
  return WdfDeviceCreateDeviceInterface(device, &BusInterface, NULL);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath) {
  WDF_DRIVER_CONFIG config;
  WDF_DRIVER_CONFIG_INIT(&config, EvtAdd);
  return WdfDriverCreate(DriverObject, RegistryPath, WDF_NO_OBJECT_ATTRIBUTES, &config,
                         WDF_NO_HANDLE);
}
