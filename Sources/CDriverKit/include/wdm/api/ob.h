// Objects, processes, security, registry callbacks, power.
#ifndef R3_WDM_API_OB_H
#define R3_WDM_API_OB_H

#include "io.h"
#ifndef R3_HOST

R3_BEGIN

// MARK: Objects

NTKERNELAPI NTSTATUS NTAPI ObReferenceObjectByHandle(HANDLE handle, ACCESS_MASK access,
                                                     POBJECT_TYPE type, KPROCESSOR_MODE mode,
                                                     PVOID *object,
                                                     POBJECT_HANDLE_INFORMATION information);
NTKERNELAPI NTSTATUS NTAPI ObReferenceObjectByHandleWithTag(
    HANDLE handle, ACCESS_MASK access, POBJECT_TYPE type, KPROCESSOR_MODE mode, ULONG tag,
    PVOID *object, POBJECT_HANDLE_INFORMATION information);
NTKERNELAPI NTSTATUS NTAPI ObReferenceObjectByPointer(PVOID object, ACCESS_MASK access,
                                                      POBJECT_TYPE type, KPROCESSOR_MODE mode);
NTKERNELAPI NTSTATUS NTAPI ObReferenceObjectByPointerWithTag(PVOID object, ACCESS_MASK access,
                                                             POBJECT_TYPE type,
                                                             KPROCESSOR_MODE mode, ULONG tag);
NTKERNELAPI BOOLEAN NTAPI ObReferenceObjectSafe(PVOID object);
NTKERNELAPI LONG_PTR NTAPI ObfReferenceObject(PVOID object);
NTKERNELAPI LONG_PTR NTAPI ObfReferenceObjectWithTag(PVOID object, ULONG tag);
NTKERNELAPI LONG_PTR NTAPI ObfDereferenceObject(PVOID object);
NTKERNELAPI LONG_PTR NTAPI ObfDereferenceObjectWithTag(PVOID object, ULONG tag);
NTKERNELAPI void NTAPI ObDereferenceObjectDeferDelete(PVOID object);
NTKERNELAPI void NTAPI ObDereferenceObjectDeferDeleteWithTag(PVOID object, ULONG tag);
NTKERNELAPI NTSTATUS NTAPI ObOpenObjectByPointer(PVOID object, ULONG attributes,
                                                 PACCESS_STATE state, ACCESS_MASK access,
                                                 POBJECT_TYPE type, KPROCESSOR_MODE mode,
                                                 PHANDLE handle);
NTKERNELAPI NTSTATUS NTAPI ObCloseHandle(HANDLE handle, KPROCESSOR_MODE mode);
NTKERNELAPI NTSTATUS NTAPI ObGetObjectSecurity(PVOID object, PSECURITY_DESCRIPTOR *descriptor,
                                               PBOOLEAN allocated);
NTKERNELAPI void NTAPI ObReleaseObjectSecurity(PSECURITY_DESCRIPTOR descriptor,
                                               BOOLEAN allocated);
NTKERNELAPI NTSTATUS NTAPI ObQueryNameString(PVOID object, POBJECT_NAME_INFORMATION information,
                                             ULONG length, PULONG resultLength);
NTKERNELAPI NTSTATUS NTAPI ObRegisterCallbacks(POB_CALLBACK_REGISTRATION registration,
                                               PVOID *handle);
NTKERNELAPI void NTAPI ObUnRegisterCallbacks(PVOID handle);
NTKERNELAPI USHORT NTAPI ObGetFilterVersion(void);
#define ObDereferenceObject(Object) ObfDereferenceObject(Object)
#define ObReferenceObject(Object) ObfReferenceObject(Object)
#define ObDereferenceObjectWithTag(Object, Tag) ObfDereferenceObjectWithTag((Object), (Tag))
#define ObReferenceObjectWithTag(Object, Tag) ObfReferenceObjectWithTag((Object), (Tag))

// MARK: Processes and threads

NTKERNELAPI NTSTATUS NTAPI PsCreateSystemThread(PHANDLE thread, ULONG access,
                                                POBJECT_ATTRIBUTES attributes, HANDLE process,
                                                PCLIENT_ID client, PKSTART_ROUTINE routine,
                                                PVOID context);
NTKERNELAPI NTSTATUS NTAPI PsTerminateSystemThread(NTSTATUS status);
NTKERNELAPI NTSTATUS NTAPI PsWrapApcWow64Thread(PVOID *context, PVOID *routine);
NTKERNELAPI BOOLEAN NTAPI PsGetVersion(PULONG major, PULONG minor, PULONG build,
                                       PUNICODE_STRING text);
#define PsGetCurrentProcess IoGetCurrentProcess
#define PsGetCurrentThread() ((PETHREAD)KeGetCurrentThread())
extern NTKERNELAPI PEPROCESS PsInitialSystemProcess;

// MARK: Security

NTKERNELAPI BOOLEAN NTAPI SeAccessCheck(PSECURITY_DESCRIPTOR descriptor,
                                        PSECURITY_SUBJECT_CONTEXT subject, BOOLEAN locked,
                                        ACCESS_MASK desired, ACCESS_MASK granted,
                                        PPRIVILEGE_SET *privileges, PGENERIC_MAPPING mapping,
                                        KPROCESSOR_MODE mode, PACCESS_MASK result,
                                        PNTSTATUS status);
NTKERNELAPI BOOLEAN NTAPI SeSinglePrivilegeCheck(LUID privilege, KPROCESSOR_MODE mode);
NTKERNELAPI void NTAPI SeCaptureSubjectContext(PSECURITY_SUBJECT_CONTEXT subject);
NTKERNELAPI void NTAPI SeLockSubjectContext(PSECURITY_SUBJECT_CONTEXT subject);
NTKERNELAPI void NTAPI SeUnlockSubjectContext(PSECURITY_SUBJECT_CONTEXT subject);
NTKERNELAPI void NTAPI SeReleaseSubjectContext(PSECURITY_SUBJECT_CONTEXT subject);
NTKERNELAPI NTSTATUS NTAPI SeAssignSecurity(PSECURITY_DESCRIPTOR parent,
                                            PSECURITY_DESCRIPTOR explicit_,
                                            PSECURITY_DESCRIPTOR *result, BOOLEAN directory,
                                            PSECURITY_SUBJECT_CONTEXT subject,
                                            PGENERIC_MAPPING mapping, POOL_TYPE type);
NTKERNELAPI NTSTATUS NTAPI SeDeassignSecurity(PSECURITY_DESCRIPTOR *descriptor);
NTKERNELAPI BOOLEAN NTAPI SeValidSecurityDescriptor(ULONG length,
                                                    PSECURITY_DESCRIPTOR descriptor);
#define SeStopImpersonatingClient() PsRevertToSelf()
#define SeLengthSid(Sid) (8 + (4 * ((SID *)(Sid))->SubAuthorityCount))

// MARK: The configuration manager

NTKERNELAPI NTSTATUS NTAPI CmRegisterCallback(PEX_CALLBACK_FUNCTION function, PVOID context,
                                              PLARGE_INTEGER cookie);
NTKERNELAPI NTSTATUS NTAPI CmRegisterCallbackEx(PEX_CALLBACK_FUNCTION function,
                                                PCUNICODE_STRING altitude, PVOID driver,
                                                PVOID context, PLARGE_INTEGER cookie,
                                                PVOID reserved);
NTKERNELAPI NTSTATUS NTAPI CmUnRegisterCallback(LARGE_INTEGER cookie);
NTKERNELAPI NTSTATUS NTAPI CmCallbackGetKeyObjectID(PLARGE_INTEGER cookie, PVOID object,
                                                    PULONG_PTR identifier,
                                                    PCUNICODE_STRING *name);
NTKERNELAPI NTSTATUS NTAPI CmCallbackGetKeyObjectIDEx(PLARGE_INTEGER cookie, PVOID object,
                                                      PULONG_PTR identifier,
                                                      PCUNICODE_STRING *name, ULONG flags);
NTKERNELAPI void NTAPI CmCallbackReleaseKeyObjectIDEx(PCUNICODE_STRING name);
NTKERNELAPI NTSTATUS NTAPI CmSetCallbackObjectContext(PVOID object, PLARGE_INTEGER cookie,
                                                      PVOID context, PVOID *old);
NTKERNELAPI void NTAPI CmGetCallbackVersion(PULONG major, PULONG minor);

// MARK: Power

NTKERNELAPI NTSTATUS NTAPI PoCallDriver(PDEVICE_OBJECT device, PIRP irp);
NTKERNELAPI void NTAPI PoStartNextPowerIrp(PIRP irp);
NTKERNELAPI POWER_STATE NTAPI PoSetPowerState(PDEVICE_OBJECT device, POWER_STATE_TYPE type,
                                              POWER_STATE state);
NTKERNELAPI NTSTATUS NTAPI PoRequestPowerIrp(PDEVICE_OBJECT device, UCHAR minor,
                                             POWER_STATE state, PREQUEST_POWER_COMPLETE complete,
                                             PVOID context, PIRP *irp);
NTKERNELAPI void NTAPI PoSetSystemState(ULONG flags);
NTKERNELAPI PVOID NTAPI PoRegisterSystemState(PVOID handle, ULONG flags);
NTKERNELAPI void NTAPI PoUnregisterSystemState(PVOID handle);
NTKERNELAPI PULONG NTAPI PoRegisterDeviceForIdleDetection(PDEVICE_OBJECT device,
                                                          ULONG conservation, ULONG performance,
                                                          DEVICE_POWER_STATE state);
NTKERNELAPI NTSTATUS NTAPI PoRegisterPowerSettingCallback(PDEVICE_OBJECT device,
                                                          const GUID *setting,
                                                          PPOWER_SETTING_CALLBACK callback,
                                                          PVOID context, PVOID *handle);
NTKERNELAPI NTSTATUS NTAPI PoUnregisterPowerSettingCallback(PVOID handle);
NTKERNELAPI BOOLEAN NTAPI PoGetSystemWake(PIRP irp);
NTKERNELAPI void NTAPI PoSetSystemWake(PIRP irp);
NTKERNELAPI NTSTATUS NTAPI PoQueryWatchdogTime(PDEVICE_OBJECT device, PULONG seconds);
#define PoSetDeviceBusy(Counter) (*(Counter) = 0)
NTKERNELAPI void NTAPI PoSetDeviceBusyEx(PULONG counter);

R3_END

#endif
#endif
