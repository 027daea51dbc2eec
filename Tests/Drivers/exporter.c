// A driver that others import from: by name, by ordinal, data, and a forwarder.
#include <ntddk.h>

__declspec(dllexport) ULONG ExporterCount = 40;

__declspec(dllexport) ULONG NTAPI ExporterAdd(ULONG amount) { return ExporterCount += amount; }

ULONG NTAPI ExporterByOrdinal(ULONG value) { return value * 2; }
#pragma comment(linker, "/export:ExporterByOrdinal,@70,NONAME")
#pragma comment(linker, "/export:ExporterCompare=ntoskrnl.RtlCompareMemory")

static VOID Unload(PDRIVER_OBJECT driver) { UNREFERENCED_PARAMETER(driver); }

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path) {
  UNREFERENCED_PARAMETER(path);
  driver->DriverUnload = Unload;
  return STATUS_SUCCESS;
}
