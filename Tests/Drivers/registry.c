// Uses the registry as drivers do. A check that fails prints its line.
#include <ntddk.h>

static int failures;
#define CHECK(Condition)                                \
  do {                                                  \
    if (!(Condition)) {                                 \
      failures++;                                       \
      DbgPrint("line %d: %s\n", __LINE__, #Condition);  \
    }                                                   \
  } while (0)

static HANDLE Open(PUNICODE_STRING path) {
  OBJECT_ATTRIBUTES attributes;
  HANDLE key = NULL;
  InitializeObjectAttributes(&attributes, path, OBJ_CASE_INSENSITIVE | OBJ_KERNEL_HANDLE, NULL, NULL);
  CHECK(ZwOpenKey(&key, KEY_ALL_ACCESS, &attributes) == STATUS_SUCCESS);
  return key;
}

static NTSTATUS Create(HANDLE root, PCWSTR name, HANDLE *key, ULONG *disposition) {
  UNICODE_STRING text;
  OBJECT_ATTRIBUTES attributes;
  RtlInitUnicodeString(&text, name);
  InitializeObjectAttributes(&attributes, &text, OBJ_CASE_INSENSITIVE | OBJ_KERNEL_HANDLE, root, NULL);
  return ZwCreateKey(key, KEY_ALL_ACCESS, &attributes, 0, NULL, REG_OPTION_NON_VOLATILE, disposition);
}

static void Values(HANDLE key) {
  UNICODE_STRING name = RTL_CONSTANT_STRING(L"Limit"), other = RTL_CONSTANT_STRING(L"None");
  ULONG value = 42, length = 0;
  union {
    KEY_VALUE_PARTIAL_INFORMATION partial;
    KEY_VALUE_FULL_INFORMATION full;
    KEY_VALUE_BASIC_INFORMATION basic;
    UCHAR bytes[128];
  } data;
  CHECK(ZwSetValueKey(key, &name, 0, REG_DWORD, &value, sizeof value) == STATUS_SUCCESS);
  CHECK(ZwQueryValueKey(key, &name, KeyValuePartialInformation, NULL, 0, &length) ==
        STATUS_BUFFER_TOO_SMALL);
  CHECK(length == FIELD_OFFSET(KEY_VALUE_PARTIAL_INFORMATION, Data) + 4);
  CHECK(ZwQueryValueKey(key, &name, KeyValuePartialInformation, &data, 12, &length) ==
        STATUS_BUFFER_OVERFLOW);
  CHECK(data.partial.Type == REG_DWORD && data.partial.DataLength == 4);
  CHECK(ZwQueryValueKey(key, &name, KeyValuePartialInformation, &data, sizeof data, &length) ==
        STATUS_SUCCESS);
  CHECK(*(ULONG *)data.partial.Data == 42);
  CHECK(ZwQueryValueKey(key, &name, KeyValueFullInformation, &data, sizeof data, &length) ==
        STATUS_SUCCESS);
  CHECK(data.full.NameLength == 10 && data.full.Name[0] == L'L');
  CHECK(*(ULONG *)(data.bytes + data.full.DataOffset) == 42);
  CHECK(ZwQueryValueKey(key, &other, KeyValuePartialInformation, &data, sizeof data, &length) ==
        STATUS_OBJECT_NAME_NOT_FOUND);
  CHECK(ZwEnumerateValueKey(key, 0, KeyValueBasicInformation, &data, sizeof data, &length) ==
        STATUS_SUCCESS);
  CHECK(data.basic.NameLength == 10);
  CHECK(ZwEnumerateValueKey(key, 99, KeyValueBasicInformation, &data, sizeof data, &length) ==
        STATUS_NO_MORE_ENTRIES);
  CHECK(ZwDeleteValueKey(key, &other) == STATUS_OBJECT_NAME_NOT_FOUND);
  CHECK(ZwDeleteValueKey(key, &name) == STATUS_SUCCESS);
  CHECK(ZwQueryValueKey(key, &name, KeyValuePartialInformation, &data, sizeof data, &length) ==
        STATUS_OBJECT_NAME_NOT_FOUND);
}

static void Keys(HANDLE key) {
  HANDLE first, second;
  ULONG disposition = 0, length = 0;
  union {
    KEY_BASIC_INFORMATION basic;
    KEY_FULL_INFORMATION full;
    KEY_NAME_INFORMATION name;
    UCHAR bytes[512];
  } data;
  CHECK(Create(key, L"B", &first, &disposition) == STATUS_SUCCESS);
  CHECK(disposition == REG_CREATED_NEW_KEY);
  CHECK(Create(key, L"a", &second, &disposition) == STATUS_SUCCESS);
  ZwClose(second);
  CHECK(Create(key, L"A", &second, &disposition) == STATUS_SUCCESS);
  CHECK(disposition == REG_OPENED_EXISTING_KEY);
  CHECK(Create(key, L"Missing\\Deep", &second, NULL) == STATUS_OBJECT_NAME_NOT_FOUND);
  CHECK(ZwQueryKey(key, KeyFullInformation, &data, sizeof data, &length) == STATUS_SUCCESS);
  CHECK(data.full.SubKeys == 2 && data.full.Values == 0 && data.full.MaxNameLen == 2);
  CHECK(ZwEnumerateKey(key, 0, KeyBasicInformation, &data, sizeof data, &length) == STATUS_SUCCESS);
  CHECK(data.basic.NameLength == 2 && data.basic.Name[0] == L'a');
  CHECK(ZwEnumerateKey(key, 2, KeyBasicInformation, &data, sizeof data, &length) ==
        STATUS_NO_MORE_ENTRIES);
  CHECK(ZwQueryKey(second, KeyNameInformation, &data, sizeof data, &length) == STATUS_SUCCESS);
  CHECK(data.name.Name[0] == L'\\' && data.name.Name[1] == L'R');
  CHECK(ZwDeleteKey(key) == STATUS_CANNOT_DELETE);
  CHECK(ZwDeleteKey(second) == STATUS_SUCCESS);
  CHECK(ZwFlushKey(second) == STATUS_KEY_DELETED);
  CHECK(ZwDeleteKey(first) == STATUS_SUCCESS);
  CHECK(ZwClose(first) == STATUS_SUCCESS && ZwClose(second) == STATUS_SUCCESS);
  CHECK(ZwFlushKey(first) == STATUS_INVALID_HANDLE);
}

static ULONG calls;
static NTSTATUS NTAPI Seen(PWSTR name, ULONG type, PVOID data, ULONG length, PVOID context,
                           PVOID entry) {
  CHECK(type == REG_SZ && context == &calls && entry == NULL);
  CHECK(!wcscmp(name, L"List") && length == 4);
  CHECK(((PWSTR)data)[0] == (calls == 0 ? L'x' : L'y'));
  calls++;
  return STATUS_SUCCESS;
}

static void Table(PUNICODE_STRING path) {
  RTL_QUERY_REGISTRY_TABLE table[6];
  ULONG limit = 0, fallback = 0, seven = 7;
  UNICODE_STRING text = {0};
  RtlZeroMemory(table, sizeof table);
  table[0].Flags = RTL_QUERY_REGISTRY_SUBKEY;
  table[0].Name = L"Parameters";
  table[1].Flags = RTL_QUERY_REGISTRY_DIRECT | RTL_QUERY_REGISTRY_REQUIRED;
  table[1].Name = L"Limit";
  table[1].EntryContext = &limit;
  table[2].Flags = RTL_QUERY_REGISTRY_DIRECT;
  table[2].Name = L"Absent";
  table[2].EntryContext = &fallback;
  table[2].DefaultType = REG_DWORD;
  table[2].DefaultData = &seven;
  table[2].DefaultLength = sizeof seven;
  table[3].Flags = RTL_QUERY_REGISTRY_DIRECT | RTL_QUERY_REGISTRY_TYPECHECK;
  table[3].Name = L"Text";
  table[3].EntryContext = &text;
  table[3].DefaultType = REG_SZ << RTL_QUERY_REGISTRY_TYPECHECK_SHIFT;
  table[4].QueryRoutine = Seen;
  table[4].Name = L"List";
  CHECK(RtlQueryRegistryValues(RTL_REGISTRY_ABSOLUTE, path->Buffer, table, &calls, NULL) ==
        STATUS_SUCCESS);
  CHECK(limit == 5 && fallback == 7 && calls == 2);
  CHECK(text.Length == 10 && text.Buffer && !wcscmp(text.Buffer, L"hello"));
  RtlFreeUnicodeString(&text);
  table[1].Name = L"Absent";
  CHECK(RtlQueryRegistryValues(RTL_REGISTRY_ABSOLUTE, path->Buffer, table, &calls, NULL) ==
        STATUS_OBJECT_NAME_NOT_FOUND);
  CHECK(RtlCheckRegistryKey(RTL_REGISTRY_SERVICES, L"registry") == STATUS_SUCCESS);
  CHECK(RtlCheckRegistryKey(RTL_REGISTRY_SERVICES, L"none") == STATUS_OBJECT_NAME_NOT_FOUND);
  CHECK(RtlWriteRegistryValue(RTL_REGISTRY_SERVICES, L"registry", L"Written", REG_DWORD, &seven,
                              sizeof seven) == STATUS_SUCCESS);
  CHECK(RtlDeleteRegistryValue(RTL_REGISTRY_SERVICES, L"registry", L"Written") == STATUS_SUCCESS);
}

static void Unload(PDRIVER_OBJECT driver) { UNREFERENCED_PARAMETER(driver); }

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path) {
  WCHAR copy[128] = {0};
  UNICODE_STRING text = {0, sizeof copy - sizeof(WCHAR), copy};
  HANDLE service = Open(path), key;
  driver->DriverUnload = Unload;
  RtlCopyUnicodeString(&text, path);
  CHECK(Create(service, L"Work", &key, NULL) == STATUS_SUCCESS);
  Values(key);
  Keys(key);
  CHECK(ZwDeleteKey(key) == STATUS_SUCCESS && ZwClose(key) == STATUS_SUCCESS);
  Table(&text);
  CHECK(ZwClose(service) == STATUS_SUCCESS);
  DbgPrint("%d failures\n", failures);
  return STATUS_SUCCESS;
}
