// A KMDF driver that does what a test tells it with I/O targets, requests and memory objects: each
// control code below is one call, its numbers come in and its results go out as 64-bit words.
// Objects live in numbered slots; -1 stands for none.
#include <ntddk.h>

#include <wdf.h>

#define TAG 'tgrT'
#define SLOTS 16
#define SUBJECT (SLOTS - 1) // the slot of a request that was received, and of its memory
#define NONE ((ULONG64)-1)

enum {
  OpTargetCreate = 1, OpTargetOpen, OpTargetOpenExisting, OpTargetClose, OpTargetCloseForQuery,
  OpTargetStart, OpTargetStop, OpTargetPurge, OpTargetState, OpTargetDelete, OpTargetInfo,
  OpTargetReopen, OpTargetProperty, OpTargetLocal, OpTargetSelf, OpTargetOpenType, OpTargetInterface,
  OpMemoryCreate = 20, OpMemoryWrite, OpMemoryRead, OpMemoryDelete, OpMemoryReference,
  OpMemoryDereference,
  OpRequestCreate = 30, OpFormatTransfer, OpFormatControl, OpSend, OpSetCompletion, OpReuse,
  OpChangeTarget, OpRequestDelete, OpCancelSent, OpStatus, OpParams, OpAllocateTimer, OpComplete,
  OpFromIrp, OpFormatCurrent, OpFormatLocation, OpFormatOthers, OpSetMode, OpRequestReference,
  OpRequestDereference, OpSetInformation, OpNewIrp,
  OpSyncTransfer = 60, OpSyncControl, OpSyncOthers,
  OpLog = 70, OpDeviceDelete, OpDeviceMake, OpSoak, OpRaise,
  OpMustComplete,
};

// What is done with a request that comes to a device of the driver.
enum { ModeKeep, ModeForget, ModeCurrentForget, ModeCurrent, ModeCurrentSync, ModeSelf, ModeQueue };
// What a completion routine does.
enum { DoneLog, DoneReuse, DoneDelete, DoneCompleteSubject, DoneReuseComplete, DoneCompleteOwn };

// What happened: kind << 56 | slot << 48 | value.
enum { EvCompleted = 1, EvMemoryCleanup, EvMemoryDestroy, EvRequestCleanup, EvRequestDestroy,
       EvTargetCleanup, EvTargetDestroy, EvQueryRemove, EvRemoveCanceled, EvRemoveComplete, EvParams,
       EvIrql, EvSelf };

typedef struct _OBJECT_CONTEXT {
  ULONG Slot;
  ULONG Cleanup;
} OBJECT_CONTEXT, *POBJECT_CONTEXT;
WDF_DECLARE_CONTEXT_TYPE_WITH_NAME(OBJECT_CONTEXT, GetObjectContext)

static struct {
  WDFDRIVER Driver;
  WDFDEVICE Control, Extra, Filter;
  WDFQUEUE SelfQueue;
  WDFIOTARGET Targets[SLOTS];
  WDFMEMORY Memories[SLOTS];
  WDFREQUEST Requests[SLOTS];
  PIRP Irps[SLOTS];
  UCHAR Static[8192];
  ULONG64 Mode, Done;
  ULONG64 Log[1024];
  LONG LogCount;
  ULONG Raised;
} T;

static void Log(ULONG kind, ULONG64 slot, ULONG64 value) {
  LONG index = InterlockedIncrement(&T.LogCount) - 1;
  if (index < 1024)
    T.Log[index] = (ULONG64)kind << 56 | (slot & 0xFF) << 48 | (value & 0xFFFFFFFFFFFFull);
}

static EVT_WDF_OBJECT_CONTEXT_CLEANUP EvtCleanup;
static void EvtCleanup(WDFOBJECT object) {
  POBJECT_CONTEXT context = GetObjectContext(object);
  Log(context->Cleanup, context->Slot, 0);
}

static EVT_WDF_OBJECT_CONTEXT_DESTROY EvtDestroy;
static void EvtDestroy(WDFOBJECT object) {
  POBJECT_CONTEXT context = GetObjectContext(object);
  Log(context->Cleanup + 1, context->Slot, 0);
}

static void Attributes(PWDF_OBJECT_ATTRIBUTES attributes) {
  WDF_OBJECT_ATTRIBUTES_INIT_CONTEXT_TYPE(attributes, OBJECT_CONTEXT);
  attributes->EvtCleanupCallback = EvtCleanup;
  attributes->EvtDestroyCallback = EvtDestroy;
}

static void Name(WDFOBJECT object, ULONG64 slot, ULONG cleanup) {
  GetObjectContext(object)->Slot = (ULONG)slot;
  GetObjectContext(object)->Cleanup = cleanup;
}

#define SLOT(array, number) ((number) < SLOTS ? T.array[number] : NULL)

// MARK: Targets

static EVT_WDF_IO_TARGET_QUERY_REMOVE EvtQueryRemove;
static NTSTATUS EvtQueryRemove(WDFIOTARGET target) {
  Log(EvQueryRemove, 0, 0);
  WdfIoTargetCloseForQueryRemove(target);
  return STATUS_SUCCESS;
}

static EVT_WDF_IO_TARGET_REMOVE_CANCELED EvtRemoveCanceled;
static void EvtRemoveCanceled(WDFIOTARGET target) {
  WDF_IO_TARGET_OPEN_PARAMS params;
  WDF_IO_TARGET_OPEN_PARAMS_INIT_REOPEN(&params);
  Log(EvRemoveCanceled, 0, (ULONG)WdfIoTargetOpen(target, &params));
}

static EVT_WDF_IO_TARGET_REMOVE_COMPLETE EvtRemoveComplete;
static void EvtRemoveComplete(WDFIOTARGET target) {
  Log(EvRemoveComplete, 0, 0);
  WdfIoTargetClose(target);
}

static NTSTATUS CreateTarget(WDFDEVICE device, ULONG64 slot, ULONG64 parent) {
  WDF_OBJECT_ATTRIBUTES attributes;
  Attributes(&attributes);
  if (parent == 1) attributes.ParentObject = T.Driver;
  NTSTATUS status = WdfIoTargetCreate(device, &attributes, &T.Targets[slot]);
  if (NT_SUCCESS(status)) Name(T.Targets[slot], slot, EvTargetCleanup);
  return status;
}

// in: slot, 1 for callbacks, size of the structure or 0, length of the name; the name follows
static NTSTATUS OpenTarget(ULONG64 *in, ULONG64 *out) {
  WDF_IO_TARGET_OPEN_PARAMS params;
  UNICODE_STRING name;
  name.Buffer = (PWSTR)(in + 4);
  name.Length = name.MaximumLength = (USHORT)in[3];
  WDF_IO_TARGET_OPEN_PARAMS_INIT_OPEN_BY_NAME(&params, &name, GENERIC_READ | GENERIC_WRITE);
  if (in[2]) params.Size = (ULONG)in[2];
  if (in[1]) {
    params.EvtIoTargetQueryRemove = EvtQueryRemove;
    params.EvtIoTargetRemoveCanceled = EvtRemoveCanceled;
    params.EvtIoTargetRemoveComplete = EvtRemoveComplete;
  }
  NTSTATUS status = WdfIoTargetOpen(T.Targets[in[0]], &params);
  out[1] = params.FileInformation;
  return status;
}

static NTSTATUS OpenExisting(const ULONG64 *in) {
  WDF_IO_TARGET_OPEN_PARAMS params;
  WDFIOTARGET other = SLOT(Targets, in[1]);
  WDF_IO_TARGET_OPEN_PARAMS_INIT_EXISTING_DEVICE(
      &params, other ? WdfIoTargetWdmGetTargetDeviceObject(other) : NULL);
  if (in[2] & 1) params.TargetFileObject = WdfIoTargetWdmGetTargetFileObject(other);
  if (in[2] & 2) params.EvtIoTargetQueryRemove = EvtQueryRemove;
  return WdfIoTargetOpen(T.Targets[in[0]], &params);
}

static NTSTATUS OpenType(const ULONG64 *in) {
  WDF_IO_TARGET_OPEN_PARAMS params;
  WDF_IO_TARGET_OPEN_PARAMS_INIT_REOPEN(&params);
  params.Type = (WDF_IO_TARGET_OPEN_TYPE)in[1];
  return WdfIoTargetOpen(T.Targets[in[0]], &params);
}

static void TargetInfo(WDFIOTARGET target, ULONG64 isRemote, ULONG64 *out) {
  out[1] = (ULONG64)WdfIoTargetWdmGetTargetDeviceObject(target);
  out[2] = (ULONG64)WdfIoTargetWdmGetTargetPhysicalDevice(target);
  out[3] = (ULONG64)WdfIoTargetWdmGetTargetFileObject(target);
  out[4] = isRemote ? (ULONG64)WdfIoTargetWdmGetTargetFileHandle(target) : 0;
  WDFDEVICE device = WdfIoTargetGetDevice(target);
  out[5] = device == T.Control ? 1 : device == T.Filter ? 2 : device == T.Extra ? 3 : 0;
}

static NTSTATUS TargetProperty(WDFIOTARGET target, ULONG64 *out) {
  WDFMEMORY memory;
  ULONG length = 0;
  out[1] = (ULONG)WdfIoTargetQueryTargetProperty(target, DevicePropertyHardwareID, 0, NULL, &length);
  out[2] = length;
  NTSTATUS status = WdfIoTargetAllocAndQueryTargetProperty(
      target, DevicePropertyHardwareID, PagedPool, WDF_NO_OBJECT_ATTRIBUTES, &memory);
  if (NT_SUCCESS(status)) {
    size_t size;
    out[4] = *(WCHAR *)WdfMemoryGetBuffer(memory, &size);
    out[3] = size;
    WdfObjectDelete(memory);
  }
  return status;
}

static NTSTATUS TargetInterface(WDFIOTARGET target) {
  static const GUID type = {0x496B8280, 0x6F25, 0x11D0, {0xBE, 0xAF, 8, 0, 0x2B, 0xE2, 9, 0x2F}};
  INTERFACE answer = {sizeof(INTERFACE), 1, NULL, NULL, NULL};
  return WdfIoTargetQueryForInterface(target, &type, &answer, sizeof answer, 1, NULL);
}

// MARK: Completion

static EVT_WDF_REQUEST_COMPLETION_ROUTINE EvtCompleted;
static void Reuse(WDFREQUEST request) {
  WDF_REQUEST_REUSE_PARAMS params;
  WDF_REQUEST_REUSE_PARAMS_INIT(&params, WDF_REQUEST_REUSE_NO_FLAGS, STATUS_SUCCESS);
  WdfRequestReuse(request, &params);
}

static void EvtCompleted(WDFREQUEST request, WDFIOTARGET target, PWDF_REQUEST_COMPLETION_PARAMS params,
                         WDFCONTEXT context) {
  ULONG64 slot = (ULONG64)context;
  ULONG_PTR information = params->IoStatus.Information;
  NTSTATUS status = params->IoStatus.Status;
  Log(EvIrql, slot, KeGetCurrentIrql());
  Log(EvParams, slot,
      (ULONG64)params->Type << 32 | (ULONG64)(params->Size == sizeof *params) << 24 |
          (target == T.Targets[0]) << 16 | (information & 0xFFFF));
  switch (T.Done) {
    case DoneReuse: Reuse(request); break;
    case DoneDelete: WdfObjectDelete(request); break;
    case DoneCompleteSubject:
      WdfRequestCompleteWithInformation(T.Requests[SUBJECT], status, information);
      break;
    case DoneReuseComplete:
      Reuse(request);
      WdfRequestCompleteWithInformation(T.Requests[SUBJECT], status, information);
      break;
    case DoneCompleteOwn: WdfRequestCompleteWithInformation(request, status, information); break;
  }
  Log(EvCompleted, slot, (ULONG)status);
}

// MARK: Formatting

static PWDFMEMORY_OFFSET Offsets(PWDFMEMORY_OFFSET place, const ULONG64 *in) {
  if (in[0] == NONE) return NULL;
  place->BufferOffset = in[0];
  place->BufferLength = in[1];
  return place;
}

// in: request, target, 1 for a write, memory, offset, length, offset in the device
static NTSTATUS FormatTransfer(const ULONG64 *in) {
  WDFMEMORY_OFFSET place;
  LONGLONG position = (LONGLONG)in[6];
  PLONGLONG at = in[6] == NONE ? NULL : &position;
  WDFREQUEST request = T.Requests[in[0]];
  WDFIOTARGET target = T.Targets[in[1]];
  PWDFMEMORY_OFFSET offsets = Offsets(&place, in + 4);
  return in[2] ? WdfIoTargetFormatRequestForWrite(target, request, SLOT(Memories, in[3]), offsets, at)
               : WdfIoTargetFormatRequestForRead(target, request, SLOT(Memories, in[3]), offsets, at);
}

// in: request, target, code, 1 for internal, memory, offset, length, memory, offset, length
static NTSTATUS FormatControl(const ULONG64 *in) {
  WDFMEMORY_OFFSET input, output;
  PWDFMEMORY_OFFSET first = Offsets(&input, in + 5), second = Offsets(&output, in + 8);
  WDFREQUEST request = T.Requests[in[0]];
  WDFIOTARGET target = T.Targets[in[1]];
  return in[3] ? WdfIoTargetFormatRequestForInternalIoctl(target, request, (ULONG)in[2],
                                                          SLOT(Memories, in[4]), first,
                                                          SLOT(Memories, in[7]), second)
               : WdfIoTargetFormatRequestForIoctl(target, request, (ULONG)in[2],
                                                  SLOT(Memories, in[4]), first,
                                                  SLOT(Memories, in[7]), second);
}

// in: request, target, code, three memories
static NTSTATUS FormatOthers(const ULONG64 *in) {
  return WdfIoTargetFormatRequestForInternalIoctlOthers(
      T.Targets[in[1]], T.Requests[in[0]], (ULONG)in[2], SLOT(Memories, in[3]), NULL,
      SLOT(Memories, in[4]), NULL, SLOT(Memories, in[5]), NULL);
}

// in: request, target, flags or -1 for no options, timeout, size of the options or 0
static NTSTATUS Send(const ULONG64 *in, ULONG64 *out) {
  WDF_REQUEST_SEND_OPTIONS options;
  WDFREQUEST request = T.Requests[in[0]];
  ULONG64 flags = in[2];
  WDF_REQUEST_SEND_OPTIONS_INIT(&options, (ULONG)in[2]);
  options.Timeout = (LONGLONG)in[3];
  if (in[4]) options.Size = (ULONG)in[4];
  WdfObjectReference(request);
  out[1] = WdfRequestSend(request, T.Targets[in[1]], flags == NONE ? NULL : &options);
  out[2] = out[1] && (flags == NONE || (flags & 8)) ? 0 : (ULONG)WdfRequestGetStatus(request);
  WdfObjectDereference(request);
  return STATUS_SUCCESS;
}

static void Params(WDFREQUEST request, ULONG64 *out) {
  WDF_REQUEST_COMPLETION_PARAMS params;
  WDF_REQUEST_COMPLETION_PARAMS_INIT(&params);
  WdfRequestGetCompletionParams(request, &params);
  out[1] = params.Type;
  out[2] = (ULONG)params.IoStatus.Status;
  out[3] = params.IoStatus.Information;
  for (int i = 0; i < 7; i++) out[4 + i] = ((ULONG64 *)&params.Parameters)[i];
  out[11] = (ULONG64)T.Memories[0];
  out[12] = (ULONG64)T.Memories[1];
}

// in: request, target to take the stack size of, whether the request frees the IRP
static NTSTATUS FromIrp(const ULONG64 *in) {
  WDF_OBJECT_ATTRIBUTES attributes;
  PIRP irp = IoAllocateIrp((CCHAR)in[1], FALSE);
  if (irp == NULL) return STATUS_INSUFFICIENT_RESOURCES;
  Attributes(&attributes);
  NTSTATUS status =
      WdfRequestCreateFromIrp(&attributes, irp, (BOOLEAN)in[2], &T.Requests[in[0]]);
  if (NT_SUCCESS(status)) Name(T.Requests[in[0]], in[0], EvRequestCleanup);
  T.Irps[in[0]] = in[2] ? NULL : irp;
  return status;
}

// in: request, flags, status, stack locations of a new IRP or 0, size of the structure or 0
static NTSTATUS ReuseWith(const ULONG64 *in) {
  WDF_REQUEST_REUSE_PARAMS params;
  WDF_REQUEST_REUSE_PARAMS_INIT(&params, (ULONG)in[1], (NTSTATUS)in[2]);
  PIRP irp = NULL;
  if (in[3]) {
    irp = IoAllocateIrp((CCHAR)in[3], FALSE);
    WDF_REQUEST_REUSE_PARAMS_SET_NEW_IRP(&params, irp);
  }
  if (in[4]) params.Size = (ULONG)in[4];
  NTSTATUS status = WdfRequestReuse(T.Requests[in[0]], &params);
  if (irp != NULL) {
    if (!NT_SUCCESS(status)) {
      IoFreeIrp(irp);
    } else {
      if (T.Irps[in[0]] != NULL) IoFreeIrp(T.Irps[in[0]]);
      T.Irps[in[0]] = irp;
    }
  }
  return status;
}

// in: request, major function, code, system buffer memory
static void FormatLocation(const ULONG64 *in) {
  IO_STACK_LOCATION location;
  RtlZeroMemory(&location, sizeof location);
  location.MajorFunction = (UCHAR)in[1];
  location.Parameters.DeviceIoControl.IoControlCode = (ULONG)in[2];
  WdfRequestWdmFormatUsingStackLocation(T.Requests[in[0]], &location);
}

// MARK: Synchronous methods

// in: kind, length, byte, memory, offset, length of the part. Kinds: 0 NULL, 1 this stack, 2 an MDL,
// 3 a memory object, 4 paged pool, 5 type 0, 6 type 4, 7..9 members that are NULL
typedef struct _DESCRIPTOR {
  WDF_MEMORY_DESCRIPTOR Value;
  WDFMEMORY_OFFSET Offsets;
  PUCHAR Bytes;
  PMDL Mdl;
  PVOID Paged;
  ULONG Length;
} DESCRIPTOR, *PDESCRIPTOR;

static PWDF_MEMORY_DESCRIPTOR Describe(PDESCRIPTOR d, const ULONG64 *in, PUCHAR stack) {
  RtlZeroMemory(d, sizeof *d);
  d->Length = (ULONG)in[1];
  switch (in[0]) {
    case 0: return NULL;
    case 1: d->Bytes = stack; break;
    case 2: d->Bytes = T.Static + 4096 - 100; break;
    case 4: d->Bytes = d->Paged = ExAllocatePoolWithTag(PagedPool, 512, TAG); break;
  }
  if (d->Bytes) RtlFillMemory(d->Bytes, 512, (UCHAR)in[2]);
  switch (in[0]) {
    case 1:
    case 4: WDF_MEMORY_DESCRIPTOR_INIT_BUFFER(&d->Value, d->Bytes, (ULONG)in[1]); break;
    case 2:
      d->Mdl = IoAllocateMdl(d->Bytes, 512, FALSE, FALSE, NULL);
      MmBuildMdlForNonPagedPool(d->Mdl);
      WDF_MEMORY_DESCRIPTOR_INIT_MDL(&d->Value, d->Mdl, (ULONG)in[1]);
      break;
    case 3:
      WDF_MEMORY_DESCRIPTOR_INIT_HANDLE(&d->Value, T.Memories[in[3]], Offsets(&d->Offsets, in + 4));
      break;
    case 6: d->Value.Type = (WDF_MEMORY_DESCRIPTOR_TYPE)4; break;
    case 7: d->Value.Type = WdfMemoryDescriptorTypeBuffer; break;
    case 8: d->Value.Type = WdfMemoryDescriptorTypeMdl; break;
    case 9: d->Value.Type = WdfMemoryDescriptorTypeHandle; break;
  }
  return &d->Value;
}

static void Release(PDESCRIPTOR d) {
  if (d->Mdl) IoFreeMdl(d->Mdl);
  if (d->Paged) ExFreePoolWithTag(d->Paged, TAG);
}

// in: target, request, 1 for a write, device offset, flags or -1, timeout, options size or 0,
// descriptor. out: status, bytes, MDL, then the first 64 bytes
static NTSTATUS SyncTransfer(const ULONG64 *in, ULONG64 *out) {
  UCHAR stack[512];
  DESCRIPTOR d;
  WDF_REQUEST_SEND_OPTIONS options;
  LONGLONG position = (LONGLONG)in[3];
  ULONG_PTR count = 0x5555;
  KIRQL old = PASSIVE_LEVEL;
  PLONGLONG at = in[3] == NONE ? NULL : &position;
  WDF_REQUEST_SEND_OPTIONS_INIT(&options, (ULONG)in[4]);
  options.Timeout = (LONGLONG)in[5];
  if (in[6]) options.Size = (ULONG)in[6];
  PWDF_REQUEST_SEND_OPTIONS given = in[4] == NONE ? NULL : &options;
  WDFREQUEST request = SLOT(Requests, in[1]);
  WDFIOTARGET target = T.Targets[in[0]];
  BOOLEAN isWrite = in[2] != 0;
  PWDF_MEMORY_DESCRIPTOR descriptor = Describe(&d, in + 7, stack);
  if (T.Raised) KeRaiseIrql(DISPATCH_LEVEL, &old);
  NTSTATUS status =
      isWrite ? WdfIoTargetSendWriteSynchronously(target, request, descriptor, at, given, &count)
              : WdfIoTargetSendReadSynchronously(target, request, descriptor, at, given, &count);
  if (T.Raised) KeLowerIrql(old);
  out[1] = count;
  out[2] = (ULONG64)d.Mdl;
  if (d.Bytes) RtlCopyMemory(out + 3, d.Bytes, 64);
  Release(&d);
  return status;
}

// in: target, request, code, 1 for internal, flags or -1, timeout, options size or 0, two descriptors
// of six words. out: status, bytes, MDL of the output, then 64 bytes of the output
static NTSTATUS SyncControl(const ULONG64 *in, ULONG64 *out) {
  UCHAR stack[1024];
  DESCRIPTOR input, output;
  WDF_REQUEST_SEND_OPTIONS options;
  ULONG_PTR count = 0x5555;
  WDF_REQUEST_SEND_OPTIONS_INIT(&options, (ULONG)in[4]);
  options.Timeout = (LONGLONG)in[5];
  if (in[6]) options.Size = (ULONG)in[6];
  PWDF_REQUEST_SEND_OPTIONS given = in[4] == NONE ? NULL : &options;
  WDFREQUEST request = SLOT(Requests, in[1]);
  WDFIOTARGET target = T.Targets[in[0]];
  ULONG code = (ULONG)in[2];
  BOOLEAN internal = in[3] != 0;
  PWDF_MEMORY_DESCRIPTOR first = Describe(&input, in + 7, stack);
  PWDF_MEMORY_DESCRIPTOR second = Describe(&output, in + 13, stack + 512);
  NTSTATUS status = internal ? WdfIoTargetSendInternalIoctlSynchronously(target, request, code, first,
                                                                         second, given, &count)
                             : WdfIoTargetSendIoctlSynchronously(target, request, code, first, second,
                                                                 given, &count);
  out[1] = count;
  out[2] = (ULONG64)output.Mdl;
  out[11] = (ULONG64)input.Bytes;
  out[12] = (ULONG64)output.Bytes;
  if (output.Bytes) RtlCopyMemory(out + 3, output.Bytes, 64);
  Release(&input);
  Release(&output);
  return status;
}

// in: target, code, three lengths of buffers on this stack. out: status, the addresses
static NTSTATUS SyncOthers(const ULONG64 *in, ULONG64 *out) {
  UCHAR stack[3][16];
  WDF_MEMORY_DESCRIPTOR d[3];
  for (int i = 0; i < 3; i++) WDF_MEMORY_DESCRIPTOR_INIT_BUFFER(&d[i], stack[i], 16);
  for (int i = 0; i < 3; i++) out[1 + i] = (ULONG64)stack[i];
  return WdfIoTargetSendInternalIoctlOthersSynchronously(T.Targets[in[0]], NULL, (ULONG)in[1], &d[0],
                                                         &d[1], &d[2], NULL, NULL);
}

// MARK: Requests that come to the driver

static void Keep(WDFREQUEST request) {
  WDF_REQUEST_PARAMETERS params;
  T.Requests[SUBJECT] = request;
  WDF_REQUEST_PARAMETERS_INIT(&params);
  PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(WdfRequestWdmGetIrp(request));
  if (stack->MajorFunction == IRP_MJ_WRITE)
    WdfRequestRetrieveInputMemory(request, &T.Memories[SUBJECT]);
  else
    WdfRequestRetrieveOutputMemory(request, &T.Memories[SUBJECT]);
}

static void Forward(WDFDEVICE device, WDFREQUEST request) {
  WDF_REQUEST_SEND_OPTIONS options;
  WDFIOTARGET target = T.Mode == ModeSelf || T.Mode == ModeQueue ? WdfDeviceGetSelfIoTarget(device)
                                                                 : WdfDeviceGetIoTarget(device);
  NTSTATUS status;
  switch (T.Mode) {
    case ModeKeep: Keep(request); return;
    case ModeCurrentForget: WdfRequestFormatRequestUsingCurrentType(request); // fall through
    case ModeForget:
      WDF_REQUEST_SEND_OPTIONS_INIT(&options, WDF_REQUEST_SEND_OPTION_SEND_AND_FORGET);
      if (!WdfRequestSend(request, target, &options))
        WdfRequestComplete(request, WdfRequestGetStatus(request));
      return;
    case ModeCurrentSync:
      WdfRequestFormatRequestUsingCurrentType(request);
      WDF_REQUEST_SEND_OPTIONS_INIT(&options, WDF_REQUEST_SEND_OPTION_SYNCHRONOUS);
      WdfRequestSend(request, target, &options);
      status = WdfRequestGetStatus(request);
      WdfRequestCompleteWithInformation(request, status, WdfRequestGetInformation(request));
      return;
    default:
      T.Done = DoneCompleteOwn;
      WdfRequestFormatRequestUsingCurrentType(request);
      WdfRequestSetCompletionRoutine(request, EvtCompleted, (WDFCONTEXT)SUBJECT);
      if (!WdfRequestSend(request, target, WDF_NO_SEND_OPTIONS))
        WdfRequestComplete(request, WdfRequestGetStatus(request));
  }
}

static EVT_WDF_IO_QUEUE_IO_READ EvtTransfer;
static void EvtTransfer(WDFQUEUE queue, WDFREQUEST request, size_t length) {
  UNREFERENCED_PARAMETER(length);
  Forward(WdfIoQueueGetDevice(queue), request);
}

static EVT_WDF_IO_QUEUE_IO_DEFAULT EvtDefault;
static void EvtDefault(WDFQUEUE queue, WDFREQUEST request) {
  Forward(WdfIoQueueGetDevice(queue), request);
}

// The queue of requests that the driver sends to itself.
static EVT_WDF_IO_QUEUE_IO_DEFAULT EvtSelf;
static void EvtSelf(WDFQUEUE queue, WDFREQUEST request) {
  WDF_REQUEST_SEND_OPTIONS options;
  Log(EvSelf, 0, 0);
  WDF_REQUEST_SEND_OPTIONS_INIT(&options, WDF_REQUEST_SEND_OPTION_SEND_AND_FORGET);
  if (!WdfRequestSend(request, WdfDeviceGetIoTarget(WdfIoQueueGetDevice(queue)), &options))
    WdfRequestComplete(request, WdfRequestGetStatus(request));
}

// MARK: Devices

static NTSTATUS MakeQueue(WDFDEVICE device, PFN_WDF_IO_QUEUE_IO_DEVICE_CONTROL control) {
  WDF_IO_QUEUE_CONFIG config;
  WDF_IO_QUEUE_CONFIG_INIT_DEFAULT_QUEUE(&config, WdfIoQueueDispatchParallel);
  config.EvtIoRead = EvtTransfer;
  config.EvtIoWrite = EvtTransfer;
  config.EvtIoDeviceControl = control;
  config.EvtIoDefault = EvtDefault;
  return WdfIoQueueCreate(device, &config, WDF_NO_OBJECT_ATTRIBUTES, WDF_NO_HANDLE);
}

static NTSTATUS MakeControl(PCUNICODE_STRING name, WDFDEVICE *device,
                            PFN_WDF_IO_QUEUE_IO_DEVICE_CONTROL control) {
  PWDFDEVICE_INIT init =
      WdfControlDeviceInitAllocate(T.Driver, &SDDL_DEVOBJ_SYS_ALL_ADM_RWX_WORLD_RW_RES_R);
  if (!init) return STATUS_INSUFFICIENT_RESOURCES;
  NTSTATUS status = WdfDeviceInitAssignName(init, name);
  if (NT_SUCCESS(status)) status = WdfDeviceCreate(&init, WDF_NO_OBJECT_ATTRIBUTES, device);
  if (!NT_SUCCESS(status)) {
    if (init) WdfDeviceInitFree(init);
    return status;
  }
  status = MakeQueue(*device, control);
  // Locations for a target of the driver's own choice.
  WdfDeviceWdmGetDeviceObject(*device)->StackSize = 4;
  WdfControlFinishInitializing(*device);
  return status;
}

static EVT_WDF_DRIVER_DEVICE_ADD EvtDeviceAdd;
static NTSTATUS EvtDeviceAdd(WDFDRIVER driver, PWDFDEVICE_INIT init) {
  WDF_IO_QUEUE_CONFIG config;
  UNREFERENCED_PARAMETER(driver);
  WdfFdoInitSetFilter(init);
  WdfDeviceInitAllowSelfIoTarget(init);
  NTSTATUS status = WdfDeviceCreate(&init, WDF_NO_OBJECT_ATTRIBUTES, &T.Filter);
  if (NT_SUCCESS(status)) status = MakeQueue(T.Filter, NULL);
  if (!NT_SUCCESS(status)) return status;
  WDF_IO_QUEUE_CONFIG_INIT(&config, WdfIoQueueDispatchParallel);
  config.EvtIoDefault = EvtSelf;
  status = WdfIoQueueCreate(T.Filter, &config, WDF_NO_OBJECT_ATTRIBUTES, &T.SelfQueue);
  if (!NT_SUCCESS(status)) return status;
  return WdfIoTargetSelfAssignDefaultIoQueue(WdfDeviceGetSelfIoTarget(T.Filter), T.SelfQueue);
}

// MARK: What tests ask for

static NTSTATUS CreateMemory(const ULONG64 *in, ULONG64 *out) {
  WDF_OBJECT_ATTRIBUTES attributes;
  PVOID buffer = T.Static;
  Attributes(&attributes);
  NTSTATUS status =
      in[2] ? WdfMemoryCreatePreallocated(&attributes, buffer, in[1], &T.Memories[in[0]])
            : WdfMemoryCreate(&attributes, NonPagedPoolNx, TAG, in[1], &T.Memories[in[0]], &buffer);
  if (NT_SUCCESS(status)) Name(T.Memories[in[0]], in[0], EvMemoryCleanup);
  out[1] = (ULONG64)buffer;
  return status;
}

static NTSTATUS CreateRequest(const ULONG64 *in) {
  WDF_OBJECT_ATTRIBUTES attributes;
  Attributes(&attributes);
  NTSTATUS status = WdfRequestCreate(&attributes, SLOT(Targets, in[1]), &T.Requests[in[0]]);
  if (NT_SUCCESS(status)) Name(T.Requests[in[0]], in[0], EvRequestCleanup);
  return status;
}

// in: rounds, target, request, memory: formats, sends and reuses
static NTSTATUS Soak(const ULONG64 *in) {
  NTSTATUS status = STATUS_SUCCESS;
  T.Done = DoneReuse;
  for (ULONG64 i = 0; i < in[0] && NT_SUCCESS(status); i++) {
    WDFREQUEST request = T.Requests[in[2]];
    status = i % 2 ? WdfIoTargetFormatRequestForRead(T.Targets[in[1]], request, T.Memories[in[3]], NULL,
                                                     NULL)
                   : WdfIoTargetFormatRequestForIoctl(T.Targets[in[1]], request, 0x80002400,
                                                      T.Memories[in[3]], NULL, T.Memories[in[3]], NULL);
    if (!NT_SUCCESS(status)) break;
    WdfRequestSetCompletionRoutine(request, EvtCompleted, (WDFCONTEXT)in[2]);
    if (!WdfRequestSend(request, T.Targets[in[1]], NULL)) status = WdfRequestGetStatus(request);
  }
  return status;
}

static IO_COMPLETION_ROUTINE IrpDone;
static NTSTATUS IrpDone(PDEVICE_OBJECT device, PIRP irp, PVOID context) {
  UNREFERENCED_PARAMETER(device);
  UNREFERENCED_PARAMETER(context);
  Log(EvSelf, 0, (ULONG)irp->IoStatus.Status);
  return STATUS_MORE_PROCESSING_REQUIRED;
}

// A request over an IRP at a location of this driver, to be completed by the request.
static NTSTATUS MustComplete(const ULONG64 *in) {
  WDF_REQUEST_REUSE_PARAMS params;
  PIRP irp = IoAllocateIrp(2, FALSE);
  if (irp == NULL) return STATUS_INSUFFICIENT_RESOURCES;
  IoSetCompletionRoutine(irp, IrpDone, NULL, TRUE, TRUE, TRUE);
  IoSetNextIrpStackLocation(irp);
  T.Irps[in[0]] = irp;
  NTSTATUS status =
      WdfRequestCreateFromIrp(WDF_NO_OBJECT_ATTRIBUTES, irp, FALSE, &T.Requests[in[0]]);
  if (!NT_SUCCESS(status)) return status;
  WDF_REQUEST_REUSE_PARAMS_INIT(&params, 2, STATUS_SUCCESS);
  status = WdfRequestReuse(T.Requests[in[0]], &params);
  if (NT_SUCCESS(status)) WdfRequestComplete(T.Requests[in[0]], STATUS_DATA_ERROR);
  return status;
}

static NTSTATUS Do(ULONG64 op, ULONG64 *in, ULONG64 *out) {
  WDFIOTARGET target = SLOT(Targets, in[0]);
  WDFREQUEST request = SLOT(Requests, in[0]);
  WDFMEMORY memory = SLOT(Memories, in[0]);
  WDF_IO_TARGET_OPEN_PARAMS params;
  DECLARE_CONST_UNICODE_STRING(extra, L"\\Device\\TargetsExtra");
  switch (op) {
    case OpTargetCreate:
      return CreateTarget(in[2] ? T.Extra : T.Control, in[0], in[1]);
    case OpTargetOpen: return OpenTarget(in, out);
    case OpTargetOpenExisting: return OpenExisting(in);
    case OpTargetOpenType: return OpenType(in);
    case OpTargetReopen:
      WDF_IO_TARGET_OPEN_PARAMS_INIT_REOPEN(&params);
      return WdfIoTargetOpen(target, &params);
    case OpTargetClose: WdfIoTargetClose(target); break;
    case OpTargetCloseForQuery: WdfIoTargetCloseForQueryRemove(target); break;
    case OpTargetStart: return WdfIoTargetStart(target);
    case OpTargetStop: WdfIoTargetStop(target, (WDF_IO_TARGET_SENT_IO_ACTION)in[1]); break;
    case OpTargetPurge: WdfIoTargetPurge(target, (WDF_IO_TARGET_PURGE_IO_ACTION)in[1]); break;
    case OpTargetState: out[1] = WdfIoTargetGetState(target); break;
    case OpTargetDelete: WdfObjectDelete(target); break;
    case OpTargetInfo: TargetInfo(target, in[1], out); break;
    case OpTargetProperty: return TargetProperty(target, out);
    case OpTargetInterface: return TargetInterface(target);
    case OpTargetLocal:
      T.Targets[in[0]] = WdfDeviceGetIoTarget(in[1] ? T.Control : T.Filter);
      out[1] = T.Targets[in[0]] != NULL;
      break;
    case OpTargetSelf:
      T.Targets[in[0]] = WdfDeviceGetSelfIoTarget(in[1] ? T.Control : T.Filter);
      out[1] = T.Targets[in[0]] != NULL;
      break;
    case OpMemoryCreate: return CreateMemory(in, out);
    case OpMemoryWrite: return WdfMemoryCopyFromBuffer(memory, in[1], in + 3, in[2]);
    case OpMemoryRead: return WdfMemoryCopyToBuffer(memory, in[1], out + 1, in[2]);
    case OpMemoryDelete: WdfObjectDelete(memory); break;
    case OpMemoryReference: WdfObjectReference(memory); break;
    case OpMemoryDereference: WdfObjectDereference(memory); break;
    case OpRequestCreate: return CreateRequest(in);
    case OpFormatTransfer: return FormatTransfer(in);
    case OpFormatControl: return FormatControl(in);
    case OpFormatOthers: return FormatOthers(in);
    case OpFormatCurrent: WdfRequestFormatRequestUsingCurrentType(request); break;
    case OpFormatLocation: FormatLocation(in); break;
    case OpSend: return Send(in, out);
    case OpSetCompletion:
      T.Done = in[1];
      WdfRequestSetCompletionRoutine(request, EvtCompleted, (WDFCONTEXT)in[0]);
      break;
    case OpReuse: return ReuseWith(in);
    case OpChangeTarget: return WdfRequestChangeTarget(request, T.Targets[in[1]]);
    case OpRequestDelete: WdfObjectDelete(request); break;
    case OpRequestReference: WdfObjectReference(request); break;
    case OpRequestDereference: WdfObjectDereference(request); break;
    case OpCancelSent: out[1] = WdfRequestCancelSentRequest(request); break;
    case OpStatus: out[1] = (ULONG)WdfRequestGetStatus(request); break;
    case OpParams: Params(request, out); break;
    case OpAllocateTimer: return WdfRequestAllocateTimer(request);
    case OpComplete: WdfRequestCompleteWithInformation(request, (NTSTATUS)in[1], in[2]); break;
    case OpSetInformation: WdfRequestSetInformation(request, in[1]); break;
    case OpFromIrp: return FromIrp(in);
    case OpNewIrp:
      if (T.Irps[in[0]] != NULL) IoFreeIrp(T.Irps[in[0]]);
      T.Irps[in[0]] = NULL;
      break;
    case OpSetMode: T.Mode = in[0]; break;
    case OpSyncTransfer: return SyncTransfer(in, out);
    case OpSyncControl: return SyncControl(in, out);
    case OpSyncOthers: return SyncOthers(in, out);
    case OpDeviceMake: return MakeControl(&extra, &T.Extra, NULL);
    case OpDeviceDelete:
      WdfObjectDelete(T.Extra);
      T.Extra = NULL;
      break;
    case OpSoak: return Soak(in);
    case OpMustComplete: return MustComplete(in);
    case OpRaise: T.Raised = (ULONG)in[0]; break;
    default: return STATUS_INVALID_PARAMETER;
  }
  return STATUS_SUCCESS;
}

static EVT_WDF_IO_QUEUE_IO_DEVICE_CONTROL EvtControl;
static void EvtControl(WDFQUEUE queue, WDFREQUEST request, size_t outputLength, size_t inputLength,
                       ULONG code) {
  ULONG64 in[64], out[32];
  PVOID buffer;
  ULONG op = code >> 2 & 0xFFF;
  UNREFERENCED_PARAMETER(queue);
  // Anything but the codes of this driver is a request to do something with.
  if ((code & 3) != METHOD_BUFFERED || op >= 0x800) {
    Forward(WdfIoQueueGetDevice(queue), request);
    return;
  }
  if (op == OpLog) {
    NTSTATUS status = WdfRequestRetrieveOutputBuffer(request, 8, &buffer, NULL);
    size_t count = (size_t)T.LogCount < outputLength / 8 ? (size_t)T.LogCount : outputLength / 8;
    if (NT_SUCCESS(status)) RtlCopyMemory(buffer, T.Log, count * 8);
    T.LogCount = 0;
    WdfRequestCompleteWithInformation(request, status, count * 8);
    return;
  }
  RtlZeroMemory(in, sizeof in);
  RtlZeroMemory(out, sizeof out);
  if (inputLength > 0 && NT_SUCCESS(WdfRequestRetrieveInputBuffer(request, 1, &buffer, NULL)))
    RtlCopyMemory(in, buffer, inputLength < sizeof in ? inputLength : sizeof in);
  out[0] = (ULONG)Do(op, in, out);
  if (!NT_SUCCESS(WdfRequestRetrieveOutputBuffer(request, sizeof out, &buffer, NULL))) {
    WdfRequestComplete(request, STATUS_BUFFER_TOO_SMALL);
    return;
  }
  RtlCopyMemory(buffer, out, sizeof out);
  WdfRequestCompleteWithInformation(request, STATUS_SUCCESS, sizeof out);
}

static EVT_WDF_DRIVER_UNLOAD EvtUnload;
static void EvtUnload(WDFDRIVER driver) { UNREFERENCED_PARAMETER(driver); }

DRIVER_INITIALIZE DriverEntry;
NTSTATUS DriverEntry(PDRIVER_OBJECT driverObject, PUNICODE_STRING path) {
  DECLARE_CONST_UNICODE_STRING(name, L"\\Device\\Targets");
  WDF_DRIVER_CONFIG config;
  WDF_DRIVER_CONFIG_INIT(&config, EvtDeviceAdd);
  config.EvtDriverUnload = EvtUnload;
  config.DriverPoolTag = 'gnrF';
  NTSTATUS status =
      WdfDriverCreate(driverObject, path, WDF_NO_OBJECT_ATTRIBUTES, &config, &T.Driver);
  return NT_SUCCESS(status) ? MakeControl(&name, &T.Control, EvtControl) : status;
}
