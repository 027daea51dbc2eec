// A KMDF driver of the block mover: enablers, transactions and common buffers of DMA.
// What it is to do comes in control requests; numbers go in and out as arrays of 64 bits.
#include <ntddk.h>

#include <wdf.h>

DRIVER_INITIALIZE DriverEntry;
static EVT_WDF_DRIVER_DEVICE_ADD EvtDeviceAdd;
static EVT_WDF_IO_QUEUE_IO_READ EvtIoRead;
static EVT_WDF_IO_QUEUE_IO_WRITE EvtIoWrite;
static EVT_WDF_IO_QUEUE_IO_DEVICE_CONTROL EvtIoDeviceControl;
static EVT_WDF_PROGRAM_DMA EvtProgramDma;
static EVT_WDF_RESERVE_DMA EvtReserveDma;
static EVT_WDF_OBJECT_CONTEXT_DESTROY EvtRequestDestroy;

enum { WORDS = 32, RUNS = 4, LENGTHS = 24, POOLS = 4 };

// MARK: Registers of the block mover

enum { CONTROL = 0, STATUS = 4, SOURCE = 8, DESTINATION = 16, LENGTH = 24, FLAGS = 28 };

static volatile UCHAR *registers;

static BOOLEAN Move(ULONG64 source, ULONG64 destination, ULONG length, ULONG flags) {
  WRITE_REGISTER_ULONG64((ULONG64 *)(registers + SOURCE), source);
  WRITE_REGISTER_ULONG64((ULONG64 *)(registers + DESTINATION), destination);
  WRITE_REGISTER_ULONG((ULONG *)(registers + LENGTH), length);
  WRITE_REGISTER_ULONG((ULONG *)(registers + FLAGS), flags);
  WRITE_REGISTER_ULONG((ULONG *)(registers + CONTROL), 1);
  return READ_REGISTER_ULONG((ULONG *)(registers + STATUS)) == 1;
}

// MARK: Runs of transactions

enum {
  MOVES = 1,                // move the data
  COMPLETES = 2,            // complete each transfer in EvtProgramDma
  COMPLETES_REQUEST = 4,    // complete the request in front of the transfer
  RELEASES = 8,             // release the transaction when it is done
  DENIES = 16               // return FALSE from EvtProgramDma
};

enum { FULL, HALVES, FINAL_AT, ZERO_FIRST };

typedef struct RUN {
  ULONG64 local;  // place of the first byte in the memory of the device
  ULONG64 flags, form, finalAt, finalLength;
  // What came of it.
  ULONG64 calls, level, argumentErrors, moveErrors, elements, mostElements, bytes, highest;
  ULONG64 falses, trues, more, status, transferred, destroyedBefore;
  ULONG64 lengths[LENGTHS], lists[LENGTHS];
} RUN;

static RUN runs[RUNS];
static WDFDEVICE pnpDevice, bufferedDevice, directDevice;
static NTSTATUS addStatus;
static WDFDMAENABLER addedEnabler;
static ULONG64 destroyedRequests, reservations, reserveLevel, reserveContext;
// What a request that comes is to do.
static WDFDMATRANSACTION theTransaction;
static ULONG64 theRun, theDirection, onlyInitializes;
static PMDL mdls[POOLS];
static UCHAR *pools[POOLS];

static void EvtRequestDestroy(WDFOBJECT Object) {
  UNREFERENCED_PARAMETER(Object);
  destroyedRequests++;
}

static void Transfer(RUN *run, WDFDMATRANSACTION transaction, WDF_DMA_DIRECTION direction,
                     PSCATTER_GATHER_LIST list) {
  ULONG64 local = run->local + WdfDmaTransactionGetBytesTransferred(transaction);
  ULONG64 sum = 0;
  for (ULONG index = 0; index < list->NumberOfElements; index++) {
    SCATTER_GATHER_ELEMENT *element = &list->Elements[index];
    ULONG64 address = (ULONG64)element->Address.QuadPart;
    if (run->flags & MOVES) {
      BOOLEAN done = direction == WdfDmaDirectionWriteToDevice
                         ? Move(address, local + sum, element->Length, 2)
                         : Move(local + sum, address, element->Length, 1);
      if (!done) run->moveErrors++;
    }
    sum += element->Length;
    if (address + element->Length > run->highest) run->highest = address + element->Length;
  }
  if (sum != WdfDmaTransactionGetCurrentDmaTransferLength(transaction)) run->argumentErrors++;
  if (run->calls < LENGTHS) run->lengths[run->calls] = sum;
  if (run->calls < LENGTHS) run->lists[run->calls] = list->NumberOfElements;
  run->bytes += sum;
  run->elements += list->NumberOfElements;
  if (list->NumberOfElements > run->mostElements) run->mostElements = list->NumberOfElements;
}

static BOOLEAN CompleteTransfer(RUN *run, WDFDMATRANSACTION transaction, NTSTATUS *status) {
  size_t length = WdfDmaTransactionGetCurrentDmaTransferLength(transaction);
  switch (run->form) {
    case HALVES:
      return WdfDmaTransactionDmaCompletedWithLength(transaction, (length + 1) / 2, status);
    case ZERO_FIRST:
      return WdfDmaTransactionDmaCompletedWithLength(transaction, run->calls == 1 ? 0 : length,
                                                     status);
    case FINAL_AT:
      if (run->calls == run->finalAt) {
        return WdfDmaTransactionDmaCompletedFinal(transaction, run->finalLength, status);
      }
      return WdfDmaTransactionDmaCompleted(transaction, status);
    default: return WdfDmaTransactionDmaCompleted(transaction, status);
  }
}

static void Complete(RUN *run, WDFDMATRANSACTION transaction) {
  NTSTATUS status = 0x5A5A5A5A;
  WDFREQUEST request = WdfDmaTransactionGetRequest(transaction);
  BOOLEAN done = CompleteTransfer(run, transaction, &status);
  if (!done) {
    run->falses++;
    if (status == STATUS_MORE_PROCESSING_REQUIRED) run->more++;
    return;
  }
  run->trues++;
  run->status = (ULONG)status;
  run->transferred = WdfDmaTransactionGetBytesTransferred(transaction);
  if (run->flags & RELEASES) WdfDmaTransactionRelease(transaction);
  if (request && !(run->flags & COMPLETES_REQUEST)) {
    WdfRequestCompleteWithInformation(request, status, run->transferred);
  }
}

static BOOLEAN EvtProgramDma(WDFDMATRANSACTION Transaction, WDFDEVICE Device, WDFCONTEXT Context,
                             WDF_DMA_DIRECTION Direction, PSCATTER_GATHER_LIST SgList) {
  RUN *run = Context;
  run->level = KeGetCurrentIrql();
  if (Device != WdfDmaTransactionGetDevice(Transaction)) run->argumentErrors++;
  if (Direction != WdfDmaDirectionReadFromDevice && Direction != WdfDmaDirectionWriteToDevice) {
    run->argumentErrors++;
  }
  Transfer(run, Transaction, Direction, SgList);
  run->calls++;
  if (run->flags & COMPLETES_REQUEST) {
    ULONG64 before = destroyedRequests;
    WdfRequestCompleteWithInformation(WdfDmaTransactionGetRequest(Transaction), STATUS_SUCCESS, 0);
    run->destroyedBefore = destroyedRequests - before;
  }
  BOOLEAN denies = (run->flags & DENIES) != 0;
  if (run->flags & COMPLETES) Complete(run, Transaction);
  return !denies;
}

static void EvtReserveDma(WDFDMATRANSACTION DmaTransaction, PVOID Context) {
  UNREFERENCED_PARAMETER(DmaTransaction);
  reservations++;
  reserveLevel = KeGetCurrentIrql();
  reserveContext = (ULONG64)Context;
}

// MARK: Power

static char events[64];
static ULONG eventCount;
static ULONG64 failingEvent;

static NTSTATUS Note(char event) {
  if (eventCount < sizeof events) events[eventCount++] = event;
  return failingEvent == (ULONG64)event ? STATUS_DEVICE_NOT_READY : STATUS_SUCCESS;
}

static NTSTATUS EvtFill(WDFDMAENABLER e) { UNREFERENCED_PARAMETER(e); return Note('F'); }
static NTSTATUS EvtEnable(WDFDMAENABLER e) { UNREFERENCED_PARAMETER(e); return Note('E'); }
static NTSTATUS EvtStart(WDFDMAENABLER e) { UNREFERENCED_PARAMETER(e); return Note('S'); }
static NTSTATUS EvtStop(WDFDMAENABLER e) { UNREFERENCED_PARAMETER(e); return Note('s'); }
static NTSTATUS EvtDisable(WDFDMAENABLER e) { UNREFERENCED_PARAMETER(e); return Note('d'); }
static NTSTATUS EvtFlush(WDFDMAENABLER e) { UNREFERENCED_PARAMETER(e); return Note('f'); }

// MARK: Requests of tests

// In: profile, length, size (0: the right one), address width, version, flags, parent, with events.
static NTSTATUS MakeEnabler(WDFDEVICE device, ULONG64 *words, WDFDMAENABLER *enabler) {
  WDF_DMA_ENABLER_CONFIG config;
  WDF_OBJECT_ATTRIBUTES attributes;
  WDF_DMA_ENABLER_CONFIG_INIT(&config, (WDF_DMA_PROFILE)words[0], words[1]);
  if (words[2]) config.Size = (ULONG)words[2];
  config.AddressWidthOverride = (ULONG)words[3];
  config.WdmDmaVersionOverride = (ULONG)words[4];
  config.Flags = (ULONG)words[5];
  if (words[7]) {
    config.EvtDmaEnablerFill = EvtFill;
    config.EvtDmaEnablerEnable = EvtEnable;
    config.EvtDmaEnablerSelfManagedIoStart = EvtStart;
    config.EvtDmaEnablerSelfManagedIoStop = EvtStop;
    config.EvtDmaEnablerDisable = EvtDisable;
    config.EvtDmaEnablerFlush = EvtFlush;
  }
  WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
  attributes.ParentObject = (WDFOBJECT)words[6];
  return WdfDmaEnablerCreate(device, &config, words[6] ? &attributes : WDF_NO_OBJECT_ATTRIBUTES,
                             enabler);
}

static NTSTATUS MakePool(ULONG64 index, ULONG64 count, ULONG64 seed) {
  pools[index] = ExAllocatePool2(POOL_FLAG_NON_PAGED, count, 'amDW');
  if (!pools[index]) return STATUS_INSUFFICIENT_RESOURCES;
  for (ULONG64 place = 0; place < count; place++) {
    pools[index][place] = (UCHAR)(place * 7 + (place >> 8) + seed);
  }
  mdls[index] = IoAllocateMdl(pools[index], (ULONG)count, FALSE, FALSE, NULL);
  if (!mdls[index]) return STATUS_INSUFFICIENT_RESOURCES;
  MmBuildMdlForNonPagedPool(mdls[index]);
  return STATUS_SUCCESS;
}

// Bytes at the beginning that are the pattern.
static ULONG64 CheckPool(ULONG64 index, ULONG64 count, ULONG64 seed) {
  for (ULONG64 place = 0; place < count; place++) {
    if (pools[index][place] != (UCHAR)(place * 7 + (place >> 8) + seed)) return place;
  }
  return count;
}

static NTSTATUS MakeCommonBuffer(ULONG64 *words) {
  WDFCOMMONBUFFER buffer = (WDFCOMMONBUFFER)1;
  WDF_OBJECT_ATTRIBUTES attributes, *given = WDF_NO_OBJECT_ATTRIBUTES;
  NTSTATUS status;
  if (words[5]) {
    WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
    attributes.ParentObject = (WDFOBJECT)words[5];
    given = &attributes;
  }
  if (words[2]) {
    WDF_COMMON_BUFFER_CONFIG config;
    WDF_COMMON_BUFFER_CONFIG_INIT(&config, (ULONG)words[3]);
    if (words[4]) config.Size = (ULONG)words[4];
    status = WdfCommonBufferCreateWithConfig((WDFDMAENABLER)words[0], words[1], &config, given,
                                             &buffer);
  } else {
    status = WdfCommonBufferCreate((WDFDMAENABLER)words[0], words[1], given, &buffer);
  }
  words[0] = (ULONG)status;
  if (!NT_SUCCESS(status)) return STATUS_SUCCESS;
  words[1] = (ULONG64)buffer;
  words[2] = (ULONG64)WdfCommonBufferGetAlignedVirtualAddress(buffer);
  words[3] = (ULONG64)WdfCommonBufferGetAlignedLogicalAddress(buffer).QuadPart;
  words[4] = WdfCommonBufferGetLength(buffer);
  return STATUS_SUCCESS;
}

// In: transaction, direction, pool, offset in it, length, form, pool that is chained + 1.
static NTSTATUS Initialize(ULONG64 *words) {
  WDFDMATRANSACTION transaction = (WDFDMATRANSACTION)words[0];
  WDF_DMA_DIRECTION direction = (WDF_DMA_DIRECTION)words[1];
  PMDL mdl = mdls[words[2]];
  UCHAR *start = (UCHAR *)MmGetMdlVirtualAddress(mdl) + words[3];
  if (words[6]) mdl->Next = mdls[words[6] - 1];
  switch (words[5]) {
    case 1:
      return WdfDmaTransactionInitializeUsingOffset(transaction, EvtProgramDma, direction, mdl,
                                                    words[3], words[4]);
    case 2:
      return WdfDmaTransactionInitialize(transaction, EvtProgramDma, direction, NULL, start,
                                         words[4]);
    case 3:
      return WdfDmaTransactionInitialize(transaction, NULL, direction, mdl, start, words[4]);
    default:
      return WdfDmaTransactionInitialize(transaction, EvtProgramDma, direction, mdl, start,
                                         words[4]);
  }
}

static BOOLEAN CompleteByHand(ULONG64 *words, NTSTATUS *status) {
  WDFDMATRANSACTION transaction = (WDFDMATRANSACTION)words[0];
  switch (words[1]) {
    case 1: return WdfDmaTransactionDmaCompletedWithLength(transaction, words[2], status);
    case 2: return WdfDmaTransactionDmaCompletedFinal(transaction, words[2], status);
    default: return WdfDmaTransactionDmaCompleted(transaction, status);
  }
}

static void QueryEnabler(ULONG64 *words) {
  WDFDMAENABLER enabler = (WDFDMAENABLER)words[0];
  words[0] = WdfDmaEnablerGetMaximumLength(enabler);
  words[1] = WdfDmaEnablerGetFragmentLength(enabler, WdfDmaDirectionReadFromDevice);
  words[2] = WdfDmaEnablerGetFragmentLength(enabler, WdfDmaDirectionWriteToDevice);
  words[3] = WdfDmaEnablerGetFragmentLength(enabler, (WDF_DMA_DIRECTION)7);
  words[4] = WdfDmaEnablerGetMaximumScatterGatherElements(enabler);
  words[5] =
      (ULONG64)WdfDmaEnablerWdmGetDmaAdapter(enabler, WdfDmaDirectionReadFromDevice);
  words[6] = (ULONG64)WdfDmaEnablerWdmGetDmaAdapter(enabler, WdfDmaDirectionWriteToDevice);
  words[7] = ((PDMA_ADAPTER)words[5])->Version;
}

static void QueryTransaction(ULONG64 *words) {
  WDFDMATRANSACTION transaction = (WDFDMATRANSACTION)words[0];
  words[0] = WdfDmaTransactionGetBytesTransferred(transaction);
  words[1] = WdfDmaTransactionGetCurrentDmaTransferLength(transaction);
  words[2] = (ULONG64)WdfDmaTransactionGetRequest(transaction);
  words[3] = (ULONG64)WdfDmaTransactionGetDevice(transaction);
  words[4] = (ULONG64)WdfDmaTransactionWdmGetTransferContext(transaction);
}

static void MakeTransaction(ULONG64 *words) {
  WDF_OBJECT_ATTRIBUTES attributes;
  WDFDMATRANSACTION transaction = (WDFDMATRANSACTION)1;
  WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
  attributes.ParentObject = (WDFOBJECT)words[1];
  words[0] = (ULONG)WdfDmaTransactionCreate((WDFDMAENABLER)words[0],
                                            words[1] ? &attributes : WDF_NO_OBJECT_ATTRIBUTES,
                                            &transaction);
  words[1] = (ULONG64)transaction;
}

static void TransferInfo(ULONG64 *words) {
  ULONG mapRegisters = 0, elements = 0;
  WdfDmaTransactionGetTransferInfo((WDFDMATRANSACTION)words[0], &mapRegisters, &elements);
  words[0] = mapRegisters;
  words[1] = elements;
}

// Calls that are made at a level: the second word of each.
static void Delete(ULONG64 *words) {
  KIRQL old;
  if (words[1]) KeRaiseIrql((KIRQL)words[1], &old);
  WdfObjectDelete((WDFOBJECT)words[0]);
  if (words[1]) KeLowerIrql(old);
}

static NTSTATUS Execute(ULONG64 *words) {
  KIRQL old;
  NTSTATUS status;
  if (words[2]) KeRaiseIrql((KIRQL)words[2], &old);
  status = WdfDmaTransactionExecute((WDFDMATRANSACTION)words[0], &runs[words[1]]);
  if (words[2]) KeLowerIrql(old);
  return status;
}

static void ReportRun(ULONG64 *words) {
  RUN *run = &runs[words[0]];
  if (words[1]) {
    RtlMoveMemory(words, words[1] == 1 ? run->lengths : run->lists, sizeof run->lengths);
  } else {
    RtlMoveMemory(words, run, FIELD_OFFSET(RUN, lengths));
  }
}

static NTSTATUS Control(ULONG function, ULONG64 *words) {
  NTSTATUS status = STATUS_SUCCESS;
  WDFDMATRANSACTION transaction = (WDFDMATRANSACTION)words[0];
  WDFDMAENABLER enabler = NULL;
  PHYSICAL_ADDRESS address;
  switch (function) {
    case 0x800:
      address.QuadPart = (LONG64)words[0];
      registers = MmMapIoSpace(address, words[1], MmNonCached);
      return registers ? STATUS_SUCCESS : STATUS_INSUFFICIENT_RESOURCES;
    case 0x801:
      words[0] = (ULONG64)pnpDevice;
      words[1] = (ULONG64)bufferedDevice;
      words[2] = (ULONG)addStatus;
      words[3] = (ULONG64)addedEnabler;
      return STATUS_SUCCESS;
    case 0x802:
      words[0] = (ULONG)MakeEnabler(pnpDevice, words, &enabler);
      words[1] = (ULONG64)enabler;
      return STATUS_SUCCESS;
    case 0x803: QueryEnabler(words); return STATUS_SUCCESS;
    case 0x804:
      WdfDmaEnablerSetMaximumScatterGatherElements((WDFDMAENABLER)words[0], words[1]);
      return STATUS_SUCCESS;
    case 0x805: MakeTransaction(words); return STATUS_SUCCESS;
    case 0x806: words[0] = (ULONG)Initialize(words); return STATUS_SUCCESS;
    case 0x807: words[0] = (ULONG)Execute(words); return STATUS_SUCCESS;
    case 0x808:
      words[3] = destroyedRequests;
      words[0] = CompleteByHand(words, &status);
      words[1] = (ULONG)status;
      words[2] = destroyedRequests - words[3];
      return STATUS_SUCCESS;
    case 0x809: words[0] = (ULONG)WdfDmaTransactionRelease(transaction); return STATUS_SUCCESS;
    case 0x80A: QueryTransaction(words); return STATUS_SUCCESS;
    case 0x80B: WdfDmaTransactionSetMaximumLength(transaction, words[1]); return STATUS_SUCCESS;
    case 0x80C: Delete(words); return STATUS_SUCCESS;
    case 0x80D:
      RtlZeroMemory(&runs[words[0]], sizeof(RUN));
      RtlMoveMemory(&runs[words[0]], words + 1, 5 * sizeof *words);
      return STATUS_SUCCESS;
    case 0x80E: ReportRun(words); return STATUS_SUCCESS;
    case 0x80F: return MakeCommonBuffer(words);
    case 0x810: return MakePool(words[0], words[1], words[2]);
    case 0x811: words[0] = CheckPool(words[0], words[1], words[2]); return STATUS_SUCCESS;
    case 0x812: TransferInfo(words); return STATUS_SUCCESS;
    case 0x813:
      WdfDmaTransactionSetSingleTransferRequirement(transaction, (BOOLEAN)words[1]);
      return STATUS_SUCCESS;
    case 0x814:
      WdfDmaTransactionSetImmediateExecution(transaction, (BOOLEAN)words[1]);
      return STATUS_SUCCESS;
    case 0x815:
      words[0] = (ULONG)WdfDmaTransactionAllocateResources(
          transaction, (WDF_DMA_DIRECTION)words[1], (ULONG)words[2], EvtReserveDma,
          (PVOID)words[3]);
      return STATUS_SUCCESS;
    case 0x816: WdfDmaTransactionFreeResources(transaction); return STATUS_SUCCESS;
    case 0x817: words[0] = WdfDmaTransactionCancel(transaction); return STATUS_SUCCESS;
    case 0x818:
      words[0] = reservations;
      words[1] = reserveLevel;
      words[2] = reserveContext;
      return STATUS_SUCCESS;
    case 0x819:
      theTransaction = transaction;
      theRun = words[1];
      theDirection = words[2];
      onlyInitializes = words[3];
      return STATUS_SUCCESS;
    case 0x81A: WdfDeviceSetAlignmentRequirement(pnpDevice, (ULONG)words[0]); return STATUS_SUCCESS;
    case 0x81B: failingEvent = words[0]; return STATUS_SUCCESS;
    case 0x81C:
      RtlZeroMemory(words, WORDS * sizeof *words);
      RtlMoveMemory(words, events, eventCount);
      eventCount = 0;
      return STATUS_SUCCESS;
    case 0x81D: words[0] = *(UCHAR *)words[0]; return STATUS_SUCCESS;
    case 0x81E:
      words[0] = Move(words[0], words[1], (ULONG)words[2], (ULONG)words[3]);
      return STATUS_SUCCESS;
    case 0x81F:
      words[0] = MmGetPhysicalAddress(pools[words[0]] + words[1]).QuadPart;
      return STATUS_SUCCESS;
    case 0x820: Complete(&runs[words[1]], transaction); return STATUS_SUCCESS;
    case 0x821: WdfDmaTransactionStopSystemTransfer(transaction); return STATUS_SUCCESS;
    default: return STATUS_INVALID_DEVICE_REQUEST;
  }
}

// A request whose buffer is moved.
static void Run(WDFREQUEST request) {
  NTSTATUS status = WdfDmaTransactionInitializeUsingRequest(
      theTransaction, request, EvtProgramDma, (WDF_DMA_DIRECTION)theDirection);
  if (NT_SUCCESS(status) && !onlyInitializes) {
    status = WdfDmaTransactionExecute(theTransaction, &runs[theRun]);
    if (NT_SUCCESS(status)) return;
  }
  WdfDmaTransactionRelease(theTransaction);
  WdfRequestComplete(request, status);
}

static void EvtIoRead(WDFQUEUE Queue, WDFREQUEST Request, size_t Length) {
  UNREFERENCED_PARAMETER(Queue);
  UNREFERENCED_PARAMETER(Length);
  Run(Request);
}

static void EvtIoWrite(WDFQUEUE Queue, WDFREQUEST Request, size_t Length) {
  UNREFERENCED_PARAMETER(Queue);
  UNREFERENCED_PARAMETER(Length);
  Run(Request);
}

static void EvtIoDeviceControl(WDFQUEUE Queue, WDFREQUEST Request, size_t OutputLength,
                               size_t InputLength, ULONG Code) {
  ULONG function = (Code >> 2) & 0xFFF;
  void *buffer;
  NTSTATUS status;
  UNREFERENCED_PARAMETER(Queue);
  UNREFERENCED_PARAMETER(OutputLength);
  UNREFERENCED_PARAMETER(InputLength);
  if (function >= 0x880) {
    Run(Request);
    return;
  }
  status = WdfRequestRetrieveInputBuffer(Request, WORDS * 8, &buffer, NULL);
  if (NT_SUCCESS(status)) status = Control(function, buffer);
  WdfRequestCompleteWithInformation(Request, status, NT_SUCCESS(status) ? WORDS * 8 : 0);
}

static NTSTATUS MakeControlDevice(WDFDRIVER driver, PCUNICODE_STRING name, PCUNICODE_STRING link,
                                  WDF_DEVICE_IO_TYPE type, WDFDEVICE *device) {
  WDF_OBJECT_ATTRIBUTES attributes;
  WDF_IO_QUEUE_CONFIG config;
  WDFQUEUE queue;
  NTSTATUS status;
  PWDFDEVICE_INIT init =
      WdfControlDeviceInitAllocate(driver, &SDDL_DEVOBJ_SYS_ALL_ADM_RWX_WORLD_RW_RES_R);
  if (!init) return STATUS_INSUFFICIENT_RESOURCES;
  WdfDeviceInitSetIoType(init, type);
  WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
  attributes.EvtDestroyCallback = EvtRequestDestroy;
  WdfDeviceInitSetRequestAttributes(init, &attributes);
  status = WdfDeviceInitAssignName(init, name);
  if (NT_SUCCESS(status)) status = WdfDeviceCreate(&init, WDF_NO_OBJECT_ATTRIBUTES, device);
  if (!NT_SUCCESS(status)) {
    if (init) WdfDeviceInitFree(init);
    return status;
  }
  status = WdfDeviceCreateSymbolicLink(*device, link);
  if (!NT_SUCCESS(status)) return status;
  WDF_IO_QUEUE_CONFIG_INIT_DEFAULT_QUEUE(&config, WdfIoQueueDispatchParallel);
  config.EvtIoRead = EvtIoRead;
  config.EvtIoWrite = EvtIoWrite;
  config.EvtIoDeviceControl = EvtIoDeviceControl;
  status = WdfIoQueueCreate(*device, &config, WDF_NO_OBJECT_ATTRIBUTES, &queue);
  if (NT_SUCCESS(status)) WdfControlFinishInitializing(*device);
  return status;
}

static NTSTATUS EvtDeviceAdd(WDFDRIVER Driver, PWDFDEVICE_INIT DeviceInit) {
  ULONG64 words[8] = {WdfDmaProfileScatterGather64, 65536, 0, 0, 0, 0, 0, TRUE};
  NTSTATUS status;
  UNREFERENCED_PARAMETER(Driver);
  status = WdfDeviceCreate(&DeviceInit, WDF_NO_OBJECT_ATTRIBUTES, &pnpDevice);
  if (!NT_SUCCESS(status)) return status;
  addStatus = MakeEnabler(pnpDevice, words, &addedEnabler);
  return STATUS_SUCCESS;
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath) {
  DECLARE_CONST_UNICODE_STRING(name, L"\\Device\\WdfDma");
  DECLARE_CONST_UNICODE_STRING(link, L"\\DosDevices\\WdfDma");
  DECLARE_CONST_UNICODE_STRING(directName, L"\\Device\\WdfDmaDirect");
  DECLARE_CONST_UNICODE_STRING(directLink, L"\\DosDevices\\WdfDmaDirect");
  WDF_DRIVER_CONFIG config;
  WDFDRIVER driver;
  NTSTATUS status;
  WDF_DRIVER_CONFIG_INIT(&config, EvtDeviceAdd);
  status =
      WdfDriverCreate(DriverObject, RegistryPath, WDF_NO_OBJECT_ATTRIBUTES, &config, &driver);
  if (NT_SUCCESS(status)) {
    status = MakeControlDevice(driver, &name, &link, WdfDeviceIoBuffered, &bufferedDevice);
  }
  if (NT_SUCCESS(status)) {
    status = MakeControlDevice(driver, &directName, &directLink, WdfDeviceIoDirect, &directDevice);
  }
  return status;
}
