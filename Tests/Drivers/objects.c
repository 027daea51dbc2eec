// Named objects: callbacks, events, conditions of memory. A check that fails prints its line.
#include <ntifs.h>

static int failures;
#define CHECK(Condition)                               \
  do {                                                 \
    if (!(Condition)) {                                \
      failures++;                                      \
      DbgPrint("line %d: %s\n", __LINE__, #Condition); \
    }                                                  \
  } while (0)

// Undocumented, or only mentioned.
extern POBJECT_TYPE *IoDriverObjectType;
NTKERNELAPI VOID NTAPI ObMakeTemporaryObject(PVOID object);
NTKERNELAPI NTSTATUS NTAPI ObReferenceObjectByName(PUNICODE_STRING name, ULONG attributes,
                                                   PVOID state, ACCESS_MASK access,
                                                   POBJECT_TYPE type, KPROCESSOR_MODE mode,
                                                   PVOID context, PVOID *object);

static char Calls[8];
static int CallCount;

static void NTAPI Called(PVOID context, PVOID first, PVOID second) {
  CHECK(first == (PVOID)1 && second == (PVOID)2);
  Calls[CallCount++ % 8] = *(char *)context;
}

static NTSTATUS Create(PCWSTR path, BOOLEAN create, BOOLEAN multiple, PCALLBACK_OBJECT *callback) {
  UNICODE_STRING name;
  OBJECT_ATTRIBUTES attributes;
  RtlInitUnicodeString(&name, path);
  InitializeObjectAttributes(&attributes, &name, OBJ_CASE_INSENSITIVE, NULL, NULL);
  return ExCreateCallback(callback, &attributes, create, multiple);
}

static void Callbacks(void) {
  PCALLBACK_OBJECT many, same, one, power;
  PVOID a, b, c;
  CHECK(Create(L"\\Callback\\None", FALSE, TRUE, &many) == STATUS_OBJECT_NAME_NOT_FOUND);
  CHECK(Create(L"\\Callback\\PowerState", FALSE, TRUE, &power) == STATUS_SUCCESS);
  ObDereferenceObject(power);
  CHECK(Create(L"\\Callback\\ProcessorAdd", FALSE, TRUE, &power) == STATUS_SUCCESS);
  ObDereferenceObject(power);
  CHECK(Create(L"\\Device", FALSE, TRUE, &power) == STATUS_OBJECT_TYPE_MISMATCH);

  CHECK(Create(L"\\Callback\\Ring3Test", TRUE, TRUE, &many) == STATUS_SUCCESS);
  CHECK(Create(L"\\Callback\\ring3test", TRUE, TRUE, &same) == STATUS_SUCCESS && same == many);
  a = ExRegisterCallback(many, Called, (PVOID) "a");
  b = ExRegisterCallback(many, Called, (PVOID) "b");
  c = ExRegisterCallback(many, Called, (PVOID) "c");
  CHECK(a && b && c);
  ExNotifyCallback(many, (PVOID)1, (PVOID)2);
  CHECK(CallCount == 3 && Calls[0] == 'a' && Calls[1] == 'b' && Calls[2] == 'c');
  ExUnregisterCallback(b);
  ExNotifyCallback(many, (PVOID)1, (PVOID)2);
  CHECK(CallCount == 5 && Calls[3] == 'a' && Calls[4] == 'c');
  ExUnregisterCallback(a);
  ExUnregisterCallback(c);
  ExNotifyCallback(many, (PVOID)1, (PVOID)2);
  CHECK(CallCount == 5);
  ObDereferenceObject(same);
  ObMakeTemporaryObject(many);
  ObDereferenceObject(many);
  CHECK(Create(L"\\Callback\\Ring3Test", FALSE, TRUE, &many) == STATUS_OBJECT_NAME_NOT_FOUND);

  CHECK(ExCreateCallback(&one, NULL, TRUE, FALSE) == STATUS_SUCCESS);
  a = ExRegisterCallback(one, Called, (PVOID) "a");
  CHECK(a && ExRegisterCallback(one, Called, (PVOID) "b") == NULL);
  ExUnregisterCallback(a);
  ObDereferenceObject(one);
}

static KEVENT Entered, MayReturn;

static void NTAPI Slow(PVOID context, PVOID first, PVOID second) {
  UNREFERENCED_PARAMETER(first);
  UNREFERENCED_PARAMETER(second);
  KeSetEvent(&Entered, 0, FALSE);
  KeWaitForSingleObject(&MayReturn, Executive, KernelMode, FALSE, NULL);
  *(volatile LONG *)context = 1;
}

static void NTAPI Notify(PVOID callback) {
  ExNotifyCallback(callback, NULL, NULL);
  PsTerminateSystemThread(STATUS_SUCCESS);
}

static void NTAPI Release(PKDPC dpc, PVOID context, PVOID first, PVOID second) {
  UNREFERENCED_PARAMETER(dpc);
  UNREFERENCED_PARAMETER(context);
  UNREFERENCED_PARAMETER(first);
  UNREFERENCED_PARAMETER(second);
  KeSetEvent(&MayReturn, 0, FALSE);
}

// Unregistering waits for a call under way.
static void Waiting(void) {
  PCALLBACK_OBJECT callback;
  HANDLE handle;
  PVOID registration;
  KTIMER timer;
  KDPC dpc;
  LARGE_INTEGER soon;
  volatile LONG done = 0;
  soon.QuadPart = -100000;
  KeInitializeEvent(&Entered, NotificationEvent, FALSE);
  KeInitializeEvent(&MayReturn, NotificationEvent, FALSE);
  KeInitializeTimer(&timer);
  KeInitializeDpc(&dpc, Release, NULL);
  CHECK(ExCreateCallback(&callback, NULL, TRUE, TRUE) == STATUS_SUCCESS);
  registration = ExRegisterCallback(callback, Slow, (PVOID)&done);
  CHECK(PsCreateSystemThread(&handle, THREAD_ALL_ACCESS, NULL, NULL, NULL, Notify, callback) ==
        STATUS_SUCCESS);
  KeWaitForSingleObject(&Entered, Executive, KernelMode, FALSE, NULL);
  KeSetTimer(&timer, soon, &dpc);
  ExUnregisterCallback(registration);
  CHECK(done == 1);
  ZwWaitForSingleObject(handle, FALSE, NULL);
  ZwClose(handle);
  ObDereferenceObject(callback);
}

static void Events(void) {
  UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\BaseNamedObjects\\Ring3Event");
  OBJECT_ATTRIBUTES attributes;
  HANDLE first, second, third;
  PKEVENT event = IoCreateNotificationEvent(&name, &first);
  PKEVENT found;
  CHECK(event && KeReadStateEvent(event));
  KeClearEvent(event);
  CHECK(IoCreateNotificationEvent(&name, &second) == event && !KeReadStateEvent(event));
  CHECK(ObReferenceObjectByName(&name, 0, NULL, 0, *ExEventObjectType, KernelMode, NULL,
                                (PVOID *)&found) == STATUS_SUCCESS && found == event);
  CHECK(ObReferenceObjectByName(&name, 0, NULL, 0, *IoFileObjectType, KernelMode, NULL,
                                (PVOID *)&found) == STATUS_OBJECT_TYPE_MISMATCH);
  ObDereferenceObjectDeferDelete(event);
  InitializeObjectAttributes(&attributes, &name, OBJ_KERNEL_HANDLE, NULL, NULL);
  CHECK(ZwOpenEvent(&third, EVENT_ALL_ACCESS, &attributes) == STATUS_SUCCESS);
  CHECK(ZwClose(first) == STATUS_SUCCESS && ZwClose(second) == STATUS_SUCCESS);
  CHECK(ZwClose(third) == STATUS_SUCCESS);
  CHECK(ZwOpenEvent(&third, EVENT_ALL_ACCESS, &attributes) == STATUS_OBJECT_NAME_NOT_FOUND);
}

static void Names(void) {
  UNICODE_STRING path = RTL_CONSTANT_STRING(L"\\Driver\\objects");
  UCHAR buffer[128];
  POBJECT_NAME_INFORMATION information = (POBJECT_NAME_INFORMATION)buffer;
  PDRIVER_OBJECT driver;
  ULONG needed = 0;
  CHECK(ObReferenceObjectByName(&path, OBJ_CASE_INSENSITIVE, NULL, 0, *IoDriverObjectType,
                                KernelMode, NULL, (PVOID *)&driver) == STATUS_SUCCESS);
  CHECK(ObQueryNameString(driver, information, 8, &needed) == STATUS_INFO_LENGTH_MISMATCH);
  CHECK(needed == sizeof *information + path.Length + 2);
  CHECK(ObQueryNameString(driver, information, sizeof buffer, &needed) == STATUS_SUCCESS);
  CHECK(RtlEqualUnicodeString(&information->Name, &path, TRUE));
  CHECK(ObReferenceObjectSafe(driver));
  ObDereferenceObject(driver);
  ObDereferenceObject(driver);
}

// Bit by bit: low and high nonpaged pool, low and high paged pool, low and high memory.
static ULONG Conditions(void) {
  static const PCWSTR paths[] = {
      L"\\KernelObjects\\LowNonPagedPoolCondition", L"\\KernelObjects\\HighNonPagedPoolCondition",
      L"\\KernelObjects\\LowPagedPoolCondition",    L"\\KernelObjects\\HighPagedPoolCondition",
      L"\\KernelObjects\\LowMemoryCondition",       L"\\KernelObjects\\HighMemoryCondition"};
  ULONG set = 0;
  for (ULONG index = 0; index < RTL_NUMBER_OF(paths); index++) {
    UNICODE_STRING name;
    HANDLE handle;
    PKEVENT event;
    RtlInitUnicodeString(&name, paths[index]);
    event = IoCreateNotificationEvent(&name, &handle);
    if (!event) return ~0u;
    if (KeReadStateEvent(event)) set |= 1u << index;
    ZwClose(handle);
  }
  return set;
}

static void Memory(void) {
  static PVOID blocks[1024];
  ULONG count = 0;
  UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\KernelObjects\\LowNonPagedPoolCondition");
  HANDLE handle;
  PKEVENT low = IoCreateNotificationEvent(&name, &handle);
  CHECK(Conditions() == 0x2A);
  while (count < RTL_NUMBER_OF(blocks) && !KeReadStateEvent(low)) {
    blocks[count] = ExAllocatePoolWithTag(NonPagedPoolNx, 256 * 1024, 'tseT');
    if (!blocks[count]) break;
    count++;
  }
  CHECK(KeReadStateEvent(low) && (Conditions() & 0x33) == 0x11);
  while (count > 0) ExFreePoolWithTag(blocks[--count], 'tseT');
  CHECK(Conditions() == 0x2A);
  ZwClose(handle);
}

// Callbacks about handles: who stands higher is called first before, and last after.
static char Order[8];
static int OrderCount;
static ULONG Granted;

static OB_PREOP_CALLBACK_STATUS Before(PVOID context, POB_PRE_OPERATION_INFORMATION information) {
  CHECK(information->ObjectType == *PsProcessType && information->CallContext == NULL);
  CHECK(information->Operation == OB_OPERATION_HANDLE_CREATE && information->KernelHandle);
  CHECK(information->Object == (PVOID)PsInitialSystemProcess);
  Order[OrderCount++ % 8] = *(char *)context;
  information->CallContext = context;
  // Takes one right away, and adds one in vain.
  information->Parameters->CreateHandleInformation.DesiredAccess &= ~1u;
  information->Parameters->CreateHandleInformation.DesiredAccess |= 0x8000;
  return OB_PREOP_SUCCESS;
}

static void After(PVOID context, POB_POST_OPERATION_INFORMATION information) {
  CHECK(information->CallContext == context && information->ReturnStatus == STATUS_SUCCESS);
  Order[OrderCount++ % 8] = *(char *)context;
  Granted = information->Parameters->CreateHandleInformation.GrantedAccess;
}

static NTSTATUS Watch(PCWSTR altitude, PVOID context, POBJECT_TYPE *type, PVOID *handle) {
  OB_OPERATION_REGISTRATION operation = {type, OB_OPERATION_HANDLE_CREATE, Before, After};
  OB_CALLBACK_REGISTRATION registration = {OB_FLT_REGISTRATION_VERSION, 1};
  registration.RegistrationContext = context;
  registration.OperationRegistration = &operation;
  RtlInitUnicodeString(&registration.Altitude, altitude);
  return ObRegisterCallbacks(&registration, handle);
}

static void Handles(void) {
  PVOID low, high, none;
  HANDLE handle;
  OBJECT_HANDLE_INFORMATION information;
  PVOID body;
  CHECK(ObGetFilterVersion() == OB_FLT_REGISTRATION_VERSION);
  CHECK(Watch(L"1000", (PVOID) "l", PsProcessType, &low) == STATUS_SUCCESS);
  CHECK(Watch(L"1000.5", (PVOID) "h", PsProcessType, &high) == STATUS_SUCCESS);
  CHECK(Watch(L"1000", (PVOID) "x", PsProcessType, &none) == (NTSTATUS)0xC01C0011);
  CHECK(Watch(L"7", (PVOID) "x", IoFileObjectType, &none) == STATUS_INVALID_PARAMETER);
  CHECK(Watch(L"x", (PVOID) "x", PsProcessType, &none) == STATUS_INVALID_PARAMETER);
  CHECK(ObOpenObjectByPointer(PsInitialSystemProcess, OBJ_KERNEL_HANDLE, NULL, 0x403,
                              *PsProcessType, KernelMode, &handle) == STATUS_SUCCESS);
  CHECK(OrderCount == 4 && !memcmp(Order, "hllh", 4) && Granted == 0x402);
  CHECK(ObReferenceObjectByHandle(handle, 0, *PsProcessType, KernelMode, &body, &information) ==
        STATUS_SUCCESS);
  CHECK(information.GrantedAccess == 0x402);
  ObDereferenceObject(body);
  ZwClose(handle);
  ObUnRegisterCallbacks(low);
  ObUnRegisterCallbacks(high);
  CHECK(ObOpenObjectByPointer(PsInitialSystemProcess, OBJ_KERNEL_HANDLE, NULL, 3, *PsProcessType,
                              KernelMode, &handle) == STATUS_SUCCESS);
  ZwClose(handle);
  CHECK(OrderCount == 4);
}

static void Identifiers(void) {
  GUID a, b;
  CHECK(ExUuidCreate(&a) == STATUS_SUCCESS && ExUuidCreate(&b) == STATUS_SUCCESS);
  CHECK(memcmp(&a, &b, sizeof a) != 0 && a.Data3 >> 12 == 4 && a.Data4[0] >> 6 == 2);
}

static VOID Unload(PDRIVER_OBJECT driver) { UNREFERENCED_PARAMETER(driver); }

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path) {
  UNREFERENCED_PARAMETER(path);
  driver->DriverUnload = Unload;
  Callbacks();
  Waiting();
  Events();
  Names();
  Memory();
  Handles();
  Identifiers();
  DbgPrint("%d failures\n", failures);
  return STATUS_SUCCESS;
}
