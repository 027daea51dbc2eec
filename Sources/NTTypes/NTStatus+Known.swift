// The codes that the system itself returns or looks at; `init(name:)` knows many more.

extension NTStatus {
  /// The request is done.
  ///
  /// The corresponding Windows name is `STATUS_SUCCESS`.
  public static var success: NTStatus { NTStatus(bits: 0x0000_0000) }

  /// The second object of a wait became signalled.
  ///
  /// The corresponding Windows name is `STATUS_WAIT_1`.
  public static var wait1: NTStatus { NTStatus(bits: 0x0000_0001) }

  /// The operation was given up.
  ///
  /// The corresponding Windows name is `STATUS_ABANDONED`.
  public static var abandoned: NTStatus { NTStatus(bits: 0x0000_0080) }

  /// The first object of a wait is a mutex whose owner ended without releasing it.
  ///
  /// The corresponding Windows name is `STATUS_ABANDONED_WAIT_0`.
  public static var abandonedWait0: NTStatus { NTStatus(bits: 0x0000_0080) }

  /// A wait ended because a user APC was delivered.
  ///
  /// The corresponding Windows name is `STATUS_USER_APC`.
  public static var userApc: NTStatus { NTStatus(bits: 0x0000_00C0) }

  /// The operation was finished before.
  ///
  /// The corresponding Windows name is `STATUS_ALREADY_COMPLETE`.
  public static var alreadyComplete: NTStatus { NTStatus(bits: 0x0000_00FF) }

  /// A kernel APC is to be delivered.
  ///
  /// The corresponding Windows name is `STATUS_KERNEL_APC`.
  public static var kernelApc: NTStatus { NTStatus(bits: 0x0000_0100) }

  /// A wait ended because the thread was alerted.
  ///
  /// The corresponding Windows name is `STATUS_ALERTED`.
  public static var alerted: NTStatus { NTStatus(bits: 0x0000_0101) }

  /// A wait ended because its time ran out.
  ///
  /// The corresponding Windows name is `STATUS_TIMEOUT`.
  public static var timeout: NTStatus { NTStatus(bits: 0x0000_0102) }

  /// The request goes on; its completion comes later.
  ///
  /// The corresponding Windows name is `STATUS_PENDING`.
  public static var pending: NTStatus { NTStatus(bits: 0x0000_0103) }

  /// The name leads on to another object.
  ///
  /// The corresponding Windows name is `STATUS_REPARSE`.
  public static var reparse: NTStatus { NTStatus(bits: 0x0000_0104) }

  /// There is more to enumerate than the buffer holds.
  ///
  /// The corresponding Windows name is `STATUS_MORE_ENTRIES`.
  public static var moreEntries: NTStatus { NTStatus(bits: 0x0000_0105) }

  /// Too much changed to be listed; the directory has to be read again.
  ///
  /// The corresponding Windows name is `STATUS_NOTIFY_ENUM_DIR`.
  public static var notifyEnumDir: NTStatus { NTStatus(bits: 0x0000_010C) }

  /// An object of that name exists already, and it was opened.
  ///
  /// The corresponding Windows name is `STATUS_OBJECT_NAME_EXISTS`.
  public static var objectNameExists: NTStatus { NTStatus(bits: 0x4000_0000) }

  /// No other thread was ready to run.
  ///
  /// The corresponding Windows name is `STATUS_NO_YIELD_PERFORMED`.
  public static var noYieldPerformed: NTStatus { NTStatus(bits: 0x4000_0024) }

  /// A page marked as guard page was touched.
  ///
  /// The corresponding Windows name is `STATUS_GUARD_PAGE_VIOLATION`.
  public static var guardPageViolation: NTStatus { NTStatus(bits: 0x8000_0001) }

  /// An address is not aligned as its type demands.
  ///
  /// The corresponding Windows name is `STATUS_DATATYPE_MISALIGNMENT`.
  public static var datatypeMisalignment: NTStatus { NTStatus(bits: 0x8000_0002) }

  /// A breakpoint was executed.
  ///
  /// The corresponding Windows name is `STATUS_BREAKPOINT`.
  public static var breakpoint: NTStatus { NTStatus(bits: 0x8000_0003) }

  /// An instruction was executed under single step.
  ///
  /// The corresponding Windows name is `STATUS_SINGLE_STEP`.
  public static var singleStep: NTStatus { NTStatus(bits: 0x8000_0004) }

  /// The data did not fit; the buffer holds as much as it can.
  ///
  /// The corresponding Windows name is `STATUS_BUFFER_OVERFLOW`.
  public static var bufferOverflow: NTStatus { NTStatus(bits: 0x8000_0005) }

  /// No more files match.
  ///
  /// The corresponding Windows name is `STATUS_NO_MORE_FILES`.
  public static var noMoreFiles: NTStatus { NTStatus(bits: 0x8000_0006) }

  /// The device is switched off.
  ///
  /// The corresponding Windows name is `STATUS_DEVICE_POWERED_OFF`.
  public static var devicePoweredOff: NTStatus { NTStatus(bits: 0x8000_000F) }

  /// The device is off line.
  ///
  /// The corresponding Windows name is `STATUS_DEVICE_OFF_LINE`.
  public static var deviceOffLine: NTStatus { NTStatus(bits: 0x8000_0010) }

  /// The device is busy.
  ///
  /// The corresponding Windows name is `STATUS_DEVICE_BUSY`.
  public static var deviceBusy: NTStatus { NTStatus(bits: 0x8000_0011) }

  /// The medium may have changed and must be verified first.
  ///
  /// The corresponding Windows name is `STATUS_VERIFY_REQUIRED`.
  public static var verifyRequired: NTStatus { NTStatus(bits: 0x8000_0016) }

  /// The enumeration has come to its end.
  ///
  /// The corresponding Windows name is `STATUS_NO_MORE_ENTRIES`.
  public static var noMoreEntries: NTStatus { NTStatus(bits: 0x8000_001A) }

  /// Name parsing stopped at a symbolic link.
  ///
  /// The corresponding Windows name is `STATUS_STOPPED_ON_SYMLINK`.
  public static var stoppedOnSymlink: NTStatus { NTStatus(bits: 0x8000_002D) }

  /// The operation failed, and no code says it better.
  ///
  /// The corresponding Windows name is `STATUS_UNSUCCESSFUL`.
  public static var unsuccessful: NTStatus { NTStatus(bits: 0xC000_0001) }

  /// The function is not implemented.
  ///
  /// The corresponding Windows name is `STATUS_NOT_IMPLEMENTED`.
  public static var notImplemented: NTStatus { NTStatus(bits: 0xC000_0002) }

  /// The information class is not one that the object knows.
  ///
  /// The corresponding Windows name is `STATUS_INVALID_INFO_CLASS`.
  public static var invalidInfoClass: NTStatus { NTStatus(bits: 0xC000_0003) }

  /// The length does not fit the information class.
  ///
  /// The corresponding Windows name is `STATUS_INFO_LENGTH_MISMATCH`.
  public static var infoLengthMismatch: NTStatus { NTStatus(bits: 0xC000_0004) }

  /// An address was not valid for that access.
  ///
  /// The corresponding Windows name is `STATUS_ACCESS_VIOLATION`.
  public static var accessViolation: NTStatus { NTStatus(bits: 0xC000_0005) }

  /// A page could not be read in.
  ///
  /// The corresponding Windows name is `STATUS_IN_PAGE_ERROR`.
  public static var inPageError: NTStatus { NTStatus(bits: 0xC000_0006) }

  /// The handle is not open in this process.
  ///
  /// The corresponding Windows name is `STATUS_INVALID_HANDLE`.
  public static var invalidHandle: NTStatus { NTStatus(bits: 0xC000_0008) }

  /// No thread or process has that identifier.
  ///
  /// The corresponding Windows name is `STATUS_INVALID_CID`.
  public static var invalidCid: NTStatus { NTStatus(bits: 0xC000_000B) }

  /// The timer could not be canceled.
  ///
  /// The corresponding Windows name is `STATUS_TIMER_NOT_CANCELED`.
  public static var timerNotCanceled: NTStatus { NTStatus(bits: 0xC000_000C) }

  /// A parameter is not one that the routine accepts.
  ///
  /// The corresponding Windows name is `STATUS_INVALID_PARAMETER`.
  public static var invalidParameter: NTStatus { NTStatus(bits: 0xC000_000D) }

  /// There is no such device.
  ///
  /// The corresponding Windows name is `STATUS_NO_SUCH_DEVICE`.
  public static var noSuchDevice: NTStatus { NTStatus(bits: 0xC000_000E) }

  /// There is no such file.
  ///
  /// The corresponding Windows name is `STATUS_NO_SUCH_FILE`.
  public static var noSuchFile: NTStatus { NTStatus(bits: 0xC000_000F) }

  /// The device does not serve that request.
  ///
  /// The corresponding Windows name is `STATUS_INVALID_DEVICE_REQUEST`.
  public static var invalidDeviceRequest: NTStatus { NTStatus(bits: 0xC000_0010) }

  /// The position is at or behind the end of the file.
  ///
  /// The corresponding Windows name is `STATUS_END_OF_FILE`.
  public static var endOfFile: NTStatus { NTStatus(bits: 0xC000_0011) }

  /// Another volume is in the drive.
  ///
  /// The corresponding Windows name is `STATUS_WRONG_VOLUME`.
  public static var wrongVolume: NTStatus { NTStatus(bits: 0xC000_0012) }

  /// No medium is in the drive.
  ///
  /// The corresponding Windows name is `STATUS_NO_MEDIA_IN_DEVICE`.
  public static var noMediaInDevice: NTStatus { NTStatus(bits: 0xC000_0013) }

  /// The completion stops here; the driver owns the request again.
  ///
  /// The corresponding Windows name is `STATUS_MORE_PROCESSING_REQUIRED`.
  public static var moreProcessingRequired: NTStatus { NTStatus(bits: 0xC000_0016) }

  /// There is not enough memory or quota.
  ///
  /// The corresponding Windows name is `STATUS_NO_MEMORY`.
  public static var noMemory: NTStatus { NTStatus(bits: 0xC000_0017) }

  /// The address range is in use.
  ///
  /// The corresponding Windows name is `STATUS_CONFLICTING_ADDRESSES`.
  public static var conflictingAddresses: NTStatus { NTStatus(bits: 0xC000_0018) }

  /// Nothing is mapped at that address.
  ///
  /// The corresponding Windows name is `STATUS_NOT_MAPPED_VIEW`.
  public static var notMappedView: NTStatus { NTStatus(bits: 0xC000_0019) }

  /// The memory could not be freed.
  ///
  /// The corresponding Windows name is `STATUS_UNABLE_TO_FREE_VM`.
  public static var unableToFreeVm: NTStatus { NTStatus(bits: 0xC000_001A) }

  /// No system service has that number.
  ///
  /// The corresponding Windows name is `STATUS_INVALID_SYSTEM_SERVICE`.
  public static var invalidSystemService: NTStatus { NTStatus(bits: 0xC000_001C) }

  /// The instruction is not a valid one.
  ///
  /// The corresponding Windows name is `STATUS_ILLEGAL_INSTRUCTION`.
  public static var illegalInstruction: NTStatus { NTStatus(bits: 0xC000_001D) }

  /// Locks were taken or released in a forbidden order.
  ///
  /// The corresponding Windows name is `STATUS_INVALID_LOCK_SEQUENCE`.
  public static var invalidLockSequence: NTStatus { NTStatus(bits: 0xC000_001E) }

  /// The caller may not do that.
  ///
  /// The corresponding Windows name is `STATUS_ACCESS_DENIED`.
  public static var accessDenied: NTStatus { NTStatus(bits: 0xC000_0022) }

  /// The buffer is too small for any of the data.
  ///
  /// The corresponding Windows name is `STATUS_BUFFER_TOO_SMALL`.
  public static var bufferTooSmall: NTStatus { NTStatus(bits: 0xC000_0023) }

  /// The handle or object is of another type.
  ///
  /// The corresponding Windows name is `STATUS_OBJECT_TYPE_MISMATCH`.
  public static var objectTypeMismatch: NTStatus { NTStatus(bits: 0xC000_0024) }

  /// A filter asked to go on after an exception that cannot be continued.
  ///
  /// The corresponding Windows name is `STATUS_NONCONTINUABLE_EXCEPTION`.
  public static var noncontinuableException: NTStatus { NTStatus(bits: 0xC000_0025) }

  /// An exception handler returned a value that means nothing.
  ///
  /// The corresponding Windows name is `STATUS_INVALID_DISPOSITION`.
  public static var invalidDisposition: NTStatus { NTStatus(bits: 0xC000_0026) }

  /// An unwind is under way.
  ///
  /// The corresponding Windows name is `STATUS_UNWIND`.
  public static var unwind: NTStatus { NTStatus(bits: 0xC000_0027) }

  /// An unwind met a damaged or foreign stack.
  ///
  /// The corresponding Windows name is `STATUS_BAD_STACK`.
  public static var badStack: NTStatus { NTStatus(bits: 0xC000_0028) }

  /// An unwind was sent to a frame that is not on the stack.
  ///
  /// The corresponding Windows name is `STATUS_INVALID_UNWIND_TARGET`.
  public static var invalidUnwindTarget: NTStatus { NTStatus(bits: 0xC000_0029) }

  /// The memory is reserved but not committed.
  ///
  /// The corresponding Windows name is `STATUS_NOT_COMMITTED`.
  public static var notCommitted: NTStatus { NTStatus(bits: 0xC000_002D) }

  /// The name is malformed.
  ///
  /// The corresponding Windows name is `STATUS_OBJECT_NAME_INVALID`.
  public static var objectNameInvalid: NTStatus { NTStatus(bits: 0xC000_0033) }

  /// No object has that name.
  ///
  /// The corresponding Windows name is `STATUS_OBJECT_NAME_NOT_FOUND`.
  public static var objectNameNotFound: NTStatus { NTStatus(bits: 0xC000_0034) }

  /// An object of that name exists.
  ///
  /// The corresponding Windows name is `STATUS_OBJECT_NAME_COLLISION`.
  public static var objectNameCollision: NTStatus { NTStatus(bits: 0xC000_0035) }

  /// The port was disconnected.
  ///
  /// The corresponding Windows name is `STATUS_PORT_DISCONNECTED`.
  public static var portDisconnected: NTStatus { NTStatus(bits: 0xC000_0037) }

  /// The path goes through something that is no directory.
  ///
  /// The corresponding Windows name is `STATUS_OBJECT_PATH_INVALID`.
  public static var objectPathInvalid: NTStatus { NTStatus(bits: 0xC000_0039) }

  /// A directory of the path does not exist.
  ///
  /// The corresponding Windows name is `STATUS_OBJECT_PATH_NOT_FOUND`.
  public static var objectPathNotFound: NTStatus { NTStatus(bits: 0xC000_003A) }

  /// The path is malformed.
  ///
  /// The corresponding Windows name is `STATUS_OBJECT_PATH_SYNTAX_BAD`.
  public static var objectPathSyntaxBad: NTStatus { NTStatus(bits: 0xC000_003B) }

  /// The device gave more data than asked for.
  ///
  /// The corresponding Windows name is `STATUS_DATA_OVERRUN`.
  public static var dataOverrun: NTStatus { NTStatus(bits: 0xC000_003C) }

  /// The data is damaged.
  ///
  /// The corresponding Windows name is `STATUS_DATA_ERROR`.
  public static var dataError: NTStatus { NTStatus(bits: 0xC000_003E) }

  /// The checksum of the data is wrong.
  ///
  /// The corresponding Windows name is `STATUS_CRC_ERROR`.
  public static var crcError: NTStatus { NTStatus(bits: 0xC000_003F) }

  /// The section is larger than the file.
  ///
  /// The corresponding Windows name is `STATUS_SECTION_TOO_BIG`.
  public static var sectionTooBig: NTStatus { NTStatus(bits: 0xC000_0040) }

  /// The handle is not one of a port.
  ///
  /// The corresponding Windows name is `STATUS_INVALID_PORT_HANDLE`.
  public static var invalidPortHandle: NTStatus { NTStatus(bits: 0xC000_0042) }

  /// Another opener does not share that access.
  ///
  /// The corresponding Windows name is `STATUS_SHARING_VIOLATION`.
  public static var sharingViolation: NTStatus { NTStatus(bits: 0xC000_0043) }

  /// The quota of the process is used up.
  ///
  /// The corresponding Windows name is `STATUS_QUOTA_EXCEEDED`.
  public static var quotaExceeded: NTStatus { NTStatus(bits: 0xC000_0044) }

  /// The protection is not a valid one.
  ///
  /// The corresponding Windows name is `STATUS_INVALID_PAGE_PROTECTION`.
  public static var invalidPageProtection: NTStatus { NTStatus(bits: 0xC000_0045) }

  /// The thread does not own the mutex.
  ///
  /// The corresponding Windows name is `STATUS_MUTANT_NOT_OWNED`.
  public static var mutantNotOwned: NTStatus { NTStatus(bits: 0xC000_0046) }

  /// The semaphore would go over its limit.
  ///
  /// The corresponding Windows name is `STATUS_SEMAPHORE_LIMIT_EXCEEDED`.
  public static var semaphoreLimitExceeded: NTStatus { NTStatus(bits: 0xC000_0047) }

  /// The thread is ending.
  ///
  /// The corresponding Windows name is `STATUS_THREAD_IS_TERMINATING`.
  public static var threadIsTerminating: NTStatus { NTStatus(bits: 0xC000_004B) }

  /// The object is about to be deleted.
  ///
  /// The corresponding Windows name is `STATUS_DELETE_PENDING`.
  public static var deletePending: NTStatus { NTStatus(bits: 0xC000_0056) }

  /// The revision is not one that is known.
  ///
  /// The corresponding Windows name is `STATUS_REVISION_MISMATCH`.
  public static var revisionMismatch: NTStatus { NTStatus(bits: 0xC000_0059) }

  /// There is no such privilege.
  ///
  /// The corresponding Windows name is `STATUS_NO_SUCH_PRIVILEGE`.
  public static var noSuchPrivilege: NTStatus { NTStatus(bits: 0xC000_0060) }

  /// The caller lacks a privilege.
  ///
  /// The corresponding Windows name is `STATUS_PRIVILEGE_NOT_HELD`.
  public static var privilegeNotHeld: NTStatus { NTStatus(bits: 0xC000_0061) }

  /// The access list is malformed.
  ///
  /// The corresponding Windows name is `STATUS_INVALID_ACL`.
  public static var invalidAcl: NTStatus { NTStatus(bits: 0xC000_0077) }

  /// The security identifier is malformed.
  ///
  /// The corresponding Windows name is `STATUS_INVALID_SID`.
  public static var invalidSid: NTStatus { NTStatus(bits: 0xC000_0078) }

  /// The security descriptor is malformed.
  ///
  /// The corresponding Windows name is `STATUS_INVALID_SECURITY_DESCR`.
  public static var invalidSecurityDescr: NTStatus { NTStatus(bits: 0xC000_0079) }

  /// The file is not an image for this machine.
  ///
  /// The corresponding Windows name is `STATUS_INVALID_IMAGE_FORMAT`.
  public static var invalidImageFormat: NTStatus { NTStatus(bits: 0xC000_007B) }

  /// That range of the file is not locked.
  ///
  /// The corresponding Windows name is `STATUS_RANGE_NOT_LOCKED`.
  public static var rangeNotLocked: NTStatus { NTStatus(bits: 0xC000_007E) }

  /// No space is left.
  ///
  /// The corresponding Windows name is `STATUS_DISK_FULL`.
  public static var diskFull: NTStatus { NTStatus(bits: 0xC000_007F) }

  /// An index is out of bounds.
  ///
  /// The corresponding Windows name is `STATUS_ARRAY_BOUNDS_EXCEEDED`.
  public static var arrayBoundsExceeded: NTStatus { NTStatus(bits: 0xC000_008C) }

  /// A floating-point number was divided by zero.
  ///
  /// The corresponding Windows name is `STATUS_FLOAT_DIVIDE_BY_ZERO`.
  public static var floatDivideByZero: NTStatus { NTStatus(bits: 0xC000_008E) }

  /// An integer was divided by zero.
  ///
  /// The corresponding Windows name is `STATUS_INTEGER_DIVIDE_BY_ZERO`.
  public static var integerDivideByZero: NTStatus { NTStatus(bits: 0xC000_0094) }

  /// An integer operation overflowed.
  ///
  /// The corresponding Windows name is `STATUS_INTEGER_OVERFLOW`.
  public static var integerOverflow: NTStatus { NTStatus(bits: 0xC000_0095) }

  /// The instruction is not allowed in this mode.
  ///
  /// The corresponding Windows name is `STATUS_PRIVILEGED_INSTRUCTION`.
  public static var privilegedInstruction: NTStatus { NTStatus(bits: 0xC000_0096) }

  /// No further paging file is allowed.
  ///
  /// The corresponding Windows name is `STATUS_TOO_MANY_PAGING_FILES`.
  public static var tooManyPagingFiles: NTStatus { NTStatus(bits: 0xC000_0097) }

  /// The system lacks a resource for the request.
  ///
  /// The corresponding Windows name is `STATUS_INSUFFICIENT_RESOURCES`.
  public static var insufficientResources: NTStatus { NTStatus(bits: 0xC000_009A) }

  /// The device reports a data error.
  ///
  /// The corresponding Windows name is `STATUS_DEVICE_DATA_ERROR`.
  public static var deviceDataError: NTStatus { NTStatus(bits: 0xC000_009C) }

  /// Nothing is allocated at that address.
  ///
  /// The corresponding Windows name is `STATUS_MEMORY_NOT_ALLOCATED`.
  public static var memoryNotAllocated: NTStatus { NTStatus(bits: 0xC000_00A0) }

  /// The medium is write protected.
  ///
  /// The corresponding Windows name is `STATUS_MEDIA_WRITE_PROTECTED`.
  public static var mediaWriteProtected: NTStatus { NTStatus(bits: 0xC000_00A2) }

  /// The device is not ready.
  ///
  /// The corresponding Windows name is `STATUS_DEVICE_NOT_READY`.
  public static var deviceNotReady: NTStatus { NTStatus(bits: 0xC000_00A3) }

  /// All instances are in use.
  ///
  /// The corresponding Windows name is `STATUS_INSTANCE_NOT_AVAILABLE`.
  public static var instanceNotAvailable: NTStatus { NTStatus(bits: 0xC000_00AB) }

  /// No instance of the pipe is free.
  ///
  /// The corresponding Windows name is `STATUS_PIPE_NOT_AVAILABLE`.
  public static var pipeNotAvailable: NTStatus { NTStatus(bits: 0xC000_00AC) }

  /// The function cannot be used with that file.
  ///
  /// The corresponding Windows name is `STATUS_ILLEGAL_FUNCTION`.
  public static var illegalFunction: NTStatus { NTStatus(bits: 0xC000_00AF) }

  /// The device did not answer in time.
  ///
  /// The corresponding Windows name is `STATUS_IO_TIMEOUT`.
  public static var ioTimeout: NTStatus { NTStatus(bits: 0xC000_00B5) }

  /// The file was closed by force.
  ///
  /// The corresponding Windows name is `STATUS_FILE_FORCED_CLOSED`.
  public static var fileForcedClosed: NTStatus { NTStatus(bits: 0xC000_00B6) }

  /// The name is that of a directory.
  ///
  /// The corresponding Windows name is `STATUS_FILE_IS_A_DIRECTORY`.
  public static var fileIsADirectory: NTStatus { NTStatus(bits: 0xC000_00BA) }

  /// The request is not supported.
  ///
  /// The corresponding Windows name is `STATUS_NOT_SUPPORTED`.
  public static var notSupported: NTStatus { NTStatus(bits: 0xC000_00BB) }

  /// The device does not exist any more.
  ///
  /// The corresponding Windows name is `STATUS_DEVICE_DOES_NOT_EXIST`.
  public static var deviceDoesNotExist: NTStatus { NTStatus(bits: 0xC000_00C0) }

  /// The adapter failed.
  ///
  /// The corresponding Windows name is `STATUS_ADAPTER_HARDWARE_ERROR`.
  public static var adapterHardwareError: NTStatus { NTStatus(bits: 0xC000_00C2) }

  /// The network failed in an unexpected way.
  ///
  /// The corresponding Windows name is `STATUS_UNEXPECTED_NETWORK_ERROR`.
  public static var unexpectedNetworkError: NTStatus { NTStatus(bits: 0xC000_00C4) }

  /// The request cannot be taken now.
  ///
  /// The corresponding Windows name is `STATUS_REQUEST_NOT_ACCEPTED`.
  public static var requestNotAccepted: NTStatus { NTStatus(bits: 0xC000_00D0) }

  /// Something that cannot happen did.
  ///
  /// The corresponding Windows name is `STATUS_INTERNAL_ERROR`.
  public static var internalError: NTStatus { NTStatus(bits: 0xC000_00E5) }

  /// The security descriptor has the wrong format.
  ///
  /// The corresponding Windows name is `STATUS_BAD_DESCRIPTOR_FORMAT`.
  public static var badDescriptorFormat: NTStatus { NTStatus(bits: 0xC000_00E7) }

  /// The user buffer cannot be used for the transfer.
  ///
  /// The corresponding Windows name is `STATUS_INVALID_USER_BUFFER`.
  public static var invalidUserBuffer: NTStatus { NTStatus(bits: 0xC000_00E8) }

  /// The first parameter is not acceptable.
  ///
  /// The corresponding Windows name is `STATUS_INVALID_PARAMETER_1`.
  public static var invalidParameter1: NTStatus { NTStatus(bits: 0xC000_00EF) }

  /// The second parameter is not acceptable.
  ///
  /// The corresponding Windows name is `STATUS_INVALID_PARAMETER_2`.
  public static var invalidParameter2: NTStatus { NTStatus(bits: 0xC000_00F0) }

  /// The third parameter is not acceptable.
  ///
  /// The corresponding Windows name is `STATUS_INVALID_PARAMETER_3`.
  public static var invalidParameter3: NTStatus { NTStatus(bits: 0xC000_00F1) }

  /// The fourth parameter is not acceptable.
  ///
  /// The corresponding Windows name is `STATUS_INVALID_PARAMETER_4`.
  public static var invalidParameter4: NTStatus { NTStatus(bits: 0xC000_00F2) }

  /// The fifth parameter is not acceptable.
  ///
  /// The corresponding Windows name is `STATUS_INVALID_PARAMETER_5`.
  public static var invalidParameter5: NTStatus { NTStatus(bits: 0xC000_00F3) }

  /// The sixth parameter is not acceptable.
  ///
  /// The corresponding Windows name is `STATUS_INVALID_PARAMETER_6`.
  public static var invalidParameter6: NTStatus { NTStatus(bits: 0xC000_00F4) }

  /// The stack is used up.
  ///
  /// The corresponding Windows name is `STATUS_STACK_OVERFLOW`.
  public static var stackOverflow: NTStatus { NTStatus(bits: 0xC000_00FD) }

  /// The directory holds entries.
  ///
  /// The corresponding Windows name is `STATUS_DIRECTORY_NOT_EMPTY`.
  public static var directoryNotEmpty: NTStatus { NTStatus(bits: 0xC000_0101) }

  /// The name is not that of a directory.
  ///
  /// The corresponding Windows name is `STATUS_NOT_A_DIRECTORY`.
  public static var notADirectory: NTStatus { NTStatus(bits: 0xC000_0103) }

  /// The name is too long.
  ///
  /// The corresponding Windows name is `STATUS_NAME_TOO_LONG`.
  public static var nameTooLong: NTStatus { NTStatus(bits: 0xC000_0106) }

  /// The process is ending.
  ///
  /// The corresponding Windows name is `STATUS_PROCESS_IS_TERMINATING`.
  public static var processIsTerminating: NTStatus { NTStatus(bits: 0xC000_010A) }

  /// The driver is loaded already.
  ///
  /// The corresponding Windows name is `STATUS_IMAGE_ALREADY_LOADED`.
  public static var imageAlreadyLoaded: NTStatus { NTStatus(bits: 0xC000_010E) }

  /// The request was canceled.
  ///
  /// The corresponding Windows name is `STATUS_CANCELLED`.
  public static var cancelled: NTStatus { NTStatus(bits: 0xC000_0120) }

  /// The object cannot be deleted.
  ///
  /// The corresponding Windows name is `STATUS_CANNOT_DELETE`.
  public static var cannotDelete: NTStatus { NTStatus(bits: 0xC000_0121) }

  /// The file was deleted.
  ///
  /// The corresponding Windows name is `STATUS_FILE_DELETED`.
  public static var fileDeleted: NTStatus { NTStatus(bits: 0xC000_0123) }

  /// The file object was cleaned up.
  ///
  /// The corresponding Windows name is `STATUS_FILE_CLOSED`.
  public static var fileClosed: NTStatus { NTStatus(bits: 0xC000_0128) }

  /// A module that is imported from was not found.
  ///
  /// The corresponding Windows name is `STATUS_DLL_NOT_FOUND`.
  public static var dllNotFound: NTStatus { NTStatus(bits: 0xC000_0135) }

  /// An import by ordinal was not found.
  ///
  /// The corresponding Windows name is `STATUS_ORDINAL_NOT_FOUND`.
  public static var ordinalNotFound: NTStatus { NTStatus(bits: 0xC000_0138) }

  /// An import by name was not found.
  ///
  /// The corresponding Windows name is `STATUS_ENTRYPOINT_NOT_FOUND`.
  public static var entrypointNotFound: NTStatus { NTStatus(bits: 0xC000_0139) }

  /// The program was ended from the console.
  ///
  /// The corresponding Windows name is `STATUS_CONTROL_C_EXIT`.
  public static var controlCExit: NTStatus { NTStatus(bits: 0xC000_013A) }

  /// This end closed the connection.
  ///
  /// The corresponding Windows name is `STATUS_LOCAL_DISCONNECT`.
  public static var localDisconnect: NTStatus { NTStatus(bits: 0xC000_013B) }

  /// The other end closed the connection.
  ///
  /// The corresponding Windows name is `STATUS_REMOTE_DISCONNECT`.
  public static var remoteDisconnect: NTStatus { NTStatus(bits: 0xC000_013C) }

  /// The address is not a valid one.
  ///
  /// The corresponding Windows name is `STATUS_INVALID_ADDRESS`.
  public static var invalidAddress: NTStatus { NTStatus(bits: 0xC000_0141) }

  /// The registry is damaged.
  ///
  /// The corresponding Windows name is `STATUS_REGISTRY_CORRUPT`.
  public static var registryCorrupt: NTStatus { NTStatus(bits: 0xC000_014C) }

  /// The registry could not be read or written.
  ///
  /// The corresponding Windows name is `STATUS_REGISTRY_IO_FAILED`.
  public static var registryIoFailed: NTStatus { NTStatus(bits: 0xC000_014D) }

  /// There is no such member.
  ///
  /// The corresponding Windows name is `STATUS_NO_SUCH_MEMBER`.
  public static var noSuchMember: NTStatus { NTStatus(bits: 0xC000_017A) }

  /// The registry key is marked for deletion.
  ///
  /// The corresponding Windows name is `STATUS_KEY_DELETED`.
  public static var keyDeleted: NTStatus { NTStatus(bits: 0xC000_017C) }

  /// The device is not in a state for that request.
  ///
  /// The corresponding Windows name is `STATUS_INVALID_DEVICE_STATE`.
  public static var invalidDeviceState: NTStatus { NTStatus(bits: 0xC000_0184) }

  /// A file system must be loaded first.
  ///
  /// The corresponding Windows name is `STATUS_FS_DRIVER_REQUIRED`.
  public static var fsDriverRequired: NTStatus { NTStatus(bits: 0xC000_019C) }

  /// The size of the buffer is not acceptable.
  ///
  /// The corresponding Windows name is `STATUS_INVALID_BUFFER_SIZE`.
  public static var invalidBufferSize: NTStatus { NTStatus(bits: 0xC000_0206) }

  /// The registry file cannot be loaded.
  ///
  /// The corresponding Windows name is `STATUS_CANNOT_LOAD_REGISTRY_FILE`.
  public static var cannotLoadRegistryFile: NTStatus { NTStatus(bits: 0xC000_0218) }

  /// The checksum of the image is wrong.
  ///
  /// The corresponding Windows name is `STATUS_IMAGE_CHECKSUM_MISMATCH`.
  public static var imageChecksumMismatch: NTStatus { NTStatus(bits: 0xC000_0221) }

  /// What was asked for is not there.
  ///
  /// The corresponding Windows name is `STATUS_NOT_FOUND`.
  public static var notFound: NTStatus { NTStatus(bits: 0xC000_0225) }

  /// The object identifier exists already.
  ///
  /// The corresponding Windows name is `STATUS_OBJECTID_EXISTS`.
  public static var objectidExists: NTStatus { NTStatus(bits: 0xC000_022B) }

  /// The operation should be tried again.
  ///
  /// The corresponding Windows name is `STATUS_RETRY`.
  public static var retry: NTStatus { NTStatus(bits: 0xC000_022D) }

  /// No user-mode callback is active.
  ///
  /// The corresponding Windows name is `STATUS_NO_CALLBACK_ACTIVE`.
  public static var noCallbackActive: NTStatus { NTStatus(bits: 0xC000_0258) }

  /// A function that the driver imports does not exist.
  ///
  /// The corresponding Windows name is `STATUS_DRIVER_ENTRYPOINT_NOT_FOUND`.
  public static var driverEntrypointNotFound: NTStatus { NTStatus(bits: 0xC000_0263) }

  /// The thread does not own the resource.
  ///
  /// The corresponding Windows name is `STATUS_RESOURCE_NOT_OWNED`.
  public static var resourceNotOwned: NTStatus { NTStatus(bits: 0xC000_0264) }

  /// The driver cannot be loaded.
  ///
  /// The corresponding Windows name is `STATUS_DRIVER_UNABLE_TO_LOAD`.
  public static var driverUnableToLoad: NTStatus { NTStatus(bits: 0xC000_026C) }

  /// No entry matches.
  ///
  /// The corresponding Windows name is `STATUS_NO_MATCH`.
  public static var noMatch: NTStatus { NTStatus(bits: 0xC000_0272) }

  /// The device was removed.
  ///
  /// The corresponding Windows name is `STATUS_DEVICE_REMOVED`.
  public static var deviceRemoved: NTStatus { NTStatus(bits: 0xC000_02B6) }

  /// The power state is not a valid one.
  ///
  /// The corresponding Windows name is `STATUS_POWER_STATE_INVALID`.
  public static var powerStateInvalid: NTStatus { NTStatus(bits: 0xC000_02D3) }

  /// The driver's entry routine failed.
  ///
  /// The corresponding Windows name is `STATUS_FAILED_DRIVER_ENTRY`.
  public static var failedDriverEntry: NTStatus { NTStatus(bits: 0xC000_0365) }

  /// A heap is damaged.
  ///
  /// The corresponding Windows name is `STATUS_HEAP_CORRUPTION`.
  public static var heapCorruption: NTStatus { NTStatus(bits: 0xC000_0374) }

  /// A stack buffer was overrun.
  ///
  /// The corresponding Windows name is `STATUS_STACK_BUFFER_OVERRUN`.
  public static var stackBufferOverrun: NTStatus { NTStatus(bits: 0xC000_0409) }

  /// A C run-time function got a bad parameter.
  ///
  /// The corresponding Windows name is `STATUS_INVALID_CRUNTIME_PARAMETER`.
  public static var invalidCruntimeParameter: NTStatus { NTStatus(bits: 0xC000_0417) }

  /// An assertion failed.
  ///
  /// The corresponding Windows name is `STATUS_ASSERTION_FAILURE`.
  public static var assertionFailure: NTStatus { NTStatus(bits: 0xC000_0420) }

  /// The framework object is paused.
  ///
  /// The corresponding Windows name is `STATUS_WDF_PAUSED`.
  public static var wdfPaused: NTStatus { NTStatus(bits: 0xC020_0203) }

  /// The framework object is busy.
  ///
  /// The corresponding Windows name is `STATUS_WDF_BUSY`.
  public static var wdfBusy: NTStatus { NTStatus(bits: 0xC020_0204) }

  /// The framework request is not in a state for that operation.
  ///
  /// The corresponding Windows name is `STATUS_WDF_REQUEST_INVALID_STATE`.
  public static var wdfRequestInvalidState: NTStatus { NTStatus(bits: 0xC020_0208) }

  /// The framework object attributes are not acceptable.
  ///
  /// The corresponding Windows name is `STATUS_WDF_OBJECT_ATTRIBUTES_INVALID`.
  public static var wdfObjectAttributesInvalid: NTStatus { NTStatus(bits: 0xC020_0209) }

  /// The transfer has more fragments than allowed.
  ///
  /// The corresponding Windows name is `STATUS_WDF_TOO_FRAGMENTED`.
  public static var wdfTooFragmented: NTStatus { NTStatus(bits: 0xC020_020A) }

  /// The parent of that framework object cannot be chosen.
  ///
  /// The corresponding Windows name is `STATUS_WDF_PARENT_ASSIGNMENT_NOT_ALLOWED`.
  public static var wdfParentAssignmentNotAllowed: NTStatus { NTStatus(bits: 0xC020_020F) }

  /// The framework object needs a parent that was not given.
  ///
  /// The corresponding Windows name is `STATUS_WDF_PARENT_NOT_SPECIFIED`.
  public static var wdfParentNotSpecified: NTStatus { NTStatus(bits: 0xC020_0212) }
}
