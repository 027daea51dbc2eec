// Uses descriptor lists and probes as drivers do: with the macros of the headers, through imports, and
// with handlers around what raises. A check that fails prints its line.
//
// One METHOD_NEITHER request runs all of it. Its input is a writable buffer of four pages that begins
// with the address of a read-only page; its output is an address where nothing is.
#include <ntddk.h>

#define TAG 'tseT'

static int failures;
#define CHECK(Condition)                                     \
  do {                                                       \
    if (!(Condition)) {                                      \
      failures++;                                            \
      DbgPrint("line %d: %s\n", __LINE__, #Condition);       \
    }                                                        \
  } while (0)

#define RAISES(Statement, Expected)                          \
  do {                                                       \
    NTSTATUS raised = STATUS_SUCCESS;                        \
    __try {                                                  \
      Statement;                                             \
    } __except (EXCEPTION_EXECUTE_HANDLER) {                 \
      raised = GetExceptionCode();                           \
    }                                                        \
    CHECK(raised == (Expected));                             \
  } while (0)

// MDL-04, MDL-05
static void Arithmetic(void) {
  CHECK(ADDRESS_AND_SIZE_TO_SPAN_PAGES(0, 0) == 0);
  CHECK(ADDRESS_AND_SIZE_TO_SPAN_PAGES(0, 1) == 1);
  CHECK(ADDRESS_AND_SIZE_TO_SPAN_PAGES(0xFFF, 2) == 2);
  CHECK(ADDRESS_AND_SIZE_TO_SPAN_PAGES(0x800, 0x1000) == 2);
  CHECK(ADDRESS_AND_SIZE_TO_SPAN_PAGES(0, 0x1001) == 2);
  CHECK(BYTE_OFFSET(0x12345) == 0x345);
  CHECK(PAGE_ALIGN(0x12345) == (PVOID)0x12000);
  CHECK(ROUND_TO_PAGES(0) == 0 && ROUND_TO_PAGES(1) == 0x1000 && ROUND_TO_PAGES(0xFFF) == 0x1000);
  CHECK(ROUND_TO_PAGES(0x1000) == 0x1000 && ROUND_TO_PAGES(0x1001) == 0x2000);
  CHECK(BYTES_TO_PAGES((SIZE_T)0) == 0 && BYTES_TO_PAGES((SIZE_T)1) == 1);
  CHECK(BYTES_TO_PAGES((SIZE_T)0xFFF) == 1 && BYTES_TO_PAGES((SIZE_T)0x1000) == 1);
  CHECK(BYTES_TO_PAGES((SIZE_T)0x1001) == 2);
  CHECK(BYTES_TO_PAGES(~(SIZE_T)0) == (SIZE_T)1 << 52);
}

// MDL-02, MDL-06, MDL-07, MDL-08
static void Descriptor(void) {
  ULONG64 storage[10];
  PMDL mdl = (PMDL)storage;
  RtlFillMemory(storage, sizeof storage, 0xAB);
  MmInitializeMdl(mdl, (PVOID)0x12345, 0x1800);
  CHECK(mdl->Next == NULL && mdl->Size == 0x40 && mdl->MdlFlags == 0);
  CHECK(MmGetMdlPfnArray(mdl) == (PPFN_NUMBER)((PUCHAR)mdl + 0x30));
  CHECK(MmGetMdlPfnArray(mdl)[0] == 0xABABABABABABABAB);
  CHECK(MmGetMdlVirtualAddress(mdl) == (PVOID)0x12345);
  CHECK(MmGetMdlByteCount(mdl) == 0x1800 && MmGetMdlByteOffset(mdl) == 0x345);
  CHECK(MmSizeOfMdl((PVOID)0x1FFF, 2) == 0x40);
}

// MDL-09, MDL-17, MDL-27, MDL-28, MDL-29, MDL-40
static void UserPages(volatile UCHAR *user) {
  PMDL mdl = IoAllocateMdl((PVOID)(user + 100), 3 * PAGE_SIZE, FALSE, FALSE, NULL);
  CHECK(mdl != NULL);
  RAISES(MmProbeAndLockPages(mdl, UserMode, IoWriteAccess), STATUS_SUCCESS);
  CHECK(mdl->MdlFlags & MDL_PAGES_LOCKED);
  for (ULONG page = 0; page < 4; page++) {
    PHYSICAL_ADDRESS physical = MmGetPhysicalAddress((PVOID)(user + page * PAGE_SIZE));
    CHECK(MmGetMdlPfnArray(mdl)[page] == (PFN_NUMBER)physical.QuadPart >> PAGE_SHIFT);
  }
  volatile UCHAR *system = MmGetSystemAddressForMdlSafe(mdl, NormalPagePriority);
  CHECK(system != NULL && BYTE_OFFSET(system) == 100);
  CHECK(MmGetSystemAddressForMdlSafe(mdl, NormalPagePriority) == (PVOID)system);
  user[5000] = 0x11;
  CHECK(system[4900] == 0x11);
  system[4900] = 0x22;
  CHECK(user[5000] == 0x22);
  CHECK(MmAdvanceMdl(mdl, PAGE_SIZE) == STATUS_SUCCESS);
  CHECK(MmGetMdlVirtualAddress(mdl) == (PVOID)(user + 100 + PAGE_SIZE));
  CHECK(MmAdvanceMdl(mdl, 3 * PAGE_SIZE) == STATUS_INVALID_PARAMETER_2);
  MmUnlockPages(mdl);
  CHECK(!(mdl->MdlFlags & (MDL_PAGES_LOCKED | MDL_MAPPED_TO_SYSTEM_VA)));
  IoFreeMdl(mdl);
}

// MDL-18, MDL-19
static void Refused(PVOID readOnly, PVOID nothing) {
  PMDL mdl = IoAllocateMdl(readOnly, 16, FALSE, FALSE, NULL);
  RAISES(MmProbeAndLockPages(mdl, UserMode, IoModifyAccess), STATUS_ACCESS_VIOLATION);
  CHECK(!(mdl->MdlFlags & MDL_PAGES_LOCKED));
  RAISES(MmProbeAndLockPages(mdl, UserMode, IoReadAccess), STATUS_SUCCESS);
  MmUnlockPages(mdl);
  IoFreeMdl(mdl);
  mdl = IoAllocateMdl(nothing, 16, FALSE, FALSE, NULL);
  RAISES(MmProbeAndLockPages(mdl, UserMode, IoReadAccess), STATUS_ACCESS_VIOLATION);
  IoFreeMdl(mdl);
  mdl = IoAllocateMdl(&failures, 4, FALSE, FALSE, NULL);
  RAISES(MmProbeAndLockPages(mdl, UserMode, IoReadAccess), STATUS_ACCESS_VIOLATION);
  RAISES(MmProbeAndLockPages(mdl, KernelMode, IoReadAccess), STATUS_SUCCESS);
  CHECK(*(int *)MmGetSystemAddressForMdlSafe(mdl, HighPagePriority) == failures);
  MmUnlockPages(mdl);
  IoFreeMdl(mdl);
}

// BUF-43, BUF-44, BUF-45
static void Probes(volatile UCHAR *user, PVOID readOnly, PVOID nothing) {
  UCHAR copy[16];
  RAISES(ProbeForRead(user + 1, 0, 4), STATUS_SUCCESS);
  RAISES(ProbeForRead(user + 1, 4, 4), STATUS_DATATYPE_MISALIGNMENT);
  RAISES(ProbeForRead(user, 4 * PAGE_SIZE, 1), STATUS_SUCCESS);
  RAISES(ProbeForRead(MmSystemRangeStart, 1, 1), STATUS_ACCESS_VIOLATION);
  RAISES(ProbeForRead((PVOID)MmUserProbeAddress, 1, 1), STATUS_ACCESS_VIOLATION);
  RAISES(ProbeForRead((PVOID)(MmUserProbeAddress - 1), 1, 1), STATUS_SUCCESS);
  RAISES(ProbeForRead((PVOID)(ULONG_PTR)-8, 16, 1), STATUS_ACCESS_VIOLATION);
  RAISES(ProbeForWrite(user, 4 * PAGE_SIZE, 8), STATUS_SUCCESS);
  RAISES(ProbeForWrite(readOnly, 1, 1), STATUS_ACCESS_VIOLATION);
  RAISES(ProbeForWrite(nothing, 1, 1), STATUS_ACCESS_VIOLATION);
  // A probe that passed proves nothing.
  RAISES(ProbeForRead(nothing, 16, 1); RtlCopyMemory(copy, nothing, 16), STATUS_ACCESS_VIOLATION);
}

// MDL-25, MDL-36, MDL-38, MDL-39
static void Parts(void) {
  PUCHAR pool = ExAllocatePoolWithTag(NonPagedPoolNx, 3 * PAGE_SIZE, TAG);
  PMDL source = IoAllocateMdl(pool, 3 * PAGE_SIZE, FALSE, FALSE, NULL);
  PMDL part = IoAllocateMdl(pool, 2 * PAGE_SIZE, FALSE, FALSE, NULL);
  MmBuildMdlForNonPagedPool(source);
  CHECK((source->MdlFlags & 7) == MDL_SOURCE_IS_NONPAGED_POOL);
  CHECK(MmGetSystemAddressForMdlSafe(source, NormalPagePriority) == pool);
  for (ULONG offset = 0; offset < 2 * PAGE_SIZE; offset += 777) {
    IoBuildPartialMdl(source, part, pool + offset, 500);
    CHECK(MmGetSystemAddressForMdlSafe(part, NormalPagePriority) == pool + offset);
    MmPrepareMdlForReuse(part);
  }
  IoFreeMdl(part);
  IoFreeMdl(source);
  ExFreePoolWithTag(pool, TAG);
}

// MDL-31, MDL-39: parts of user pages have a mapping of their own.
static void UserParts(volatile UCHAR *user) {
  PMDL source = IoAllocateMdl((PVOID)user, 4 * PAGE_SIZE, FALSE, FALSE, NULL);
  PMDL part = IoAllocateMdl((PVOID)user, 2 * PAGE_SIZE, FALSE, FALSE, NULL);
  MmProbeAndLockPages(source, UserMode, IoReadAccess);
  for (ULONG index = 0; index < 100; index++) {
    ULONG offset = index * 100;
    IoBuildPartialMdl(source, part, (PVOID)(user + offset), 3000);
    volatile UCHAR *system = MmGetSystemAddressForMdlSafe(part, NormalPagePriority);
    CHECK(system[2999] == user[offset + 2999]);
    MmPrepareMdlForReuse(part);
    CHECK(!(part->MdlFlags & MDL_MAPPED_TO_SYSTEM_VA));
  }
  IoFreeMdl(part);
  MmUnlockPages(source);
  IoFreeMdl(source);
}

// MDL-35: the address stays, and only the mapping is protected.
static void Protection(volatile UCHAR *user) {
  PMDL mdl = IoAllocateMdl((PVOID)user, PAGE_SIZE, FALSE, FALSE, NULL);
  MmProbeAndLockPages(mdl, UserMode, IoWriteAccess);
  CHECK(MmProtectMdlSystemAddress(mdl, PAGE_READONLY) == STATUS_NOT_MAPPED_VIEW);
  volatile UCHAR *system = MmGetSystemAddressForMdlSafe(mdl, NormalPagePriority);
  CHECK(MmProtectMdlSystemAddress(mdl, PAGE_READONLY) == STATUS_SUCCESS);
  CHECK(MmGetSystemAddressForMdlSafe(mdl, NormalPagePriority) == (PVOID)system);
  user[9] = 0x77;
  CHECK(system[9] == 0x77);
  CHECK(MmProtectMdlSystemAddress(mdl, PAGE_WRITECOPY) == STATUS_INVALID_PAGE_PROTECTION);
  CHECK(MmProtectMdlSystemAddress(mdl, PAGE_READWRITE) == STATUS_SUCCESS);
  system[9] = 0x78;
  CHECK(user[9] == 0x78);
  MmUnlockPages(mdl);
  IoFreeMdl(mdl);
}

// MDL-41, MDL-44, MDL-45
static void Pages(void) {
  PHYSICAL_ADDRESS low = {0}, high = {0}, skip = {0};
  high.QuadPart = 16 * 1024 * 1024 - 1;
  PMDL mdl = MmAllocatePagesForMdlEx(low, high, skip, 5 * PAGE_SIZE, MmCached, 0);
  CHECK(mdl != NULL && MmGetMdlByteCount(mdl) == 5 * PAGE_SIZE);
  for (ULONG page = 0; page < 5; page++) CHECK(MmGetMdlPfnArray(mdl)[page] < 0x1000);
  PUCHAR system = MmGetSystemAddressForMdlSafe(mdl, NormalPagePriority);
  for (ULONG at = 0; at < 5 * PAGE_SIZE; at += 512) CHECK(system[at] == 0);
  PUCHAR user = MmMapLockedPagesSpecifyCache(mdl, UserMode, MmCached, NULL, FALSE,
                                             NormalPagePriority);
  CHECK(user != NULL && (ULONG_PTR)user < MmUserProbeAddress);
  user[4096] = 0x5A;
  CHECK(system[4096] == 0x5A);
  MmUnmapLockedPages(user, mdl);
  MmFreePagesFromMdl(mdl);
  ExFreePool(mdl);
}

static NTSTATUS Control(PDEVICE_OBJECT device, PIRP irp) {
  PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(irp);
  PUCHAR user = stack->Parameters.DeviceIoControl.Type3InputBuffer;
  PVOID nothing = irp->UserBuffer;
  UNREFERENCED_PARAMETER(device);
  PVOID readOnly = *(PVOID *)user;
  Arithmetic();
  Descriptor();
  UserPages(user);
  Refused(readOnly, nothing);
  Probes(user, readOnly, nothing);
  Parts();
  UserParts(user);
  Protection(user);
  Pages();
  DbgPrint("%d failures\n", failures);
  irp->IoStatus.Status = STATUS_SUCCESS;
  irp->IoStatus.Information = 0;
  IoCompleteRequest(irp, IO_NO_INCREMENT);
  return STATUS_SUCCESS;
}

// MDL-16: direct I/O; without bytes there is no list.
static NTSTATUS Read(PDEVICE_OBJECT device, PIRP irp) {
  ULONG length = IoGetCurrentIrpStackLocation(irp)->Parameters.Read.Length;
  UNREFERENCED_PARAMETER(device);
  if (length == 0) {
    DbgPrint("no bytes, %s\n", irp->MdlAddress == NULL ? "no list" : "a list");
  } else {
    DbgPrint("flags %x\n", irp->MdlAddress->MdlFlags);
    RtlFillMemory(MmGetSystemAddressForMdlSafe(irp->MdlAddress, NormalPagePriority), length, 'x');
  }
  irp->IoStatus.Status = STATUS_SUCCESS;
  irp->IoStatus.Information = length;
  IoCompleteRequest(irp, IO_NO_INCREMENT);
  return STATUS_SUCCESS;
}

static NTSTATUS CreateClose(PDEVICE_OBJECT device, PIRP irp) {
  UNREFERENCED_PARAMETER(device);
  irp->IoStatus.Status = STATUS_SUCCESS;
  irp->IoStatus.Information = 0;
  IoCompleteRequest(irp, IO_NO_INCREMENT);
  return STATUS_SUCCESS;
}

static UNICODE_STRING link = RTL_CONSTANT_STRING(L"\\DosDevices\\Mdl");

static void Unload(PDRIVER_OBJECT driver) {
  IoDeleteSymbolicLink(&link);
  IoDeleteDevice(driver->DeviceObject);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path) {
  UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\Device\\Mdl");
  PDEVICE_OBJECT device;
  UNREFERENCED_PARAMETER(path);
  NTSTATUS status = IoCreateDevice(driver, 0, &name, FILE_DEVICE_UNKNOWN, 0, FALSE, &device);
  if (!NT_SUCCESS(status)) return status;
  device->Flags |= DO_DIRECT_IO;
  driver->DriverUnload = Unload;
  driver->MajorFunction[IRP_MJ_READ] = Read;
  driver->MajorFunction[IRP_MJ_CREATE] = CreateClose;
  driver->MajorFunction[IRP_MJ_CLOSE] = CreateClose;
  driver->MajorFunction[IRP_MJ_DEVICE_CONTROL] = Control;
  return IoCreateSymbolicLink(&link, &name);
}
