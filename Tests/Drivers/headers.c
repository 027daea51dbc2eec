// The functions that the headers themselves define: strings with limits, counted arithmetic, lists,
// stack locations, instructions by name. A check that fails prints its line.
#include <ntddk.h>
#include <ntintsafe.h>
#include <ntstrsafe.h>

static int failures;
#define CHECK(Condition)                                     \
  do {                                                       \
    if (!(Condition)) {                                      \
      failures++;                                            \
      DbgPrint("line %d: %s\n", __LINE__, #Condition);       \
    }                                                        \
  } while (0)

static void Terminated(void) {
  CHAR text[8];
  size_t length;
  CHECK(RtlStringCchCopyA(text, 8, "seven77") == STATUS_SUCCESS && strcmp(text, "seven77") == 0);
  CHECK(RtlStringCchCopyA(text, 8, "eight888") == STATUS_BUFFER_OVERFLOW);
  CHECK(strcmp(text, "eight88") == 0);
  CHECK(RtlStringCchCopyA(text, 0, "") == STATUS_INVALID_PARAMETER);
  CHECK(RtlStringCchCopyNA(text, 8, "abcdef", 3) == STATUS_SUCCESS && strcmp(text, "abc") == 0);
  CHECK(RtlStringCchCatA(text, 8, "defg") == STATUS_SUCCESS && strcmp(text, "abcdefg") == 0);
  CHECK(RtlStringCchCatA(text, 8, "h") == STATUS_BUFFER_OVERFLOW && strcmp(text, "abcdefg") == 0);
  CHECK(RtlStringCchCatA(text, 8, "") == STATUS_SUCCESS);
  CHECK(RtlStringCchLengthA(text, 8, &length) == STATUS_SUCCESS && length == 7);
  CHECK(RtlStringCchLengthA(text, 7, &length) == STATUS_INVALID_PARAMETER);
  CHECK(RtlStringCchPrintfA(text, 8, "%d-%s", 12, "ab") == STATUS_SUCCESS);
  CHECK(strcmp(text, "12-ab") == 0);
  CHECK(RtlStringCchPrintfA(text, 8, "%d", 12345678) == STATUS_BUFFER_OVERFLOW);
  CHECK(strcmp(text, "1234567") == 0);
  CHECK(RtlStringCbPrintfA(text, sizeof text, "%s", "1234567") == STATUS_SUCCESS);
  CHECK(text[7] == 0);
}

static void Wide(void) {
  WCHAR text[8];
  size_t length;
  CHECK(RtlStringCbCopyW(text, sizeof text, L"seven77") == STATUS_SUCCESS);
  CHECK(wcscmp(text, L"seven77") == 0);
  CHECK(RtlStringCbLengthW(text, sizeof text, &length) == STATUS_SUCCESS && length == 14);
  CHECK(RtlStringCbCopyNW(text, sizeof text, L"abcdef", 4) == STATUS_SUCCESS);
  CHECK(wcscmp(text, L"ab") == 0);
  CHECK(RtlStringCchPrintfW(text, 8, L"%ws%u", L"n", 7u) == STATUS_SUCCESS);
  CHECK(wcscmp(text, L"n7") == 0);
}

static void Extended(void) {
  CHAR text[8], *end;
  size_t left;
  CHECK(RtlStringCchCopyExA(text, 8, "abc", &end, &left, 0) == STATUS_SUCCESS);
  CHECK(end == text + 3 && left == 5);
  CHECK(RtlStringCchCopyExA(text, 8, NULL, &end, &left, STRSAFE_IGNORE_NULLS) == STATUS_SUCCESS);
  CHECK(end == text && left == 8 && text[0] == 0);
  CHECK(RtlStringCchCopyExA(text, 8, "ab", NULL, NULL, STRSAFE_FILL_BYTE('x')) == STATUS_SUCCESS);
  CHECK(text[2] == 0 && text[3] == 'x' && text[7] == 'x');
  CHECK(RtlStringCchCopyExA(text, 8, "too long for it", &end, &left, STRSAFE_NULL_ON_FAILURE) ==
        STATUS_BUFFER_OVERFLOW);
  CHECK(text[0] == 0 && end == text && left == 8);
  CHECK(RtlStringCchCopyA(text, 8, "keep") == STATUS_SUCCESS);
  CHECK(RtlStringCchCatExA(text, 8, "too long", &end, &left, STRSAFE_NO_TRUNCATION) ==
        STATUS_BUFFER_OVERFLOW);
  CHECK(strcmp(text, "keep") == 0 && end == text + 4);
  CHECK(RtlStringCbPrintfExA(text, 8, &end, &left, 0, "%c%c", 'h', 'i') == STATUS_SUCCESS);
  CHECK(end == text + 2 && left == 6);
}

static void Counted(void) {
  DECLARE_UNICODE_STRING_SIZE(target, 8);
  DECLARE_CONST_UNICODE_STRING(source, L"abc");
  WCHAR text[4];
  UNICODE_STRING fixed = RTL_CONSTANT_STRING(L"\\Device"), rest, string;
  CHECK(source.Length == 6 && source.MaximumLength == 8);
  CHECK(fixed.Length == 14 && fixed.Buffer[1] == L'D');
  CHECK(RtlUnicodeStringCopy(&target, &source) == STATUS_SUCCESS && target.Length == 6);
  CHECK(RtlUnicodeStringCatString(&target, L"defgh") == STATUS_SUCCESS && target.Length == 16);
  CHECK(RtlUnicodeStringCat(&target, &source) == STATUS_BUFFER_OVERFLOW && target.Length == 16);
  CHECK(RtlUnicodeStringPrintf(&target, L"%u/%wZ", 7u, &source) == STATUS_SUCCESS);
  CHECK(target.Length == 10 && wcsncmp(target.Buffer, L"7/abc", 5) == 0);
  CHECK(RtlUnicodeStringPrintf(&target, L"%s", L"123456789") == STATUS_BUFFER_OVERFLOW);
  CHECK(target.Length == 16);
  CHECK(RtlUnicodeStringCopyStringEx(&target, L"ab", &rest, 0) == STATUS_SUCCESS);
  CHECK(rest.Buffer == target.Buffer + 2 && rest.Length == 0 && rest.MaximumLength == 12);
  CHECK(RtlStringCchCopyUnicodeString(text, 4, &source) == STATUS_SUCCESS && text[3] == 0);
  CHECK(RtlStringCchCopyUnicodeString(text, 3, &source) == STATUS_BUFFER_OVERFLOW && text[2] == 0);
  CHECK(RtlUnicodeStringInit(&string, L"xy") == STATUS_SUCCESS && string.Length == 4);
  CHECK(RtlUnicodeStringInit(&string, NULL) == STATUS_SUCCESS && string.Buffer == NULL);
  string.Length = 3;
  CHECK(RtlUnicodeStringValidate(&string) == STATUS_INVALID_PARAMETER);
}

static void Arithmetic(void) {
  ULONG sum;
  SIZE_T product;
  USHORT small;
  LONG negative;
  CHECK(RtlULongAdd(0xFFFFFFF0, 0xF, &sum) == STATUS_SUCCESS && sum == 0xFFFFFFFF);
  CHECK(RtlULongAdd(0xFFFFFFF0, 0x10, &sum) == STATUS_INTEGER_OVERFLOW && sum == 0xFFFFFFFF);
  CHECK(RtlULongSub(1, 2, &sum) == STATUS_INTEGER_OVERFLOW);
  CHECK(RtlSIZETMult(1ull << 32, 1ull << 31, &product) == STATUS_SUCCESS);
  CHECK(RtlSizeTMult(1ull << 32, 1ull << 32, &product) == STATUS_INTEGER_OVERFLOW);
  CHECK(RtlULongToUShort(65535, &small) == STATUS_SUCCESS && small == 65535);
  CHECK(RtlULongToUShort(65536, &small) == STATUS_INTEGER_OVERFLOW);
  CHECK(RtlLongLongToULong(-1, &sum) == STATUS_INTEGER_OVERFLOW);
  CHECK(RtlLongLongToLong(-1, &negative) == STATUS_SUCCESS && negative == -1);
}

static void Lists(void) {
  LIST_ENTRY head, a, b, other, c;
  SINGLE_LIST_ENTRY top = {NULL}, one, two;
  InitializeListHead(&head);
  CHECK(IsListEmpty(&head));
  InsertTailList(&head, &a);
  InsertTailList(&head, &b);
  CHECK(!RemoveEntryList(&b) && RemoveEntryList(&a) && IsListEmpty(&head));
  InsertHeadList(&head, &a);
  InsertHeadList(&head, &b);
  CHECK(RemoveTailList(&head) == &a && RemoveHeadList(&head) == &b);
  CHECK(IsListEmpty(&head));
  InsertTailList(&head, &a);
  InitializeListHead(&other);
  InsertTailList(&other, &c);
  // The links of the other list are appended without its head.
  RemoveEntryList(&other);
  AppendTailList(&head, &c);
  CHECK(head.Flink == &a && a.Flink == &c && c.Flink == &head && head.Blink == &c);
  PushEntryList(&top, &one);
  PushEntryList(&top, &two);
  CHECK(PopEntryList(&top) == &two && PopEntryList(&top) == &one && PopEntryList(&top) == NULL);
  CHECK(CONTAINING_RECORD(&c, LIST_ENTRY, Flink) == &c);
}

static void StackLocations(void) {
  struct {
    IRP Irp;
    IO_STACK_LOCATION Stack[2];
  } request;
  PIRP irp = &request.Irp;
  PIO_STACK_LOCATION first = &request.Stack[1];
  RtlZeroMemory(&request, sizeof request);
  irp->StackCount = 2;
  irp->CurrentLocation = 2;
  irp->Tail.Overlay.CurrentStackLocation = first;
  CHECK(IoGetCurrentIrpStackLocation(irp) == first);
  CHECK(IoGetNextIrpStackLocation(irp) == &request.Stack[0]);
  first->Parameters.Read.Length = 42;
  first->CompletionRoutine = (PIO_COMPLETION_ROUTINE)1;
  first->Control = 0xFF;
  IoCopyCurrentIrpStackLocationToNext(irp);
  CHECK(request.Stack[0].Parameters.Read.Length == 42 && request.Stack[0].Control == 0);
  CHECK(request.Stack[0].CompletionRoutine == NULL);
  IoSetCompletionRoutine(irp, (PIO_COMPLETION_ROUTINE)2, irp, TRUE, FALSE, TRUE);
  CHECK(request.Stack[0].Control == (SL_INVOKE_ON_SUCCESS | SL_INVOKE_ON_CANCEL));
  IoSetNextIrpStackLocation(irp);
  CHECK(irp->CurrentLocation == 1 && IoGetCurrentIrpStackLocation(irp) == &request.Stack[0]);
  IoMarkIrpPending(irp);
  CHECK((request.Stack[0].Control & SL_PENDING_RETURNED) != 0);
  IoSkipCurrentIrpStackLocation(irp);
  CHECK(irp->CurrentLocation == 2);
  CHECK(IoSetCancelRoutine(irp, (PDRIVER_CANCEL)3) == NULL);
  CHECK(IoSetCancelRoutine(irp, NULL) == (PDRIVER_CANCEL)3);
  CHECK(IoSizeOfIrp(2) == 0xD0 + 2 * 0x48);
}

static void Instructions(void) {
  LONG value = 5;
  LONG64 wide = 1;
  PVOID pointer = NULL;
  ULONG bits[2] = {0, 1}, index;
  int registers[4];
  UCHAR bytes[16];
  CHECK(InterlockedIncrement(&value) == 6 && InterlockedDecrement(&value) == 5);
  CHECK(InterlockedExchange(&value, 7) == 5 && InterlockedCompareExchange(&value, 8, 7) == 7);
  CHECK(InterlockedAdd(&value, 2) == 10 && InterlockedExchangeAdd(&value, 1) == 10);
  CHECK(InterlockedOr(&value, 0x100) == 11 && InterlockedAnd(&value, 0xFF) == 0x10B);
  CHECK(InterlockedIncrement64(&wide) == 2 && InterlockedAdd64(&wide, 40) == 42);
  CHECK(InterlockedExchangePointer(&pointer, &value) == NULL && pointer == &value);
  CHECK(InterlockedBitTestAndSet((LONG *)bits, 3) == 0 && bits[0] == 8);
  CHECK(_BitScanForward(&index, bits[0]) && index == 3);
  CHECK(ReadAcquire(&value) == 11 && ReadNoFence64(&wide) == 42);
  WriteRelease(&value, 12);
  CHECK(ReadULongAcquire((ULONG *)&value) == 12);
  __cpuid(registers, 0);
  CHECK(registers[0] > 0);
  __stosb(bytes, 0x5A, sizeof bytes);
  CHECK(bytes[0] == 0x5A && bytes[15] == 0x5A);
  CHECK(__rdtsc() != 0 && KeGetCurrentThread() != NULL);
  CHECK(RtlUlongByteSwap(0x01020304) == 0x04030201 && RtlUshortByteSwap(0x0102) == 0x0201);
  CHECK(__readcr8() == KeGetCurrentIrql());
}

static void Pool(void) {
  NPAGED_LOOKASIDE_LIST list;
  PUCHAR block = ExAllocatePoolZero(NonPagedPoolNx, 64, 'sdaH');
  CHECK(block != NULL && block[0] == 0 && block[63] == 0);
  ExFreePool(block);
  ExInitializeNPagedLookasideList(&list, NULL, NULL, POOL_NX_ALLOCATION, 64, 'sdaH', 0);
  block = ExAllocateFromNPagedLookasideList(&list);
  CHECK(block != NULL);
  ExFreeToNPagedLookasideList(&list, block);
  CHECK(ExAllocateFromNPagedLookasideList(&list) == block);
  ExFreeToNPagedLookasideList(&list, block);
  CHECK(list.L.TotalAllocates == 2 && list.L.AllocateMisses == 1 && list.L.TotalFrees == 2);
  ExDeleteNPagedLookasideList(&list);
}

static DRIVER_UNLOAD Unload;
static void Unload(PDRIVER_OBJECT Driver) { UNREFERENCED_PARAMETER(Driver); }

DRIVER_INITIALIZE DriverEntry;
NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING RegistryPath) {
  UNREFERENCED_PARAMETER(RegistryPath);
  PAGED_CODE();
  ExInitializeDriverRuntime(DrvRtPoolNxOptIn);
  Driver->DriverUnload = Unload;
  Terminated();
  Wide();
  Extended();
  Counted();
  Arithmetic();
  Lists();
  StackLocations();
  Instructions();
  Pool();
  DbgPrint("%d failures\n", failures);
  return STATUS_SUCCESS;
}
