// Errors of images, threads and their locks.

extension NTStatus {
  // MARK: Images

  /// The file is not an image for this machine.
  ///
  /// The corresponding Windows name is `STATUS_INVALID_IMAGE_FORMAT`.
  public static var invalidImageFormat: NTStatus { NTStatus(bits: 0xC000_007B) }

  /// The driver is loaded already.
  ///
  /// The corresponding Windows name is `STATUS_IMAGE_ALREADY_LOADED`.
  public static var imageAlreadyLoaded: NTStatus { NTStatus(bits: 0xC000_010E) }

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

  /// The checksum of the image is wrong.
  ///
  /// The corresponding Windows name is `STATUS_IMAGE_CHECKSUM_MISMATCH`.
  public static var imageChecksumMismatch: NTStatus { NTStatus(bits: 0xC000_0221) }

  /// A function that the driver imports does not exist.
  ///
  /// The corresponding Windows name is `STATUS_DRIVER_ENTRYPOINT_NOT_FOUND`.
  public static var driverEntrypointNotFound: NTStatus { NTStatus(bits: 0xC000_0263) }

  /// The driver cannot be loaded.
  ///
  /// The corresponding Windows name is `STATUS_DRIVER_UNABLE_TO_LOAD`.
  public static var driverUnableToLoad: NTStatus { NTStatus(bits: 0xC000_026C) }

  /// The driver's entry routine failed.
  ///
  /// The corresponding Windows name is `STATUS_FAILED_DRIVER_ENTRY`.
  public static var failedDriverEntry: NTStatus { NTStatus(bits: 0xC000_0365) }

  // MARK: Threads and locks

  /// No thread or process has that identifier.
  ///
  /// The corresponding Windows name is `STATUS_INVALID_CID`.
  public static var invalidCid: NTStatus { NTStatus(bits: 0xC000_000B) }

  /// The timer could not be canceled.
  ///
  /// The corresponding Windows name is `STATUS_TIMER_NOT_CANCELED`.
  public static var timerNotCanceled: NTStatus { NTStatus(bits: 0xC000_000C) }

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

  /// The process is ending.
  ///
  /// The corresponding Windows name is `STATUS_PROCESS_IS_TERMINATING`.
  public static var processIsTerminating: NTStatus { NTStatus(bits: 0xC000_010A) }

  /// The thread does not own the resource.
  ///
  /// The corresponding Windows name is `STATUS_RESOURCE_NOT_OWNED`.
  public static var resourceNotOwned: NTStatus { NTStatus(bits: 0xC000_0264) }
}
