// A driver that others import from: by name, by ordinal, data, and a forwarder.
#include <ntddk.h>

__declspec(dllexport) ULONG ExporterCount = 40;

__declspec(dllexport) ULONG NTAPI ExporterAdd(ULONG amount) { return ExporterCount += amount; }

ULONG NTAPI ExporterByOrdinal(ULONG value) { return value * 2; }
#pragma comment(linker, "/export:ExporterByOrdinal,@70,NONAME")
#pragma comment(linker, "/export:ExporterCompare=ntoskrnl.RtlCompareMemory")

// Called when another driver brings this one in.
__declspec(dllexport) NTSTATUS NTAPI DllInitialize(PUNICODE_STRING path) {
  DbgPrint("initialized for %wZ\n", path);
  return STATUS_SUCCESS;
}

__declspec(dllexport) NTSTATUS NTAPI DllUnload(VOID) {
  DbgPrint("library unloaded\n");
  return STATUS_SUCCESS;
}

static VOID Unload(PDRIVER_OBJECT driver) { UNREFERENCED_PARAMETER(driver); }

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path) {
  UNREFERENCED_PARAMETER(path);
  driver->DriverUnload = Unload;
  return STATUS_SUCCESS;
}
