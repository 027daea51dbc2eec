// Asks who its callers are and what they may. A check that fails prints its line.
#include <ntifs.h>

static int failures;
#define CHECK(Condition)                               \
  do {                                                 \
    if (!(Condition)) {                                \
      failures++;                                      \
      DbgPrint("line %d: %s\n", __LINE__, #Condition); \
    }                                                  \
  } while (0)

static UNICODE_STRING DeviceName = RTL_CONSTANT_STRING(L"\\Device\\Security");
static UNICODE_STRING LinkName = RTL_CONSTANT_STRING(L"\\??\\Security");

static LUID Privilege(LONG number) {
  LUID luid = {(ULONG)number, 0};
  return luid;
}

static void System(void) {
  SECURITY_SUBJECT_CONTEXT subject;
  PACCESS_TOKEN token, again;
  PTOKEN_USER user;
  HANDLE handle;
  ULONG level = 0, needed = 0;
  SeCaptureSubjectContext(&subject);
  token = SeQuerySubjectContextToken(&subject);
  again = PsReferencePrimaryToken(PsInitialSystemProcess);
  CHECK(token == again && subject.ClientToken == NULL);
  CHECK(SeTokenIsAdmin(token) && SeTokenType(token) == TokenPrimary && !SeTokenIsRestricted(token));
  CHECK(ObOpenObjectByPointer(token, OBJ_KERNEL_HANDLE, NULL, TOKEN_QUERY, *SeTokenObjectType,
                              KernelMode, &handle) == STATUS_SUCCESS);
  CHECK(ZwQueryInformationToken(handle, TokenUser, NULL, 0, &needed) == STATUS_BUFFER_TOO_SMALL);
  CHECK(needed == sizeof(SID_AND_ATTRIBUTES) + 12);
  ZwClose(handle);
  CHECK(SeQueryInformationToken(token, TokenUser, (PVOID *)&user) == STATUS_SUCCESS);
  CHECK(RtlValidSid(user->User.Sid) &&
        *RtlSubAuthoritySid(user->User.Sid, 0) == SECURITY_LOCAL_SYSTEM_RID);
  ExFreePool(user);
  CHECK(SeQueryInformationToken(token, TokenIntegrityLevel, (PVOID *)&level) == STATUS_SUCCESS);
  CHECK(level == 0x4000);
  PsDereferencePrimaryToken(again);
  SeReleaseSubjectContext(&subject);
  CHECK(subject.PrimaryToken == NULL);
  CHECK(SeSinglePrivilegeCheck(Privilege(SE_TCB_PRIVILEGE), UserMode));
}

// Bit 0: administrator. 1: may load drivers. 2: gets all by a list for administrators.
// 3: gets to read by it. 4: is denied to write by it.
static ULONG Caller(void) {
  SECURITY_SUBJECT_CONTEXT subject;
  SECURITY_DESCRIPTOR descriptor;
  UCHAR buffer[256];
  UCHAR everyone[12], administrators[16];
  SID_IDENTIFIER_AUTHORITY world = {{0, 0, 0, 0, 0, 1}}, nt = {{0, 0, 0, 0, 0, 5}};
  PGENERIC_MAPPING mapping = IoGetFileObjectGenericMapping();
  ACCESS_MASK granted;
  NTSTATUS status;
  ULONG answer = 0;
  RtlInitializeSid(everyone, &world, 1);
  *RtlSubAuthoritySid(everyone, 0) = SECURITY_WORLD_RID;
  RtlInitializeSid(administrators, &nt, 2);
  *RtlSubAuthoritySid(administrators, 0) = SECURITY_BUILTIN_DOMAIN_RID;
  *RtlSubAuthoritySid(administrators, 1) = DOMAIN_ALIAS_RID_ADMINS;
  RtlCreateAcl((PACL)buffer, sizeof buffer, ACL_REVISION);
  RtlAddAccessAllowedAce((PACL)buffer, ACL_REVISION, GENERIC_ALL, administrators);
  RtlAddAccessAllowedAce((PACL)buffer, ACL_REVISION, GENERIC_READ, everyone);
  RtlCreateSecurityDescriptor(&descriptor, SECURITY_DESCRIPTOR_REVISION);
  RtlSetDaclSecurityDescriptor(&descriptor, TRUE, (PACL)buffer, FALSE);

  SeCaptureSubjectContext(&subject);
  SeLockSubjectContext(&subject);
  if (SeTokenIsAdmin(SeQuerySubjectContextToken(&subject))) answer |= 1;
  if (SeSinglePrivilegeCheck(Privilege(SE_LOAD_DRIVER_PRIVILEGE), UserMode)) answer |= 2;
  if (SeAccessCheck(&descriptor, &subject, TRUE, MAXIMUM_ALLOWED, 0, NULL, mapping, UserMode,
                    &granted, &status) &&
      granted == mapping->GenericAll) {
    answer |= 4;
  }
  if (SeAccessCheck(&descriptor, &subject, TRUE, GENERIC_READ, 0, NULL, mapping, UserMode,
                    &granted, &status) &&
      granted == mapping->GenericRead && status == STATUS_SUCCESS) {
    answer |= 8;
  }
  if (!SeAccessCheck(&descriptor, &subject, TRUE, GENERIC_WRITE, 0, NULL, mapping, UserMode,
                     &granted, &status) &&
      granted == 0 && status == STATUS_ACCESS_DENIED) {
    answer |= 16;
  }
  // The kernel is not asked, and nobody gets in without a descriptor.
  CHECK(SeAccessCheck(&descriptor, &subject, TRUE, GENERIC_WRITE, 0, NULL, mapping, KernelMode,
                      &granted, &status) && granted == mapping->GenericWrite);
  CHECK(!SeAccessCheck(NULL, &subject, TRUE, GENERIC_READ, 0, NULL, mapping, UserMode, &granted,
                       &status));
  SeUnlockSubjectContext(&subject);
  SeReleaseSubjectContext(&subject);
  return answer;
}

static NTSTATUS Dispatch(PDEVICE_OBJECT device, PIRP irp) {
  PIO_STACK_LOCATION location = IoGetCurrentIrpStackLocation(irp);
  UNREFERENCED_PARAMETER(device);
  irp->IoStatus.Status = STATUS_SUCCESS;
  irp->IoStatus.Information = 0;
  if (location->MajorFunction == IRP_MJ_DEVICE_CONTROL) {
    *(ULONG *)irp->AssociatedIrp.SystemBuffer = Caller();
    irp->IoStatus.Information = sizeof(ULONG);
  }
  IoCompleteRequest(irp, IO_NO_INCREMENT);
  return STATUS_SUCCESS;
}

static VOID Unload(PDRIVER_OBJECT driver) {
  IoDeleteSymbolicLink(&LinkName);
  IoDeleteDevice(driver->DeviceObject);
  DbgPrint("%d failures\n", failures);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING path) {
  PDEVICE_OBJECT device;
  UNREFERENCED_PARAMETER(path);
  System();
  driver->DriverUnload = Unload;
  driver->MajorFunction[IRP_MJ_CREATE] = Dispatch;
  driver->MajorFunction[IRP_MJ_CLOSE] = Dispatch;
  driver->MajorFunction[IRP_MJ_DEVICE_CONTROL] = Dispatch;
  NTSTATUS status =
      IoCreateDevice(driver, 0, &DeviceName, FILE_DEVICE_UNKNOWN, 0, FALSE, &device);
  if (!NT_SUCCESS(status)) return status;
  return IoCreateSymbolicLink(&LinkName, &DeviceName);
}
