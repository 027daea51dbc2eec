// A KMDF driver whose control devices, queues and requests do what a test says; it logs what happens.
#include <ntddk.h>

#include <wdf.h>

#define CODE(Function) CTL_CODE(0x8000, Function, METHOD_BUFFERED, FILE_ANY_ACCESS)

enum {
  CommandMake = CODE(0x800),
  CommandPlan = CODE(0x801),
  CommandQueue = CODE(0x802),
  CommandFetch = CODE(0x803),
  CommandKept = CODE(0x804),
  CommandLog = CODE(0x805),
  CommandDelete = CODE(0x806),
  CommandConfigure = CODE(0x807),
  CommandSend = CODE(0x808),
};

// What a device is made with.
enum {
  FlagZeroLength = 1 << 0,
  FlagCanceledOnQueue = 1 << 1,
  FlagInCallerContext = 1 << 2,
  FlagFiles = 1 << 3,
  FlagScopeQueue = 1 << 5,
  FlagScopeDevice = 1 << 6,
  FlagPassive = 1 << 7,
  FlagExclusive = 1 << 8,
  FlagShutdown = 1 << 9,
  FlagNoQueue = 1 << 10,
  FlagCreateQueue = 1 << 11,
  FlagReadQueue = 1 << 12,
  FlagRequestContext = 1 << 13,
  FlagDefaultHandler = 1 << 14,
  FlagDispatch = 1 << 15,
  FlagPreprocess = 1 << 16,
};

// What a handler does with a request.
enum {
  PlanComplete,
  PlanKeep,
  PlanKeepCancelable,
  PlanForward,
  PlanProbe,
  PlanCompleteTwice,
  PlanHoldMemory,
  PlanReference,
  PlanUnsafe,
  PlanCompleteNext,
  PlanKeepReferenced,
  PlanPurgeAndMark,
};

enum {
  EventRead = 1, EventWrite, EventControl, EventDefault, EventInternal, EventCancel,
  EventCanceledOnQueue, EventStopped, EventPurged, EventReady, EventCreate, EventCleanup,
  EventClose, EventRequestCleanup, EventRequestDestroy, EventInCaller, EventStop, EventResume,
  EventShutdown, EventValue, EventDispatch, EventPreprocess, EventFileCleanup,
};

typedef struct _BENCH_DEVICE {
  WDFDEVICE Device;
  WDFQUEUE Queues[4];  // default, manual, create, read
  ULONG64 Plan[4];
  ULONG Flags;
  WDFREQUEST Kept[64];
  LONG KeptCount;
  LONG Running, MostRunning, Completed;
  LONG Notices;
} BENCH_DEVICE, *PBENCH_DEVICE;

typedef struct _REFERENCE {
  PBENCH_DEVICE Bench;
} REFERENCE;
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(REFERENCE, GetReference)

typedef struct _REQUEST_CONTEXT {
  ULONG64 Marker;
} REQUEST_CONTEXT;
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(REQUEST_CONTEXT, GetRequestContext)

DRIVER_INITIALIZE DriverEntry;

static WDFDRIVER Driver;
static BENCH_DEVICE Benches[8];
static ULONG BenchCount;
static ULONG64 Log[1024];
static LONG LogCount;

static void Note(ULONG64 Kind, ULONG64 Value) {
  LONG place = InterlockedExchangeAdd(&LogCount, 2);
  if (place + 1 >= 1024) return;
  Log[place] = Kind;
  Log[place + 1] = Value;
}

static void NoteValue(ULONG64 Value) { Note(EventValue, Value); }

static PBENCH_DEVICE BenchOfQueue(WDFQUEUE Queue) {
  return GetReference(WdfIoQueueGetDevice(Queue))->Bench;
}

// MARK: What becomes of requests

static void Finish(PBENCH_DEVICE Bench, WDFREQUEST Request, NTSTATUS Status, ULONG_PTR Bytes) {
  InterlockedIncrement(&Bench->Completed);
  WdfRequestCompleteWithInformation(Request, Status, Bytes);
}

static void EvtRequestCancel(WDFREQUEST Request) {
  PBENCH_DEVICE bench = GetReference(WdfIoQueueGetDevice(WdfRequestGetIoQueue(Request)))->Bench;
  Note(EventCancel, KeGetCurrentIrql());
  Finish(bench, Request, STATUS_CANCELLED, 0);
}

static void ProbeSide(WDFREQUEST Request, BOOLEAN Input, size_t Minimum) {
  void *buffer = (void *)1;
  size_t length = 77;
  WDFMEMORY memory = (WDFMEMORY)1, again = NULL;
  PMDL mdl = (PMDL)1;
  UCHAR byte = 0x5A;
  NoteValue((ULONG)(Input ? WdfRequestRetrieveInputBuffer(Request, Minimum, &buffer, &length)
                          : WdfRequestRetrieveOutputBuffer(Request, Minimum, &buffer, &length)));
  NoteValue((ULONG64)buffer);
  NoteValue(length);
  NoteValue((ULONG)(Input ? WdfRequestRetrieveInputMemory(Request, &memory)
                          : WdfRequestRetrieveOutputMemory(Request, &memory)));
  length = 0;
  buffer = memory ? WdfMemoryGetBuffer(memory, &length) : NULL;
  NoteValue((ULONG64)buffer);
  NoteValue(length);
  if (memory) {
    if (Input) {
      WdfRequestRetrieveInputMemory(Request, &again);
    } else {
      WdfRequestRetrieveOutputMemory(Request, &again);
    }
  }
  NoteValue(memory == again);
  NoteValue(memory ? (ULONG)WdfMemoryCopyFromBuffer(memory, 0, &byte, 1) : 0);
  NoteValue((ULONG)(Input ? WdfRequestRetrieveInputWdmMdl(Request, &mdl)
                          : WdfRequestRetrieveOutputWdmMdl(Request, &mdl)));
  NoteValue(mdl ? MmGetMdlByteCount(mdl) : 0);
  NoteValue(mdl ? (ULONG64)MmGetSystemAddressForMdlSafe(mdl, NormalPagePriority) : 0);
  NoteValue(mdl ? (ULONG64)mdl->MdlFlags : 0);
}

static void Probe(WDFREQUEST Request, size_t Minimum) {
  PIRP irp = WdfRequestWdmGetIrp(Request);
  WDF_REQUEST_PARAMETERS parameters;
  ProbeSide(Request, TRUE, Minimum);
  ProbeSide(Request, FALSE, Minimum);
  NoteValue((ULONG64)irp->AssociatedIrp.SystemBuffer);
  NoteValue(irp->MdlAddress ? (ULONG64)MmGetSystemAddressForMdlSafe(irp->MdlAddress, NormalPagePriority)
                            : 0);
  WDF_REQUEST_PARAMETERS_INIT(&parameters);
  WdfRequestGetParameters(Request, &parameters);
  NoteValue(parameters.Type);
  NoteValue(parameters.MinorFunction);
  NoteValue(parameters.Parameters.DeviceIoControl.OutputBufferLength);
  NoteValue(parameters.Parameters.DeviceIoControl.InputBufferLength);
  NoteValue(parameters.Parameters.DeviceIoControl.IoControlCode);
  NoteValue((ULONG64)parameters.Parameters.Read.DeviceOffset);
  NoteValue(WdfRequestGetRequestorMode(Request));
  NoteValue(WdfRequestIsFrom32BitProcess(Request));
  NoteValue(WdfRequestGetIoQueue(Request) != NULL);
  NoteValue(WdfRequestGetFileObject(Request) != NULL);
  NoteValue(WdfRequestIsReserved(Request));
  NoteValue(WdfRequestGetRequestorProcessId(Request));
}

static WDFMEMORY Held;

static void Handle(WDFQUEUE Queue, WDFREQUEST Request) {
  PBENCH_DEVICE bench = BenchOfQueue(Queue);
  LONG running = InterlockedIncrement(&bench->Running);
  NTSTATUS status = (NTSTATUS)bench->Plan[1];
  ULONG64 plan = bench->Plan[0];
  if (running > bench->MostRunning) bench->MostRunning = running;
  switch (plan) {
    case PlanKeep:
      bench->Kept[InterlockedIncrement(&bench->KeptCount) - 1] = Request;
      break;
    case PlanKeepCancelable:
      bench->Kept[InterlockedIncrement(&bench->KeptCount) - 1] = Request;
      WdfRequestMarkCancelable(Request, EvtRequestCancel);
      break;
    case PlanPurgeAndMark:
      WdfIoQueuePurge(Queue, NULL, NULL);
      NoteValue(1);
      WdfRequestMarkCancelable(Request, EvtRequestCancel);
      NoteValue(2);
      break;
    case PlanKeepReferenced:
      // Who ends it may come after its cancellation.
      WdfObjectReference(Request);
      bench->Kept[0] = Request;
      WdfRequestMarkCancelable(Request, EvtRequestCancel);
      break;
    case PlanForward:
      NoteValue((ULONG)WdfRequestForwardToIoQueue(Request, bench->Queues[1]));
      break;
    case PlanProbe:
      Probe(Request, bench->Plan[2]);
      Finish(bench, Request, STATUS_SUCCESS, 0);
      break;
    case PlanCompleteTwice:
      WdfRequestComplete(Request, status);
      WdfRequestComplete(Request, status);
      break;
    case PlanHoldMemory:
      if (NT_SUCCESS(WdfRequestRetrieveOutputMemory(Request, &Held))) WdfObjectReference(Held);
      Finish(bench, Request, status, 0);
      break;
    case PlanReference: {
      WDFMEMORY memory;
      void *buffer;
      WdfObjectReference(Request);
      GetRequestContext(Request)->Marker = 0x1234;
      Finish(bench, Request, status, 0);
      NoteValue(GetRequestContext(Request)->Marker);
      NoteValue((ULONG)WdfRequestRetrieveOutputMemory(Request, &memory));
      NoteValue((ULONG)WdfRequestRetrieveOutputBuffer(Request, 1, &buffer, NULL));
      NoteValue((ULONG64)WdfRequestWdmGetIrp(Request));
      WdfObjectDereference(Request);
      break;
    }
    case PlanCompleteNext: {
      // The next request waits: it is presented when this handler has returned, not from within.
      Finish(bench, Request, status, (ULONG_PTR)bench->Plan[2]);
      NoteValue(100);
      break;
    }
    default:
      Finish(bench, Request, status, (ULONG_PTR)bench->Plan[2]);
  }
  InterlockedDecrement(&bench->Running);
}

static void EvtIoRead(WDFQUEUE Queue, WDFREQUEST Request, size_t Length) {
  PVOID buffer;
  // Whatever is reported was written.
  if (Length != 0 && NT_SUCCESS(WdfRequestRetrieveOutputBuffer(Request, Length, &buffer, NULL))) {
    RtlZeroMemory(buffer, Length);
  }
  Note(EventRead, Length);
  if (BenchOfQueue(Queue)->Flags & FlagPassive) NoteValue(KeGetCurrentIrql());
  Handle(Queue, Request);
}

static void EvtIoWrite(WDFQUEUE Queue, WDFREQUEST Request, size_t Length) {
  Note(EventWrite, Length);
  Handle(Queue, Request);
}

static void EvtIoDeviceControl(WDFQUEUE Queue, WDFREQUEST Request, size_t OutputLength,
                               size_t InputLength, ULONG Code) {
  Note(EventControl, Code);
  NoteValue(OutputLength);
  NoteValue(InputLength);
  Handle(Queue, Request);
}

static void EvtIoDefault(WDFQUEUE Queue, WDFREQUEST Request) {
  WDF_REQUEST_PARAMETERS parameters;
  WDF_REQUEST_PARAMETERS_INIT(&parameters);
  WdfRequestGetParameters(Request, &parameters);
  Note(EventDefault, parameters.Type);
  Handle(Queue, Request);
}

static void EvtIoCanceledOnQueue(WDFQUEUE Queue, WDFREQUEST Request) {
  Note(EventCanceledOnQueue, WdfRequestIsCanceled(Request));
  Finish(BenchOfQueue(Queue), Request, STATUS_CANCELLED, 0);
}

static void EvtIoStop(WDFQUEUE Queue, WDFREQUEST Request, ULONG Flags) {
  PBENCH_DEVICE bench = BenchOfQueue(Queue);
  Note(EventStop, Flags);
  switch (bench->Plan[3]) {
    case 0: WdfRequestStopAcknowledge(Request, FALSE); break;
    case 1: WdfRequestStopAcknowledge(Request, TRUE); break;
    default: Finish(bench, Request, STATUS_UNSUCCESSFUL, 0);
  }
}

static void EvtIoResume(WDFQUEUE Queue, WDFREQUEST Request) {
  UNREFERENCED_PARAMETER(Queue);
  UNREFERENCED_PARAMETER(Request);
  Note(EventResume, 0);
}

static void EvtStopped(WDFQUEUE Queue, WDFCONTEXT Context) {
  UNREFERENCED_PARAMETER(Queue);
  Note(EventStopped, (ULONG64)Context);
}

static void EvtPurged(WDFQUEUE Queue, WDFCONTEXT Context) {
  UNREFERENCED_PARAMETER(Queue);
  Note(EventPurged, (ULONG64)Context);
}

static void EvtReady(WDFQUEUE Queue, WDFCONTEXT Context) {
  UNREFERENCED_PARAMETER(Queue);
  Note(EventReady, (ULONG64)Context);
}

// Fetches until there is nothing; gives up when it is told over and over.
static void EvtReadyFetch(WDFQUEUE Queue, WDFCONTEXT Context) {
  PBENCH_DEVICE bench = BenchOfQueue(Queue);
  WDFREQUEST request;
  Note(EventReady, (ULONG64)Context);
  if (++bench->Notices > 16) return;
  while (NT_SUCCESS(WdfIoQueueRetrieveNextRequest(Queue, &request))) {
    Finish(bench, request, STATUS_SUCCESS, 0);
  }
}

static void EvtRequestCleanup(WDFOBJECT Object) {
  void *buffer = NULL;
  size_t length = 0;
  // The buffers are still there.
  if (NT_SUCCESS(WdfRequestRetrieveOutputBuffer((WDFREQUEST)Object, 1, &buffer, &length))) {
    *(UCHAR *)buffer = 0xCC;
  }
  Note(EventRequestCleanup, length);
}

static void EvtRequestDestroy(WDFOBJECT Object) {
  Note(EventRequestDestroy, GetRequestContext(Object)->Marker);
}

// MARK: Files

static void EvtDeviceFileCreate(WDFDEVICE Device, WDFREQUEST Request, WDFFILEOBJECT File) {
  PBENCH_DEVICE bench = GetReference(Device)->Bench;
  Note(EventCreate, WdfFileObjectGetInitiatorProcessId(File));
  NoteValue(WdfRequestGetFileObject(Request) == File);
  NoteValue(WdfFileObjectGetDevice(File) == Device);
  if (bench->Plan[0] == PlanForward) {
    NoteValue((ULONG)WdfRequestForwardToIoQueue(Request, bench->Queues[1]));
    return;
  }
  WdfRequestComplete(Request, (NTSTATUS)bench->Plan[3]);
}

static void EvtFileCleanup(WDFFILEOBJECT File) {
  UNREFERENCED_PARAMETER(File);
  Note(EventCleanup, 0);
}

static void EvtFileClose(WDFFILEOBJECT File) {
  UNREFERENCED_PARAMETER(File);
  Note(EventClose, 0);
}

static void EvtFileObjectCleanup(WDFOBJECT Object) {
  UNREFERENCED_PARAMETER(Object);
  Note(EventFileCleanup, 0);
}

static void EvtShutdown(WDFDEVICE Device) {
  UNREFERENCED_PARAMETER(Device);
  Note(EventShutdown, 0);
}

// MARK: Callbacks before the queues

static void Unsafe(PBENCH_DEVICE Bench, WDFREQUEST Request) {
  void *input = NULL, *output = NULL;
  size_t inputLength = 0, outputLength = 0;
  WDFMEMORY memory = NULL;
  UCHAR byte = 0x77;
  NoteValue((ULONG)WdfRequestRetrieveUnsafeUserInputBuffer(Request, Bench->Plan[2], &input,
                                                           &inputLength));
  NoteValue(inputLength);
  NoteValue((ULONG)WdfRequestRetrieveUnsafeUserOutputBuffer(Request, Bench->Plan[2], &output,
                                                            &outputLength));
  NoteValue(outputLength);
  if (input) {
    NoteValue((ULONG)WdfRequestProbeAndLockUserBufferForRead(Request, input, 0, &memory));
    NoteValue((ULONG)WdfRequestProbeAndLockUserBufferForRead(Request, input, inputLength, &memory));
    if (memory) {
      NoteValue(*(UCHAR *)WdfMemoryGetBuffer(memory, NULL));
      NoteValue((ULONG)WdfMemoryCopyFromBuffer(memory, 0, &byte, 1));
    }
  }
  if (output) {
    memory = NULL;
    NoteValue(
        (ULONG)WdfRequestProbeAndLockUserBufferForWrite(Request, output, outputLength, &memory));
    if (memory) NoteValue((ULONG)WdfMemoryCopyFromBuffer(memory, 0, &byte, 1));
    NoteValue((ULONG)WdfRequestProbeAndLockUserBufferForWrite(Request, (void *)0x1000, 8, &memory));
  }
}

static void EvtIoInCallerContext(WDFDEVICE Device, WDFREQUEST Request) {
  PBENCH_DEVICE bench = GetReference(Device)->Bench;
  NTSTATUS status;
  Note(EventInCaller, (ULONG64)PsGetCurrentThread() == (ULONG64)WdfRequestWdmGetIrp(Request)->Tail.Overlay.Thread);
  if (bench->Flags & FlagDispatch || bench->Plan[0] == PlanUnsafe) Unsafe(bench, Request);
  status = WdfDeviceEnqueueRequest(Device, Request);
  NoteValue((ULONG)status);
  if (!NT_SUCCESS(status)) Finish(bench, Request, status, 0);
}

static NTSTATUS EvtWdmIrpDispatch(WDFDEVICE Device, UCHAR Major, UCHAR Minor, ULONG Code,
                                  WDFCONTEXT Context, PIRP Irp, WDFCONTEXT DispatchContext) {
  PBENCH_DEVICE bench = GetReference(Device)->Bench;
  UNREFERENCED_PARAMETER(Minor);
  UNREFERENCED_PARAMETER(Code);
  Note(EventDispatch, Major | (ULONG64)Context << 8);
  if (bench->Plan[3] == 1) {
    return WdfDeviceWdmDispatchIrpToIoQueue(Device, Irp, bench->Queues[1], 0);
  }
  return WdfDeviceWdmDispatchIrp(Device, Irp, DispatchContext);
}

static NTSTATUS EvtPreprocess(WDFDEVICE Device, PIRP Irp) {
  Note(EventPreprocess, IoGetCurrentIrpStackLocation(Irp)->MajorFunction);
  IoSkipCurrentIrpStackLocation(Irp);
  return WdfDeviceWdmDispatchPreprocessedIrp(Device, Irp);
}

// MARK: Devices

static NTSTATUS MakeQueues(PBENCH_DEVICE Bench, const ULONG64 *Arguments) {
  WDF_IO_QUEUE_CONFIG config;
  WDF_OBJECT_ATTRIBUTES attributes;
  NTSTATUS status = STATUS_SUCCESS;
  ULONG flags = Bench->Flags;
  WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
  if (flags & FlagScopeQueue) attributes.SynchronizationScope = WdfSynchronizationScopeQueue;
  if (flags & FlagPassive) attributes.ExecutionLevel = WdfExecutionLevelPassive;
  if (!(flags & FlagNoQueue)) {
    WDF_IO_QUEUE_CONFIG_INIT_DEFAULT_QUEUE(&config, (WDF_IO_QUEUE_DISPATCH_TYPE)Arguments[1]);
    if (Arguments[1] == WdfIoQueueDispatchParallel) {
      config.Settings.Parallel.NumberOfPresentedRequests = (ULONG)Arguments[2];
    }
    config.AllowZeroLengthRequests = (flags & FlagZeroLength) != 0;
    if (Arguments[1] != WdfIoQueueDispatchManual) {
      if (flags & FlagDefaultHandler) {
        config.EvtIoDefault = EvtIoDefault;
      } else {
        config.EvtIoRead = EvtIoRead;
        config.EvtIoWrite = EvtIoWrite;
        config.EvtIoDeviceControl = EvtIoDeviceControl;
      }
    }
    config.EvtIoStop = EvtIoStop;
    config.EvtIoResume = EvtIoResume;
    if (flags & FlagCanceledOnQueue) config.EvtIoCanceledOnQueue = EvtIoCanceledOnQueue;
    status = WdfIoQueueCreate(Bench->Device, &config, &attributes, &Bench->Queues[0]);
    if (!NT_SUCCESS(status)) return status;
  }
  WDF_IO_QUEUE_CONFIG_INIT(&config, WdfIoQueueDispatchManual);
  if (flags & FlagCanceledOnQueue) config.EvtIoCanceledOnQueue = EvtIoCanceledOnQueue;
  status = WdfIoQueueCreate(Bench->Device, &config, WDF_NO_OBJECT_ATTRIBUTES, &Bench->Queues[1]);
  if (NT_SUCCESS(status) && flags & (FlagCreateQueue | FlagReadQueue)) {
    WDF_IO_QUEUE_CONFIG_INIT(&config, WdfIoQueueDispatchParallel);
    config.EvtIoDefault = EvtIoDefault;
    status = WdfIoQueueCreate(Bench->Device, &config, WDF_NO_OBJECT_ATTRIBUTES, &Bench->Queues[2]);
    if (NT_SUCCESS(status)) {
      status = WdfDeviceConfigureRequestDispatching(
          Bench->Device, Bench->Queues[2],
          flags & FlagCreateQueue ? WdfRequestTypeCreate : WdfRequestTypeRead);
    }
  }
  if (NT_SUCCESS(status) && flags & FlagDispatch) {
    status = WdfDeviceConfigureWdmIrpDispatchCallback(Bench->Device, NULL, IRP_MJ_READ,
                                                      EvtWdmIrpDispatch, (WDFCONTEXT)0x55);
  }
  return status;
}

static void SetFiles(PWDFDEVICE_INIT Init) {
  WDF_FILEOBJECT_CONFIG files;
  WDF_OBJECT_ATTRIBUTES attributes;
  WDF_FILEOBJECT_CONFIG_INIT(&files, EvtDeviceFileCreate, EvtFileClose, EvtFileCleanup);
  WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, REQUEST_CONTEXT);
  attributes.EvtCleanupCallback = EvtFileObjectCleanup;
  WdfDeviceInitSetFileObjectConfig(Init, &files, &attributes);
}

static NTSTATUS Make(const ULONG64 *Arguments, ULONG64 *Results) {
  PBENCH_DEVICE bench = &Benches[BenchCount];
  WCHAR nameText[] = L"\\Device\\WdfBench0", linkText[] = L"\\DosDevices\\WdfBench0";
  UNICODE_STRING name, link;
  WDF_OBJECT_ATTRIBUTES attributes;
  NTSTATUS status;
  PWDFDEVICE_INIT init =
      WdfControlDeviceInitAllocate(Driver, &SDDL_DEVOBJ_SYS_ALL_ADM_RWX_WORLD_RW_RES_R);
  if (!init) return STATUS_INSUFFICIENT_RESOURCES;
  nameText[16] += (WCHAR)BenchCount;
  linkText[20] += (WCHAR)BenchCount;
  RtlInitUnicodeString(&name, nameText);
  RtlInitUnicodeString(&link, linkText);
  bench->Flags = (ULONG)Arguments[3];
  WdfDeviceInitSetIoType(init, (WDF_DEVICE_IO_TYPE)Arguments[0]);
  if (bench->Flags & FlagExclusive) WdfDeviceInitSetExclusive(init, TRUE);
  if (bench->Flags & FlagFiles) SetFiles(init);
  if (bench->Flags & FlagInCallerContext) {
    WdfDeviceInitSetIoInCallerContextCallback(init, EvtIoInCallerContext);
  }
  if (bench->Flags & FlagShutdown) {
    WdfControlDeviceInitSetShutdownNotification(init, EvtShutdown,
                                                WdfDeviceShutdown | WdfDeviceLastChanceShutdown);
  }
  if (bench->Flags & FlagPreprocess) {
    WdfDeviceInitAssignWdmIrpPreprocessCallback(init, EvtPreprocess, IRP_MJ_READ, NULL, 0);
  }
  if (bench->Flags & FlagRequestContext) {
    WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, REQUEST_CONTEXT);
    attributes.EvtCleanupCallback = EvtRequestCleanup;
    attributes.EvtDestroyCallback = EvtRequestDestroy;
    WdfDeviceInitSetRequestAttributes(init, &attributes);
  }
  status = WdfDeviceInitAssignName(init, &name);
  WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(&attributes, REFERENCE);
  if (bench->Flags & FlagScopeDevice) {
    attributes.SynchronizationScope = WdfSynchronizationScopeDevice;
  }
  if (bench->Flags & FlagPassive) attributes.ExecutionLevel = WdfExecutionLevelPassive;
  if (NT_SUCCESS(status)) status = WdfDeviceCreate(&init, &attributes, &bench->Device);
  if (!NT_SUCCESS(status)) {
    WdfDeviceInitFree(init);
    return status;
  }
  GetReference(bench->Device)->Bench = bench;
  status = WdfDeviceCreateSymbolicLink(bench->Device, &link);
  if (NT_SUCCESS(status)) status = MakeQueues(bench, Arguments);
  if (!NT_SUCCESS(status)) {
    WdfObjectDelete(bench->Device);
    return status;
  }
  WdfControlFinishInitializing(bench->Device);
  Results[0] = BenchCount++;
  Results[1] = WdfDeviceWdmGetDeviceObject(bench->Device)->Flags;
  return status;
}

// MARK: Commands

static void QueueCommand(PBENCH_DEVICE Bench, const ULONG64 *Arguments, ULONG64 *Results) {
  WDFQUEUE queue = Bench->Queues[Arguments[2]];
  ULONG waiting = 0, driver = 0;
  WDFCONTEXT context = (WDFCONTEXT)Arguments[3];
  switch (Arguments[1]) {
    case 0: WdfIoQueueStart(queue); break;
    case 1: WdfIoQueueStop(queue, NULL, NULL); break;
    case 2: WdfIoQueueStop(queue, EvtStopped, context); break;
    case 3: WdfIoQueueStopSynchronously(queue); break;
    case 4: WdfIoQueuePurge(queue, NULL, NULL); break;
    case 5: WdfIoQueuePurge(queue, EvtPurged, context); break;
    case 6: WdfIoQueuePurgeSynchronously(queue); break;
    case 7: WdfIoQueueDrain(queue, NULL, NULL); break;
    case 8: WdfIoQueueDrain(queue, EvtPurged, context); break;
    case 9: WdfIoQueueDrainSynchronously(queue); break;
    case 10: WdfIoQueueStopAndPurge(queue, NULL, NULL); break;
    case 11: WdfIoQueueStopAndPurge(queue, EvtStopped, context); break;
    case 12: WdfIoQueueStopAndPurgeSynchronously(queue); break;
    case 13: break;
    case 14: Results[3] = (ULONG)WdfIoQueueReadyNotify(queue, EvtReady, context); break;
    case 15: Results[3] = (ULONG)WdfIoQueueReadyNotify(queue, NULL, NULL); break;
    case 16: WdfObjectDelete(queue); return;
    case 17: Results[3] = (ULONG)WdfIoQueueReadyNotify(queue, EvtReadyFetch, context); break;
  }
  Results[0] = WdfIoQueueGetState(queue, &waiting, &driver);
  Results[1] = waiting;
  Results[2] = driver;
  Results[4] = (ULONG64)Bench->MostRunning;
  Results[5] = (ULONG64)Bench->Completed;
  Results[6] = (ULONG64)queue;
}

static void FetchCommand(PBENCH_DEVICE Bench, const ULONG64 *Arguments, ULONG64 *Results) {
  WDFQUEUE queue = Bench->Queues[Arguments[2]];
  WDFREQUEST request = NULL, found = NULL;
  NTSTATUS status = STATUS_SUCCESS;
  switch (Arguments[1]) {
    case 0: status = WdfIoQueueRetrieveNextRequest(queue, &request); break;
    case 1:
      status = WdfIoQueueRetrieveRequestByFileObject(
          queue, WdfRequestGetFileObject(Bench->Kept[Arguments[3]]), &request);
      break;
    case 2: {  // the Arguments[3]th request behind the first
      WDF_REQUEST_PARAMETERS parameters;
      ULONG64 i;
      WDF_REQUEST_PARAMETERS_INIT(&parameters);
      status = WdfIoQueueFindRequest(queue, NULL, NULL, &parameters, &found);
      for (i = 0; NT_SUCCESS(status) && i < Arguments[3]; i++) {
        WDFREQUEST next = NULL;
        status = WdfIoQueueFindRequest(queue, found, NULL, &parameters, &next);
        WdfObjectDereference(found);
        found = next;
      }
      if (NT_SUCCESS(status)) {
        Results[1] = parameters.Parameters.Read.Length;
        status = WdfIoQueueRetrieveFoundRequest(queue, found, &request);
        if (NT_SUCCESS(status)) {
          WDFREQUEST again;
          Results[2] = (ULONG)WdfIoQueueRetrieveFoundRequest(queue, found, &again);
          Results[3] = (ULONG)WdfIoQueueFindRequest(queue, found, NULL, NULL, &again);
        }
        WdfObjectDereference(found);
      }
      break;
    }
  }
  Results[0] = (ULONG)status;
  if (NT_SUCCESS(status)) Bench->Kept[InterlockedIncrement(&Bench->KeptCount) - 1] = request;
}

static void KeptCommand(PBENCH_DEVICE Bench, const ULONG64 *Arguments, ULONG64 *Results) {
  WDFREQUEST request = Bench->Kept[Arguments[1]];
  NTSTATUS status = STATUS_SUCCESS;
  switch (Arguments[2]) {
    case 0: Finish(Bench, request, (NTSTATUS)Arguments[3], (ULONG_PTR)Arguments[4]); break;
    case 1: status = WdfRequestUnmarkCancelable(request); break;
    case 2: WdfRequestMarkCancelable(request, EvtRequestCancel); break;
    case 3: status = WdfRequestMarkCancelableEx(request, EvtRequestCancel); break;
    case 4: Results[1] = WdfRequestIsCanceled(request); break;
    case 5: status = WdfRequestRequeue(request); break;
    case 6: status = WdfRequestForwardToIoQueue(request, Bench->Queues[1]); break;
    case 7: status = WdfRequestForwardToIoQueue(request, Bench->Queues[0]); break;
    case 8:  // end it unless its cancellation does
      status = WdfRequestUnmarkCancelable(request);
      if (NT_SUCCESS(status)) Finish(Bench, request, STATUS_SUCCESS, 1);
      WdfObjectDereference(request);
      break;
    case 9: Bench->KeptCount = 0; break;
    case 10:
      WdfRequestSetInformation(request, (ULONG_PTR)Arguments[3]);
      Results[1] = WdfRequestGetInformation(request);
      InterlockedIncrement(&Bench->Completed);
      WdfRequestComplete(request, (NTSTATUS)Arguments[4]);
      break;
    case 11:
      InterlockedIncrement(&Bench->Completed);
      WdfRequestCompleteWithPriorityBoost(request, (NTSTATUS)Arguments[3], 2);
      break;
    case 12: {  // at DISPATCH_LEVEL
      KIRQL level;
      KeRaiseIrql(DISPATCH_LEVEL, &level);
      ProbeSide(request, FALSE, 1);
      Finish(Bench, request, STATUS_SUCCESS, 0);
      KeLowerIrql(level);
      break;
    }
    case 14: {  // at DISPATCH_LEVEL
      KIRQL level;
      KeRaiseIrql(DISPATCH_LEVEL, &level);
      status = WdfRequestForwardToIoQueue(request, Bench->Queues[0]);
      KeLowerIrql(level);
      break;
    }
    case 13: {
      void *buffer;
      status = WdfRequestRetrieveOutputBuffer(request, 1, &buffer, NULL);
      if (NT_SUCCESS(status)) RtlFillMemory(buffer, (SIZE_T)Arguments[3], 0xAB);
      Finish(Bench, request, (NTSTATUS)Arguments[4], (ULONG_PTR)Arguments[3]);
      break;
    }
  }
  Results[0] = (ULONG)status;
}

static NTSTATUS ConfigureCommand(PBENCH_DEVICE Bench, const ULONG64 *Arguments) {
  WDF_IO_QUEUE_CONFIG config;
  WDFQUEUE queue;
  WDF_OBJECT_ATTRIBUTES attributes;
  WDF_IO_QUEUE_CONFIG_INIT(&config, WdfIoQueueDispatchParallel);
  WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
  config.EvtIoRead = EvtIoRead;
  switch (Arguments[1]) {
    case 0: config.Size = 12; break;
    case 1: config.EvtIoRead = NULL; break;
    case 2: config.DefaultQueue = TRUE; break;
    case 3: config.DispatchType = WdfIoQueueDispatchManual; break;
    case 4: config.Settings.Parallel.NumberOfPresentedRequests = 0; break;
    case 5: config.DispatchType = WdfIoQueueDispatchSequential; break;
    case 6:  // the handler of another type
      config.Settings.Parallel.NumberOfPresentedRequests = 1;
      break;
    case 7: return WdfDeviceConfigureRequestDispatching(Bench->Device, Bench->Queues[0],
                                                        WdfRequestTypeRead);
    case 8: return WdfDeviceConfigureRequestDispatching(Bench->Device, Bench->Queues[1],
                                                        WdfRequestTypeRead);
    case 9:
      config.DispatchType = (WDF_IO_QUEUE_DISPATCH_TYPE)4;
      break;
    case 10:
      attributes.SynchronizationScope = WdfSynchronizationScopeDevice;
      attributes.ExecutionLevel = WdfExecutionLevelPassive;
      break;
  }
  {
    NTSTATUS status = WdfIoQueueCreate(Bench->Device, &config, &attributes, &queue);
    if (NT_SUCCESS(status) && Arguments[1] == 6) {
      return WdfDeviceConfigureRequestDispatching(Bench->Device, queue, WdfRequestTypeWrite);
    }
    return status;
  }
}

// Sends a control request of the kernel's own, with buffers of the system.
static NTSTATUS SendCommand(PBENCH_DEVICE Bench, const ULONG64 *Arguments, ULONG64 *Results) {
  UCHAR input[16] = {1}, output[64] = {0};
  KEVENT event;
  IO_STATUS_BLOCK answer;
  NTSTATUS status;
  PDEVICE_OBJECT device = WdfDeviceWdmGetDeviceObject(Bench->Device);
  PIRP irp;
  KeInitializeEvent(&event, NotificationEvent, FALSE);
  irp = IoBuildDeviceIoControlRequest((ULONG)Arguments[1], device, input, sizeof(input), output,
                                      sizeof(output), Arguments[2] != 0, &event, &answer);
  if (!irp) return STATUS_INSUFFICIENT_RESOURCES;
  status = IoCallDriver(device, irp);
  if (status == STATUS_PENDING) {
    KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, NULL);
    status = answer.Status;
  }
  Results[0] = (ULONG)status;
  Results[1] = (ULONG64)(ULONG_PTR)input;
  Results[2] = (ULONG64)(ULONG_PTR)output;
  return STATUS_SUCCESS;
}

static void EvtCommand(WDFQUEUE Queue, WDFREQUEST Request, size_t OutputLength, size_t InputLength,
                       ULONG Code) {
  ULONG64 arguments[8] = {0}, results[8] = {0};
  ULONG64 *input, *output;
  PBENCH_DEVICE bench;
  NTSTATUS status;
  UNREFERENCED_PARAMETER(Queue);
  if (Code == CommandLog) {
    LONG count = LogCount > 1024 ? 1024 : LogCount;
    size_t bytes = (size_t)count * sizeof(ULONG64);
    status = WdfRequestRetrieveOutputBuffer(Request, bytes ? bytes : 1, (void **)&output, NULL);
    if (NT_SUCCESS(status)) RtlCopyMemory(output, Log, bytes);
    LogCount = 0;
    WdfRequestCompleteWithInformation(Request, status, NT_SUCCESS(status) ? bytes : 0);
    return;
  }
  status = WdfRequestRetrieveInputBuffer(Request, sizeof(arguments), (void **)&input, NULL);
  if (NT_SUCCESS(status)) {
    status = WdfRequestRetrieveOutputBuffer(Request, sizeof(results), (void **)&output, NULL);
  }
  if (!NT_SUCCESS(status)) {
    WdfRequestComplete(Request, status);
    return;
  }
  UNREFERENCED_PARAMETER(OutputLength);
  UNREFERENCED_PARAMETER(InputLength);
  RtlCopyMemory(arguments, input, sizeof(arguments));
  bench = &Benches[arguments[0] & 7];
  switch (Code) {
    case CommandMake: status = Make(arguments, results); break;
    case CommandPlan: RtlCopyMemory(bench->Plan, arguments + 1, sizeof(bench->Plan)); break;
    case CommandQueue: QueueCommand(bench, arguments, results); break;
    case CommandFetch: FetchCommand(bench, arguments, results); break;
    case CommandKept: KeptCommand(bench, arguments, results); break;
    case CommandDelete: WdfObjectDelete(bench->Device); break;
    case CommandConfigure: results[0] = (ULONG)ConfigureCommand(bench, arguments); break;
    case CommandSend: status = SendCommand(bench, arguments, results); break;
    default: status = STATUS_INVALID_DEVICE_REQUEST;
  }
  RtlCopyMemory(output, results, sizeof(results));
  WdfRequestCompleteWithInformation(Request, status, NT_SUCCESS(status) ? sizeof(results) : 0);
}

static void EvtDriverUnload(WDFDRIVER Object) { UNREFERENCED_PARAMETER(Object); }

static NTSTATUS MakeControl(void) {
  DECLARE_CONST_UNICODE_STRING(name, L"\\Device\\WdfBenchControl");
  DECLARE_CONST_UNICODE_STRING(link, L"\\DosDevices\\WdfBenchControl");
  WDF_IO_QUEUE_CONFIG config;
  WDFDEVICE device;
  NTSTATUS status;
  PWDFDEVICE_INIT init =
      WdfControlDeviceInitAllocate(Driver, &SDDL_DEVOBJ_SYS_ALL_ADM_RWX_WORLD_RW_RES_R);
  if (!init) return STATUS_INSUFFICIENT_RESOURCES;
  status = WdfDeviceInitAssignName(init, &name);
  if (NT_SUCCESS(status)) status = WdfDeviceCreate(&init, WDF_NO_OBJECT_ATTRIBUTES, &device);
  if (!NT_SUCCESS(status)) {
    WdfDeviceInitFree(init);
    return status;
  }
  status = WdfDeviceCreateSymbolicLink(device, &link);
  if (!NT_SUCCESS(status)) return status;
  WDF_IO_QUEUE_CONFIG_INIT_DEFAULT_QUEUE(&config, WdfIoQueueDispatchParallel);
  config.EvtIoDeviceControl = EvtCommand;
  status = WdfIoQueueCreate(device, &config, WDF_NO_OBJECT_ATTRIBUTES, NULL);
  if (NT_SUCCESS(status)) WdfControlFinishInitializing(device);
  return status;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath) {
  WDF_DRIVER_CONFIG config;
  NTSTATUS status;
  WDF_DRIVER_CONFIG_INIT(&config, WDF_NO_EVENT_CALLBACK);
  config.DriverInitFlags = WdfDriverInitNonPnpDriver;
  config.EvtDriverUnload = EvtDriverUnload;
  status =
      WdfDriverCreate(DriverObject, RegistryPath, WDF_NO_OBJECT_ATTRIBUTES, &config, &Driver);
  return NT_SUCCESS(status) ? MakeControl() : status;
}
