// A bus whose children a test plugs and pulls: in a dynamic list, or one by one as static children.
#include "wdf-pnp.h"

#include <ntstrsafe.h>

DRIVER_INITIALIZE DriverEntry;

typedef struct _CHILD {
  WDF_CHILD_IDENTIFICATION_DESCRIPTION_HEADER Header;
  ULONG Number;
} CHILD, *PCHILD;

typedef struct _PDO_CONTEXT {
  ULONG Number;
} PDO_CONTEXT, *PPDO_CONTEXT;

WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(PDO_CONTEXT, GetPdo)

static BOOLEAN isStatic;

static NTSTATUS EvtChildEject(WDFDEVICE Device) {
  DbgPrint("child %u eject\n", GetPdo(Device)->Number);
  return STATUS_SUCCESS;
}

static void EvtChildMissing(WDFDEVICE Device) {
  DbgPrint("child %u missing\n", GetPdo(Device)->Number);
}

static NTSTATUS EvtChildD0Entry(WDFDEVICE Device, WDF_POWER_DEVICE_STATE Previous) {
  UNREFERENCED_PARAMETER(Previous);
  DbgPrint("child %u d0-entry\n", GetPdo(Device)->Number);
  return STATUS_SUCCESS;
}

static NTSTATUS EvtChildD0Exit(WDFDEVICE Device, WDF_POWER_DEVICE_STATE Target) {
  UNREFERENCED_PARAMETER(Target);
  DbgPrint("child %u d0-exit\n", GetPdo(Device)->Number);
  return STATUS_SUCCESS;
}

static void EvtChildCleanup(WDFOBJECT Object) {
  DbgPrint("child %u cleanup\n", GetPdo(Object)->Number);
}

static NTSTATUS EvtChildEnableWake(WDFDEVICE Device, SYSTEM_POWER_STATE State) {
  DbgPrint("child %u enable-wake %u\n", GetPdo(Device)->Number, State);
  return STATUS_SUCCESS;
}

static void EvtChildDisableWake(WDFDEVICE Device) {
  DbgPrint("child %u disable-wake\n", GetPdo(Device)->Number);
}

static NTSTATUS EvtRequirements(WDFDEVICE Device, WDFIORESREQLIST Requirements) {
  IO_RESOURCE_DESCRIPTOR port;
  WDFIORESLIST list;
  NTSTATUS status = WdfIoResourceListCreate(Requirements, WDF_NO_OBJECT_ATTRIBUTES, &list);
  if (!NT_SUCCESS(status)) return status;
  RtlZeroMemory(&port, sizeof(port));
  port.Type = CmResourceTypePort;
  port.u.Port.Length = 8;
  port.u.Port.Alignment = 8;
  port.u.Port.MinimumAddress.QuadPart = 0x300 + 8 * GetPdo(Device)->Number;
  port.u.Port.MaximumAddress.QuadPart = port.u.Port.MinimumAddress.QuadPart + 7;
  status = WdfIoResourceListAppendDescriptor(list, &port);
  return NT_SUCCESS(status) ? WdfIoResourceRequirementsListAppendIoResList(Requirements, list)
                            : status;
}

static NTSTATUS Describe(PWDFDEVICE_INIT Init, ULONG Number) {
  DECLARE_CONST_UNICODE_STRING(identifier, L"WDFBUS\\Widget");
  DECLARE_CONST_UNICODE_STRING(compatible, L"WDFBUS\\Any");
  DECLARE_CONST_UNICODE_STRING(place, L"Slot");
  DECLARE_UNICODE_STRING_SIZE(text, 40);
  NTSTATUS status = WdfPdoInitAssignDeviceID(Init, &identifier);
  if (NT_SUCCESS(status)) status = WdfPdoInitAddHardwareID(Init, &identifier);
  if (NT_SUCCESS(status)) status = WdfPdoInitAddCompatibleID(Init, &compatible);
  if (NT_SUCCESS(status)) status = RtlUnicodeStringPrintf(&text, L"%02u", Number);
  if (NT_SUCCESS(status)) status = WdfPdoInitAssignInstanceID(Init, &text);
  if (NT_SUCCESS(status)) status = RtlUnicodeStringPrintf(&text, L"Widget %u", Number);
  if (NT_SUCCESS(status)) status = WdfPdoInitAddDeviceText(Init, &text, &place, 0x409);
  WdfPdoInitSetDefaultLocale(Init, 0x409);
  return status;
}

static NTSTATUS MakeChild(PWDFDEVICE_INIT Init, ULONG Number, WDFDEVICE *Child) {
  WDF_PNPPOWER_EVENT_CALLBACKS power;
  WDF_PDO_EVENT_CALLBACKS callbacks;
  WDF_OBJECT_ATTRIBUTES attributes;
  WDF_DEVICE_PNP_CAPABILITIES capabilities;
  NTSTATUS status;
  WDF_PDO_EVENT_CALLBACKS_INIT(&callbacks);
  callbacks.EvtDeviceEject = EvtChildEject;
  callbacks.EvtDeviceReportedMissing = EvtChildMissing;
  callbacks.EvtDeviceResourceRequirementsQuery = EvtRequirements;
  callbacks.EvtDeviceEnableWakeAtBus = EvtChildEnableWake;
  callbacks.EvtDeviceDisableWakeAtBus = EvtChildDisableWake;
  WdfPdoInitSetEventCallbacks(Init, &callbacks);
  WDF_PNPPOWER_EVENT_CALLBACKS_INIT(&power);
  power.EvtDeviceD0Entry = EvtChildD0Entry;
  power.EvtDeviceD0Exit = EvtChildD0Exit;
  WdfDeviceInitSetPnpPowerEventCallbacks(Init, &power);
  status = Describe(Init, Number);
  if (!NT_SUCCESS(status)) return status;
  WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, PDO_CONTEXT);
  attributes.EvtCleanupCallback = EvtChildCleanup;
  status = WdfDeviceCreate(&Init, &attributes, Child);
  if (!NT_SUCCESS(status)) return status;
  GetPdo(*Child)->Number = Number;
  WDF_DEVICE_PNP_CAPABILITIES_INIT(&capabilities);
  capabilities.EjectSupported = WdfTrue;
  capabilities.Removable = WdfTrue;
  capabilities.UniqueID = WdfTrue;
  capabilities.Address = Number;
  WdfDeviceSetPnpCapabilities(*Child, &capabilities);
  return STATUS_SUCCESS;
}

static NTSTATUS EvtCreateChild(WDFCHILDLIST List,
                               PWDF_CHILD_IDENTIFICATION_DESCRIPTION_HEADER Identification,
                               PWDFDEVICE_INIT Init) {
  WDFDEVICE child;
  ULONG number = CONTAINING_RECORD(Identification, CHILD, Header)->Number;
  UNREFERENCED_PARAMETER(List);
  DbgPrint("bus create %u\n", number);
  // A test's number for a child that cannot be made.
  if (number == 99) return STATUS_UNSUCCESSFUL;
  return MakeChild(Init, number, &child);
}

static void EvtScan(WDFCHILDLIST List) {
  UNREFERENCED_PARAMETER(List);
  DbgPrint("bus scan\n");
}

static NTSTATUS Plug(WDFDEVICE Device, ULONG Number) {
  CHILD child;
  if (!isStatic) {
    WDF_CHILD_IDENTIFICATION_DESCRIPTION_HEADER_INIT(&child.Header, sizeof(child));
    child.Number = Number;
    return WdfChildListAddOrUpdateChildDescriptionAsPresent(WdfFdoGetDefaultChildList(Device),
                                                            &child.Header, NULL);
  }
  PWDFDEVICE_INIT init = WdfPdoInitAllocate(Device);
  WDFDEVICE made;
  NTSTATUS status;
  if (!init) return STATUS_INSUFFICIENT_RESOURCES;
  status = MakeChild(init, Number, &made);
  if (!NT_SUCCESS(status)) {
    WdfDeviceInitFree(init);
    return status;
  }
  return WdfFdoAddStaticChild(Device, made);
}

static WDFDEVICE FindStatic(WDFDEVICE Device, ULONG Number) {
  WDFDEVICE child = NULL;
  WdfFdoLockStaticChildListForIteration(Device);
  while ((child = WdfFdoRetrieveNextStaticChild(Device, child, WdfRetrieveAddedChildren))) {
    if (GetPdo(child)->Number == Number) break;
  }
  WdfFdoUnlockStaticChildListFromIteration(Device);
  return child;
}

static NTSTATUS Unplug(WDFDEVICE Device, ULONG Number, BOOLEAN Ejects) {
  CHILD child;
  if (isStatic) {
    WDFDEVICE found = FindStatic(Device, Number);
    if (!found) return STATUS_NO_SUCH_DEVICE;
    if (!Ejects) return WdfPdoMarkMissing(found);
    WdfPdoRequestEject(found);
    return STATUS_SUCCESS;
  }
  WDF_CHILD_IDENTIFICATION_DESCRIPTION_HEADER_INIT(&child.Header, sizeof(child));
  child.Number = Number;
  if (Ejects) {
    return WdfChildListRequestChildEject(WdfFdoGetDefaultChildList(Device), &child.Header)
               ? STATUS_SUCCESS
               : STATUS_NO_SUCH_DEVICE;
  }
  return WdfChildListUpdateChildDescriptionAsMissing(WdfFdoGetDefaultChildList(Device),
                                                     &child.Header);
}

// A scan that finds children 1 to Count and nothing else.
static void Rescan(WDFDEVICE Device, ULONG Count) {
  WDFCHILDLIST list = WdfFdoGetDefaultChildList(Device);
  WdfChildListBeginScan(list);
  for (ULONG number = 1; number <= Count; number++) (void)Plug(Device, number);
  WdfChildListEndScan(list);
}

// Counts children by iteration; of each the numbers are added as well.
static void Count(WDFDEVICE Device, ULONG *Counts) {
  WDFCHILDLIST list = WdfFdoGetDefaultChildList(Device);
  WDF_CHILD_LIST_ITERATOR iterator;
  WDF_CHILD_RETRIEVE_INFO info;
  CHILD child;
  WDFDEVICE device;
  WDF_CHILD_LIST_ITERATOR_INIT(&iterator, WdfRetrievePresentChildren);
  WdfChildListBeginIteration(list, &iterator);
  Counts[0] = Counts[1] = 0;
  for (;;) {
    WDF_CHILD_IDENTIFICATION_DESCRIPTION_HEADER_INIT(&child.Header, sizeof(child));
    WDF_CHILD_RETRIEVE_INFO_INIT(&info, &child.Header);
    if (!NT_SUCCESS(WdfChildListRetrieveNextDevice(list, &iterator, &device, &info))) break;
    Counts[0]++;
    Counts[1] += child.Number;
  }
  WdfChildListEndIteration(list, &iterator);
}

static void EvtControl(WDFQUEUE Queue, WDFREQUEST Request, size_t OutputLength, size_t InputLength,
                       ULONG Code) {
  WDFDEVICE device = WdfIoQueueGetDevice(Queue);
  NTSTATUS status;
  ULONG *number = NULL, *output;
  size_t length = 0;
  UNREFERENCED_PARAMETER(OutputLength);
  UNREFERENCED_PARAMETER(InputLength);
  status = WdfRequestRetrieveInputBuffer(Request, 4, (void **)&number, NULL);
  if (NT_SUCCESS(status)) {
    switch (Code) {
      case IOCTL_PLUG: status = Plug(device, *number); break;
      case IOCTL_UNPLUG: status = Unplug(device, *number, FALSE); break;
      case IOCTL_EJECT: status = Unplug(device, *number, TRUE); break;
      case IOCTL_RESCAN: Rescan(device, *number); break;
      case IOCTL_COUNT:
        status = WdfRequestRetrieveOutputBuffer(Request, 8, (void **)&output, NULL);
        if (NT_SUCCESS(status)) {
          Count(device, output);
          length = 8;
        }
        break;
      default: status = STATUS_INVALID_DEVICE_REQUEST;
    }
  }
  // What the request was for has been said: STATUS_OBJECT_NAME_EXISTS is a success as well.
  WdfRequestCompleteWithInformation(Request, status, length);
}

static NTSTATUS EvtBusD0Entry(WDFDEVICE Device, WDF_POWER_DEVICE_STATE Previous) {
  UNREFERENCED_PARAMETER(Device);
  DbgPrint("bus d0-entry %u\n", Previous);
  return STATUS_SUCCESS;
}

static NTSTATUS EvtBusD0Exit(WDFDEVICE Device, WDF_POWER_DEVICE_STATE Target) {
  UNREFERENCED_PARAMETER(Device);
  DbgPrint("bus d0-exit %u\n", Target);
  return STATUS_SUCCESS;
}

static void SaySteps(PWDFDEVICE_INIT Init) {
  WDF_PNPPOWER_EVENT_CALLBACKS power;
  WDF_PNPPOWER_EVENT_CALLBACKS_INIT(&power);
  power.EvtDeviceD0Entry = EvtBusD0Entry;
  power.EvtDeviceD0Exit = EvtBusD0Exit;
  WdfDeviceInitSetPnpPowerEventCallbacks(Init, &power);
}

// The bus goes down when it is idle for a second.
static NTSTATUS GoIdle(WDFDEVICE Device) {
  WDF_DEVICE_POWER_POLICY_IDLE_SETTINGS settings;
  WDF_DEVICE_POWER_POLICY_IDLE_SETTINGS_INIT(&settings, IdleCannotWakeFromS0);
  settings.IdleTimeout = 1000;
  return WdfDeviceAssignS0IdleSettings(Device, &settings);
}

static NTSTATUS EvtAdd(WDFDRIVER Driver, PWDFDEVICE_INIT Init) {
  WDF_CHILD_LIST_CONFIG list;
  WDF_IO_QUEUE_CONFIG config;
  PNP_BUS_INFORMATION information = {{0}, PNPBus, 7};
  WDFDEVICE device;
  NTSTATUS status;
  BOOLEAN isIdle = ReadFailure(Driver) == 2;
  isStatic = ReadFailure(Driver) == 1;
  if (isIdle) SaySteps(Init);
  WdfDeviceInitSetDeviceType(Init, FILE_DEVICE_BUS_EXTENDER);
  if (!isStatic) {
    WDF_CHILD_LIST_CONFIG_INIT(&list, sizeof(CHILD), EvtCreateChild);
    list.EvtChildListScanForChildren = EvtScan;
    WdfFdoInitSetDefaultChildListConfig(Init, &list, WDF_NO_OBJECT_ATTRIBUTES);
  }
  status = WdfDeviceCreate(&Init, WDF_NO_OBJECT_ATTRIBUTES, &device);
  if (!NT_SUCCESS(status)) return status;
  if (isIdle) status = GoIdle(device);
  if (!NT_SUCCESS(status)) return status;
  information.BusTypeGuid = BusInterface;
  WdfDeviceSetBusInformationForChildren(device, &information);
  WDF_IO_QUEUE_CONFIG_INIT_DEFAULT_QUEUE(&config, WdfIoQueueDispatchParallel);
  config.EvtIoDeviceControl = EvtControl;
  status = WdfIoQueueCreate(device, &config, WDF_NO_OBJECT_ATTRIBUTES, NULL);
  if (!NT_SUCCESS(status)) return status;
  return WdfDeviceCreateDeviceInterface(device, &BusInterface, NULL);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath) {
  WDF_DRIVER_CONFIG config;
  WDF_DRIVER_CONFIG_INIT(&config, EvtAdd);
  return WdfDriverCreate(DriverObject, RegistryPath, WDF_NO_OBJECT_ATTRIBUTES, &config,
                         WDF_NO_HANDLE);
}
