// What the test drivers of Plug and Play share: names of requests, and a log of them.
#pragma once
#include <ntddk.h>
#include <initguid.h>

// {8f1c1f0e-4c1a-4c4e-9d0c-4b1f6a6f0001}
DEFINE_GUID(GUID_TEST, 0x8f1c1f0e, 0x4c1a, 0x4c4e, 0x9d, 0x0c, 0x4b, 0x1f, 0x6a, 0x6f, 0x00, 0x01);
// {8f1c1f0e-4c1a-4c4e-9d0c-4b1f6a6f0002}
DEFINE_GUID(GUID_BUS, 0x8f1c1f0e, 0x4c1a, 0x4c4e, 0x9d, 0x0c, 0x4b, 0x1f, 0x6a, 0x6f, 0x00, 0x02);

#define CODE(Number) CTL_CODE(FILE_DEVICE_UNKNOWN, Number, METHOD_BUFFERED, FILE_ANY_ACCESS)
#define BUS_PLUG CODE(0x810)     // a ULONG: the number of the device
#define BUS_UNPLUG CODE(0x811)   // a ULONG
#define BUS_EJECT CODE(0x812)    // a ULONG
#define TEST_PEND CODE(0x820)    // kept until it is cancelled or the device goes
#define TEST_STATE CODE(0x821)   // a ULONG: PNP_DEVICE_..., then IoInvalidateDeviceState
#define TEST_POWER CODE(0x822)   // a ULONG: the state of the device to go to
#define TEST_REFUSE CODE(0x823)  // a ULONG: minor functions of IRP_MJ_PNP to refuse, as bits
#define TEST_REFUSE_POWER CODE(0x824)  // a ULONG: not 0: queries of power are refused

static const char *PnpName(UCHAR minor) {
  switch (minor) {
    case IRP_MN_START_DEVICE: return "start";
    case IRP_MN_QUERY_REMOVE_DEVICE: return "query-remove";
    case IRP_MN_REMOVE_DEVICE: return "remove";
    case IRP_MN_CANCEL_REMOVE_DEVICE: return "cancel-remove";
    case IRP_MN_STOP_DEVICE: return "stop";
    case IRP_MN_QUERY_STOP_DEVICE: return "query-stop";
    case IRP_MN_CANCEL_STOP_DEVICE: return "cancel-stop";
    case IRP_MN_SURPRISE_REMOVAL: return "surprise";
    case IRP_MN_EJECT: return "eject";
    default: return NULL;
  }
}

static void LogPnp(const char *who, UCHAR minor) {
  if (PnpName(minor)) DbgPrint("%s %s\n", who, PnpName(minor));
}

static void LogPower(const char *who, PIO_STACK_LOCATION location) {
  const char *kind = location->MinorFunction == IRP_MN_SET_POWER ? "set" : "query";
  if (location->MinorFunction < IRP_MN_SET_POWER) return;
  if (location->Parameters.Power.Type == SystemPowerState) {
    DbgPrint("%s %s S%d\n", who, kind, location->Parameters.Power.State.SystemState - 1);
  } else {
    DbgPrint("%s %s D%d\n", who, kind, location->Parameters.Power.State.DeviceState - 1);
  }
}

static NTSTATUS Complete(PIRP irp, NTSTATUS status, ULONG_PTR information) {
  irp->IoStatus.Status = status;
  irp->IoStatus.Information = information;
  IoCompleteRequest(irp, IO_NO_INCREMENT);
  return status;
}

// The first ULONG of a request's input; 0 without one.
static ULONG Input(PIRP irp) {
  PIO_STACK_LOCATION location = IoGetCurrentIrpStackLocation(irp);
  if (location->Parameters.DeviceIoControl.InputBufferLength < sizeof(ULONG)) return 0;
  return *(PULONG)irp->AssociatedIrp.SystemBuffer;
}

// A number of the device's hardware key; 0 when it is not there.
static ULONG Setting(PDEVICE_OBJECT physical, PCWSTR name) {
  UNICODE_STRING text;
  HANDLE key;
  ULONG value = 0, length;
  UCHAR buffer[sizeof(KEY_VALUE_PARTIAL_INFORMATION) + sizeof(ULONG)];
  PKEY_VALUE_PARTIAL_INFORMATION information = (PKEY_VALUE_PARTIAL_INFORMATION)buffer;
  if (!NT_SUCCESS(IoOpenDeviceRegistryKey(physical, PLUGPLAY_REGKEY_DEVICE, KEY_READ, &key))) {
    DbgPrint("no hardware key\n");
    return 0;
  }
  RtlInitUnicodeString(&text, name);
  if (NT_SUCCESS(ZwQueryValueKey(key, &text, KeyValuePartialInformation, buffer, sizeof buffer,
                                 &length))) {
    value = *(PULONG)information->Data;
  }
  ZwClose(key);
  return value;
}
