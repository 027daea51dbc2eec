// Has the section that Microsoft's compiler makes for its own address sanitizer.
#include <ntddk.h>

#pragma section("KASAN", read, write)
__declspec(allocate("KASAN")) ULONG Foreign[4096] = {1};

NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING RegistryPath) {
  UNREFERENCED_PARAMETER(Driver);
  UNREFERENCED_PARAMETER(RegistryPath);
  return Foreign[0] == 1 ? STATUS_SUCCESS : STATUS_UNSUCCESSFUL;
}
