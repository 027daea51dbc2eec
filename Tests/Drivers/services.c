// Uses services of the system as drivers do. A check that fails prints its line.
#include <ntddk.h>

static int failures;
#define CHECK(Condition)                                \
  do {                                                  \
    if (!(Condition)) {                                 \
      failures++;                                       \
      DbgPrint("line %d: %s\n", __LINE__, #Condition);  \
    }                                                   \
  } while (0)

typedef int (NTAPI *Compare)(PCUNICODE_STRING, PCUNICODE_STRING, BOOLEAN);

static void Routines(void) {
  UNICODE_STRING name = RTL_CONSTANT_STRING(L"RtlCompareUnicodeString");
  UNICODE_STRING none = RTL_CONSTANT_STRING(L"NoSuchRoutine");
  Compare compare = (Compare)MmGetSystemRoutineAddress(&name);
  CHECK(compare && compare(&name, &name, FALSE) == 0 && compare(&name, &none, FALSE) != 0);
  CHECK(MmGetSystemRoutineAddress(&name) == (PVOID)compare);
  CHECK(MmGetSystemRoutineAddress(&none) == NULL);
}

static void Unload(PDRIVER_OBJECT driver) { UNREFERENCED_PARAMETER(driver); }

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path) {
  UNREFERENCED_PARAMETER(path);
  driver->DriverUnload = Unload;
  Routines();
  DbgPrint("%d failures\n", failures);
  return STATUS_SUCCESS;
}
