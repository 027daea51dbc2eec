// Watches the registry from three altitudes. A check that fails prints its line.
#include <ntifs.h>

static int failures;
#define CHECK(Condition)                               \
  do {                                                 \
    if (!(Condition)) {                                \
      failures++;                                      \
      DbgPrint("line %d: %s\n", __LINE__, #Condition); \
    }                                                  \
  } while (0)

NTKERNELAPI PVOID NTAPI CmGetBoundTransaction(PLARGE_INTEGER cookie, PVOID object);

static PDRIVER_OBJECT Driver;
static UNICODE_STRING Key = RTL_CONSTANT_STRING(L"\\REGISTRY\\MACHINE\\SOFTWARE\\Ring3Watch");
static UNICODE_STRING Value = RTL_CONSTANT_STRING(L"Value");

// What one callback has seen, and what it does about the next operation of a class.
typedef struct Watch {
  char letter;
  REG_NOTIFY_CLASS kind;
  NTSTATUS answer;
  BOOLEAN opens;
  ULONG before, after;
  LARGE_INTEGER cookie;
} Watch;

static Watch High = {'h'}, Middle = {'m'}, Low = {'l'};
static char Order[64];
static ULONG OrderCount;

static NTSTATUS OpenKey(HANDLE *key) {
  OBJECT_ATTRIBUTES attributes;
  InitializeObjectAttributes(&attributes, &Key, OBJ_CASE_INSENSITIVE | OBJ_KERNEL_HANDLE, NULL,
                             NULL);
  return ZwOpenKey(key, KEY_ALL_ACCESS, &attributes);
}

static NTSTATUS NTAPI Callback(PVOID context, PVOID kind, PVOID information) {
  Watch *watch = context;
  REG_NOTIFY_CLASS class = (REG_NOTIFY_CLASS)(ULONG_PTR)kind;
  PREG_POST_OPERATION_INFORMATION post = information;
  switch (class) {
    case RegNtPreCreateKeyEx: {
      PREG_CREATE_KEY_INFORMATION create = information;
      CHECK(RtlEqualUnicodeString(create->CompleteName, &Key, TRUE) && create->RootObject);
      CHECK(create->DesiredAccess == KEY_ALL_ACCESS);
      create->CallContext = watch;
      break;
    }
    case RegNtPostCreateKeyEx:
      CHECK(post->CallContext == watch);
      if (NT_SUCCESS(post->Status)) {
        PCUNICODE_STRING name;
        ULONG_PTR identifier;
        CHECK(CmCallbackGetKeyObjectIDEx(&watch->cookie, post->Object, &identifier, &name, 0) ==
              STATUS_SUCCESS);
        CHECK(RtlEqualUnicodeString(name, &Key, TRUE) && identifier);
        CmCallbackReleaseKeyObjectIDEx(name);
      }
      break;
    case RegNtPreSetValueKey: {
      PREG_SET_VALUE_KEY_INFORMATION set = information;
      CHECK(RtlEqualUnicodeString(set->ValueName, &Value, FALSE) && set->Type == REG_DWORD);
      CHECK(set->DataSize == 4 && *(ULONG *)set->Data == 7);
      break;
    }
    case RegNtPreQueryValueKey: {
      PREG_QUERY_VALUE_KEY_INFORMATION query = information;
      CHECK(query->KeyValueInformationClass == KeyValuePartialInformation);
      break;
    }
    default:
      break;
  }
  switch (class) {
    case RegNtPreCreateKeyEx:
    case RegNtPreOpenKeyEx:
    case RegNtPreSetValueKey:
    case RegNtPreQueryValueKey:
    case RegNtPreDeleteKey:
    case RegNtPreKeyHandleClose:
      watch->before++;
      Order[OrderCount++ % 64] = watch->letter;
      break;
    default:
      watch->after++;
      Order[OrderCount++ % 64] = (char)(watch->letter - 'a' + 'A');
      break;
  }
  if (watch->opens && class == watch->kind) {
    HANDLE key;
    watch->opens = FALSE;
    if (NT_SUCCESS(OpenKey(&key))) ZwClose(key);
  }
  if (watch->answer && class == watch->kind) {
    if (class == RegNtPostQueryValueKey) post->ReturnStatus = STATUS_DATA_ERROR;
    return watch->answer;
  }
  return STATUS_SUCCESS;
}

static NTSTATUS Register(Watch *watch, PCWSTR altitude) {
  UNICODE_STRING text;
  RtlInitUnicodeString(&text, altitude);
  return CmRegisterCallbackEx(Callback, &text, Driver, watch, &watch->cookie, NULL);
}

static void Forget(void) {
  High.before = High.after = Middle.before = Middle.after = Low.before = Low.after = 0;
  Middle.answer = STATUS_SUCCESS;
  OrderCount = 0;
  RtlZeroMemory(Order, sizeof Order);
}

static NTSTATUS Create(HANDLE *key) {
  OBJECT_ATTRIBUTES attributes;
  InitializeObjectAttributes(&attributes, &Key, OBJ_CASE_INSENSITIVE | OBJ_KERNEL_HANDLE, NULL,
                             NULL);
  return ZwCreateKey(key, KEY_ALL_ACCESS, &attributes, 0, NULL, 0, NULL);
}

static NTSTATUS Set(HANDLE key) {
  ULONG value = 7;
  return ZwSetValueKey(key, &Value, 0, REG_DWORD, &value, sizeof value);
}

static NTSTATUS Query(HANDLE key) {
  UCHAR buffer[32];
  ULONG length;
  return ZwQueryValueKey(key, &Value, KeyValuePartialInformation, buffer, sizeof buffer, &length);
}

static void Watches(void) {
  HANDLE key;
  ULONG major = 0;
  CmGetCallbackVersion(&major, NULL);
  CHECK(major == 1);
  CHECK(Register(&Middle, L"2000") == STATUS_SUCCESS);
  CHECK(Register(&Low, L"1000") == STATUS_SUCCESS);
  CHECK(Register(&High, L"3000") == STATUS_SUCCESS);
  CHECK(Register(&High, L"3000") == (NTSTATUS)0xC01C0011);

  // Who agreed is called again, who refused is not, and who stands lower sees nothing.
  Middle.kind = RegNtPreCreateKeyEx;
  Middle.answer = STATUS_ACCESS_DENIED;
  CHECK(Create(&key) == STATUS_ACCESS_DENIED && !memcmp(Order, "hmH", 4));
  CHECK(OpenKey(&key) == STATUS_OBJECT_NAME_NOT_FOUND);

  Forget();
  CHECK(Create(&key) == STATUS_SUCCESS && !memcmp(Order, "hmlLMH", 7));
  CHECK(CmGetBoundTransaction(&High.cookie, NULL) == NULL);

  // What a callback does itself is shown to those below it only.
  Forget();
  Middle.kind = RegNtPreSetValueKey;
  Middle.opens = TRUE;
  CHECK(Set(key) == STATUS_SUCCESS);
  CHECK(High.before == 1 && High.after == 1 && Middle.before == 1 && Middle.after == 1);
  CHECK(Low.before == 3 && Low.after == 3);

  // Bypassed: it counts as done, and is not.
  Forget();
  CHECK(Query(key) == STATUS_SUCCESS);
  Middle.kind = RegNtPreDeleteKey;
  Middle.answer = STATUS_CALLBACK_BYPASS;
  CHECK(ZwDeleteKey(key) == STATUS_SUCCESS);
  CHECK(Query(key) == STATUS_SUCCESS);

  // Another status in place of the real one.
  Middle.kind = RegNtPostQueryValueKey;
  CHECK(Query(key) == STATUS_DATA_ERROR);

  Forget();
  CHECK(ZwDeleteKey(key) == STATUS_SUCCESS && !memcmp(Order, "hmlLMH", 7));
  Forget();
  CHECK(ZwClose(key) == STATUS_SUCCESS && !memcmp(Order, "hmlLMH", 7));

  CHECK(CmUnRegisterCallback(High.cookie) == STATUS_SUCCESS);
  CHECK(CmUnRegisterCallback(Middle.cookie) == STATUS_SUCCESS);
  CHECK(CmUnRegisterCallback(Low.cookie) == STATUS_SUCCESS);
  CHECK(CmUnRegisterCallback(Low.cookie) == STATUS_INVALID_PARAMETER);
  Forget();
  CHECK(OpenKey(&key) == STATUS_OBJECT_NAME_NOT_FOUND && OrderCount == 0);
}

static VOID Unload(PDRIVER_OBJECT driver) { UNREFERENCED_PARAMETER(driver); }

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path) {
  UNREFERENCED_PARAMETER(path);
  Driver = driver;
  driver->DriverUnload = Unload;
  Watches();
  DbgPrint("%d failures\n", failures);
  return STATUS_SUCCESS;
}
