// Registry keys of the framework.
#include "wdf-scenario.h"

#define NAME(Text) (PCUNICODE_STRING) & (UNICODE_STRING) { sizeof(Text) - 2, sizeof(Text), Text }

static WDFKEY Parameters(ACCESS_MASK Access) {
  WDFKEY key = NULL;
  CHECK(WdfDriverOpenParametersRegistryKey(WdfGetDriver(), Access, WDF_NO_OBJECT_ATTRIBUTES,
                                           &key) == STATUS_SUCCESS);
  return key;
}

/// What the text of the registry gave.
static void Read(void) {
  WDFKEY key = Parameters(KEY_READ);
  WDFCOLLECTION collection;
  WDFMEMORY memory;
  WDFSTRING string;
  UNICODE_STRING text;
  WCHAR buffer[8];
  ULONG value = 0, length = 0, type = 0;
  USHORT bytes = 0;
  size_t size = 0;
  CHECK(WdfRegistryQueryULong(key, NAME(L"Limit"), &value) == STATUS_SUCCESS && value == 5);
  CHECK(WdfRegistryQueryULong(key, NAME(L"Text"), &value) == STATUS_OBJECT_TYPE_MISMATCH);
  CHECK(WdfRegistryQueryULong(key, NAME(L"None"), &value) == STATUS_OBJECT_NAME_NOT_FOUND);
  CHECK(WdfRegistryQueryValue(key, NAME(L"Limit"), 0, NULL, &length, &type) ==
        STATUS_BUFFER_OVERFLOW);
  CHECK(length == 4 && type == REG_DWORD);
  value = 0;
  CHECK(WdfRegistryQueryValue(key, NAME(L"Limit"), sizeof value, &value, NULL, NULL) ==
        STATUS_SUCCESS);
  CHECK(value == 5);
  CHECK(WdfRegistryQueryMemory(key, NAME(L"Text"), PagedPool, WDF_NO_OBJECT_ATTRIBUTES, &memory,
                               &type) == STATUS_SUCCESS);
  CHECK(type == REG_SZ && wcscmp(WdfMemoryGetBuffer(memory, &size), L"hello") == 0);
  CHECK(size == 12);
  WdfObjectDelete(memory);

  text.Buffer = buffer;
  text.Length = 0;
  text.MaximumLength = sizeof buffer;
  CHECK(WdfRegistryQueryUnicodeString(key, NAME(L"Text"), &bytes, &text) == STATUS_SUCCESS);
  CHECK(bytes == 12 && text.Length == 10 && buffer[4] == L'o');
  text.MaximumLength = 10;
  CHECK(WdfRegistryQueryUnicodeString(key, NAME(L"Text"), &bytes, &text) ==
        STATUS_BUFFER_OVERFLOW);
  CHECK(WdfRegistryQueryUnicodeString(key, NAME(L"Text"), &bytes, NULL) ==
        STATUS_BUFFER_OVERFLOW);
  text.MaximumLength = sizeof buffer;
  CHECK(WdfRegistryQueryUnicodeString(key, NAME(L"Limit"), NULL, &text) ==
        STATUS_OBJECT_TYPE_MISMATCH);
  CHECK(WdfStringCreate(NULL, WDF_NO_OBJECT_ATTRIBUTES, &string) == STATUS_SUCCESS);
  CHECK(WdfRegistryQueryString(key, NAME(L"Text"), string) == STATUS_SUCCESS);
  WdfStringGetUnicodeString(string, &text);
  CHECK(text.Length == 10 && text.Buffer[0] == L'h');
  CHECK(WdfRegistryQueryString(key, NAME(L"Limit"), string) == STATUS_OBJECT_TYPE_MISMATCH);

  CHECK(WdfCollectionCreate(WDF_NO_OBJECT_ATTRIBUTES, &collection) == STATUS_SUCCESS);
  CHECK(WdfCollectionAdd(collection, string) == STATUS_SUCCESS);
  CHECK(WdfRegistryQueryMultiString(key, NAME(L"List"), WDF_NO_OBJECT_ATTRIBUTES, collection) ==
        STATUS_SUCCESS);
  CHECK(WdfCollectionGetCount(collection) == 3);
  WdfStringGetUnicodeString(WdfCollectionGetItem(collection, 1), &text);
  CHECK(text.Length == 2 && text.Buffer[0] == L'x');
  WdfStringGetUnicodeString(WdfCollectionGetLastItem(collection), &text);
  CHECK(text.Length == 2 && text.Buffer[0] == L'y');
  CHECK(WdfRegistryQueryMultiString(key, NAME(L"Text"), WDF_NO_OBJECT_ATTRIBUTES, collection) ==
        STATUS_OBJECT_TYPE_MISMATCH);
  CHECK(WdfRegistryQueryMultiString(key, NAME(L"Broken"), WDF_NO_OBJECT_ATTRIBUTES, collection) ==
        STATUS_OBJECT_TYPE_MISMATCH);
  CHECK(WdfCollectionGetCount(collection) == 3);
  CHECK(WdfRegistryQueryMemory(key, NAME(L"Empty"), NonPagedPoolNx, WDF_NO_OBJECT_ATTRIBUTES,
                               &memory, NULL) == STATUS_RESOURCE_DATA_NOT_FOUND);
  CHECK(memory == NULL);
  WdfRegistryClose(key);
}

static void Write(void) {
  WDFKEY key = Parameters(KEY_ALL_ACCESS), made, again;
  WDFCOLLECTION collection;
  WDFMEMORY memory;
  WDFMEMORY_OFFSET offset;
  WDFSTRING string;
  UNICODE_STRING text;
  WCHAR buffer[8];
  UCHAR bytes[8];
  ULONG disposition = 0, value = 0, length = 0, type = 0;
  CHECK(WdfRegistryCreateKey(key, NAME(L"Made"), KEY_ALL_ACCESS, REG_OPTION_NON_VOLATILE,
                             &disposition, WDF_NO_OBJECT_ATTRIBUTES, &made) == STATUS_SUCCESS);
  CHECK(disposition == REG_CREATED_NEW_KEY);
  CHECK(WdfRegistryCreateKey(key, NAME(L"Made"), KEY_ALL_ACCESS, REG_OPTION_NON_VOLATILE,
                             &disposition, WDF_NO_OBJECT_ATTRIBUTES, &again) == STATUS_SUCCESS);
  CHECK(disposition == REG_OPENED_EXISTING_KEY);
  WdfRegistryClose(again);
  CHECK(WdfRegistryOpenKey(key, NAME(L"Other"), KEY_READ, WDF_NO_OBJECT_ATTRIBUTES, &again) ==
        STATUS_OBJECT_NAME_NOT_FOUND);
  CHECK(again == NULL);
  CHECK(WdfRegistryAssignULong(made, NAME(L"U"), 7) == STATUS_SUCCESS);
  CHECK(WdfRegistryQueryULong(made, NAME(L"U"), &value) == STATUS_SUCCESS && value == 7);
  CHECK(ZwQueryValueKey(WdfRegistryWdmGetHandle(made), (PUNICODE_STRING)NAME(L"U"),
                        KeyValuePartialInformation, NULL, 0, &length) == STATUS_BUFFER_TOO_SMALL);
  CHECK(WdfRegistryAssignValue(made, NAME(L"B"), REG_BINARY, 3, "\1\2\3") == STATUS_SUCCESS);
  CHECK(WdfRegistryQueryValue(made, NAME(L"B"), sizeof bytes, bytes, &length, &type) ==
        STATUS_SUCCESS);
  CHECK(length == 3 && type == REG_BINARY && bytes[2] == 3);

  CHECK(WdfMemoryCreatePreallocated(WDF_NO_OBJECT_ATTRIBUTES, "abcdef", 6, &memory) ==
        STATUS_SUCCESS);
  offset.BufferOffset = 2;
  offset.BufferLength = 3;
  CHECK(WdfRegistryAssignMemory(made, NAME(L"M"), REG_BINARY, memory, &offset) == STATUS_SUCCESS);
  CHECK(WdfRegistryQueryValue(made, NAME(L"M"), sizeof bytes, bytes, &length, NULL) ==
        STATUS_SUCCESS);
  CHECK(length == 3 && bytes[0] == 'c');
  offset.BufferLength = 5;
  CHECK(WdfRegistryAssignMemory(made, NAME(L"M"), REG_BINARY, memory, &offset) ==
        STATUS_INTEGER_OVERFLOW);
  CHECK(WdfRegistryAssignMemory(made, NAME(L"M"), REG_BINARY, memory, NULL) == STATUS_SUCCESS);
  CHECK(WdfRegistryQueryValue(made, NAME(L"M"), sizeof bytes, bytes, &length, NULL) ==
        STATUS_SUCCESS);
  CHECK(length == 6);

  CHECK(WdfRegistryAssignUnicodeString(made, NAME(L"S"), NAME(L"abc")) == STATUS_SUCCESS);
  CHECK(WdfRegistryQueryValue(made, NAME(L"S"), sizeof buffer, buffer, &length, &type) ==
        STATUS_SUCCESS);
  CHECK(length == 8 && type == REG_SZ && wcscmp(buffer, L"abc") == 0);
  CHECK(WdfStringCreate(NAME(L"xy"), WDF_NO_OBJECT_ATTRIBUTES, &string) == STATUS_SUCCESS);
  CHECK(WdfRegistryAssignString(made, NAME(L"S"), string) == STATUS_SUCCESS);
  CHECK(WdfRegistryQueryValue(made, NAME(L"S"), sizeof buffer, buffer, &length, &type) ==
        STATUS_SUCCESS);
  CHECK(length == 6 && wcscmp(buffer, L"xy") == 0);
  CHECK(WdfCollectionCreate(WDF_NO_OBJECT_ATTRIBUTES, &collection) == STATUS_SUCCESS);
  CHECK(WdfCollectionAdd(collection, string) == STATUS_SUCCESS);
  CHECK(WdfCollectionAdd(collection, string) == STATUS_SUCCESS);
  CHECK(WdfRegistryAssignMultiString(made, NAME(L"L"), collection) == STATUS_SUCCESS);
  CHECK(WdfRegistryQueryValue(made, NAME(L"L"), sizeof buffer, buffer, &length, &type) ==
        STATUS_SUCCESS);
  CHECK(length == 14 && type == REG_MULTI_SZ && wcscmp(buffer + 3, L"xy") == 0 && buffer[6] == 0);
  CHECK(WdfCollectionAdd(collection, memory) == STATUS_SUCCESS);
  CHECK(WdfRegistryAssignMultiString(made, NAME(L"L"), collection) == STATUS_INVALID_PARAMETER);

  CHECK(WdfRegistryRemoveValue(made, NAME(L"L")) == STATUS_SUCCESS);
  CHECK(WdfRegistryRemoveValue(made, NAME(L"L")) == STATUS_OBJECT_NAME_NOT_FOUND);
  text = *NAME(L"U");
  text.Length = 1;
  CHECK(WdfRegistryQueryULong(made, &text, &value) == STATUS_INVALID_PARAMETER);
  CHECK(WdfRegistryRemoveKey(made) == STATUS_SUCCESS);
  CHECK(WdfRegistryOpenKey(key, NAME(L"Made"), KEY_READ, WDF_NO_OBJECT_ATTRIBUTES, &made) ==
        STATUS_OBJECT_NAME_NOT_FOUND);
  WdfRegistryClose(key);
}

static void Places(void) {
  WDFKEY key, parameters;
  ULONG value = 0;
  KIRQL old;
  CHECK(WdfDriverOpenPersistentStateRegistryKey(WdfGetDriver(), KEY_ALL_ACCESS,
                                                WDF_NO_OBJECT_ATTRIBUTES, &key) == STATUS_SUCCESS);
  CHECK(WdfRegistryAssignULong(key, NAME(L"Kept"), 3) == STATUS_SUCCESS);
  WdfRegistryClose(key);
  CHECK(WdfDriverOpenPersistentStateRegistryKey(WdfGetDriver(), KEY_READ,
                                                WDF_NO_OBJECT_ATTRIBUTES, &key) == STATUS_SUCCESS);
  CHECK(WdfRegistryQueryULong(key, NAME(L"Kept"), &value) == STATUS_SUCCESS && value == 3);
  // A full path needs no other key.
  CHECK(WdfRegistryOpenKey(NULL,
                           NAME(L"\\Registry\\Machine\\System\\CurrentControlSet\\Services\\"
                                L"wdf-registry\\Parameters"),
                           KEY_READ, WDF_NO_OBJECT_ATTRIBUTES, &parameters) == STATUS_SUCCESS);
  KeRaiseIrql(DISPATCH_LEVEL, &old);
  CHECK(WdfRegistryQueryULong(parameters, NAME(L"Limit"), &value) ==
        STATUS_INVALID_DEVICE_REQUEST);
  CHECK(WdfRegistryAssignULong(parameters, NAME(L"Limit"), 1) == STATUS_INVALID_DEVICE_REQUEST);
  KeLowerIrql(old);
  // The object and its handle go at the end, without WdfRegistryClose too.
  WdfObjectDelete(parameters);
}

static void Run(PSCENARIO_CALL Scenario) {
  WDFKEY key = NULL;
  switch (Scenario->Number) {
    case 0: Read(); break;
    case 1: Write(); break;
    case 2: Places(); break;
    case 3:
      // Not made for reading; made for writing.
      Put(Scenario, (ULONG)WdfDriverOpenParametersRegistryKey(WdfGetDriver(), KEY_READ, NULL, &key));
      Put(Scenario, (ULONG)WdfDriverOpenParametersRegistryKey(WdfGetDriver(), KEY_WRITE, NULL, &key));
      Put(Scenario, (ULONG)WdfDriverOpenParametersRegistryKey(WdfGetDriver(), KEY_READ, NULL, &key));
      break;
  }
}

SCENARIO_RUN(L"Scenarios", Run)
