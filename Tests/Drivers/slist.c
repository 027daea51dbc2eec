// Interlocked lists as a driver reaches them: by its imports, also with heads that are wrong.
#include <ntddk.h>

DRIVER_INITIALIZE DriverEntry;
static DRIVER_UNLOAD Unload;

// A list of one entry that is nowhere.
static DECLSPEC_ALIGN(16) ULONG64 WrongHead[2] = {1, 0x10};

static SLIST_HEADER Head;
static DECLSPEC_ALIGN(16) SLIST_ENTRY Entries[3];
static int Failures;

#define CHECK(Condition)                                     \
  do {                                                       \
    if (!(Condition)) {                                      \
      Failures++;                                            \
      DbgPrint("line %d: " #Condition "\n", __LINE__);       \
    }                                                        \
  } while (0)

static __declspec(noinline) NTSTATUS Push(PSLIST_HEADER List, PSLIST_ENTRY Entry) {
  __try {
    InterlockedPushEntrySList(List, Entry);
  } __except (EXCEPTION_EXECUTE_HANDLER) {
    return GetExceptionCode();
  }
  return STATUS_SUCCESS;
}

static __declspec(noinline) NTSTATUS Pop(PSLIST_HEADER List) {
  __try {
    InterlockedPopEntrySList(List);
  } __except (EXCEPTION_EXECUTE_HANDLER) {
    return GetExceptionCode();
  }
  return STATUS_SUCCESS;
}

static __declspec(noinline) NTSTATUS PopWrong(void) { return Pop((PSLIST_HEADER)WrongHead); }

// Calls a routine with a value in RBX; gives what RBX is afterwards.
static ULONG64 CallWithRbx(NTSTATUS (*Routine)(void), NTSTATUS *Status) {
  ULONG64 kept;
  ULONG status;
  __asm__ volatile(
      "mov %%rsp, %%rdi\n\tand $-16, %%rsp\n\tsub $32, %%rsp\n\tmov $0x52334D454D, %%rbx\n\t"
      "call *%2\n\tmov %%rbx, %0\n\tmov %%rdi, %%rsp"
      : "=&r"(kept), "=&a"(status)
      : "r"(Routine)
      : "rbx", "rcx", "rdx", "rdi", "r8", "r9", "r10", "r11", "xmm0", "xmm1", "xmm2", "xmm3", "xmm4",
        "xmm5", "memory", "cc");
  *Status = (NTSTATUS)status;
  return kept;
}

static void InOrder(void) {
  InitializeSListHead(&Head);
  CHECK(InterlockedPopEntrySList(&Head) == NULL);
  CHECK(InterlockedPushEntrySList(&Head, &Entries[0]) == NULL);
  CHECK(InterlockedPushEntrySList(&Head, &Entries[1]) == &Entries[0]);
  CHECK(InterlockedPushEntrySList(&Head, &Entries[2]) == &Entries[1]);
  CHECK(QueryDepthSList(&Head) == 3);
  CHECK(InterlockedPopEntrySList(&Head) == &Entries[2]);
  CHECK(InterlockedPopEntrySList(&Head) == &Entries[1]);
  CHECK(QueryDepthSList(&Head) == 1);
  CHECK(InterlockedFlushSList(&Head) == &Entries[0]);
  CHECK(QueryDepthSList(&Head) == 0);
}

static void Faults(void) {
  NTSTATUS status;
  CHECK(Push((PSLIST_HEADER)((PUCHAR)&Head + 8), &Entries[0]) == STATUS_DATATYPE_MISALIGNMENT);
  CHECK(Push(&Head, (PSLIST_ENTRY)((PUCHAR)&Entries[0] + 8)) == STATUS_DATATYPE_MISALIGNMENT);
  CHECK(Pop((PSLIST_HEADER)((PUCHAR)&Head + 8)) == STATUS_DATATYPE_MISALIGNMENT);
  CHECK(Pop((PSLIST_HEADER)0x10) == STATUS_ACCESS_VIOLATION);
  CHECK(Push((PSLIST_HEADER)0x10, &Entries[0]) == STATUS_ACCESS_VIOLATION);
  CHECK(CallWithRbx(PopWrong, &status) == 0x52334D454D);
  CHECK(status == STATUS_ACCESS_VIOLATION);
}

static VOID Unload(PDRIVER_OBJECT Driver) { UNREFERENCED_PARAMETER(Driver); }

NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING RegistryPath) {
  UNREFERENCED_PARAMETER(RegistryPath);
  Driver->DriverUnload = Unload;
  InOrder();
  Faults();
  DbgPrint("%d failures\n", Failures);
  return STATUS_SUCCESS;
}
