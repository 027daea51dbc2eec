// A WDM driver of the block mover and of other simulated devices: direct memory access with
// scatter/gather lists and with map registers, common buffers, interrupts, registers and ports.
// What it is to do comes in control requests; numbers go in and out as arrays of 64 bits.
#include <ntddk.h>

#define CODE(Number, Method) CTL_CODE(0x8000, Number, Method, FILE_ANY_ACCESS)

enum { ADAPTERS = 4, INTERRUPTS = 4, QUEUED = 8 };

typedef struct LINE {
  PKINTERRUPT interrupt;
  PIO_INTERRUPT_MESSAGE_INFO messages;
  ULONG version;
  volatile ULONG *status;  // a register to be read and written back, or NULL
  ULONG mask;              // bits that say that it is ours
  BOOLEAN claims;          // without a register: what to answer
  BOOLEAN raises;          // and whether to return at HIGH_LEVEL
  LONG calls, deferred;
  KIRQL level, deferredLevel;
  ULONG message;
  KDPC dpc;
} LINE;

typedef struct WAITING {
  PDMA_ADAPTER adapter;
  PSCATTER_GATHER_LIST list;
  PVOID base;
  LONG granted;
  KIRQL level;
  BOOLEAN keeps;
  IO_ALLOCATION_ACTION action;
} WAITING;

static PDEVICE_OBJECT device;
static PDMA_ADAPTER adapters[ADAPTERS];
static ULONG registerCounts[ADAPTERS];
static volatile UCHAR *registers;
static LINE lines[INTERRUPTS];
static WAITING waiting[QUEUED];
static PMDL poolMdl;
static UCHAR *pool;

// MARK: Adapters

// In: version, scatter/gather, width (0 = 32-bit flag off), maximum length. Out: index, registers.
static NTSTATUS MakeAdapter(ULONG64 *words) {
  DEVICE_DESCRIPTION description = {0};
  description.Version = (ULONG)words[0];
  description.Master = TRUE;
  description.ScatterGather = words[1] != 0;
  description.Dma32BitAddresses = words[2] >= 32;
  description.Dma64BitAddresses = words[2] == 64;
  description.DmaAddressWidth = (ULONG)words[2];
  description.MaximumLength = (ULONG)words[3];
  description.InterfaceType = PCIBus;
  for (ULONG index = 0; index < ADAPTERS; index++) {
    if (adapters[index]) continue;
    adapters[index] = IoGetDmaAdapter(device, &description, &registerCounts[index]);
    if (!adapters[index]) return STATUS_INSUFFICIENT_RESOURCES;
    words[0] = index;
    words[1] = registerCounts[index];
    words[2] = adapters[index]->Version;
    words[3] = adapters[index]->DmaOperations->Size;
    return STATUS_SUCCESS;
  }
  return STATUS_INSUFFICIENT_RESOURCES;
}

static void PutAdapter(ULONG64 index) {
  adapters[index]->DmaOperations->PutDmaAdapter(adapters[index]);
  adapters[index] = NULL;
}

// MARK: Registers of the block mover

enum { CONTROL = 0, STATUS = 4, SOURCE = 8, DESTINATION = 16, LENGTH = 24, FLAGS = 28, RING = 32, COUNT = 40 };
enum { START = 1, START_RING = 2, ENABLE = 4 };
enum { SOURCE_LOCAL = 1, DESTINATION_LOCAL = 2 };

typedef struct DESCRIPTOR {
  ULONG64 source, destination;
  ULONG length, flags;
} DESCRIPTOR;

static ULONG *Register32(ULONG offset) { return (ULONG *)(registers + offset); }
static ULONG64 *Register64(ULONG offset) { return (ULONG64 *)(registers + offset); }

static void Move(ULONG64 source, ULONG64 destination, ULONG length, ULONG flags) {
  WRITE_REGISTER_ULONG64(Register64(SOURCE), source);
  WRITE_REGISTER_ULONG64(Register64(DESTINATION), destination);
  WRITE_REGISTER_ULONG(Register32(LENGTH), length);
  WRITE_REGISTER_ULONG(Register32(FLAGS), flags);
  WRITE_REGISTER_ULONG(Register32(CONTROL), START);
}

static BOOLEAN IsDone(void) { return READ_REGISTER_ULONG(Register32(STATUS)) == 1; }

// MARK: Scatter/gather

typedef struct TRANSFER {
  ULONG64 local;    // where in the memory of the device
  BOOLEAN isWrite;  // to the device
  ULONG64 elements, bytes, highest;
  KIRQL level;
  BOOLEAN isDone;
  PSCATTER_GATHER_LIST list;
} TRANSFER;

static DRIVER_LIST_CONTROL Transfer;
static void Transfer(PDEVICE_OBJECT object, PIRP irp, PSCATTER_GATHER_LIST list, PVOID context) {
  TRANSFER *transfer = context;
  UNREFERENCED_PARAMETER(irp);
  transfer->level = KeGetCurrentIrql();
  transfer->list = list;
  transfer->isDone = object == device;
  for (ULONG index = 0; index < list->NumberOfElements; index++) {
    SCATTER_GATHER_ELEMENT *element = &list->Elements[index];
    ULONG64 address = (ULONG64)element->Address.QuadPart;
    if (transfer->isWrite) {
      Move(address, transfer->local, element->Length, DESTINATION_LOCAL);
    } else {
      Move(transfer->local, address, element->Length, SOURCE_LOCAL);
    }
    transfer->isDone = transfer->isDone && IsDone();
    transfer->local += element->Length;
    transfer->bytes += element->Length;
    if (address + element->Length - 1 > transfer->highest) {
      transfer->highest = address + element->Length - 1;
    }
    transfer->elements++;
  }
}

// Moves a buffer through a list. `form`: 0 get, 1 build in memory of the driver, 2 the form of version 3
// that returns the list.
static NTSTATUS RunList(ULONG64 adapter, PMDL mdl, ULONG64 offset, ULONG length, BOOLEAN isWrite,
                        ULONG64 local, ULONG64 form, ULONG64 *out) {
  PDMA_ADAPTER dma = adapters[adapter];
  TRANSFER transfer = {.local = local, .isWrite = isWrite};
  UCHAR *address = (UCHAR *)MmGetMdlVirtualAddress(mdl) + offset;
  PVOID memory = NULL;
  KIRQL old;
  NTSTATUS status = STATUS_SUCCESS;
  KeRaiseIrql(DISPATCH_LEVEL, &old);
  if (form == 0) {
    status = dma->DmaOperations->GetScatterGatherList(dma, device, mdl, address, length, Transfer,
                                                      &transfer, isWrite);
  } else if (form == 1) {
    ULONG size = 0, count = 0;
    status = dma->DmaOperations->CalculateScatterGatherList(dma, mdl, address, length, &size, &count);
    if (NT_SUCCESS(status)) {
      memory = ExAllocatePoolWithTag(NonPagedPoolNx, size, 'tseT');
      if (dma->DmaOperations->BuildScatterGatherList(dma, device, mdl, address, length, Transfer,
                                                     &transfer, isWrite, memory, size - 1) !=
          STATUS_BUFFER_TOO_SMALL) {
        DbgPrint("a list fits in too little memory\n");
      }
      status = dma->DmaOperations->BuildScatterGatherList(dma, device, mdl, address, length, Transfer,
                                                          &transfer, isWrite, memory, size);
    }
  } else {
    UCHAR context[DMA_TRANSFER_CONTEXT_SIZE_V1];
    PSCATTER_GATHER_LIST list = NULL;
    dma->DmaOperations->InitializeDmaTransferContext(dma, context);
    status = dma->DmaOperations->GetScatterGatherListEx(
        dma, device, context, mdl, offset, length, DMA_SYNCHRONOUS_CALLBACK, NULL, NULL, isWrite, NULL,
        NULL, &list);
    if (NT_SUCCESS(status)) Transfer(device, NULL, list, &transfer);
  }
  if (NT_SUCCESS(status) && transfer.list) {
    dma->DmaOperations->PutScatterGatherList(dma, transfer.list, isWrite);
  }
  KeLowerIrql(old);
  if (memory) ExFreePoolWithTag(memory, 'tseT');
  out[0] = transfer.elements;
  out[1] = transfer.bytes;
  out[2] = transfer.highest;
  out[3] = transfer.level;
  out[4] = transfer.isDone;
  return status;
}

// MARK: Packets

typedef struct PACKET {
  PMDL mdl;
  ULONG64 offset, local;
  ULONG length, part;
  BOOLEAN isWrite, isFlushed;
  ULONG64 transfers, bytes, highest;
  PDMA_ADAPTER adapter;
  BOOLEAN isDone;
} PACKET;

// Moves a buffer in parts of one element each.
static DRIVER_CONTROL Packets;
static IO_ALLOCATION_ACTION Packets(PDEVICE_OBJECT object, PIRP irp, PVOID base, PVOID context) {
  PACKET *packet = context;
  PDMA_ADAPTER dma = packet->adapter;
  UCHAR *address = (UCHAR *)MmGetMdlVirtualAddress(packet->mdl) + packet->offset;
  UNREFERENCED_PARAMETER(object);
  UNREFERENCED_PARAMETER(irp);
  packet->isDone = TRUE;
  while (packet->bytes < packet->length) {
    ULONG left = packet->length - (ULONG)packet->bytes;
    ULONG length = left < packet->part ? left : packet->part;
    ULONG wanted = length, mapped = 0;
    UCHAR *start = address + packet->bytes;
    while (mapped < wanted) {
      length = wanted - mapped;
      PHYSICAL_ADDRESS logical = dma->DmaOperations->MapTransfer(
          dma, packet->mdl, base, start + mapped, &length, packet->isWrite);
      if ((ULONG64)logical.QuadPart + length - 1 > packet->highest) {
        packet->highest = (ULONG64)logical.QuadPart + length - 1;
      }
      if (packet->isWrite) {
        Move((ULONG64)logical.QuadPart, packet->local, length, DESTINATION_LOCAL);
      } else {
        Move(packet->local, (ULONG64)logical.QuadPart, length, SOURCE_LOCAL);
      }
      packet->isDone = packet->isDone && IsDone();
      packet->local += length;
      mapped += length;
      packet->transfers++;
    }
    if (packet->isFlushed) {
      dma->DmaOperations->FlushAdapterBuffers(dma, packet->mdl, base, start, wanted, packet->isWrite);
    }
    packet->bytes += wanted;
  }
  packet->mdl = NULL;
  packet->adapter = NULL;
  dma->DmaOperations->FreeMapRegisters(
      dma, base, (ULONG)ADDRESS_AND_SIZE_TO_SPAN_PAGES(address, packet->length));
  return DeallocateObjectKeepRegisters;
}

static NTSTATUS RunPackets(ULONG64 adapter, PMDL mdl, ULONG64 *in, ULONG64 *out) {
  PACKET packet = {.mdl = mdl,
                   .offset = in[1],
                   .length = (ULONG)in[2],
                   .isWrite = in[3] != 0,
                   .local = in[4],
                   .part = (ULONG)in[5],
                   .isFlushed = in[6] != 0,
                   .adapter = adapters[adapter]};
  PDMA_ADAPTER dma = adapters[adapter];
  KIRQL old;
  UCHAR *address = (UCHAR *)MmGetMdlVirtualAddress(mdl) + packet.offset;
  KeRaiseIrql(DISPATCH_LEVEL, &old);
  NTSTATUS status = dma->DmaOperations->AllocateAdapterChannel(
      dma, device, (ULONG)ADDRESS_AND_SIZE_TO_SPAN_PAGES(address, packet.length), Packets, &packet);
  KeLowerIrql(old);
  out[0] = packet.transfers;
  out[1] = packet.bytes;
  out[2] = packet.highest;
  out[3] = packet.isDone;
  return status;
}

// MARK: Requests that wait

static DRIVER_LIST_CONTROL KeepList;
static void KeepList(PDEVICE_OBJECT object, PIRP irp, PSCATTER_GATHER_LIST list, PVOID context) {
  WAITING *entry = context;
  UNREFERENCED_PARAMETER(object);
  UNREFERENCED_PARAMETER(irp);
  entry->list = list;
  entry->level = KeGetCurrentIrql();
  entry->granted++;
}

static DRIVER_CONTROL KeepChannel;
static IO_ALLOCATION_ACTION KeepChannel(PDEVICE_OBJECT object, PIRP irp, PVOID base, PVOID context) {
  WAITING *entry = context;
  UNREFERENCED_PARAMETER(object);
  UNREFERENCED_PARAMETER(irp);
  entry->base = base;
  entry->level = KeGetCurrentIrql();
  entry->granted++;
  return entry->action;
}

// MARK: Interrupts

static void Served(LINE *line) {
  line->calls++;
  line->level = KeGetCurrentIrql();
  KeInsertQueueDpc(&line->dpc, NULL, NULL);
}

static KSERVICE_ROUTINE Service;
static BOOLEAN Service(PKINTERRUPT interrupt, PVOID context) {
  LINE *line = context;
  UNREFERENCED_PARAMETER(interrupt);
  if (line->status) {
    ULONG status = READ_REGISTER_ULONG((ULONG *)line->status);
    if ((status & line->mask) == 0) return FALSE;
    WRITE_REGISTER_ULONG((ULONG *)line->status, status);
    Served(line);
    return TRUE;
  }
  line->calls++;
  if (line->raises) {
    KIRQL old;
    KeRaiseIrql(HIGH_LEVEL, &old);
  }
  return line->claims;
}

static KMESSAGE_SERVICE_ROUTINE ServiceMessage;
static BOOLEAN ServiceMessage(PKINTERRUPT interrupt, PVOID context, ULONG message) {
  LINE *line = context;
  UNREFERENCED_PARAMETER(interrupt);
  line->message |= 1u << message;
  Served(line);
  return TRUE;
}

static KDEFERRED_ROUTINE Deferred;
static void Deferred(PKDPC dpc, PVOID context, PVOID first, PVOID second) {
  LINE *line = context;
  UNREFERENCED_PARAMETER(dpc);
  UNREFERENCED_PARAMETER(first);
  UNREFERENCED_PARAMETER(second);
  line->deferred++;
  line->deferredLevel = KeGetCurrentIrql();
}

// In: line, kind (0 IoConnectInterrupt, 1 fully specified, 2 line, 3 messages), vector, level, whether
// it has the status register, what to answer (2: TRUE at another level), shared.
static NTSTATUS Connect(ULONG64 *in) {
  LINE *line = &lines[in[0]];
  IO_CONNECT_INTERRUPT_PARAMETERS p = {0};
  RtlZeroMemory(line, sizeof *line);
  KeInitializeDpc(&line->dpc, Deferred, line);
  line->status = in[4] ? (volatile ULONG *)(registers + STATUS) : NULL;
  line->mask = 3;
  line->claims = in[5] != 0;
  line->raises = in[5] == 2;
  line->version = (ULONG)in[1];
  switch (in[1]) {
    case 0:
      return IoConnectInterrupt(&line->interrupt, Service, line, NULL, (ULONG)in[2], (KIRQL)in[3],
                                (KIRQL)in[3], LevelSensitive, in[6] != 0, (KAFFINITY)-1, FALSE);
    case 1:
      p.Version = CONNECT_FULLY_SPECIFIED;
      p.FullySpecified.PhysicalDeviceObject = device;
      p.FullySpecified.InterruptObject = &line->interrupt;
      p.FullySpecified.ServiceRoutine = Service;
      p.FullySpecified.ServiceContext = line;
      p.FullySpecified.SynchronizeIrql = (KIRQL)in[3];
      p.FullySpecified.ShareVector = in[6] != 0;
      p.FullySpecified.Vector = (ULONG)in[2];
      p.FullySpecified.Irql = (KIRQL)in[3];
      p.FullySpecified.InterruptMode = LevelSensitive;
      p.FullySpecified.ProcessorEnableMask = (KAFFINITY)-1;
      return IoConnectInterruptEx(&p);
    case 2:
      p.Version = CONNECT_LINE_BASED;
      p.LineBased.PhysicalDeviceObject = device;
      p.LineBased.InterruptObject = &line->interrupt;
      p.LineBased.ServiceRoutine = Service;
      p.LineBased.ServiceContext = line;
      return IoConnectInterruptEx(&p);
    case 3: {
      p.Version = CONNECT_MESSAGE_BASED;
      p.MessageBased.PhysicalDeviceObject = device;
      p.MessageBased.ConnectionContext.InterruptMessageTable = &line->messages;
      p.MessageBased.MessageServiceRoutine = ServiceMessage;
      p.MessageBased.ServiceContext = line;
      p.MessageBased.FallBackServiceRoutine = Service;
      NTSTATUS status = IoConnectInterruptEx(&p);
      line->version = p.Version;
      if (p.Version == CONNECT_LINE_BASED) {
        line->interrupt = (PKINTERRUPT)line->messages;
        line->messages = NULL;
      }
      return status;
    }
  }
  return STATUS_INVALID_PARAMETER;
}

static void Disconnect(LINE *line) {
  if (line->version == 0) {
    IoDisconnectInterrupt(line->interrupt);
  } else if (line->interrupt || line->messages) {
    IO_DISCONNECT_INTERRUPT_PARAMETERS p = {0};
    p.Version = line->version;
    p.ConnectionContext.Generic = line->messages ? (PVOID)line->messages : (PVOID)line->interrupt;
    IoDisconnectInterruptEx(&p);
  }
  line->interrupt = NULL;
  line->messages = NULL;
}

typedef struct SYNCHRONIZED {
  LINE *line;
  KIRQL level;
  LONG callsBefore, callsAfter;
} SYNCHRONIZED;

// Makes the device interrupt in the middle: the service routine has to wait.
static KSYNCHRONIZE_ROUTINE Synchronized;
static BOOLEAN Synchronized(PVOID context) {
  SYNCHRONIZED *state = context;
  state->level = KeGetCurrentIrql();
  state->callsBefore = state->line->calls;
  WRITE_REGISTER_ULONG(Register32(LENGTH), 0);
  WRITE_REGISTER_ULONG(Register32(CONTROL), START | ENABLE);
  state->callsAfter = state->line->calls;
  return TRUE;
}

// MARK: Instructions on registers

#define CHECK(Condition)                               \
  do {                                                 \
    if (!(Condition)) {                                \
      failures++;                                      \
      DbgPrint("line %d: %s\n", __LINE__, #Condition); \
    }                                                  \
  } while (0)

// The scratch registers of the mover hold what is written: every form of access.
static ULONG Accesses(void) {
  ULONG failures = 0;
  volatile UCHAR *scratch = registers + 64;
  volatile ULONG *word = (volatile ULONG *)scratch;
  volatile ULONG64 *quad = (volatile ULONG64 *)scratch;
  volatile USHORT *half = (volatile USHORT *)scratch;
  *quad = 0x8899AABBCCDDEEFFull;
  CHECK(*quad == 0x8899AABBCCDDEEFFull);
  CHECK(*word == 0xCCDDEEFF && word[1] == 0x8899AABB);
  CHECK(*half == 0xEEFF && scratch[1] == 0xEE);
  CHECK((LONG)(SHORT)*half == (LONG)0xFFFFEEFF && (LONG64)(LONG)*word == (LONG64)0xFFFFFFFFCCDDEEFF);
  CHECK((LONG)(CHAR)scratch[0] == -1);
  scratch[0] = 0x12;
  half[1] = 0x3456;
  CHECK(*word == 0x3456EE12);
  *word |= 1;
  CHECK(*word == 0x3456EE13);
  *word &= ~0x10u;
  CHECK(*word == 0x3456EE03);
  *word += 5;
  *word ^= 0xFF;
  CHECK(*word == (0x3456EE08 ^ 0xFF));
  *word = 0;
  CHECK(*word == 0);
  if (*word & 4) failures++;
  (*word)++;
  (*word)--;
  CHECK(*word == 0);
  *quad = 0xFFFFFFFFFFFFFFFFull;
  CHECK(*quad + 1 == 0);
  ULONG values[4] = {1, 2, 3, 4}, back[4] = {0};
  WRITE_REGISTER_BUFFER_ULONG((ULONG *)scratch, values, 4);
  READ_REGISTER_BUFFER_ULONG((ULONG *)scratch, back, 4);
  CHECK(RtlCompareMemory(values, back, sizeof values) == sizeof values);
  __movsd((unsigned long *)back, (const unsigned long *)scratch, 2);
  CHECK(back[0] == 1 && back[1] == 2);
  __stosd((unsigned long *)scratch, 7, 4);
  CHECK(word[0] == 7 && word[3] == 7);
  CHECK(InterlockedExchange((volatile LONG *)scratch, 9) == 7 && *word == 9);
  return failures;
}

static ULONG Ports(ULONG64 first) {
  ULONG failures = 0;
  UCHAR bytes[4] = {1, 2, 3, 4}, back[4] = {0};
  WRITE_PORT_UCHAR((PUCHAR)(ULONG_PTR)first, 0x5A);
  CHECK(READ_PORT_UCHAR((PUCHAR)(ULONG_PTR)first) == 0x5A);
  WRITE_PORT_USHORT((PUSHORT)(ULONG_PTR)(first + 2), 0xBEEF);
  CHECK(READ_PORT_USHORT((PUSHORT)(ULONG_PTR)(first + 2)) == 0xBEEF);
  WRITE_PORT_ULONG((PULONG)(ULONG_PTR)(first + 4), 0x12345678);
  CHECK(READ_PORT_ULONG((PULONG)(ULONG_PTR)(first + 4)) == 0x12345678);
  CHECK(READ_PORT_UCHAR((PUCHAR)(ULONG_PTR)(first + 5)) == 0x56);
  WRITE_PORT_BUFFER_UCHAR((PUCHAR)(ULONG_PTR)(first + 8), bytes, 4);
  READ_PORT_BUFFER_UCHAR((PUCHAR)(ULONG_PTR)(first + 8), back, 4);
  CHECK(back[0] == 4 && back[3] == 4);
  return failures;
}

// MARK: Requests

static NTSTATUS Control(PIO_STACK_LOCATION stack, PIRP irp, ULONG_PTR *information) {
  ULONG64 *words = irp->AssociatedIrp.SystemBuffer;
  ULONG code = stack->Parameters.DeviceIoControl.IoControlCode;
  ULONG function = code >> 2 & 0xFFF;
  NTSTATUS status = STATUS_SUCCESS;
  ULONG64 out[8] = {0};
  KIRQL old;
  switch (function) {
    case 0x800:  // the device object
      out[0] = (ULONG64)device;
      break;
    case 0x801: {  // registers: start, length
      PHYSICAL_ADDRESS start;
      start.QuadPart = (LONGLONG)words[0];
      registers = MmMapIoSpace(start, (SIZE_T)words[1], MmNonCached);
      if (!registers) status = STATUS_INSUFFICIENT_RESOURCES;
      break;
    }
    case 0x802:
      status = MakeAdapter(words);
      RtlCopyMemory(out, words, 32);
      break;
    case 0x803:
      PutAdapter(words[0]);
      break;
    case 0x804:  // list over pool: adapter, offset, length, write, local, form
      status = RunList(words[0], poolMdl, words[1], (ULONG)words[2], words[3] != 0, words[4], words[5],
                       out);
      break;
    case 0x805:  // packets over pool: adapter, offset, length, write, local, part, flush
      status = RunPackets(words[0], poolMdl, words, out);
      break;
    case 0x806: {  // pool: length, fill
      if (poolMdl) IoFreeMdl(poolMdl);
      if (pool) ExFreePoolWithTag(pool, 'tseT');
      pool = ExAllocatePoolWithTag(NonPagedPoolNx, (SIZE_T)words[0], 'tseT');
      poolMdl = IoAllocateMdl(pool, (ULONG)words[0], FALSE, FALSE, NULL);
      MmBuildMdlForNonPagedPool(poolMdl);
      for (ULONG i = 0; i < words[0]; i++) pool[i] = (UCHAR)(words[1] ? i * 7 + (i >> 8) + words[1] : 0);
      out[0] = (ULONG64)MmGetPhysicalAddress(pool).QuadPart;
      out[1] = (ULONG64)pool;
      break;
    }
    case 0x807: {  // common buffer of the mover, as a ring of one descriptor: adapter, length
      PDMA_ADAPTER dma = adapters[words[0]];
      PHYSICAL_ADDRESS logical;
      ULONG length = (ULONG)words[1];
      UCHAR *buffer = dma->DmaOperations->AllocateCommonBuffer(dma, length, &logical, TRUE);
      if (!buffer) {
        status = STATUS_INSUFFICIENT_RESOURCES;
        break;
      }
      RtlZeroMemory(buffer, length);
      DESCRIPTOR *ring = (DESCRIPTOR *)buffer;
      for (ULONG i = 0; i < 64; i++) buffer[2048 + i] = (UCHAR)(i + 1);
      // To the device and back to another place.
      ring[0] = (DESCRIPTOR){(ULONG64)logical.QuadPart + 2048, 0x100, 64, DESTINATION_LOCAL};
      ring[1] = (DESCRIPTOR){0x100, (ULONG64)logical.QuadPart + 3072, 64, SOURCE_LOCAL};
      WRITE_REGISTER_ULONG64(Register64(RING), (ULONG64)logical.QuadPart);
      WRITE_REGISTER_ULONG(Register32(COUNT), 2);
      WRITE_REGISTER_ULONG(Register32(CONTROL), START_RING);
      out[0] = IsDone();
      out[1] = RtlCompareMemory(buffer + 2048, buffer + 3072, 64);
      out[2] = (ULONG64)logical.QuadPart;
      out[3] = (ULONG64)buffer;
      dma->DmaOperations->FreeCommonBuffer(dma, length, logical, buffer, TRUE);
      break;
    }
    case 0x808:  // waiting list: entry, adapter, length
    {
      WAITING *entry = &waiting[words[0]];
      RtlZeroMemory(entry, sizeof *entry);
      entry->adapter = adapters[words[1]];
      KeRaiseIrql(DISPATCH_LEVEL, &old);
      status = entry->adapter->DmaOperations->GetScatterGatherList(
          entry->adapter, device, poolMdl, pool, (ULONG)words[2], KeepList, entry, TRUE);
      KeLowerIrql(old);
      break;
    }
    case 0x809:  // put the list of an entry
    {
      WAITING *entry = &waiting[words[0]];
      KeRaiseIrql(DISPATCH_LEVEL, &old);
      entry->adapter->DmaOperations->PutScatterGatherList(entry->adapter, entry->list, TRUE);
      KeLowerIrql(old);
      break;
    }
    case 0x80A:  // entries: granted, a bit each
      for (ULONG i = 0; i < QUEUED; i++) {
        out[0] |= (ULONG64)(waiting[i].granted != 0) << i;
        if (waiting[i].granted) out[1] |= waiting[i].level;
      }
      break;
    case 0x80B: {  // waiting channel: entry, adapter, registers, action
      WAITING *entry = &waiting[words[0]];
      RtlZeroMemory(entry, sizeof *entry);
      entry->adapter = adapters[words[1]];
      entry->action = (IO_ALLOCATION_ACTION)words[3];
      KeRaiseIrql(DISPATCH_LEVEL, &old);
      status = entry->adapter->DmaOperations->AllocateAdapterChannel(
          entry->adapter, device, (ULONG)words[2], KeepChannel, entry);
      KeLowerIrql(old);
      break;
    }
    case 0x80C:  // free the channel of an entry's adapter
      KeRaiseIrql(DISPATCH_LEVEL, &old);
      waiting[words[0]].adapter->DmaOperations->FreeAdapterChannel(waiting[words[0]].adapter);
      KeLowerIrql(old);
      break;
    case 0x80D:
      status = Connect(words);
      out[0] = lines[words[0]].version;
      out[1] = lines[words[0]].messages ? lines[words[0]].messages->MessageCount : 0;
      break;
    case 0x80E:
      Disconnect(&lines[words[0]]);
      break;
    case 0x80F: {  // figures of a line
      LINE *line = &lines[words[0]];
      out[0] = line->calls;
      out[1] = line->level;
      out[2] = line->deferred;
      out[3] = line->deferredLevel;
      out[4] = line->message;
      break;
    }
    case 0x810:  // start the mover with its interrupt enabled, at a level
      KeRaiseIrql((KIRQL)words[0], &old);
      WRITE_REGISTER_ULONG(Register32(LENGTH), 0);
      WRITE_REGISTER_ULONG(Register32(CONTROL), START | ENABLE);
      out[0] = lines[0].calls;
      out[1] = lines[0].deferred;
      KeLowerIrql(old);
      out[2] = lines[0].calls;
      out[3] = lines[0].deferred;
      break;
    case 0x811: {  // KeSynchronizeExecution, or the lock when words[1]
      SYNCHRONIZED state = {.line = &lines[words[0]]};
      if (words[1]) {
        old = KeAcquireInterruptSpinLock(state.line->interrupt);
        Synchronized(&state);
        KeReleaseInterruptSpinLock(state.line->interrupt, old);
        out[0] = TRUE;
      } else {
        out[0] = KeSynchronizeExecution(state.line->interrupt, Synchronized, &state);
      }
      out[1] = state.level;
      out[2] = (ULONG64)(state.callsAfter - state.callsBefore);
      out[3] = (ULONG64)(state.line->calls - state.callsBefore);
      out[4] = KeGetCurrentIrql();
      break;
    }
    case 0x812:
      out[0] = Accesses();
      break;
    case 0x813:
      out[0] = Ports(words[0]);
      break;
    case 0x814:  // an instruction that is not known: rotates a register
      __asm__ volatile("roll $3, %0" : "+m"(*(volatile ULONG *)(registers + 64)));
      break;
    case 0x815: {  // a routine that Ring3 lacks
      PDMA_ADAPTER dma = adapters[words[0]];
      out[0] = dma->DmaOperations->ReadDmaCounter(dma);
      break;
    }
    case 0x816: {  // report a line inactive or active
      IO_DISCONNECT_INTERRUPT_PARAMETERS p = {0};
      p.Version = lines[words[0]].version;
      p.ConnectionContext.InterruptObject = lines[words[0]].interrupt;
      if (words[1]) IoReportInterruptActive(&p);
      else IoReportInterruptInactive(&p);
      break;
    }
    case 0x817: {  // bytes of the pool buffer that are as case 0x806 filled them
      for (ULONG i = 0; i < words[0]; i++) {
        if (pool[i] == (UCHAR)(i * 7 + (i >> 8) + words[1])) out[0]++;
      }
      break;
    }
    case 0x818: {  // adapter information
      DMA_ADAPTER_INFO info = {.Version = DMA_ADAPTER_INFO_VERSION1};
      status = adapters[words[0]]->DmaOperations->GetDmaAdapterInfo(adapters[words[0]], &info);
      out[0] = info.V1.ScatterGatherLimit;
      out[1] = info.V1.DmaAddressWidth;
      break;
    }
    case 0x819: {  // a buffer of two lists in a chain: adapter, first length, second length, form
      PMDL second = IoAllocateMdl(pool + 8192, (ULONG)words[2], FALSE, FALSE, NULL);
      PMDL first = IoAllocateMdl(pool, (ULONG)words[1], FALSE, FALSE, NULL);
      MmBuildMdlForNonPagedPool(first);
      MmBuildMdlForNonPagedPool(second);
      first->Next = second;
      status = RunList(words[0], first, 0, (ULONG)(words[1] + words[2]), words[4] != 0, 0, words[3], out);
      IoFreeMdl(first);
      IoFreeMdl(second);
      break;
    }
    default:
      return STATUS_INVALID_DEVICE_REQUEST;
  }
  *information = stack->Parameters.DeviceIoControl.OutputBufferLength < sizeof out
                     ? stack->Parameters.DeviceIoControl.OutputBufferLength
                     : sizeof out;
  RtlCopyMemory(words, out, *information);
  return status;
}

static DRIVER_DISPATCH OnControl;
static NTSTATUS OnControl(PDEVICE_OBJECT object, PIRP irp) {
  PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(irp);
  ULONG_PTR information = 0;
  UNREFERENCED_PARAMETER(object);
  NTSTATUS status = Control(stack, irp, &information);
  irp->IoStatus.Status = status;
  irp->IoStatus.Information = information;
  IoCompleteRequest(irp, IO_NO_INCREMENT);
  return status;
}

// Reads and writes move the caller's own pages with adapter 0, to and from the start of the device's
// memory. The byte offset is the form of the list.
static DRIVER_DISPATCH OnTransfer;
static NTSTATUS OnTransfer(PDEVICE_OBJECT object, PIRP irp) {
  PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(irp);
  BOOLEAN isWrite = stack->MajorFunction == IRP_MJ_WRITE;
  ULONG64 out[8] = {0};
  ULONG length = isWrite ? stack->Parameters.Write.Length : stack->Parameters.Read.Length;
  ULONG64 form = (ULONG64)stack->Parameters.Read.ByteOffset.QuadPart;
  UNREFERENCED_PARAMETER(object);
  NTSTATUS status = RunList(0, irp->MdlAddress, 0, length, isWrite, 0, form, out);
  if (NT_SUCCESS(status) && !out[4]) status = STATUS_IO_DEVICE_ERROR;
  irp->IoStatus.Status = status;
  irp->IoStatus.Information = NT_SUCCESS(status) ? (ULONG_PTR)out[1] : 0;
  IoCompleteRequest(irp, IO_NO_INCREMENT);
  return status;
}

static DRIVER_DISPATCH OnOpen;
static NTSTATUS OnOpen(PDEVICE_OBJECT object, PIRP irp) {
  UNREFERENCED_PARAMETER(object);
  irp->IoStatus.Status = STATUS_SUCCESS;
  irp->IoStatus.Information = 0;
  IoCompleteRequest(irp, IO_NO_INCREMENT);
  return STATUS_SUCCESS;
}

static DRIVER_UNLOAD Unload;
static void Unload(PDRIVER_OBJECT driver) {
  UNREFERENCED_PARAMETER(driver);
  for (ULONG i = 0; i < INTERRUPTS; i++) {
    if (lines[i].interrupt || lines[i].messages) Disconnect(&lines[i]);
  }
  for (ULONG i = 0; i < ADAPTERS; i++) {
    if (adapters[i]) PutAdapter(i);
  }
  if (poolMdl) IoFreeMdl(poolMdl);
  if (pool) ExFreePoolWithTag(pool, 'tseT');
  IoDeleteDevice(device);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path) {
  UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\Device\\Hardware");
  UNREFERENCED_PARAMETER(path);
  NTSTATUS status = IoCreateDevice(driver, 0, &name, FILE_DEVICE_UNKNOWN, 0, FALSE, &device);
  if (!NT_SUCCESS(status)) return status;
  device->Flags |= DO_DIRECT_IO;
  driver->MajorFunction[IRP_MJ_CREATE] = OnOpen;
  driver->MajorFunction[IRP_MJ_CLOSE] = OnOpen;
  driver->MajorFunction[IRP_MJ_CLEANUP] = OnOpen;
  driver->MajorFunction[IRP_MJ_READ] = OnTransfer;
  driver->MajorFunction[IRP_MJ_WRITE] = OnTransfer;
  driver->MajorFunction[IRP_MJ_DEVICE_CONTROL] = OnControl;
  driver->DriverUnload = Unload;
  device->Flags &= ~DO_DEVICE_INITIALIZING;
  return STATUS_SUCCESS;
}
