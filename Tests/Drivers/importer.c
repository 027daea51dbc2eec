// Imports from exporter.sys. A check that fails prints its line.
#include <ntddk.h>

__declspec(dllimport) extern ULONG ExporterCount;
__declspec(dllimport) ULONG NTAPI ExporterAdd(ULONG amount);
__declspec(dllimport) ULONG NTAPI ExporterByOrdinal(ULONG value);
__declspec(dllimport) SIZE_T NTAPI ExporterCompare(const VOID *a, const VOID *b, SIZE_T count);

static int failures;
#define CHECK(Condition)                               \
  do {                                                 \
    if (!(Condition)) {                                \
      failures++;                                      \
      DbgPrint("line %d: %s\n", __LINE__, #Condition); \
    }                                                  \
  } while (0)

static VOID Unload(PDRIVER_OBJECT driver) {
  UNREFERENCED_PARAMETER(driver);
  // The exporter may have been unloaded: its image is still here.
  CHECK(ExporterAdd(1) == 43 && ExporterCount == 43);
  DbgPrint("unloaded, %d failures\n", failures);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path) {
  UNREFERENCED_PARAMETER(path);
  driver->DriverUnload = Unload;
  CHECK(ExporterCount == 40);
  CHECK(ExporterAdd(2) == 42 && ExporterCount == 42);
  CHECK(ExporterByOrdinal(21) == 42);
  CHECK(ExporterCompare("abcd", "abxd", 4) == 2);
  DbgPrint("%d failures\n", failures);
  return STATUS_SUCCESS;
}
