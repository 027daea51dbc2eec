// Management instrumentation of the framework: blocks that a control device offers.
#include "wdf-scenario.h"

// {52334731-0000-0000-0000-000000000001} and the next ones.
static const GUID dataGuid = {0x52334731, 0, 0, {0, 0, 0, 0, 0, 0, 0, 1}};
static const GUID contextGuid = {0x52334731, 0, 0, {0, 0, 0, 0, 0, 0, 0, 2}};
static const GUID eventGuid = {0x52334731, 0, 0, {0, 0, 0, 0, 0, 0, 0, 3}};
static const GUID expensiveGuid = {0x52334731, 0, 0, {0, 0, 0, 0, 0, 0, 0, 4}};
static const GUID spareGuid = {0x52334731, 0, 0, {0, 0, 0, 0, 0, 0, 0, 5}};

typedef struct _DATA {
  ULONG Value;
  ULONG Other;
} DATA;

WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(DATA, GetData)

static WDFWMIPROVIDER dataProvider, expensiveProvider;
static WDFWMIINSTANCE instances[2], eventInstance;
static LONG controls;

static NTSTATUS EvtQuery(WDFWMIINSTANCE Instance, ULONG Size, PVOID Buffer, PULONG Used) {
  CHECK(KeGetCurrentIrql() == PASSIVE_LEVEL);
  *Used = sizeof(ULONG);
  if (Size < sizeof(ULONG)) return STATUS_BUFFER_TOO_SMALL;
  *(ULONG *)Buffer = GetData(Instance)->Value;
  return STATUS_SUCCESS;
}

static NTSTATUS EvtSet(WDFWMIINSTANCE Instance, ULONG Size, PVOID Buffer) {
  if (Size < sizeof(ULONG)) return STATUS_BUFFER_TOO_SMALL;
  GetData(Instance)->Value = *(ULONG *)Buffer;
  return STATUS_SUCCESS;
}

/// Method 1 gives what came in, larger by the instance's value; others are none.
static NTSTATUS EvtExecute(WDFWMIINSTANCE Instance, ULONG Method, ULONG InSize, ULONG OutSize,
                           PVOID Buffer, PULONG Used) {
  if (Method != 1 || InSize < sizeof(ULONG)) return STATUS_WMI_ITEMID_NOT_FOUND;
  *Used = 5000;
  if (OutSize < 5000) return STATUS_BUFFER_TOO_SMALL;
  *(ULONG *)Buffer += GetData(Instance)->Value;
  return STATUS_SUCCESS;
}

static NTSTATUS EvtControl(WDFWMIPROVIDER Provider, WDF_WMI_PROVIDER_CONTROL Control,
                           BOOLEAN Enable) {
  CHECK(Provider == expensiveProvider && Control == WdfWmiInstanceControl);
  controls = controls * 10 + (Enable ? 1 : 2);
  return STATUS_SUCCESS;
}

static void Refusals(WDFDEVICE Device) {
  WDF_WMI_PROVIDER_CONFIG config;
  WDF_WMI_INSTANCE_CONFIG instance;
  WDFWMIPROVIDER provider;
  WDFWMIINSTANCE handle;
  const GUID none = {0};
  WDF_WMI_PROVIDER_CONFIG_INIT(&config, &spareGuid);
  config.Size++;
  CHECK(WdfWmiProviderCreate(Device, &config, NULL, &provider) == STATUS_INFO_LENGTH_MISMATCH);
  WDF_WMI_PROVIDER_CONFIG_INIT(&config, &none);
  CHECK(WdfWmiProviderCreate(Device, &config, NULL, &provider) == STATUS_INVALID_PARAMETER);
  WDF_WMI_PROVIDER_CONFIG_INIT(&config, &spareGuid);
  config.Flags = 8;
  CHECK(WdfWmiProviderCreate(Device, &config, NULL, &provider) == STATUS_INVALID_PARAMETER);
  config.Flags = WdfWmiProviderTracing | WdfWmiProviderExpensive;
  CHECK(WdfWmiProviderCreate(Device, &config, NULL, &provider) == STATUS_INVALID_PARAMETER);
  config.Flags = 0;
  config.EvtWmiProviderFunctionControl = EvtControl;
  CHECK(WdfWmiProviderCreate(Device, &config, NULL, &provider) == STATUS_INVALID_PARAMETER);
  WDF_WMI_PROVIDER_CONFIG_INIT(&config, &dataGuid);
  CHECK(WdfWmiProviderCreate(Device, &config, NULL, &provider) == STATUS_OBJECT_NAME_EXISTS);
  CHECK(provider == NULL);
  // Neither a provider nor the description of one; then both.
  WDF_WMI_INSTANCE_CONFIG_INIT_PROVIDER(&instance, NULL);
  CHECK(WdfWmiInstanceCreate(Device, &instance, NULL, &handle) == STATUS_INVALID_PARAMETER);
  WDF_WMI_INSTANCE_CONFIG_INIT_PROVIDER_CONFIG(&instance, &config);
  instance.Provider = dataProvider;
  CHECK(WdfWmiInstanceCreate(Device, &instance, NULL, &handle) == STATUS_INVALID_PARAMETER);
  // The context as data needs a context.
  WDF_WMI_INSTANCE_CONFIG_INIT_PROVIDER(&instance, dataProvider);
  instance.UseContextForQuery = TRUE;
  CHECK(WdfWmiInstanceCreate(Device, &instance, NULL, &handle) == STATUS_INVALID_PARAMETER);
  CHECK(WdfWmiInstanceRegister(instances[0]) == STATUS_INVALID_DEVICE_REQUEST);
}

static void Offer(WDFDEVICE Device) {
  WDF_WMI_PROVIDER_CONFIG config;
  WDF_WMI_INSTANCE_CONFIG instance;
  WDF_OBJECT_ATTRIBUTES attributes;
  WDFWMIINSTANCE handle;
  DECLARE_CONST_UNICODE_STRING(mof, L"Scenarios");
  int i;
  CHECK(WdfDeviceAssignMofResourceName(Device, &mof) == STATUS_SUCCESS);
  CHECK(WdfDeviceAssignMofResourceName(Device, &mof) == STATUS_INVALID_DEVICE_REQUEST);
  WDF_WMI_PROVIDER_CONFIG_INIT(&config, &dataGuid);
  config.MinInstanceBufferSize = sizeof(ULONG);
  CHECK(WdfWmiProviderCreate(Device, &config, NULL, &dataProvider) == STATUS_SUCCESS);
  CHECK(WdfWmiProviderGetDevice(dataProvider) == Device);
  WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, DATA);
  for (i = 0; i < 2; i++) {
    WDF_WMI_INSTANCE_CONFIG_INIT_PROVIDER(&instance, dataProvider);
    instance.Register = TRUE;
    instance.EvtWmiInstanceQueryInstance = EvtQuery;
    if (i == 0) instance.EvtWmiInstanceSetInstance = EvtSet;
    instance.EvtWmiInstanceExecuteMethod = EvtExecute;
    CHECK(WdfWmiInstanceCreate(Device, &instance, &attributes, &instances[i]) == STATUS_SUCCESS);
    GetData(instances[i])->Value = 100 + i;
    CHECK(WdfWmiInstanceGetProvider(instances[i]) == dataProvider);
    CHECK(WdfWmiInstanceGetDevice(instances[i]) == Device);
  }
  WDF_WMI_PROVIDER_CONFIG_INIT(&config, &contextGuid);
  WDF_WMI_INSTANCE_CONFIG_INIT_PROVIDER_CONFIG(&instance, &config);
  instance.UseContextForQuery = TRUE;
  instance.Register = TRUE;
  CHECK(WdfWmiInstanceCreate(Device, &instance, &attributes, &handle) == STATUS_SUCCESS);
  GetData(handle)->Value = 5;
  GetData(handle)->Other = 6;
  WDF_WMI_PROVIDER_CONFIG_INIT(&config, &eventGuid);
  config.Flags = WdfWmiProviderEventOnly;
  WDF_WMI_INSTANCE_CONFIG_INIT_PROVIDER_CONFIG(&instance, &config);
  instance.Register = TRUE;
  CHECK(WdfWmiInstanceCreate(Device, &instance, NULL, &eventInstance) == STATUS_SUCCESS);
  WDF_WMI_PROVIDER_CONFIG_INIT(&config, &expensiveGuid);
  config.Flags = WdfWmiProviderExpensive;
  config.EvtWmiProviderFunctionControl = EvtControl;
  CHECK(WdfWmiProviderCreate(Device, &config, NULL, &expensiveProvider) == STATUS_SUCCESS);
  CHECK(WdfWmiProviderGetTracingHandle(expensiveProvider) == 0);
}

static void Run(PSCENARIO_CALL Scenario) {
  switch (Scenario->Number) {
    case 0: Offer(Scenario->Device); break;
    case 1: Refusals(Scenario->Device); break;
    case 2: Put(Scenario, (ULONG)WdfWmiInstanceFireEvent(eventInstance, 5, "event")); break;
    case 3: WdfWmiInstanceDeregister(instances[0]); break;
    case 4: Put(Scenario, (ULONG)WdfWmiInstanceRegister(instances[0])); break;
    case 5:
      Put(Scenario, WdfWmiProviderIsEnabled(expensiveProvider, WdfWmiInstanceControl));
      Put(Scenario, WdfWmiProviderIsEnabled(expensiveProvider, WdfWmiEventControl));
      Put(Scenario, WdfWmiProviderIsEnabled(dataProvider, WdfWmiEventControl));
      Put(Scenario, controls);
      break;
    case 6:
      WdfObjectDelete(instances[1]);
      // A provider goes with its device only.
      WdfObjectDelete(dataProvider);
      break;
  }
}

SCENARIO_RUN(L"Scenarios", Run)
