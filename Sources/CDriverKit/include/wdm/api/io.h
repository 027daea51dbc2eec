// The I/O manager: devices, requests, completion, cancellation, work items, Plug and Play.
#ifndef R3_WDM_API_IO_H
#define R3_WDM_API_IO_H

#include "../csq.h"
#include "../dma.h"
#include "../fastio.h"
#include "mm.h"
#ifndef R3_HOST

R3_BEGIN

// MARK: Stack locations

#define IoSizeOfIrp(StackSize) \
  ((USHORT)(sizeof(IRP) + ((StackSize) * (sizeof(IO_STACK_LOCATION)))))

FORCEINLINE PIO_STACK_LOCATION IoGetCurrentIrpStackLocation(PIRP irp) {
  return irp->Tail.Overlay.CurrentStackLocation;
}
FORCEINLINE PIO_STACK_LOCATION IoGetNextIrpStackLocation(PIRP irp) {
  return irp->Tail.Overlay.CurrentStackLocation - 1;
}
FORCEINLINE void IoSkipCurrentIrpStackLocation(PIRP irp) {
  irp->CurrentLocation++;
  irp->Tail.Overlay.CurrentStackLocation++;
}
FORCEINLINE void IoSetNextIrpStackLocation(PIRP irp) {
  irp->CurrentLocation--;
  irp->Tail.Overlay.CurrentStackLocation--;
}
FORCEINLINE void IoCopyCurrentIrpStackLocationToNext(PIRP irp) {
  PIO_STACK_LOCATION current = IoGetCurrentIrpStackLocation(irp);
  PIO_STACK_LOCATION next = IoGetNextIrpStackLocation(irp);
  memcpy(next, current, __builtin_offsetof(IO_STACK_LOCATION, CompletionRoutine));
  next->Control = 0;
}
FORCEINLINE void IoMarkIrpPending(PIRP irp) {
  IoGetCurrentIrpStackLocation(irp)->Control |= SL_PENDING_RETURNED;
}
FORCEINLINE void IoSetCompletionRoutine(PIRP irp, PIO_COMPLETION_ROUTINE routine, PVOID context,
                                        BOOLEAN onSuccess, BOOLEAN onError, BOOLEAN onCancel) {
  PIO_STACK_LOCATION next = IoGetNextIrpStackLocation(irp);
  next->CompletionRoutine = routine;
  next->Context = context;
  next->Control = 0;
  if (onSuccess) next->Control = SL_INVOKE_ON_SUCCESS;
  if (onError) next->Control |= SL_INVOKE_ON_ERROR;
  if (onCancel) next->Control |= SL_INVOKE_ON_CANCEL;
}
#define IoRetardIrpStackLocation(Irp) IoSkipCurrentIrpStackLocation(Irp)
#define IoIsErrorUserInduced(Status)                                                           \
  ((BOOLEAN)(((Status) == STATUS_DEVICE_NOT_READY) || ((Status) == STATUS_IO_TIMEOUT) ||       \
             ((Status) == STATUS_MEDIA_WRITE_PROTECTED) ||                                     \
             ((Status) == STATUS_NO_MEDIA_IN_DEVICE) || ((Status) == STATUS_VERIFY_REQUIRED) || \
             ((Status) == STATUS_UNRECOGNIZED_MEDIA) || ((Status) == STATUS_WRONG_VOLUME)))

// MARK: Requests

NTKERNELAPI PIRP NTAPI IoAllocateIrp(CCHAR stackSize, BOOLEAN chargeQuota);
NTKERNELAPI PIRP NTAPI IoAllocateIrpEx(PDEVICE_OBJECT device, CCHAR stackSize,
                                       BOOLEAN chargeQuota);
NTKERNELAPI void NTAPI IoFreeIrp(PIRP irp);
NTKERNELAPI void NTAPI IoReuseIrp(PIRP irp, NTSTATUS status);
NTKERNELAPI void NTAPI IoInitializeIrp(PIRP irp, USHORT size, CCHAR stackSize);
NTKERNELAPI PIRP NTAPI IoMakeAssociatedIrp(PIRP irp, CCHAR stackSize);
NTKERNELAPI PIRP NTAPI IoBuildDeviceIoControlRequest(ULONG code, PDEVICE_OBJECT device,
                                                     PVOID input, ULONG inputLength, PVOID output,
                                                     ULONG outputLength, BOOLEAN internal,
                                                     PKEVENT event, PIO_STATUS_BLOCK status);
NTKERNELAPI PIRP NTAPI IoBuildSynchronousFsdRequest(ULONG function, PDEVICE_OBJECT device,
                                                    PVOID buffer, ULONG length,
                                                    PLARGE_INTEGER offset, PKEVENT event,
                                                    PIO_STATUS_BLOCK status);
NTKERNELAPI PIRP NTAPI IoBuildAsynchronousFsdRequest(ULONG function, PDEVICE_OBJECT device,
                                                     PVOID buffer, ULONG length,
                                                     PLARGE_INTEGER offset,
                                                     PIO_STATUS_BLOCK status);
NTKERNELAPI NTSTATUS NTAPI IofCallDriver(PDEVICE_OBJECT device, PIRP irp);
NTKERNELAPI void NTAPI IofCompleteRequest(PIRP irp, CCHAR boost);
#define IoCallDriver(Device, Irp) IofCallDriver((Device), (Irp))
#define IoCompleteRequest(Irp, Boost) IofCompleteRequest((Irp), (Boost))
NTKERNELAPI BOOLEAN NTAPI IoForwardIrpSynchronously(PDEVICE_OBJECT device, PIRP irp);
#define IoForwardAndCatchIrp IoForwardIrpSynchronously
NTKERNELAPI NTSTATUS NTAPI IoSetCompletionRoutineEx(PDEVICE_OBJECT device, PIRP irp,
                                                    PIO_COMPLETION_ROUTINE routine, PVOID context,
                                                    BOOLEAN onSuccess, BOOLEAN onError,
                                                    BOOLEAN onCancel);
NTKERNELAPI BOOLEAN NTAPI IoCancelIrp(PIRP irp);
NTKERNELAPI void NTAPI IoAcquireCancelSpinLock(PKIRQL level);
NTKERNELAPI void NTAPI IoReleaseCancelSpinLock(KIRQL level);
#define IoSetCancelRoutine(Irp, Routine)                             \
  ((PDRIVER_CANCEL)(ULONG_PTR)InterlockedExchangePointer(            \
      (PVOID *)&(Irp)->CancelRoutine, (PVOID)(ULONG_PTR)(Routine)))
NTKERNELAPI PDEVICE_OBJECT NTAPI IoGetRelatedDeviceObject(PFILE_OBJECT file);
NTKERNELAPI IO_PRIORITY_HINT NTAPI IoGetIoPriorityHint(PIRP irp);
NTKERNELAPI NTSTATUS NTAPI IoRetrievePriorityInfo(PIRP irp, PFILE_OBJECT file, PETHREAD thread,
                                                  PIO_PRIORITY_INFO information);
FORCEINLINE void IoInitializePriorityInfo(PIO_PRIORITY_INFO information) {
  information->Size = sizeof(IO_PRIORITY_INFO);
  information->ThreadPriority = 0xffff;
  information->IoPriority = IoPriorityNormal;
  information->PagePriority = 0;
}
NTKERNELAPI NTSTATUS NTAPI IoSetIoPriorityHint(PIRP irp, IO_PRIORITY_HINT hint);
NTKERNELAPI BOOLEAN NTAPI IoIs32bitProcess(PIRP irp);
NTKERNELAPI void NTAPI IoStartPacket(PDEVICE_OBJECT device, PIRP irp, PULONG key,
                                     PDRIVER_CANCEL cancel);
NTKERNELAPI void NTAPI IoStartNextPacket(PDEVICE_OBJECT device, BOOLEAN cancelable);
NTKERNELAPI void NTAPI IoStartNextPacketByKey(PDEVICE_OBJECT device, BOOLEAN cancelable,
                                              ULONG key);
NTKERNELAPI void NTAPI IoSetStartIoAttributes(PDEVICE_OBJECT device, BOOLEAN deferred,
                                              BOOLEAN nonCancelable);

// MARK: Descriptors

NTKERNELAPI PMDL NTAPI IoAllocateMdl(PVOID address, ULONG length, BOOLEAN secondary,
                                     BOOLEAN chargeQuota, PIRP irp);
NTKERNELAPI void NTAPI IoFreeMdl(PMDL mdl);
NTKERNELAPI void NTAPI IoBuildPartialMdl(PMDL source, PMDL target, PVOID address, ULONG length);

// MARK: Devices and drivers

NTKERNELAPI NTSTATUS NTAPI IoCreateDevice(PDRIVER_OBJECT driver, ULONG extensionSize,
                                          PUNICODE_STRING name, DEVICE_TYPE type,
                                          ULONG characteristics, BOOLEAN exclusive,
                                          PDEVICE_OBJECT *device);
NTKERNELAPI void NTAPI IoDeleteDevice(PDEVICE_OBJECT device);
NTKERNELAPI NTSTATUS NTAPI IoCreateSymbolicLink(PUNICODE_STRING link, PUNICODE_STRING device);
NTKERNELAPI NTSTATUS NTAPI IoCreateUnprotectedSymbolicLink(PUNICODE_STRING link,
                                                           PUNICODE_STRING device);
NTKERNELAPI NTSTATUS NTAPI IoDeleteSymbolicLink(PUNICODE_STRING link);
NTKERNELAPI NTSTATUS NTAPI IoAttachDevice(PDEVICE_OBJECT source, PUNICODE_STRING target,
                                          PDEVICE_OBJECT *attached);
NTKERNELAPI PDEVICE_OBJECT NTAPI IoAttachDeviceToDeviceStack(PDEVICE_OBJECT source,
                                                             PDEVICE_OBJECT target);
NTKERNELAPI NTSTATUS NTAPI IoAttachDeviceToDeviceStackSafe(PDEVICE_OBJECT source,
                                                           PDEVICE_OBJECT target,
                                                           PDEVICE_OBJECT *attached);
NTKERNELAPI NTSTATUS NTAPI IoCreateSystemThread(PVOID object, PHANDLE thread, ULONG access,
                                                POBJECT_ATTRIBUTES attributes, HANDLE process,
                                                PCLIENT_ID client, PKSTART_ROUTINE routine,
                                                PVOID context);
NTKERNELAPI void NTAPI IoDetachDevice(PDEVICE_OBJECT target);
NTKERNELAPI PDEVICE_OBJECT NTAPI IoGetAttachedDevice(PDEVICE_OBJECT device);
NTKERNELAPI PDEVICE_OBJECT NTAPI IoGetAttachedDeviceReference(PDEVICE_OBJECT device);
NTKERNELAPI NTSTATUS NTAPI IoGetDeviceObjectPointer(PUNICODE_STRING name, ACCESS_MASK access,
                                                    PFILE_OBJECT *file, PDEVICE_OBJECT *device);
NTKERNELAPI NTSTATUS NTAPI IoAllocateDriverObjectExtension(PDRIVER_OBJECT driver, PVOID identifier,
                                                           ULONG size, PVOID *extension);
NTKERNELAPI PVOID NTAPI IoGetDriverObjectExtension(PDRIVER_OBJECT driver, PVOID identifier);
NTKERNELAPI NTSTATUS NTAPI IoRegisterShutdownNotification(PDEVICE_OBJECT device);
NTKERNELAPI NTSTATUS NTAPI IoRegisterLastChanceShutdownNotification(PDEVICE_OBJECT device);
NTKERNELAPI void NTAPI IoUnregisterShutdownNotification(PDEVICE_OBJECT device);
NTKERNELAPI void NTAPI IoRegisterDriverReinitialization(PDRIVER_OBJECT driver,
                                                        PDRIVER_REINITIALIZE routine,
                                                        PVOID context);
NTKERNELAPI void NTAPI IoRegisterBootDriverReinitialization(PDRIVER_OBJECT driver,
                                                            PDRIVER_REINITIALIZE routine,
                                                            PVOID context);
NTKERNELAPI BOOLEAN NTAPI IoIsWdmVersionAvailable(UCHAR major, UCHAR minor);
NTKERNELAPI NTSTATUS NTAPI IoCheckShareAccess(ACCESS_MASK access, ULONG share, PFILE_OBJECT file,
                                              PSHARE_ACCESS shares, BOOLEAN update);
NTKERNELAPI void NTAPI IoSetShareAccess(ACCESS_MASK access, ULONG share, PFILE_OBJECT file,
                                        PSHARE_ACCESS shares);
NTKERNELAPI void NTAPI IoUpdateShareAccess(PFILE_OBJECT file, PSHARE_ACCESS shares);
NTKERNELAPI void NTAPI IoRemoveShareAccess(PFILE_OBJECT file, PSHARE_ACCESS shares);
NTKERNELAPI NTSTATUS NTAPI IoCreateFile(PHANDLE handle, ACCESS_MASK access,
                                        POBJECT_ATTRIBUTES attributes, PIO_STATUS_BLOCK status,
                                        PLARGE_INTEGER allocation, ULONG fileAttributes,
                                        ULONG share, ULONG disposition, ULONG options, PVOID ea,
                                        ULONG eaLength, ULONG type, PVOID parameters,
                                        ULONG flags);
#define IO_FORCE_ACCESS_CHECK 0x0001
#define IO_NO_PARAMETER_CHECKING 0x0100
typedef enum _CREATE_FILE_TYPE {
  CreateFileTypeNone,
  CreateFileTypeNamedPipe,
  CreateFileTypeMailslot
} CREATE_FILE_TYPE;

// Not NTKERNELAPI: the symbol is the import itself, which holds the address of the variable.
extern POBJECT_TYPE *IoFileObjectType;
extern POBJECT_TYPE *ExEventObjectType;
extern POBJECT_TYPE *ExSemaphoreObjectType;
extern POBJECT_TYPE *PsProcessType;
extern POBJECT_TYPE *PsThreadType;
extern POBJECT_TYPE *SeTokenObjectType;
extern POBJECT_TYPE *CmKeyObjectType;

// MARK: Threads and stacks

NTKERNELAPI PEPROCESS NTAPI IoGetCurrentProcess(void);
NTKERNELAPI PVOID NTAPI IoGetInitialStack(void);
NTKERNELAPI void NTAPI IoGetStackLimits(PULONG_PTR low, PULONG_PTR high);
FORCEINLINE ULONG_PTR IoGetRemainingStackSize(void) {
  ULONG_PTR low, high;
  IoGetStackLimits(&low, &high);
  return (ULONG_PTR)&low - low;
}
NTKERNELAPI BOOLEAN NTAPI IoWithinStackLimits(ULONG_PTR start, SIZE_T size);
NTKERNELAPI BOOLEAN NTAPI IoSetThreadHardErrorMode(BOOLEAN enable);
NTKERNELAPI void NTAPI IoSetHardErrorOrVerifyDevice(PIRP irp, PDEVICE_OBJECT device);

// MARK: Work items, timers, deferred calls

NTKERNELAPI PIO_WORKITEM NTAPI IoAllocateWorkItem(PDEVICE_OBJECT device);
NTKERNELAPI void NTAPI IoFreeWorkItem(PIO_WORKITEM item);
NTKERNELAPI void NTAPI IoQueueWorkItem(PIO_WORKITEM item, PIO_WORKITEM_ROUTINE routine,
                                       WORK_QUEUE_TYPE queue, PVOID context);
NTKERNELAPI void NTAPI IoQueueWorkItemEx(PIO_WORKITEM item, PIO_WORKITEM_ROUTINE_EX routine,
                                         WORK_QUEUE_TYPE queue, PVOID context);
NTKERNELAPI BOOLEAN NTAPI IoTryQueueWorkItem(PIO_WORKITEM item, PIO_WORKITEM_ROUTINE_EX routine,
                                             WORK_QUEUE_TYPE queue, PVOID context);
NTKERNELAPI ULONG NTAPI IoSizeofWorkItem(void);
NTKERNELAPI void NTAPI IoInitializeWorkItem(PVOID object, PIO_WORKITEM item);
NTKERNELAPI void NTAPI IoUninitializeWorkItem(PIO_WORKITEM item);
NTKERNELAPI NTSTATUS NTAPI IoInitializeTimer(PDEVICE_OBJECT device, PIO_TIMER_ROUTINE routine,
                                             PVOID context);
NTKERNELAPI void NTAPI IoStartTimer(PDEVICE_OBJECT device);
NTKERNELAPI void NTAPI IoStopTimer(PDEVICE_OBJECT device);
#define IoInitializeDpcRequest(Device, Routine) \
  KeInitializeDpc(&(Device)->Dpc, (PKDEFERRED_ROUTINE)(Routine), (Device))
#define IoInitializeThreadedDpcRequest(Device, Routine) \
  KeInitializeThreadedDpc(&(Device)->Dpc, (PKDEFERRED_ROUTINE)(Routine), (Device))
#define IoRequestDpc(Device, Irp, Context) KeInsertQueueDpc(&(Device)->Dpc, (Irp), (Context))
NTKERNELAPI PKEVENT NTAPI IoCreateNotificationEvent(PUNICODE_STRING name, PHANDLE handle);
NTKERNELAPI PKEVENT NTAPI IoCreateSynchronizationEvent(PUNICODE_STRING name, PHANDLE handle);

// MARK: Remove locks

NTKERNELAPI void NTAPI IoInitializeRemoveLockEx(PIO_REMOVE_LOCK lock, ULONG tag, ULONG maxMinutes,
                                                ULONG highWatermark, ULONG size);
NTKERNELAPI NTSTATUS NTAPI IoAcquireRemoveLockEx(PIO_REMOVE_LOCK lock, PVOID tag, PCSTR file,
                                                 ULONG line, ULONG size);
NTKERNELAPI void NTAPI IoReleaseRemoveLockEx(PIO_REMOVE_LOCK lock, PVOID tag, ULONG size);
NTKERNELAPI void NTAPI IoReleaseRemoveLockAndWaitEx(PIO_REMOVE_LOCK lock, PVOID tag, ULONG size);
#define IoInitializeRemoveLock(Lock, Tag, Minutes, Watermark) \
  IoInitializeRemoveLockEx((Lock), (Tag), (Minutes), (Watermark), sizeof(IO_REMOVE_LOCK))
#if DBG
#define IoAcquireRemoveLock(Lock, Tag) \
  IoAcquireRemoveLockEx((Lock), (Tag), __FILE__, __LINE__, sizeof(IO_REMOVE_LOCK))
#else
#define IoAcquireRemoveLock(Lock, Tag) \
  IoAcquireRemoveLockEx((Lock), (Tag), "", 1, sizeof(IO_REMOVE_LOCK))
#endif
#define IoReleaseRemoveLock(Lock, Tag) \
  IoReleaseRemoveLockEx((Lock), (Tag), sizeof(IO_REMOVE_LOCK))
#define IoReleaseRemoveLockAndWait(Lock, Tag) \
  IoReleaseRemoveLockAndWaitEx((Lock), (Tag), sizeof(IO_REMOVE_LOCK))

// MARK: Cancel-safe queues

NTKERNELAPI NTSTATUS NTAPI IoCsqInitialize(PIO_CSQ csq, PIO_CSQ_INSERT_IRP insert,
                                           PIO_CSQ_REMOVE_IRP remove, PIO_CSQ_PEEK_NEXT_IRP peek,
                                           PIO_CSQ_ACQUIRE_LOCK acquire,
                                           PIO_CSQ_RELEASE_LOCK release,
                                           PIO_CSQ_COMPLETE_CANCELED_IRP complete);
NTKERNELAPI NTSTATUS NTAPI IoCsqInitializeEx(PIO_CSQ csq, PIO_CSQ_INSERT_IRP_EX insert,
                                             PIO_CSQ_REMOVE_IRP remove, PIO_CSQ_PEEK_NEXT_IRP peek,
                                             PIO_CSQ_ACQUIRE_LOCK acquire,
                                             PIO_CSQ_RELEASE_LOCK release,
                                             PIO_CSQ_COMPLETE_CANCELED_IRP complete);
NTKERNELAPI void NTAPI IoCsqInsertIrp(PIO_CSQ csq, PIRP irp, PIO_CSQ_IRP_CONTEXT context);
NTKERNELAPI NTSTATUS NTAPI IoCsqInsertIrpEx(PIO_CSQ csq, PIRP irp, PIO_CSQ_IRP_CONTEXT context,
                                            PVOID insertContext);
NTKERNELAPI PIRP NTAPI IoCsqRemoveNextIrp(PIO_CSQ csq, PVOID peekContext);
NTKERNELAPI PIRP NTAPI IoCsqRemoveIrp(PIO_CSQ csq, PIO_CSQ_IRP_CONTEXT context);

// MARK: Error log

NTKERNELAPI PVOID NTAPI IoAllocateErrorLogEntry(PVOID object, UCHAR size);
NTKERNELAPI void NTAPI IoWriteErrorLogEntry(PVOID entry);
NTKERNELAPI void NTAPI IoFreeErrorLogEntry(PVOID entry);

// MARK: Interrupts and adapters

NTKERNELAPI NTSTATUS NTAPI IoConnectInterrupt(PKINTERRUPT *interrupt, PKSERVICE_ROUTINE routine,
                                              PVOID context, PKSPIN_LOCK lock, ULONG vector,
                                              KIRQL level, KIRQL synchronizeLevel,
                                              KINTERRUPT_MODE mode, BOOLEAN share,
                                              KAFFINITY affinity, BOOLEAN floatingSave);
NTKERNELAPI NTSTATUS NTAPI IoConnectInterruptEx(PIO_CONNECT_INTERRUPT_PARAMETERS parameters);
NTKERNELAPI void NTAPI IoDisconnectInterrupt(PKINTERRUPT interrupt);
NTKERNELAPI void NTAPI IoDisconnectInterruptEx(PIO_DISCONNECT_INTERRUPT_PARAMETERS parameters);
NTKERNELAPI void NTAPI IoReportInterruptActive(PIO_DISCONNECT_INTERRUPT_PARAMETERS parameters);
NTKERNELAPI void NTAPI IoReportInterruptInactive(PIO_DISCONNECT_INTERRUPT_PARAMETERS parameters);
NTKERNELAPI PDMA_ADAPTER NTAPI IoGetDmaAdapter(PDEVICE_OBJECT device,
                                               PDEVICE_DESCRIPTION description,
                                               PULONG registers);

// MARK: Plug and Play

NTKERNELAPI NTSTATUS NTAPI IoGetDeviceProperty(PDEVICE_OBJECT device,
                                               DEVICE_REGISTRY_PROPERTY property, ULONG length,
                                               PVOID buffer, PULONG resultLength);
NTKERNELAPI NTSTATUS NTAPI IoGetDevicePropertyData(PDEVICE_OBJECT device, const DEVPROPKEY *key,
                                                   LCID locale, ULONG flags, ULONG size,
                                                   PVOID data, PULONG required,
                                                   DEVPROPTYPE *type);
NTKERNELAPI NTSTATUS NTAPI IoSetDevicePropertyData(PDEVICE_OBJECT device, const DEVPROPKEY *key,
                                                   LCID locale, ULONG flags, DEVPROPTYPE type,
                                                   ULONG size, PVOID data);
NTKERNELAPI NTSTATUS NTAPI IoSetDeviceInterfacePropertyData(PUNICODE_STRING link,
                                                            const DEVPROPKEY *key, LCID locale,
                                                            ULONG flags, DEVPROPTYPE type,
                                                            ULONG size, PVOID data);
NTKERNELAPI NTSTATUS NTAPI IoGetDeviceInterfacePropertyData(PUNICODE_STRING link,
                                                            const DEVPROPKEY *key, LCID locale,
                                                            ULONG flags, ULONG size, PVOID data,
                                                            PULONG required, DEVPROPTYPE *type);
NTKERNELAPI NTSTATUS NTAPI IoOpenDeviceRegistryKey(PDEVICE_OBJECT device, ULONG kind,
                                                   ACCESS_MASK access, PHANDLE key);
NTKERNELAPI NTSTATUS NTAPI IoOpenDriverRegistryKey(PDRIVER_OBJECT driver, DRIVER_REGKEY_TYPE kind,
                                                   ACCESS_MASK access, ULONG flags, PHANDLE key);
NTKERNELAPI NTSTATUS NTAPI IoGetDriverDirectory(PDRIVER_OBJECT driver, DRIVER_DIRECTORY_TYPE type,
                                                ULONG flags, PHANDLE directory);
NTKERNELAPI NTSTATUS NTAPI IoRegisterDeviceInterface(PDEVICE_OBJECT device, const GUID *class_,
                                                     PUNICODE_STRING reference,
                                                     PUNICODE_STRING link);
NTKERNELAPI NTSTATUS NTAPI IoSetDeviceInterfaceState(PUNICODE_STRING link, BOOLEAN enable);
NTKERNELAPI NTSTATUS NTAPI IoOpenDeviceInterfaceRegistryKey(PUNICODE_STRING link,
                                                            ACCESS_MASK access, PHANDLE key);
NTKERNELAPI NTSTATUS NTAPI IoGetDeviceInterfaces(const GUID *class_, PDEVICE_OBJECT device,
                                                 ULONG flags, PZZWSTR *list);
NTKERNELAPI NTSTATUS NTAPI IoGetDeviceInterfaceAlias(PUNICODE_STRING link, const GUID *alias,
                                                     PUNICODE_STRING result);
NTKERNELAPI NTSTATUS NTAPI IoRegisterPlugPlayNotification(
    IO_NOTIFICATION_EVENT_CATEGORY category, ULONG flags, PVOID data, PDRIVER_OBJECT driver,
    PDRIVER_NOTIFICATION_CALLBACK_ROUTINE routine, PVOID context, PVOID *entry);
NTKERNELAPI NTSTATUS NTAPI IoUnregisterPlugPlayNotification(PVOID entry);
NTKERNELAPI NTSTATUS NTAPI IoUnregisterPlugPlayNotificationEx(PVOID entry);
NTKERNELAPI void NTAPI IoInvalidateDeviceRelations(PDEVICE_OBJECT device,
                                                   DEVICE_RELATION_TYPE type);
NTKERNELAPI void NTAPI IoInvalidateDeviceState(PDEVICE_OBJECT device);
NTKERNELAPI void NTAPI IoRequestDeviceEject(PDEVICE_OBJECT device);
NTKERNELAPI NTSTATUS NTAPI IoReportTargetDeviceChange(PDEVICE_OBJECT device, PVOID notification);
NTKERNELAPI NTSTATUS NTAPI IoReportTargetDeviceChangeAsynchronous(
    PDEVICE_OBJECT device, PVOID notification, PDEVICE_CHANGE_COMPLETE_CALLBACK callback,
    PVOID context);
#define IoAdjustPagingPathCount(Count, Increment) \
  ((Increment) ? InterlockedIncrement(Count) : InterlockedDecrement(Count))

// MARK: Management instrumentation

#define WMIREG_ACTION_REGISTER 1
#define WMIREG_ACTION_DEREGISTER 2
#define WMIREG_ACTION_REREGISTER 3
#define WMIREG_ACTION_UPDATE_GUIDS 4
#define WMIREG_ACTION_BLOCK_IRPS 5
#define WMIGUID_QUERY 0x0001
#define WMIGUID_SET 0x0002
#define WMIGUID_NOTIFICATION 0x0004
#define WMIGUID_EXECUTE 0x0010
typedef void FWMI_NOTIFICATION_CALLBACK(PVOID Wnode, PVOID Context);
typedef FWMI_NOTIFICATION_CALLBACK *WMI_NOTIFICATION_CALLBACK;
NTKERNELAPI NTSTATUS NTAPI IoWMISetNotificationCallback(PVOID object,
                                                        WMI_NOTIFICATION_CALLBACK callback,
                                                        PVOID context);
NTKERNELAPI NTSTATUS NTAPI IoWMIQueryAllData(PVOID object, PULONG size, PVOID buffer);
NTKERNELAPI NTSTATUS NTAPI IoWMIQuerySingleInstance(PVOID object, PUNICODE_STRING instance,
                                                    PULONG size, PVOID buffer);
NTKERNELAPI NTSTATUS NTAPI IoWMIHandleToInstanceName(PVOID object, HANDLE file,
                                                     PUNICODE_STRING name);
NTKERNELAPI NTSTATUS NTAPI IoWMIDeviceObjectToInstanceName(PVOID object, PDEVICE_OBJECT device,
                                                           PUNICODE_STRING name);
NTKERNELAPI NTSTATUS NTAPI IoWMIRegistrationControl(PDEVICE_OBJECT device, ULONG action);
NTKERNELAPI NTSTATUS NTAPI IoWMIWriteEvent(PVOID event);
NTKERNELAPI ULONG NTAPI IoWMIDeviceObjectToProviderId(PDEVICE_OBJECT device);
NTKERNELAPI NTSTATUS NTAPI IoWMIAllocateInstanceIds(GUID *guid, ULONG count, ULONG *first);
NTKERNELAPI NTSTATUS NTAPI IoWMISuggestInstanceName(PDEVICE_OBJECT device, PUNICODE_STRING link,
                                                    BOOLEAN combine, PUNICODE_STRING name);
NTKERNELAPI NTSTATUS NTAPI IoWMIOpenBlock(const GUID *guid, ULONG access, PVOID *object);
NTKERNELAPI NTSTATUS NTAPI IoWMIExecuteMethod(PVOID object, PUNICODE_STRING instance, ULONG method,
                                              ULONG inputSize, PULONG outputSize, PVOID buffer);

// MARK: Activity identifiers

NTKERNELAPI NTSTATUS NTAPI IoGetActivityIdIrp(PIRP irp, GUID *identifier);
NTKERNELAPI NTSTATUS NTAPI IoSetActivityIdIrp(PIRP irp, const GUID *identifier);
NTKERNELAPI NTSTATUS NTAPI IoValidateDeviceIoControlAccess(PIRP irp, ULONG access);

R3_END

#endif
#endif
