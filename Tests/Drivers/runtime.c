// Calls the runtime the way a driver does: through imports, with variable arguments, with callbacks,
// and with pointers that fault. It declares what it needs itself, so that nothing but the imports is
// tested. A check that fails prints its line.
typedef unsigned long ULONG;
typedef unsigned short wchar_t;
typedef unsigned __int64 SIZE;
typedef struct {
  unsigned short Length, MaximumLength;
  wchar_t *Buffer;
} STRING16;
typedef struct {
  unsigned short Length, MaximumLength;
  char *Buffer;
} STRING8;

#define IMPORT __declspec(dllimport)
IMPORT ULONG DbgPrint(const char *format, ...);
IMPORT ULONG DbgPrintEx(ULONG component, ULONG level, const char *format, ...);
IMPORT int sprintf(char *to, const char *format, ...);
IMPORT int _snwprintf(wchar_t *to, SIZE count, const wchar_t *format, ...);
IMPORT int _vsnprintf(char *to, SIZE count, const char *format, char *arguments);
IMPORT int sscanf_s(const char *text, const char *format, ...);
IMPORT SIZE strlen(const char *text);
IMPORT SIZE wcslen(const wchar_t *text);
IMPORT int _wcsicmp(const wchar_t *a, const wchar_t *b);
IMPORT void qsort(void *base, SIZE count, SIZE size, int (*compare)(const void *, const void *));
IMPORT int rand(void);
IMPORT void *memcpy(void *to, const void *from, SIZE count);
IMPORT SIZE RtlCompareMemory(const void *a, const void *b, SIZE count);
IMPORT void RtlInitUnicodeString(STRING16 *string, const wchar_t *text);
IMPORT void RtlInitAnsiString(STRING8 *string, const char *text);
IMPORT long RtlAnsiStringToUnicodeString(STRING16 *to, const STRING8 *from, unsigned char allocate);
IMPORT void RtlFreeUnicodeString(STRING16 *string);
IMPORT unsigned char RtlEqualUnicodeString(const STRING16 *a, const STRING16 *b, unsigned char ci);
IMPORT wchar_t RtlUpcaseUnicodeChar(wchar_t character);
IMPORT long RtlIntegerToUnicodeString(ULONG value, ULONG base, STRING16 *string);
IMPORT void DbgBreakPoint(void);

static int failures;
#define CHECK(condition) \
  ((condition) ? (void)0 : (void)(failures++, DbgPrint("line %d: " #condition "\n", __LINE__)))

static int Compare(const void *a, const void *b) { return *(const int *)a - *(const int *)b; }

static int Format(char *to, SIZE count, const char *format, ...) {
  __builtin_ms_va_list arguments;
  __builtin_ms_va_start(arguments, format);
  int result = _vsnprintf(to, count, format, (char *)arguments);
  __builtin_ms_va_end(arguments);
  return result;
}

static void CheckFormats(void) {
  char text[64];
  wchar_t wide[64];
  STRING16 name;
  RtlInitUnicodeString(&name, L"\\Device\\Echo");
  CHECK(sprintf(text, "%d %s %p %.2f", -5, "abc", (void *)0xABCD, 2.5) == 28);
  CHECK(RtlCompareMemory(text, "-5 abc 000000000000ABCD 2.50", 29) == 29);
  CHECK(_snwprintf(wide, 64, L"%wZ:%hs:%I64x", &name, "x", 0x123456789ABCDEFull) == 30);
  CHECK(wcslen(wide) == 30);
  CHECK(Format(text, sizeof text, "%d %d %d %d %d %d", 1, 2, 3, 4, 5, 6) == 11);
  CHECK(strlen(text) == 11);
  int a = 0, b = 0;
  CHECK(sscanf_s("17 0x22", "%d %x", &a, &b) == 2);
  CHECK(a == 17 && b == 0x22);
  DbgPrint("%wZ %ws %d%%\n", &name, L"wide", 100);
  DbgPrintEx(77, 3, "hidden\n");
  DbgPrintEx(77, 0, "error %u\n", 1u);
}

static void CheckStrings(void) {
  STRING8 ansi;
  STRING16 wide, other, number;
  wchar_t room[16];
  RtlInitAnsiString(&ansi, "Echo");
  RtlInitUnicodeString(&other, L"ECHO");
  CHECK(RtlAnsiStringToUnicodeString(&wide, &ansi, 1) == 0);
  CHECK(wide.Length == 8 && wide.MaximumLength == 10);
  // The upper bits of a small argument are whatever the register had.
  volatile unsigned char yes = 1, no = 0;
  CHECK(RtlEqualUnicodeString(&wide, &other, yes) == 1);
  CHECK(RtlEqualUnicodeString(&wide, &other, no) == 0);
  RtlFreeUnicodeString(&wide);
  CHECK(wide.Buffer == 0);
  CHECK(RtlUpcaseUnicodeChar(L'\x00E9') == L'\x00C9');
  CHECK(_wcsicmp(L"abc", L"ABC") == 0);
  number.Buffer = room;
  number.MaximumLength = sizeof room;
  CHECK(RtlIntegerToUnicodeString(0xBEEF, 16, &number) == 0);
  CHECK(number.Length == 8 && room[0] == L'B');
}

static void CheckCallbacks(void) {
  int values[] = {5, 3, 9, -1, 7};
  qsort(values, 5, sizeof values[0], Compare);
  CHECK(values[0] == -1 && values[1] == 3 && values[4] == 9);
  CHECK(rand() == 41);
}

// A bad pointer is an access violation here, wherever the runtime touches it.
static void CheckFaults(void) {
  static const char *volatile bad = (const char *)0x10;
  char text[16];
  int caught = 0;
  __try {
    CHECK(strlen(bad) == 0);
  } __except (1) {
    caught++;
  }
  __try {
    memcpy(text, bad, 16);
  } __except (1) {
    caught++;
  }
  __try {
    DbgPrint("%s", bad);
  } __except (1) {
    caught++;
  }
  __try {
    RtlInitUnicodeString(0, L"x");
  } __except (1) {
    caught++;
  }
  __try {
    DbgBreakPoint();
  } __except (1) {
    caught++;
  }
  CHECK(caught == 5);
}

long DriverEntry(void *driver, void *path) {
  (void)driver;
  (void)path;
  CheckFormats();
  CheckStrings();
  CheckCallbacks();
  CheckFaults();
  DbgPrint("%d failures\n", failures);
  return 0;
}
