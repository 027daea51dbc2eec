// Memory objects of the framework: creation, buffers, copies, descriptors.
#include "wdf-scenario.h"

#define TAG 'meMW'

static UCHAR Block[256];

// Makes a memory object: In: size, pool type, tag.
static void Create(PSCENARIO_CALL Call) {
  WDFMEMORY memory = (WDFMEMORY)1;
  PVOID buffer = (PVOID)1;
  size_t size = 0;
  NTSTATUS status = WdfMemoryCreate(NULL, (POOL_TYPE)Call->In[1], (ULONG)Call->In[2],
                                    (size_t)Call->In[0], &memory, &buffer);
  Call->Out[0] = (ULONG)status;
  Call->Out[1] = (ULONG64)memory;
  if (!NT_SUCCESS(status)) return;
  Call->Out[2] = WdfMemoryGetBuffer(memory, &size) == buffer;
  Call->Out[3] = size;
  Call->Out[4] = (ULONG64)buffer & 0xFFF;
  for (size_t i = 0; i < size && i < 16; i++) Call->Out[8 + i] = ((UCHAR *)buffer)[i];
  RtlFillMemory(buffer, size, 0x5A);
  Call->Out[5] = WdfMemoryGetBuffer(memory, NULL) == buffer;
  WdfObjectDelete(memory);
}

static void Preallocated(PSCENARIO_CALL Call) {
  WDFMEMORY memory = (WDFMEMORY)1, second;
  size_t size;
  Call->Out[0] = (ULONG)WdfMemoryCreatePreallocated(NULL, Block, 0, &memory);
  Call->Out[1] = (ULONG64)memory;
  RtlFillMemory(Block, sizeof Block, 0x11);
  Call->Out[2] = (ULONG)WdfMemoryCreatePreallocated(NULL, Block, 100, &memory);
  Call->Out[3] = WdfMemoryGetBuffer(memory, &size) == Block && size == 100;
  // Two objects over parts of one block.
  Call->Out[4] = (ULONG)WdfMemoryCreatePreallocated(NULL, Block + 50, 100, &second);
  ((UCHAR *)WdfMemoryGetBuffer(second, NULL))[0] = 0x22;
  Call->Out[5] = ((UCHAR *)WdfMemoryGetBuffer(memory, NULL))[50];
  // Other buffers.
  Call->Out[6] = (ULONG)WdfMemoryAssignBuffer(memory, Block + 8, 16);
  Call->Out[7] = WdfMemoryGetBuffer(memory, &size) == Block + 8 && size == 16;
  Call->Out[8] = (ULONG)WdfMemoryAssignBuffer(memory, Block + 128, 0);
  Call->Out[9] = (ULONG)WdfMemoryAssignBuffer(memory, Block + 128, 32);
  Call->Out[10] = WdfMemoryGetBuffer(memory, &size) == Block + 128 && size == 32;
  WdfObjectDelete(memory);
  WdfObjectDelete(second);
  Call->Out[11] = Block[0] == 0x11 && Block[50] == 0x22 && Block[128] == 0x11;
}

// A copy with a memory object of 64 bytes in the middle of 192: In: 1 to copy out, offset, count.
static void Copy(PSCENARIO_CALL Call) {
  static UCHAR around[192], plain[192];
  WDFMEMORY memory;
  NTSTATUS status;
  size_t i;
  for (i = 0; i < sizeof around; i++) around[i] = 0xC0;
  for (i = 0; i < sizeof plain; i++) plain[i] = (UCHAR)(Call->In[0] ? 0xC0 : i + 1);
  if (Call->In[0]) {
    for (i = 0; i < 64; i++) around[64 + i] = (UCHAR)(i + 1);
  }
  if (!NT_SUCCESS(WdfMemoryCreatePreallocated(NULL, around + 64, 64, &memory))) return;
  status = Call->In[0] ? WdfMemoryCopyToBuffer(memory, (size_t)Call->In[1], plain + 64,
                                               (size_t)Call->In[2])
                       : WdfMemoryCopyFromBuffer(memory, (size_t)Call->In[1], plain,
                                                 (size_t)Call->In[2]);
  WdfObjectDelete(memory);
  // The bytes that changed: the first, and how many; and whether they are the right ones.
  UCHAR *target = Call->In[0] ? plain : around;
  size_t first = 0, count = 0;
  ULONG64 right = 1;
  for (i = 0; i < 192; i++) {
    if (target[i] == 0xC0) continue;
    if (Call->In[0] == 0 && target == around && i >= 64 && i < 128) {
      if (target[i] != (UCHAR)(i - 64 - Call->In[1] + 1)) right = 0;
    }
    if (Call->In[0] && target[i] != (UCHAR)(i - 64 + Call->In[1] + 1)) right = 0;
    if (count == 0) first = i;
    if (count != i - first) right = 0;
    count++;
  }
  Call->Out[0] = (ULONG)status;
  Call->Out[1] = count;
  Call->Out[2] = count ? first - 64 : 0;
  Call->Out[3] = right;
}

// Copies inside one memory object.
static void Overlap(PSCENARIO_CALL Call) {
  WDFMEMORY memory;
  UCHAR *bytes;
  if (!NT_SUCCESS(WdfMemoryCreate(NULL, NonPagedPoolNx, TAG, 64, &memory, (PVOID *)&bytes))) return;
  for (UCHAR i = 0; i < 64; i++) bytes[i] = i;
  Call->Out[0] = (ULONG)WdfMemoryCopyFromBuffer(memory, 1, bytes, 63);
  for (UCHAR i = 1; i < 64; i++) Call->Out[1] += bytes[i] != i - 1;
  for (UCHAR i = 0; i < 64; i++) bytes[i] = i;
  Call->Out[2] = (ULONG)WdfMemoryCopyToBuffer(memory, 1, bytes, 63);
  for (UCHAR i = 0; i < 63; i++) Call->Out[3] += bytes[i] != i + 1;
  Call->Out[4] = (ULONG)WdfMemoryCopyFromBuffer(memory, 0, bytes, 64);
  WdfObjectDelete(memory);
}

static WDFMEMORY Kept;
static UCHAR *KeptBytes;

// Makes a memory object that stays: In: size, pool type, tag.
static void Keep(PSCENARIO_CALL Call) {
  Call->Out[0] = (ULONG)WdfMemoryCreate(NULL, (POOL_TYPE)Call->In[1], (ULONG)Call->In[2],
                                        (size_t)Call->In[0], &Kept, (PVOID *)&KeptBytes);
  Call->Out[1] = (ULONG64)KeptBytes;
  if (KeptBytes) RtlFillMemory(KeptBytes, (size_t)Call->In[0], 0x5A);
}

// Deletes it under a reference; the buffer is there until that goes.
static void Unkeep(PSCENARIO_CALL Call) {
  WdfObjectReference(Kept);
  WdfObjectDelete(Kept);
  Call->Out[0] = KeptBytes[0];
  Call->Out[1] = WdfMemoryGetBuffer(Kept, NULL) == KeptBytes;
  KeptBytes[0] = 1;
  WdfObjectDereference(Kept);
}

static void Levels(PSCENARIO_CALL Call) {
  WDFMEMORY memory = (WDFMEMORY)1, paged;
  PVOID buffer;
  KIRQL irql;
  size_t size;
  UCHAR bytes[8];
  Call->Out[0] = (ULONG)WdfMemoryCreate(NULL, PagedPool, TAG, 64, &paged, &buffer);
  KeRaiseIrql(APC_LEVEL, &irql);
  Call->Out[1] = (ULONG)WdfMemoryCopyFromBuffer(paged, 0, Block, 8);
  KeLowerIrql(irql);
  KeRaiseIrql(DISPATCH_LEVEL, &irql);
  Call->Out[2] = (ULONG)WdfMemoryCreate(NULL, PagedPool, TAG, 64, &memory, NULL);
  Call->Out[3] = (ULONG64)memory;
  Call->Out[4] = WdfMemoryGetBuffer(paged, &size) == buffer && size == 64;
  Call->Out[5] = (ULONG)WdfMemoryCreate(NULL, NonPagedPoolNx, TAG, 64, &memory, NULL);
  Call->Out[6] = (ULONG)WdfMemoryCopyFromBuffer(memory, 0, Block, 8);
  Call->Out[7] = (ULONG)WdfMemoryCopyToBuffer(memory, 0, bytes, 8);
  WdfObjectDelete(memory);
  KeLowerIrql(irql);
  WdfObjectDelete(paged);
}

// MARK: Input that is not to be written

static void ReadOnly(PSCENARIO_CALL Call) {
  WDFMEMORY input, output;
  NTSTATUS status = WdfRequestRetrieveInputMemory(Call->Request, &input);
  ULONG64 result[2] = {(ULONG)status, (ULONG)status};
  if (NT_SUCCESS(status)) result[0] = (ULONG)WdfMemoryCopyFromBuffer(input, 0, Block, 1);
  status = WdfRequestRetrieveOutputMemory(Call->Request, &output);
  if (NT_SUCCESS(status)) result[1] = (ULONG)WdfMemoryCopyFromBuffer(output, 0, Block, 1);
  // The output may be what must not be written: the answer is in the information.
  WdfRequestCompleteWithInformation(Call->Request, STATUS_SUCCESS,
                                    (result[0] == (ULONG)STATUS_ACCESS_VIOLATION ? 1 : 0) +
                                        (result[1] == (ULONG)STATUS_ACCESS_VIOLATION ? 2 : 0));
  Call->Request = NULL;
}

static void Write(WDFQUEUE Queue, WDFREQUEST Request, size_t Length) {
  WDFMEMORY input;
  NTSTATUS status = WdfRequestRetrieveInputMemory(Request, &input);
  UNREFERENCED_PARAMETER(Queue);
  UNREFERENCED_PARAMETER(Length);
  if (NT_SUCCESS(status)) status = WdfMemoryCopyFromBuffer(input, 0, Block, 1);
  WdfRequestComplete(Request, status);
}

// MARK: What the headers define

static int failures;
#define HOLDS(Condition)                                \
  do {                                                  \
    if (!(Condition)) {                                 \
      failures++;                                       \
      DbgPrint("line %d: %s\n", __LINE__, #Condition);  \
    }                                                   \
  } while (0)

static void Descriptors(PSCENARIO_CALL Call) {
  WDF_MEMORY_DESCRIPTOR d;
  WDFMEMORY_OFFSET offset = {16, 8};
  WDFMEMORY memory = (WDFMEMORY)0x1234;
  failures = 0;
  HOLDS(WdfMemoryDescriptorTypeInvalid == 0 && WdfMemoryDescriptorTypeBuffer == 1);
  HOLDS(WdfMemoryDescriptorTypeMdl == 2 && WdfMemoryDescriptorTypeHandle == 3);
  HOLDS(sizeof d == 0x18 && FIELD_OFFSET(WDF_MEMORY_DESCRIPTOR, Type) == 0);
  HOLDS(FIELD_OFFSET(WDF_MEMORY_DESCRIPTOR, u.BufferType.Buffer) == 8);
  HOLDS(FIELD_OFFSET(WDF_MEMORY_DESCRIPTOR, u.BufferType.Length) == 0x10);
  HOLDS(FIELD_OFFSET(WDF_MEMORY_DESCRIPTOR, u.MdlType.Mdl) == 8);
  HOLDS(FIELD_OFFSET(WDF_MEMORY_DESCRIPTOR, u.MdlType.BufferLength) == 0x10);
  HOLDS(FIELD_OFFSET(WDF_MEMORY_DESCRIPTOR, u.HandleType.Memory) == 8);
  HOLDS(FIELD_OFFSET(WDF_MEMORY_DESCRIPTOR, u.HandleType.Offsets) == 0x10);
  HOLDS(sizeof d.u.BufferType.Length == 4 && sizeof d.u.MdlType.BufferLength == 4);
  HOLDS(sizeof offset == 16 && FIELD_OFFSET(WDFMEMORY_OFFSET, BufferOffset) == 0);
  HOLDS(FIELD_OFFSET(WDFMEMORY_OFFSET, BufferLength) == 8);
  Call->Out[0] = (ULONG64)failures;

  failures = 0;
  RtlFillMemory(&d, sizeof d, 0xAA);
  WDF_MEMORY_DESCRIPTOR_INIT_BUFFER(&d, Block, 77);
  HOLDS(d.Type == WdfMemoryDescriptorTypeBuffer && d.u.BufferType.Buffer == Block);
  HOLDS(d.u.BufferType.Length == 77 && ((ULONG *)&d)[1] == 0 && ((ULONG *)&d)[5] == 0);
  Call->Out[1] = (ULONG64)failures;

  failures = 0;
  RtlFillMemory(&d, sizeof d, 0xAA);
  WDF_MEMORY_DESCRIPTOR_INIT_MDL(&d, (PMDL)Block, 88);
  HOLDS(d.Type == WdfMemoryDescriptorTypeMdl && d.u.MdlType.Mdl == (PMDL)Block);
  HOLDS(d.u.MdlType.BufferLength == 88 && ((ULONG *)&d)[1] == 0 && ((ULONG *)&d)[5] == 0);
  Call->Out[2] = (ULONG64)failures;

  failures = 0;
  RtlFillMemory(&d, sizeof d, 0xAA);
  WDF_MEMORY_DESCRIPTOR_INIT_HANDLE(&d, memory, &offset);
  HOLDS(d.Type == WdfMemoryDescriptorTypeHandle && d.u.HandleType.Memory == memory);
  HOLDS(d.u.HandleType.Offsets == &offset && ((ULONG *)&d)[1] == 0);
  WDF_MEMORY_DESCRIPTOR_INIT_HANDLE(&d, memory, NULL);
  HOLDS(d.u.HandleType.Offsets == NULL);
  Call->Out[3] = (ULONG64)failures;

  failures = 0;
  HOLDS(WDF_ALIGN_SIZE_UP(0, 16) == 0 && WDF_ALIGN_SIZE_UP(1, 16) == 16);
  HOLDS(WDF_ALIGN_SIZE_UP(16, 16) == 16 && WDF_ALIGN_SIZE_UP(17, 16) == 32);
  Call->Out[4] = (ULONG64)failures;

  failures = 0;
  HOLDS(WDF_ALIGN_SIZE_DOWN(0, 16) == 0 && WDF_ALIGN_SIZE_DOWN(15, 16) == 0);
  HOLDS(WDF_ALIGN_SIZE_DOWN(31, 16) == 16 && WDF_ALIGN_SIZE_DOWN(32, 16) == 32);
  Call->Out[5] = (ULONG64)failures;

  failures = 0;
  HOLDS(WDF_ALIGN_SIZE_UP(~(size_t)0, 4096) == 0);
  Call->Out[6] = (ULONG64)failures;
}

// Seven buffers of 100 bytes in one memory object, each aligned to 64.
static void Stride(PSCENARIO_CALL Call) {
  const size_t stride = WDF_ALIGN_SIZE_UP(100, 64);
  WDFMEMORY whole, parts[7];
  UCHAR *base;
  failures = 0;
  if (!NT_SUCCESS(WdfMemoryCreate(NULL, NonPagedPoolNx, TAG, 7 * stride + 63, &whole,
                                  (PVOID *)&base))) {
    return;
  }
  base = (UCHAR *)WDF_ALIGN_SIZE_UP((size_t)base, 64);
  for (ULONG i = 0; i < 7; i++) {
    HOLDS(NT_SUCCESS(WdfMemoryCreatePreallocated(NULL, base + i * stride, 100, &parts[i])));
    RtlFillMemory(WdfMemoryGetBuffer(parts[i], NULL), 100, (UCHAR)(i + 1));
  }
  for (ULONG i = 0; i < 7; i++) {
    UCHAR *bytes = WdfMemoryGetBuffer(parts[i], NULL);
    HOLDS(((ULONG64)bytes & 63) == 0 && bytes[0] == i + 1 && bytes[99] == i + 1);
    WdfObjectDelete(parts[i]);
  }
  WdfObjectDelete(whole);
  Call->Out[0] = stride;
  Call->Out[1] = (ULONG64)failures;
}

// MARK: Mistakes, each the end of the machine

static void Mistake(PSCENARIO_CALL Call) {
  WDFMEMORY memory;
  KIRQL irql;
  switch (Call->In[0]) {
    case 0: WdfMemoryCreate(NULL, NonPagedPoolNx, TAG, 64, NULL, NULL); break;
    case 1: WdfMemoryCreatePreallocated(NULL, NULL, 64, &memory); break;
    case 2: WdfMemoryCreatePreallocated(NULL, Block, 64, NULL); break;
    case 3:
      WdfMemoryCreatePreallocated(NULL, Block, 64, &memory);
      WdfMemoryAssignBuffer(memory, NULL, 64);
      break;
    case 4:
      WdfMemoryCreate(NULL, NonPagedPoolNx, TAG, 64, &memory, NULL);
      WdfMemoryAssignBuffer(memory, Block, 64);
      break;
    case 5:
      WdfMemoryCreatePreallocated(NULL, Block, 64, &memory);
      WdfMemoryCopyFromBuffer(memory, 0, NULL, 0);
      break;
    case 6:
      WdfMemoryCreatePreallocated(NULL, Block, 64, &memory);
      WdfMemoryCopyToBuffer(memory, 0, NULL, 0);
      break;
    case 7:
    case 8:
      WdfMemoryCreate(NULL, PagedPool, TAG, 64, &memory, NULL);
      KeRaiseIrql(DISPATCH_LEVEL, &irql);
      if (Call->In[0] == 7) WdfMemoryCopyFromBuffer(memory, 0, Block, 8);
      if (Call->In[0] == 8) WdfMemoryCopyToBuffer(memory, 0, Block, 8);
      KeLowerIrql(irql);
      break;
    case 9:
      WdfRequestRetrieveInputMemory(Call->Request, &memory);
      WdfObjectReference(memory);
      WdfRequestComplete(Call->Request, STATUS_SUCCESS);
      break;
    case 10:
      WdfMemoryCreate(NULL, NonPagedPoolNx, TAG, 64, &memory, NULL);
      WdfObjectDelete(memory);
      WdfMemoryGetBuffer(memory, NULL);
      break;
  }
}

static NTSTATUS ScenarioDevice(WDFDRIVER Driver, WDFDEVICE Device) {
  WDF_IO_QUEUE_CONFIG config;
  WDFQUEUE queue;
  NTSTATUS status;
  UNREFERENCED_PARAMETER(Driver);
  WDF_IO_QUEUE_CONFIG_INIT(&config, WdfIoQueueDispatchParallel);
  config.EvtIoWrite = Write;
  status = WdfIoQueueCreate(Device, &config, NULL, &queue);
  if (!NT_SUCCESS(status)) return status;
  return WdfDeviceConfigureRequestDispatching(Device, queue, WdfRequestTypeWrite);
}

static void ScenarioUnload(void) {}

SCENARIO_DRIVER(L"WdfMemory", Create, Preallocated, Copy, Overlap, Keep, Unkeep, Levels, ReadOnly,
                Descriptors, Stride, Mistake)
