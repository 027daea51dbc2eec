// Locks, collections and strings of the framework.
#include "wdf-scenario.h"

static LONG cleaned, destroyed;
static KEVENT tried;
static NTSTATUS otherStatus;
static WDFWAITLOCK waitLock;

static void EvtCleanup(WDFOBJECT Object) {
  UNREFERENCED_PARAMETER(Object);
  cleaned++;
}

static void EvtDestroy(WDFOBJECT Object) {
  UNREFERENCED_PARAMETER(Object);
  destroyed++;
}

static void EvtSaysGoodbye(WDFOBJECT Object) {
  UNREFERENCED_PARAMETER(Object);
  DbgPrint("cleaned\n");
}

static void Spinning(WDFDEVICE Device) {
  WDF_OBJECT_ATTRIBUTES attributes;
  WDFSPINLOCK lock, other;
  KIRQL old;
  WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
  attributes.ParentObject = Device;
  CHECK(WdfSpinLockCreate(&attributes, &lock) == STATUS_SUCCESS);
  CHECK(WdfSpinLockCreate(WDF_NO_OBJECT_ATTRIBUTES, &other) == STATUS_SUCCESS);
  WdfSpinLockAcquire(lock);
  CHECK(KeGetCurrentIrql() == DISPATCH_LEVEL);
  WdfSpinLockAcquire(other);
  WdfSpinLockRelease(other);
  CHECK(KeGetCurrentIrql() == DISPATCH_LEVEL);
  WdfSpinLockRelease(lock);
  CHECK(KeGetCurrentIrql() == PASSIVE_LEVEL);
  KeRaiseIrql(DISPATCH_LEVEL, &old);
  WdfSpinLockAcquire(lock);
  WdfSpinLockRelease(lock);
  CHECK(KeGetCurrentIrql() == DISPATCH_LEVEL);
  KeLowerIrql(old);
}

static void TryFromElsewhere(PVOID Context) {
  LONGLONG none = 0;
  UNREFERENCED_PARAMETER(Context);
  otherStatus = WdfWaitLockAcquire(waitLock, &none);
  if (otherStatus == STATUS_SUCCESS) WdfWaitLockRelease(waitLock);
  KeSetEvent(&tried, 0, FALSE);
}

static NTSTATUS TryInThread(void) {
  HANDLE thread;
  KeInitializeEvent(&tried, NotificationEvent, FALSE);
  CHECK(PsCreateSystemThread(&thread, THREAD_ALL_ACCESS, NULL, NULL, NULL, TryFromElsewhere,
                             NULL) == STATUS_SUCCESS);
  KeWaitForSingleObject(&tried, Executive, KernelMode, FALSE, NULL);
  ZwClose(thread);
  return otherStatus;
}

static void Waiting(void) {
  LONGLONG none = 0, past = 1;
  KIRQL old;
  CHECK(WdfWaitLockCreate(WDF_NO_OBJECT_ATTRIBUTES, &waitLock) == STATUS_SUCCESS);
  CHECK(TryInThread() == STATUS_SUCCESS);
  CHECK(WdfWaitLockAcquire(waitLock, NULL) == STATUS_SUCCESS);
  CHECK(KeGetCurrentIrql() == PASSIVE_LEVEL && KeAreApcsDisabled());
  CHECK(TryInThread() == STATUS_TIMEOUT);
  // The owner itself does not get it again; a timeout says so.
  CHECK(WdfWaitLockAcquire(waitLock, &none) == STATUS_TIMEOUT);
  CHECK(WdfWaitLockAcquire(waitLock, &past) == STATUS_TIMEOUT);
  WdfWaitLockRelease(waitLock);
  CHECK(!KeAreApcsDisabled());
  CHECK(TryInThread() == STATUS_SUCCESS);
  KeRaiseIrql(DISPATCH_LEVEL, &old);
  CHECK(WdfWaitLockAcquire(waitLock, NULL) == STATUS_INVALID_DEVICE_REQUEST);
  CHECK(WdfWaitLockAcquire(waitLock, &past) == STATUS_INVALID_DEVICE_REQUEST);
  KeLowerIrql(old);
}

static WDFOBJECT MakeItem(void) {
  WDF_OBJECT_ATTRIBUTES attributes;
  WDFOBJECT object = NULL;
  WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
  attributes.EvtCleanupCallback = EvtCleanup;
  attributes.EvtDestroyCallback = EvtDestroy;
  CHECK(WdfObjectCreate(&attributes, &object) == STATUS_SUCCESS);
  return object;
}

static void Collecting(void) {
  WDFCOLLECTION collection;
  WDFOBJECT items[3];
  int i;
  cleaned = destroyed = 0;
  CHECK(WdfCollectionCreate(WDF_NO_OBJECT_ATTRIBUTES, &collection) == STATUS_SUCCESS);
  CHECK(WdfCollectionGetCount(collection) == 0);
  CHECK(WdfCollectionGetFirstItem(collection) == NULL);
  CHECK(WdfCollectionGetLastItem(collection) == NULL);
  CHECK(WdfCollectionGetItem(collection, 0) == NULL);
  for (i = 0; i < 3; i++) {
    items[i] = MakeItem();
    CHECK(WdfCollectionAdd(collection, items[i]) == STATUS_SUCCESS);
  }
  CHECK(WdfCollectionAdd(collection, items[0]) == STATUS_SUCCESS);
  CHECK(WdfCollectionGetCount(collection) == 4);
  CHECK(WdfCollectionGetFirstItem(collection) == items[0]);
  CHECK(WdfCollectionGetItem(collection, 1) == items[1]);
  CHECK(WdfCollectionGetLastItem(collection) == items[0]);
  CHECK(WdfCollectionGetItem(collection, 4) == NULL);
  // The first of two places.
  WdfCollectionRemove(collection, items[0]);
  CHECK(WdfCollectionGetFirstItem(collection) == items[1]);
  CHECK(WdfCollectionGetCount(collection) == 3);
  // Deleted, and kept by the collection's reference.
  WdfObjectDelete(items[1]);
  CHECK(cleaned == 1 && destroyed == 0);
  WdfCollectionRemoveItem(collection, 0);
  CHECK(destroyed == 1);
  CHECK(WdfCollectionGetFirstItem(collection) == items[2]);
  // Neither of these is there.
  WdfCollectionRemoveItem(collection, 7);
  WdfCollectionRemove(collection, collection);
  CHECK(WdfCollectionGetCount(collection) == 2);
  WdfObjectDelete(items[2]);
  CHECK(cleaned == 2 && destroyed == 1);
  WdfObjectDelete(collection);
  CHECK(destroyed == 2 && cleaned == 2);
  WdfObjectDelete(items[0]);
  CHECK(destroyed == 3);
}

static void Strings(void) {
  DECLARE_CONST_UNICODE_STRING(text, L"hello");
  UNICODE_STRING odd = text, read;
  WDFSTRING string;
  KIRQL old;
  CHECK(WdfStringCreate(&text, WDF_NO_OBJECT_ATTRIBUTES, &string) == STATUS_SUCCESS);
  WdfStringGetUnicodeString(string, &read);
  CHECK(read.Length == 10 && read.MaximumLength == 12);
  CHECK(read.Buffer != text.Buffer && read.Buffer[0] == L'h' && read.Buffer[5] == 0);
  WdfObjectDelete(string);
  CHECK(WdfStringCreate(NULL, WDF_NO_OBJECT_ATTRIBUTES, &string) == STATUS_SUCCESS);
  WdfStringGetUnicodeString(string, &read);
  CHECK(read.Length == 0 && read.MaximumLength == 0 && read.Buffer == NULL);
  odd.Length = 9;
  CHECK(WdfStringCreate(&odd, WDF_NO_OBJECT_ATTRIBUTES, &string) == STATUS_INVALID_PARAMETER);
  CHECK(string == NULL);
  odd.Length = 20;
  CHECK(WdfStringCreate(&odd, WDF_NO_OBJECT_ATTRIBUTES, &string) == STATUS_INVALID_PARAMETER);
  KeRaiseIrql(DISPATCH_LEVEL, &old);
  CHECK(WdfStringCreate(&text, WDF_NO_OBJECT_ATTRIBUTES, &string) ==
        STATUS_INVALID_DEVICE_REQUEST);
  KeLowerIrql(old);
}

/// Without a parent these belong to the driver: they outlive a device, and go with the driver.
static void DefaultParents(void) {
  WDF_OBJECT_ATTRIBUTES attributes;
  WDFDEVICE device;
  WDFCOLLECTION collection;
  WDFSPINLOCK spinLock;
  WDFWAITLOCK lock;
  WDFSTRING string;
  WDF_OBJECT_ATTRIBUTES_INIT(&attributes);
  attributes.EvtCleanupCallback = EvtSaysGoodbye;
  CHECK(MakeControlDevice(NULL, WDF_NO_OBJECT_ATTRIBUTES, &device) == STATUS_SUCCESS);
  CHECK(WdfCollectionCreate(&attributes, &collection) == STATUS_SUCCESS);
  CHECK(WdfSpinLockCreate(&attributes, &spinLock) == STATUS_SUCCESS);
  CHECK(WdfWaitLockCreate(&attributes, &lock) == STATUS_SUCCESS);
  CHECK(WdfStringCreate(NULL, &attributes, &string) == STATUS_SUCCESS);
  WdfObjectDelete(device);
  CHECK(WdfCollectionGetCount(collection) == 0);
}

static void Run(PSCENARIO_CALL Scenario) {
  WDFSPINLOCK spinLock;
  switch (Scenario->Number) {
    case 0: Spinning(Scenario->Device); break;
    case 1: Waiting(); break;
    case 2: Collecting(); break;
    case 3: Strings(); break;
    case 4: DefaultParents(); break;
    case 10:
      WdfSpinLockCreate(WDF_NO_OBJECT_ATTRIBUTES, &spinLock);
      WdfSpinLockAcquire(spinLock);
      WdfSpinLockAcquire(spinLock);
      break;
    case 11:
      WdfSpinLockCreate(WDF_NO_OBJECT_ATTRIBUTES, &spinLock);
      WdfSpinLockRelease(spinLock);
      break;
    case 12:
      WdfWaitLockCreate(WDF_NO_OBJECT_ATTRIBUTES, &waitLock);
      WdfWaitLockAcquire(waitLock, NULL);
      WdfWaitLockAcquire(waitLock, NULL);
      break;
    case 13:
      WdfWaitLockCreate(WDF_NO_OBJECT_ATTRIBUTES, &waitLock);
      WdfWaitLockRelease(waitLock);
      break;
  }
}

SCENARIO_RUN(L"Scenarios", Run)
