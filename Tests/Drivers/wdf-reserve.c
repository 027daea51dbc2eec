// A device whose queue gets on with requests when there is no memory for them.
#include "wdf-scenario.h"

enum { ControlAnswer = 0x900, ControlKeep = 0x901, ControlOther = 0x902 };

typedef struct _REQUEST_CONTEXT {
  ULONG64 Number;
} REQUEST_CONTEXT, *PREQUEST_CONTEXT;

WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(REQUEST_CONTEXT, GetRequestContext)

static WDFDEVICE device;
static WDFQUEUE queue, keptQueue;
static ULONG allocations, cleanups, destructions, reservations;
static BOOLEAN allocationFails;
static LONG reservationsLeft;

static void EvtCleanup(WDFOBJECT Object) {
  UNREFERENCED_PARAMETER(Object);
  InterlockedIncrement((PLONG)&cleanups);
}

static void EvtDestroy(WDFOBJECT Object) {
  UNREFERENCED_PARAMETER(Object);
  InterlockedIncrement((PLONG)&destructions);
}

static NTSTATUS EvtReserve(WDFQUEUE Queue, WDFREQUEST Request) {
  WDF_OBJECT_ATTRIBUTES attributes;
  WDFMEMORY memory;
  if (WdfRequestGetIoQueue(Request) != Queue || !WdfRequestIsReserved(Request)) {
    return STATUS_UNSUCCESSFUL;
  }
  if (reservationsLeft-- == 0) return STATUS_NO_MEMORY;
  GetRequestContext(Request)->Number = 100 + reservations++;
  // What it needs to work without memory lives as long as the request.
  WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
  attributes.ParentObject = Request;
  return WdfMemoryCreate(&attributes, NonPagedPoolNx, 'vrsR', 16, &memory, NULL);
}

static NTSTATUS EvtAllocate(WDFQUEUE Queue, WDFREQUEST Request) {
  UNREFERENCED_PARAMETER(Queue);
  allocations++;
  GetRequestContext(Request)->Number = 1;
  return allocationFails ? STATUS_NO_MEMORY : STATUS_SUCCESS;
}

static WDF_IO_FORWARD_PROGRESS_ACTION EvtExamine(WDFQUEUE Queue, PIRP Irp) {
  ULONG code = IoGetCurrentIrpStackLocation(Irp)->Parameters.DeviceIoControl.IoControlCode;
  UNREFERENCED_PARAMETER(Queue);
  return ((code >> 2) & 0xFFF) == ControlOther ? WdfIoForwardProgressActionFailRequest
                                               : WdfIoForwardProgressActionUseReservedRequest;
}

static void Finish(WDFREQUEST Request) {
  ULONG64 *output;
  NTSTATUS status = WdfRequestRetrieveOutputBuffer(Request, 16, (void **)&output, NULL);
  if (NT_SUCCESS(status)) {
    output[0] = WdfRequestIsReserved(Request);
    output[1] = GetRequestContext(Request)->Number;
  }
  WdfRequestCompleteWithInformation(Request, status, 16);
}

static void EvtControl(WDFQUEUE Queue, WDFREQUEST Request, size_t OutputLength, size_t InputLength,
                       ULONG Code) {
  UNREFERENCED_PARAMETER(Queue);
  UNREFERENCED_PARAMETER(OutputLength);
  UNREFERENCED_PARAMETER(InputLength);
  if (((Code >> 2) & 0xFFF) == ControlKeep &&
      NT_SUCCESS(WdfRequestForwardToIoQueue(Request, keptQueue))) {
    return;
  }
  Finish(Request);
}

static NTSTATUS MakeDevice(void) {
  DECLARE_CONST_UNICODE_STRING(name, L"\\Device\\WdfReserved");
  DECLARE_CONST_UNICODE_STRING(link, L"\\DosDevices\\WdfReserved");
  WDF_OBJECT_ATTRIBUTES attributes;
  WDF_IO_QUEUE_CONFIG config;
  NTSTATUS status;
  PWDFDEVICE_INIT init = WdfControlDeviceInitAllocate(
      ScenarioDriver, &SDDL_DEVOBJ_SYS_ALL_ADM_RWX_WORLD_RW_RES_R);
  if (!init) return STATUS_INSUFFICIENT_RESOURCES;
  WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, REQUEST_CONTEXT);
  attributes.EvtCleanupCallback = EvtCleanup;
  attributes.EvtDestroyCallback = EvtDestroy;
  WdfDeviceInitSetRequestAttributes(init, &attributes);
  status = WdfDeviceInitAssignName(init, &name);
  if (NT_SUCCESS(status)) status = WdfDeviceCreate(&init, WDF_NO_OBJECT_ATTRIBUTES, &device);
  if (NT_SUCCESS(status)) status = WdfDeviceCreateSymbolicLink(device, &link);
  if (!NT_SUCCESS(status)) return status;
  WDF_IO_QUEUE_CONFIG_INIT_DEFAULT_QUEUE(&config, WdfIoQueueDispatchParallel);
  config.EvtIoDeviceControl = EvtControl;
  status = WdfIoQueueCreate(device, &config, WDF_NO_OBJECT_ATTRIBUTES, &queue);
  if (!NT_SUCCESS(status)) return status;
  WDF_IO_QUEUE_CONFIG_INIT(&config, WdfIoQueueDispatchManual);
  status = WdfIoQueueCreate(device, &config, WDF_NO_OBJECT_ATTRIBUTES, &keptQueue);
  if (NT_SUCCESS(status)) WdfControlFinishInitializing(device);
  return status;
}

static void InitPolicy(PWDF_IO_QUEUE_FORWARD_PROGRESS_POLICY Policy, ULONG Kind, ULONG Count) {
  switch (Kind) {
    case WdfIoForwardProgressReservedPolicyUseExamine:
      WDF_IO_QUEUE_FORWARD_PROGRESS_POLICY_EXAMINE_INIT(Policy, Count, EvtExamine);
      break;
    case WdfIoForwardProgressReservedPolicyPagingIO:
      WDF_IO_QUEUE_FORWARD_PROGRESS_POLICY_PAGINGIO_INIT(Policy, Count);
      break;
    default: WDF_IO_QUEUE_FORWARD_PROGRESS_POLICY_DEFAULT_INIT(Policy, Count);
  }
  Policy->EvtIoAllocateResourcesForReservedRequest = EvtReserve;
  Policy->EvtIoAllocateRequestResources = EvtAllocate;
}

// Makes the device with a policy, a number of reserved requests, and how many may be made.
static void Make(PSCENARIO_CALL Call) {
  WDF_IO_QUEUE_FORWARD_PROGRESS_POLICY policy;
  NTSTATUS status = MakeDevice();
  allocations = cleanups = destructions = reservations = 0;
  allocationFails = FALSE;
  reservationsLeft = Call->In[2] ? (LONG)Call->In[2] : 1000;
  InitPolicy(&policy, (ULONG)Call->In[0], (ULONG)Call->In[1]);
  if (NT_SUCCESS(status) && Call->In[0]) {
    status = WdfIoQueueAssignForwardProgressPolicy(queue, &policy);
  }
  Call->Out[0] = (ULONG)status;
}

static void FailAllocations(PSCENARIO_CALL Call) { allocationFails = Call->In[0] != 0; }

static void FinishKept(PSCENARIO_CALL Call) {
  WDFREQUEST request;
  Call->Out[0] = (ULONG)WdfIoQueueRetrieveNextRequest(keptQueue, &request);
  if (NT_SUCCESS(Call->Out[0])) Finish(request);
}

// The same with a reference that lasts until later.
static WDFREQUEST referenced;

static void FinishReferenced(PSCENARIO_CALL Call) {
  Call->Out[0] = (ULONG)WdfIoQueueRetrieveNextRequest(keptQueue, &referenced);
  if (!NT_SUCCESS(Call->Out[0])) return;
  WdfObjectReference(referenced);
  Finish(referenced);
}

static void Dereference(PSCENARIO_CALL Call) {
  UNREFERENCED_PARAMETER(Call);
  WdfObjectDereference(referenced);
}

static void Counts(PSCENARIO_CALL Call) {
  Call->Out[0] = allocations;
  Call->Out[1] = reservations;
  Call->Out[2] = cleanups;
  Call->Out[3] = destructions;
  if (device) Call->Out[4] = WdfIoQueueGetState(queue, (PULONG)&Call->Out[5], (PULONG)&Call->Out[6]);
}

static void Delete(PSCENARIO_CALL Call) {
  UNREFERENCED_PARAMETER(Call);
  WdfObjectDelete(device);
  device = NULL;
}

// Settings that are refused.
static void Refused(PSCENARIO_CALL Call) {
  WDF_IO_QUEUE_FORWARD_PROGRESS_POLICY policy;
  InitPolicy(&policy, WdfIoForwardProgressReservedPolicyAlwaysUseReservedRequest, 1);
  policy.Size--;
  Call->Out[0] = (ULONG)WdfIoQueueAssignForwardProgressPolicy(queue, &policy);
  InitPolicy(&policy, WdfIoForwardProgressReservedPolicyAlwaysUseReservedRequest, 0);
  Call->Out[1] = (ULONG)WdfIoQueueAssignForwardProgressPolicy(queue, &policy);
  WDF_IO_QUEUE_FORWARD_PROGRESS_POLICY_EXAMINE_INIT(&policy, 1, NULL);
  Call->Out[2] = (ULONG)WdfIoQueueAssignForwardProgressPolicy(queue, &policy);
  InitPolicy(&policy, WdfIoForwardProgressReservedPolicyAlwaysUseReservedRequest, 1);
  Call->Out[3] = (ULONG)WdfIoQueueAssignForwardProgressPolicy(queue, &policy);
  // Once is enough.
  Call->Out[4] = (ULONG)WdfIoQueueAssignForwardProgressPolicy(queue, &policy);
}

static NTSTATUS ScenarioDevice(WDFDRIVER Driver, WDFDEVICE Device) {
  UNREFERENCED_PARAMETER(Driver);
  UNREFERENCED_PARAMETER(Device);
  return STATUS_SUCCESS;
}

static void ScenarioUnload(void) {}

SCENARIO_DRIVER(L"WdfReserve", Make, FailAllocations, FinishKept, FinishReferenced, Dereference,
                Counts, Delete, Refused)
