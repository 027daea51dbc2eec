// The Windows spellings lead to the Swift ones: a person who types them is told the name here.

extension NTStatus {
  @available(*, unavailable, renamed: "success")
  public static var STATUS_SUCCESS: NTStatus { success }

  @available(*, unavailable, renamed: "wait1")
  public static var STATUS_WAIT_1: NTStatus { wait1 }

  @available(*, unavailable, renamed: "abandoned")
  public static var STATUS_ABANDONED: NTStatus { abandoned }

  @available(*, unavailable, renamed: "abandonedWait0")
  public static var STATUS_ABANDONED_WAIT_0: NTStatus { abandonedWait0 }

  @available(*, unavailable, renamed: "userApc")
  public static var STATUS_USER_APC: NTStatus { userApc }

  @available(*, unavailable, renamed: "alreadyComplete")
  public static var STATUS_ALREADY_COMPLETE: NTStatus { alreadyComplete }

  @available(*, unavailable, renamed: "kernelApc")
  public static var STATUS_KERNEL_APC: NTStatus { kernelApc }

  @available(*, unavailable, renamed: "alerted")
  public static var STATUS_ALERTED: NTStatus { alerted }

  @available(*, unavailable, renamed: "timeout")
  public static var STATUS_TIMEOUT: NTStatus { timeout }

  @available(*, unavailable, renamed: "pending")
  public static var STATUS_PENDING: NTStatus { pending }

  @available(*, unavailable, renamed: "reparse")
  public static var STATUS_REPARSE: NTStatus { reparse }

  @available(*, unavailable, renamed: "moreEntries")
  public static var STATUS_MORE_ENTRIES: NTStatus { moreEntries }

  @available(*, unavailable, renamed: "notifyEnumDir")
  public static var STATUS_NOTIFY_ENUM_DIR: NTStatus { notifyEnumDir }

  @available(*, unavailable, renamed: "objectNameExists")
  public static var STATUS_OBJECT_NAME_EXISTS: NTStatus { objectNameExists }

  @available(*, unavailable, renamed: "noYieldPerformed")
  public static var STATUS_NO_YIELD_PERFORMED: NTStatus { noYieldPerformed }

  @available(*, unavailable, renamed: "guardPageViolation")
  public static var STATUS_GUARD_PAGE_VIOLATION: NTStatus { guardPageViolation }

  @available(*, unavailable, renamed: "datatypeMisalignment")
  public static var STATUS_DATATYPE_MISALIGNMENT: NTStatus { datatypeMisalignment }

  @available(*, unavailable, renamed: "breakpoint")
  public static var STATUS_BREAKPOINT: NTStatus { breakpoint }

  @available(*, unavailable, renamed: "singleStep")
  public static var STATUS_SINGLE_STEP: NTStatus { singleStep }

  @available(*, unavailable, renamed: "bufferOverflow")
  public static var STATUS_BUFFER_OVERFLOW: NTStatus { bufferOverflow }

  @available(*, unavailable, renamed: "noMoreFiles")
  public static var STATUS_NO_MORE_FILES: NTStatus { noMoreFiles }

  @available(*, unavailable, renamed: "devicePoweredOff")
  public static var STATUS_DEVICE_POWERED_OFF: NTStatus { devicePoweredOff }

  @available(*, unavailable, renamed: "deviceOffLine")
  public static var STATUS_DEVICE_OFF_LINE: NTStatus { deviceOffLine }

  @available(*, unavailable, renamed: "deviceBusy")
  public static var STATUS_DEVICE_BUSY: NTStatus { deviceBusy }

  @available(*, unavailable, renamed: "verifyRequired")
  public static var STATUS_VERIFY_REQUIRED: NTStatus { verifyRequired }

  @available(*, unavailable, renamed: "noMoreEntries")
  public static var STATUS_NO_MORE_ENTRIES: NTStatus { noMoreEntries }

  @available(*, unavailable, renamed: "stoppedOnSymlink")
  public static var STATUS_STOPPED_ON_SYMLINK: NTStatus { stoppedOnSymlink }

  @available(*, unavailable, renamed: "unsuccessful")
  public static var STATUS_UNSUCCESSFUL: NTStatus { unsuccessful }

  @available(*, unavailable, renamed: "notImplemented")
  public static var STATUS_NOT_IMPLEMENTED: NTStatus { notImplemented }

  @available(*, unavailable, renamed: "invalidInfoClass")
  public static var STATUS_INVALID_INFO_CLASS: NTStatus { invalidInfoClass }

  @available(*, unavailable, renamed: "infoLengthMismatch")
  public static var STATUS_INFO_LENGTH_MISMATCH: NTStatus { infoLengthMismatch }

  @available(*, unavailable, renamed: "accessViolation")
  public static var STATUS_ACCESS_VIOLATION: NTStatus { accessViolation }

  @available(*, unavailable, renamed: "inPageError")
  public static var STATUS_IN_PAGE_ERROR: NTStatus { inPageError }

  @available(*, unavailable, renamed: "invalidHandle")
  public static var STATUS_INVALID_HANDLE: NTStatus { invalidHandle }

  @available(*, unavailable, renamed: "invalidCid")
  public static var STATUS_INVALID_CID: NTStatus { invalidCid }

  @available(*, unavailable, renamed: "timerNotCanceled")
  public static var STATUS_TIMER_NOT_CANCELED: NTStatus { timerNotCanceled }

  @available(*, unavailable, renamed: "invalidParameter")
  public static var STATUS_INVALID_PARAMETER: NTStatus { invalidParameter }

  @available(*, unavailable, renamed: "noSuchDevice")
  public static var STATUS_NO_SUCH_DEVICE: NTStatus { noSuchDevice }

  @available(*, unavailable, renamed: "noSuchFile")
  public static var STATUS_NO_SUCH_FILE: NTStatus { noSuchFile }

  @available(*, unavailable, renamed: "invalidDeviceRequest")
  public static var STATUS_INVALID_DEVICE_REQUEST: NTStatus { invalidDeviceRequest }

  @available(*, unavailable, renamed: "endOfFile")
  public static var STATUS_END_OF_FILE: NTStatus { endOfFile }

  @available(*, unavailable, renamed: "wrongVolume")
  public static var STATUS_WRONG_VOLUME: NTStatus { wrongVolume }

  @available(*, unavailable, renamed: "noMediaInDevice")
  public static var STATUS_NO_MEDIA_IN_DEVICE: NTStatus { noMediaInDevice }

  @available(*, unavailable, renamed: "moreProcessingRequired")
  public static var STATUS_MORE_PROCESSING_REQUIRED: NTStatus { moreProcessingRequired }

  @available(*, unavailable, renamed: "noMemory")
  public static var STATUS_NO_MEMORY: NTStatus { noMemory }

  @available(*, unavailable, renamed: "conflictingAddresses")
  public static var STATUS_CONFLICTING_ADDRESSES: NTStatus { conflictingAddresses }

  @available(*, unavailable, renamed: "notMappedView")
  public static var STATUS_NOT_MAPPED_VIEW: NTStatus { notMappedView }

  @available(*, unavailable, renamed: "unableToFreeVm")
  public static var STATUS_UNABLE_TO_FREE_VM: NTStatus { unableToFreeVm }

  @available(*, unavailable, renamed: "invalidSystemService")
  public static var STATUS_INVALID_SYSTEM_SERVICE: NTStatus { invalidSystemService }

  @available(*, unavailable, renamed: "illegalInstruction")
  public static var STATUS_ILLEGAL_INSTRUCTION: NTStatus { illegalInstruction }

  @available(*, unavailable, renamed: "invalidLockSequence")
  public static var STATUS_INVALID_LOCK_SEQUENCE: NTStatus { invalidLockSequence }

  @available(*, unavailable, renamed: "accessDenied")
  public static var STATUS_ACCESS_DENIED: NTStatus { accessDenied }

  @available(*, unavailable, renamed: "bufferTooSmall")
  public static var STATUS_BUFFER_TOO_SMALL: NTStatus { bufferTooSmall }

  @available(*, unavailable, renamed: "objectTypeMismatch")
  public static var STATUS_OBJECT_TYPE_MISMATCH: NTStatus { objectTypeMismatch }

  @available(*, unavailable, renamed: "noncontinuableException")
  public static var STATUS_NONCONTINUABLE_EXCEPTION: NTStatus { noncontinuableException }

  @available(*, unavailable, renamed: "invalidDisposition")
  public static var STATUS_INVALID_DISPOSITION: NTStatus { invalidDisposition }

  @available(*, unavailable, renamed: "unwind")
  public static var STATUS_UNWIND: NTStatus { unwind }

  @available(*, unavailable, renamed: "badStack")
  public static var STATUS_BAD_STACK: NTStatus { badStack }

  @available(*, unavailable, renamed: "invalidUnwindTarget")
  public static var STATUS_INVALID_UNWIND_TARGET: NTStatus { invalidUnwindTarget }

  @available(*, unavailable, renamed: "notCommitted")
  public static var STATUS_NOT_COMMITTED: NTStatus { notCommitted }

  @available(*, unavailable, renamed: "objectNameInvalid")
  public static var STATUS_OBJECT_NAME_INVALID: NTStatus { objectNameInvalid }

  @available(*, unavailable, renamed: "objectNameNotFound")
  public static var STATUS_OBJECT_NAME_NOT_FOUND: NTStatus { objectNameNotFound }

  @available(*, unavailable, renamed: "objectNameCollision")
  public static var STATUS_OBJECT_NAME_COLLISION: NTStatus { objectNameCollision }

  @available(*, unavailable, renamed: "portDisconnected")
  public static var STATUS_PORT_DISCONNECTED: NTStatus { portDisconnected }

  @available(*, unavailable, renamed: "objectPathInvalid")
  public static var STATUS_OBJECT_PATH_INVALID: NTStatus { objectPathInvalid }

  @available(*, unavailable, renamed: "objectPathNotFound")
  public static var STATUS_OBJECT_PATH_NOT_FOUND: NTStatus { objectPathNotFound }

  @available(*, unavailable, renamed: "objectPathSyntaxBad")
  public static var STATUS_OBJECT_PATH_SYNTAX_BAD: NTStatus { objectPathSyntaxBad }

  @available(*, unavailable, renamed: "dataOverrun")
  public static var STATUS_DATA_OVERRUN: NTStatus { dataOverrun }

  @available(*, unavailable, renamed: "dataError")
  public static var STATUS_DATA_ERROR: NTStatus { dataError }

  @available(*, unavailable, renamed: "crcError")
  public static var STATUS_CRC_ERROR: NTStatus { crcError }

  @available(*, unavailable, renamed: "sectionTooBig")
  public static var STATUS_SECTION_TOO_BIG: NTStatus { sectionTooBig }

  @available(*, unavailable, renamed: "invalidPortHandle")
  public static var STATUS_INVALID_PORT_HANDLE: NTStatus { invalidPortHandle }

  @available(*, unavailable, renamed: "sharingViolation")
  public static var STATUS_SHARING_VIOLATION: NTStatus { sharingViolation }

  @available(*, unavailable, renamed: "quotaExceeded")
  public static var STATUS_QUOTA_EXCEEDED: NTStatus { quotaExceeded }

  @available(*, unavailable, renamed: "invalidPageProtection")
  public static var STATUS_INVALID_PAGE_PROTECTION: NTStatus { invalidPageProtection }

  @available(*, unavailable, renamed: "mutantNotOwned")
  public static var STATUS_MUTANT_NOT_OWNED: NTStatus { mutantNotOwned }

  @available(*, unavailable, renamed: "semaphoreLimitExceeded")
  public static var STATUS_SEMAPHORE_LIMIT_EXCEEDED: NTStatus { semaphoreLimitExceeded }

  @available(*, unavailable, renamed: "threadIsTerminating")
  public static var STATUS_THREAD_IS_TERMINATING: NTStatus { threadIsTerminating }

  @available(*, unavailable, renamed: "deletePending")
  public static var STATUS_DELETE_PENDING: NTStatus { deletePending }

  @available(*, unavailable, renamed: "revisionMismatch")
  public static var STATUS_REVISION_MISMATCH: NTStatus { revisionMismatch }

  @available(*, unavailable, renamed: "noSuchPrivilege")
  public static var STATUS_NO_SUCH_PRIVILEGE: NTStatus { noSuchPrivilege }

  @available(*, unavailable, renamed: "privilegeNotHeld")
  public static var STATUS_PRIVILEGE_NOT_HELD: NTStatus { privilegeNotHeld }

  @available(*, unavailable, renamed: "invalidAcl")
  public static var STATUS_INVALID_ACL: NTStatus { invalidAcl }

  @available(*, unavailable, renamed: "invalidSid")
  public static var STATUS_INVALID_SID: NTStatus { invalidSid }

  @available(*, unavailable, renamed: "invalidSecurityDescr")
  public static var STATUS_INVALID_SECURITY_DESCR: NTStatus { invalidSecurityDescr }

  @available(*, unavailable, renamed: "invalidImageFormat")
  public static var STATUS_INVALID_IMAGE_FORMAT: NTStatus { invalidImageFormat }

  @available(*, unavailable, renamed: "rangeNotLocked")
  public static var STATUS_RANGE_NOT_LOCKED: NTStatus { rangeNotLocked }

  @available(*, unavailable, renamed: "diskFull")
  public static var STATUS_DISK_FULL: NTStatus { diskFull }

  @available(*, unavailable, renamed: "arrayBoundsExceeded")
  public static var STATUS_ARRAY_BOUNDS_EXCEEDED: NTStatus { arrayBoundsExceeded }

  @available(*, unavailable, renamed: "floatDivideByZero")
  public static var STATUS_FLOAT_DIVIDE_BY_ZERO: NTStatus { floatDivideByZero }

  @available(*, unavailable, renamed: "integerDivideByZero")
  public static var STATUS_INTEGER_DIVIDE_BY_ZERO: NTStatus { integerDivideByZero }

  @available(*, unavailable, renamed: "integerOverflow")
  public static var STATUS_INTEGER_OVERFLOW: NTStatus { integerOverflow }

  @available(*, unavailable, renamed: "privilegedInstruction")
  public static var STATUS_PRIVILEGED_INSTRUCTION: NTStatus { privilegedInstruction }

  @available(*, unavailable, renamed: "tooManyPagingFiles")
  public static var STATUS_TOO_MANY_PAGING_FILES: NTStatus { tooManyPagingFiles }

  @available(*, unavailable, renamed: "insufficientResources")
  public static var STATUS_INSUFFICIENT_RESOURCES: NTStatus { insufficientResources }

  @available(*, unavailable, renamed: "deviceDataError")
  public static var STATUS_DEVICE_DATA_ERROR: NTStatus { deviceDataError }

  @available(*, unavailable, renamed: "memoryNotAllocated")
  public static var STATUS_MEMORY_NOT_ALLOCATED: NTStatus { memoryNotAllocated }

  @available(*, unavailable, renamed: "mediaWriteProtected")
  public static var STATUS_MEDIA_WRITE_PROTECTED: NTStatus { mediaWriteProtected }

  @available(*, unavailable, renamed: "deviceNotReady")
  public static var STATUS_DEVICE_NOT_READY: NTStatus { deviceNotReady }

  @available(*, unavailable, renamed: "instanceNotAvailable")
  public static var STATUS_INSTANCE_NOT_AVAILABLE: NTStatus { instanceNotAvailable }

  @available(*, unavailable, renamed: "pipeNotAvailable")
  public static var STATUS_PIPE_NOT_AVAILABLE: NTStatus { pipeNotAvailable }

  @available(*, unavailable, renamed: "illegalFunction")
  public static var STATUS_ILLEGAL_FUNCTION: NTStatus { illegalFunction }

  @available(*, unavailable, renamed: "ioTimeout")
  public static var STATUS_IO_TIMEOUT: NTStatus { ioTimeout }

  @available(*, unavailable, renamed: "fileForcedClosed")
  public static var STATUS_FILE_FORCED_CLOSED: NTStatus { fileForcedClosed }

  @available(*, unavailable, renamed: "fileIsADirectory")
  public static var STATUS_FILE_IS_A_DIRECTORY: NTStatus { fileIsADirectory }

  @available(*, unavailable, renamed: "notSupported")
  public static var STATUS_NOT_SUPPORTED: NTStatus { notSupported }

  @available(*, unavailable, renamed: "deviceDoesNotExist")
  public static var STATUS_DEVICE_DOES_NOT_EXIST: NTStatus { deviceDoesNotExist }

  @available(*, unavailable, renamed: "adapterHardwareError")
  public static var STATUS_ADAPTER_HARDWARE_ERROR: NTStatus { adapterHardwareError }

  @available(*, unavailable, renamed: "unexpectedNetworkError")
  public static var STATUS_UNEXPECTED_NETWORK_ERROR: NTStatus { unexpectedNetworkError }

  @available(*, unavailable, renamed: "requestNotAccepted")
  public static var STATUS_REQUEST_NOT_ACCEPTED: NTStatus { requestNotAccepted }

  @available(*, unavailable, renamed: "internalError")
  public static var STATUS_INTERNAL_ERROR: NTStatus { internalError }

  @available(*, unavailable, renamed: "badDescriptorFormat")
  public static var STATUS_BAD_DESCRIPTOR_FORMAT: NTStatus { badDescriptorFormat }

  @available(*, unavailable, renamed: "invalidUserBuffer")
  public static var STATUS_INVALID_USER_BUFFER: NTStatus { invalidUserBuffer }

  @available(*, unavailable, renamed: "invalidParameter1")
  public static var STATUS_INVALID_PARAMETER_1: NTStatus { invalidParameter1 }

  @available(*, unavailable, renamed: "invalidParameter2")
  public static var STATUS_INVALID_PARAMETER_2: NTStatus { invalidParameter2 }

  @available(*, unavailable, renamed: "invalidParameter3")
  public static var STATUS_INVALID_PARAMETER_3: NTStatus { invalidParameter3 }

  @available(*, unavailable, renamed: "invalidParameter4")
  public static var STATUS_INVALID_PARAMETER_4: NTStatus { invalidParameter4 }

  @available(*, unavailable, renamed: "invalidParameter5")
  public static var STATUS_INVALID_PARAMETER_5: NTStatus { invalidParameter5 }

  @available(*, unavailable, renamed: "invalidParameter6")
  public static var STATUS_INVALID_PARAMETER_6: NTStatus { invalidParameter6 }

  @available(*, unavailable, renamed: "stackOverflow")
  public static var STATUS_STACK_OVERFLOW: NTStatus { stackOverflow }

  @available(*, unavailable, renamed: "directoryNotEmpty")
  public static var STATUS_DIRECTORY_NOT_EMPTY: NTStatus { directoryNotEmpty }

  @available(*, unavailable, renamed: "notADirectory")
  public static var STATUS_NOT_A_DIRECTORY: NTStatus { notADirectory }

  @available(*, unavailable, renamed: "nameTooLong")
  public static var STATUS_NAME_TOO_LONG: NTStatus { nameTooLong }

  @available(*, unavailable, renamed: "processIsTerminating")
  public static var STATUS_PROCESS_IS_TERMINATING: NTStatus { processIsTerminating }

  @available(*, unavailable, renamed: "imageAlreadyLoaded")
  public static var STATUS_IMAGE_ALREADY_LOADED: NTStatus { imageAlreadyLoaded }

  @available(*, unavailable, renamed: "cancelled")
  public static var STATUS_CANCELLED: NTStatus { cancelled }

  @available(*, unavailable, renamed: "cannotDelete")
  public static var STATUS_CANNOT_DELETE: NTStatus { cannotDelete }

  @available(*, unavailable, renamed: "fileDeleted")
  public static var STATUS_FILE_DELETED: NTStatus { fileDeleted }

  @available(*, unavailable, renamed: "fileClosed")
  public static var STATUS_FILE_CLOSED: NTStatus { fileClosed }

  @available(*, unavailable, renamed: "dllNotFound")
  public static var STATUS_DLL_NOT_FOUND: NTStatus { dllNotFound }

  @available(*, unavailable, renamed: "ordinalNotFound")
  public static var STATUS_ORDINAL_NOT_FOUND: NTStatus { ordinalNotFound }

  @available(*, unavailable, renamed: "entrypointNotFound")
  public static var STATUS_ENTRYPOINT_NOT_FOUND: NTStatus { entrypointNotFound }

  @available(*, unavailable, renamed: "controlCExit")
  public static var STATUS_CONTROL_C_EXIT: NTStatus { controlCExit }

  @available(*, unavailable, renamed: "localDisconnect")
  public static var STATUS_LOCAL_DISCONNECT: NTStatus { localDisconnect }

  @available(*, unavailable, renamed: "remoteDisconnect")
  public static var STATUS_REMOTE_DISCONNECT: NTStatus { remoteDisconnect }

  @available(*, unavailable, renamed: "invalidAddress")
  public static var STATUS_INVALID_ADDRESS: NTStatus { invalidAddress }

  @available(*, unavailable, renamed: "registryCorrupt")
  public static var STATUS_REGISTRY_CORRUPT: NTStatus { registryCorrupt }

  @available(*, unavailable, renamed: "registryIoFailed")
  public static var STATUS_REGISTRY_IO_FAILED: NTStatus { registryIoFailed }

  @available(*, unavailable, renamed: "noSuchMember")
  public static var STATUS_NO_SUCH_MEMBER: NTStatus { noSuchMember }

  @available(*, unavailable, renamed: "keyDeleted")
  public static var STATUS_KEY_DELETED: NTStatus { keyDeleted }

  @available(*, unavailable, renamed: "invalidDeviceState")
  public static var STATUS_INVALID_DEVICE_STATE: NTStatus { invalidDeviceState }

  @available(*, unavailable, renamed: "fsDriverRequired")
  public static var STATUS_FS_DRIVER_REQUIRED: NTStatus { fsDriverRequired }

  @available(*, unavailable, renamed: "invalidBufferSize")
  public static var STATUS_INVALID_BUFFER_SIZE: NTStatus { invalidBufferSize }

  @available(*, unavailable, renamed: "cannotLoadRegistryFile")
  public static var STATUS_CANNOT_LOAD_REGISTRY_FILE: NTStatus { cannotLoadRegistryFile }

  @available(*, unavailable, renamed: "imageChecksumMismatch")
  public static var STATUS_IMAGE_CHECKSUM_MISMATCH: NTStatus { imageChecksumMismatch }

  @available(*, unavailable, renamed: "notFound")
  public static var STATUS_NOT_FOUND: NTStatus { notFound }

  @available(*, unavailable, renamed: "objectidExists")
  public static var STATUS_OBJECTID_EXISTS: NTStatus { objectidExists }

  @available(*, unavailable, renamed: "retry")
  public static var STATUS_RETRY: NTStatus { retry }

  @available(*, unavailable, renamed: "noCallbackActive")
  public static var STATUS_NO_CALLBACK_ACTIVE: NTStatus { noCallbackActive }

  @available(*, unavailable, renamed: "driverEntrypointNotFound")
  public static var STATUS_DRIVER_ENTRYPOINT_NOT_FOUND: NTStatus { driverEntrypointNotFound }

  @available(*, unavailable, renamed: "resourceNotOwned")
  public static var STATUS_RESOURCE_NOT_OWNED: NTStatus { resourceNotOwned }

  @available(*, unavailable, renamed: "driverUnableToLoad")
  public static var STATUS_DRIVER_UNABLE_TO_LOAD: NTStatus { driverUnableToLoad }

  @available(*, unavailable, renamed: "noMatch")
  public static var STATUS_NO_MATCH: NTStatus { noMatch }

  @available(*, unavailable, renamed: "deviceRemoved")
  public static var STATUS_DEVICE_REMOVED: NTStatus { deviceRemoved }

  @available(*, unavailable, renamed: "powerStateInvalid")
  public static var STATUS_POWER_STATE_INVALID: NTStatus { powerStateInvalid }

  @available(*, unavailable, renamed: "failedDriverEntry")
  public static var STATUS_FAILED_DRIVER_ENTRY: NTStatus { failedDriverEntry }

  @available(*, unavailable, renamed: "heapCorruption")
  public static var STATUS_HEAP_CORRUPTION: NTStatus { heapCorruption }

  @available(*, unavailable, renamed: "stackBufferOverrun")
  public static var STATUS_STACK_BUFFER_OVERRUN: NTStatus { stackBufferOverrun }

  @available(*, unavailable, renamed: "invalidCruntimeParameter")
  public static var STATUS_INVALID_CRUNTIME_PARAMETER: NTStatus { invalidCruntimeParameter }

  @available(*, unavailable, renamed: "assertionFailure")
  public static var STATUS_ASSERTION_FAILURE: NTStatus { assertionFailure }

  @available(*, unavailable, renamed: "wdfPaused")
  public static var STATUS_WDF_PAUSED: NTStatus { wdfPaused }

  @available(*, unavailable, renamed: "wdfBusy")
  public static var STATUS_WDF_BUSY: NTStatus { wdfBusy }

  @available(*, unavailable, renamed: "wdfRequestInvalidState")
  public static var STATUS_WDF_REQUEST_INVALID_STATE: NTStatus { wdfRequestInvalidState }

  @available(*, unavailable, renamed: "wdfObjectAttributesInvalid")
  public static var STATUS_WDF_OBJECT_ATTRIBUTES_INVALID: NTStatus { wdfObjectAttributesInvalid }

  @available(*, unavailable, renamed: "wdfTooFragmented")
  public static var STATUS_WDF_TOO_FRAGMENTED: NTStatus { wdfTooFragmented }

  @available(*, unavailable, renamed: "wdfParentAssignmentNotAllowed")
  public static var STATUS_WDF_PARENT_ASSIGNMENT_NOT_ALLOWED: NTStatus {
    wdfParentAssignmentNotAllowed
  }

  @available(*, unavailable, renamed: "wdfParentNotSpecified")
  public static var STATUS_WDF_PARENT_NOT_SPECIFIED: NTStatus { wdfParentNotSpecified }
}
