// A KMDF driver with a control device that runs numbered scenarios: control code 0x800 plus the number.
//
// A check that fails prints its line. Numbers go in and come back as arrays.
#pragma once
#include <ntddk.h>

#include <wdf.h>

#define CHECK(Condition) \
  ((Condition) ? (void)0 : (void)DbgPrint("line %d: %s\n", __LINE__, #Condition))

typedef struct _SCENARIO {
  WDFDEVICE Device;
  ULONG Number;
  ULONGLONG Input[8], Output[16];
  ULONG OutputCount;
} SCENARIO, *PSCENARIO;

/// The driver's own: runs a scenario at PASSIVE_LEVEL.
static void Run(PSCENARIO Scenario);

#ifndef SCENARIO_DRIVER_UNLOAD
#define SCENARIO_DRIVER_UNLOAD DriverUnload
static void DriverUnload(WDFDRIVER Driver) { UNREFERENCED_PARAMETER(Driver); }
#endif

static void Put(PSCENARIO Scenario, ULONGLONG Value) {
  Scenario->Output[Scenario->OutputCount++] = Value;
}

static void EvtIoDeviceControl(WDFQUEUE Queue, WDFREQUEST Request, size_t OutputLength,
                               size_t InputLength, ULONG Code) {
  SCENARIO scenario;
  void *buffer;
  size_t length = 0;
  RtlZeroMemory(&scenario, sizeof scenario);
  scenario.Device = WdfIoQueueGetDevice(Queue);
  scenario.Number = ((Code >> 2) & 0xFFF) - 0x800;
  if (InputLength > 0 &&
      NT_SUCCESS(WdfRequestRetrieveInputBuffer(Request, 1, &buffer, &length))) {
    RtlCopyMemory(scenario.Input, buffer,
                  length < sizeof scenario.Input ? length : sizeof scenario.Input);
  }
  Run(&scenario);
  length = scenario.OutputCount * sizeof(ULONGLONG);
  if (OutputLength < length) length = OutputLength;
  if (length > 0 && NT_SUCCESS(WdfRequestRetrieveOutputBuffer(Request, length, &buffer, NULL))) {
    RtlCopyMemory(buffer, scenario.Output, length);
  }
  WdfRequestCompleteWithInformation(Request, STATUS_SUCCESS, length);
}

/// Makes a control device, named or not.
static NTSTATUS MakeControlDevice(PCUNICODE_STRING Name, PWDF_OBJECT_ATTRIBUTES Attributes,
                                  WDFDEVICE *Device) {
  NTSTATUS status = STATUS_SUCCESS;
  PWDFDEVICE_INIT init =
      WdfControlDeviceInitAllocate(WdfGetDriver(), &SDDL_DEVOBJ_SYS_ALL_ADM_RWX_WORLD_RW_RES_R);
  if (!init) return STATUS_INSUFFICIENT_RESOURCES;
  if (Name) status = WdfDeviceInitAssignName(init, Name);
  if (NT_SUCCESS(status)) status = WdfDeviceCreate(&init, Attributes, Device);
  if (!NT_SUCCESS(status) && init) WdfDeviceInitFree(init);
  return status;
}

#ifndef SCENARIO_NAME
#define SCENARIO_NAME L"Scenarios"
#endif

static NTSTATUS MakeScenarioDevice(void) {
  DECLARE_CONST_UNICODE_STRING(name, L"\\Device\\" SCENARIO_NAME);
  DECLARE_CONST_UNICODE_STRING(link, L"\\DosDevices\\" SCENARIO_NAME);
  WDF_IO_QUEUE_CONFIG config;
  WDFDEVICE device;
  NTSTATUS status = MakeControlDevice(&name, WDF_NO_OBJECT_ATTRIBUTES, &device);
  if (NT_SUCCESS(status)) status = WdfDeviceCreateSymbolicLink(device, &link);
  if (!NT_SUCCESS(status)) return status;
  WDF_IO_QUEUE_CONFIG_INIT_DEFAULT_QUEUE(&config, WdfIoQueueDispatchParallel);
  config.EvtIoDeviceControl = EvtIoDeviceControl;
  status = WdfIoQueueCreate(device, &config, WDF_NO_OBJECT_ATTRIBUTES, NULL);
  if (NT_SUCCESS(status)) WdfControlFinishInitializing(device);
  return status;
}

DRIVER_INITIALIZE DriverEntry;
NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath) {
  WDF_DRIVER_CONFIG config;
  NTSTATUS status;
  WDF_DRIVER_CONFIG_INIT(&config, WDF_NO_EVENT_CALLBACK);
  config.DriverInitFlags = WdfDriverInitNonPnpDriver;
  config.EvtDriverUnload = SCENARIO_DRIVER_UNLOAD;
  status = WdfDriverCreate(DriverObject, RegistryPath, WDF_NO_OBJECT_ATTRIBUTES, &config,
                           WDF_NO_HANDLE);
  return NT_SUCCESS(status) ? MakeScenarioDevice() : status;
}
