// Looks at what DriverSection points to, as drivers do that declare it themselves, and changes it. A check
// that fails prints its line.
#include <ntddk.h>

typedef struct _KLDR_DATA_TABLE_ENTRY {
  LIST_ENTRY InLoadOrderLinks;
  PVOID ExceptionTable;
  ULONG ExceptionTableSize;
  PVOID GpValue;
  PVOID NonPagedDebugInfo;
  PVOID DllBase;
  PVOID EntryPoint;
  ULONG SizeOfImage;
  UNICODE_STRING FullDllName;
  UNICODE_STRING BaseDllName;
  ULONG Flags;
  USHORT LoadCount;
} KLDR_DATA_TABLE_ENTRY, *PKLDR_DATA_TABLE_ENTRY;

DRIVER_INITIALIZE DriverEntry;

static int failures;
#define CHECK(Condition)                                \
  do {                                                  \
    if (!(Condition)) {                                 \
      failures++;                                       \
      DbgPrint("line %d: %s\n", __LINE__, #Condition);  \
    }                                                   \
  } while (0)

static void Unload(PDRIVER_OBJECT driver) {
  PKLDR_DATA_TABLE_ENTRY entry = (PKLDR_DATA_TABLE_ENTRY)driver->DriverSection;
  CHECK(entry->Flags & 0x20);
  // What a driver makes of it is its own matter: the entry is freed all the same.
  RemoveEntryList(&entry->InLoadOrderLinks);
  entry->BaseDllName.Buffer = NULL;
  driver->DriverSection = NULL;
  DbgPrint("%d failures\n", failures);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path) {
  UNICODE_STRING base = RTL_CONSTANT_STRING(L"module.sys");
  UNICODE_STRING full = RTL_CONSTANT_STRING(L"\\SystemRoot\\System32\\drivers\\module.sys");
  PKLDR_DATA_TABLE_ENTRY entry = (PKLDR_DATA_TABLE_ENTRY)driver->DriverSection;
  PLIST_ENTRY link;
  ULONG count = 0;
  UNREFERENCED_PARAMETER(path);
  driver->DriverUnload = Unload;
  CHECK(entry->DllBase == driver->DriverStart);
  CHECK(entry->SizeOfImage == driver->DriverSize);
  CHECK(entry->EntryPoint == (PVOID)driver->DriverInit);
  CHECK(*(USHORT *)entry->DllBase == 0x5A4D);
  CHECK((PUCHAR)entry->ExceptionTable > (PUCHAR)entry->DllBase && entry->ExceptionTableSize > 0);
  CHECK(RtlEqualUnicodeString(&entry->BaseDllName, &base, FALSE));
  CHECK(RtlEqualUnicodeString(&entry->FullDllName, &full, FALSE));
  CHECK(entry->BaseDllName.Buffer[base.Length / sizeof(WCHAR)] == 0);
  CHECK(!(entry->Flags & 0x20) && entry->LoadCount == 1);
  for (link = entry->InLoadOrderLinks.Flink; link != &entry->InLoadOrderLinks && count < 1000;
       link = link->Flink) {
    CHECK(link->Flink->Blink == link);
    count++;
  }
  CHECK(count < 1000);
  entry->Flags |= 0x20;
  return STATUS_SUCCESS;
}
