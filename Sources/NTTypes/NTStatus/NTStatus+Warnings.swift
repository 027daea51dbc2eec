// Warnings that the system itself returns or looks at; `init(name:)` knows many more.

extension NTStatus {
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
}
