// Errors of requests and their parameters.

extension NTStatus {
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

  /// The handle is not open in this process.
  ///
  /// The corresponding Windows name is `STATUS_INVALID_HANDLE`.
  public static var invalidHandle: NTStatus { NTStatus(bits: 0xC000_0008) }

  /// A parameter is not one that the routine accepts.
  ///
  /// The corresponding Windows name is `STATUS_INVALID_PARAMETER`.
  public static var invalidParameter: NTStatus { NTStatus(bits: 0xC000_000D) }

  /// The device does not serve that request.
  ///
  /// The corresponding Windows name is `STATUS_INVALID_DEVICE_REQUEST`.
  public static var invalidDeviceRequest: NTStatus { NTStatus(bits: 0xC000_0010) }

  /// The completion stops here; the driver owns the request again.
  ///
  /// The corresponding Windows name is `STATUS_MORE_PROCESSING_REQUIRED`.
  public static var moreProcessingRequired: NTStatus { NTStatus(bits: 0xC000_0016) }

  /// The buffer is too small for any of the data.
  ///
  /// The corresponding Windows name is `STATUS_BUFFER_TOO_SMALL`.
  public static var bufferTooSmall: NTStatus { NTStatus(bits: 0xC000_0023) }

  /// The function cannot be used with that file.
  ///
  /// The corresponding Windows name is `STATUS_ILLEGAL_FUNCTION`.
  public static var illegalFunction: NTStatus { NTStatus(bits: 0xC000_00AF) }

  /// The device did not answer in time.
  ///
  /// The corresponding Windows name is `STATUS_IO_TIMEOUT`.
  public static var ioTimeout: NTStatus { NTStatus(bits: 0xC000_00B5) }

  /// The request is not supported.
  ///
  /// The corresponding Windows name is `STATUS_NOT_SUPPORTED`.
  public static var notSupported: NTStatus { NTStatus(bits: 0xC000_00BB) }

  /// The request cannot be taken now.
  ///
  /// The corresponding Windows name is `STATUS_REQUEST_NOT_ACCEPTED`.
  public static var requestNotAccepted: NTStatus { NTStatus(bits: 0xC000_00D0) }

  /// Something that cannot happen did.
  ///
  /// The corresponding Windows name is `STATUS_INTERNAL_ERROR`.
  public static var internalError: NTStatus { NTStatus(bits: 0xC000_00E5) }

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

  /// The request was canceled.
  ///
  /// The corresponding Windows name is `STATUS_CANCELLED`.
  public static var cancelled: NTStatus { NTStatus(bits: 0xC000_0120) }

  /// There is no such member.
  ///
  /// The corresponding Windows name is `STATUS_NO_SUCH_MEMBER`.
  public static var noSuchMember: NTStatus { NTStatus(bits: 0xC000_017A) }

  /// The size of the buffer is not acceptable.
  ///
  /// The corresponding Windows name is `STATUS_INVALID_BUFFER_SIZE`.
  public static var invalidBufferSize: NTStatus { NTStatus(bits: 0xC000_0206) }

  /// What was asked for is not there.
  ///
  /// The corresponding Windows name is `STATUS_NOT_FOUND`.
  public static var notFound: NTStatus { NTStatus(bits: 0xC000_0225) }

  /// The operation should be tried again.
  ///
  /// The corresponding Windows name is `STATUS_RETRY`.
  public static var retry: NTStatus { NTStatus(bits: 0xC000_022D) }

  /// No entry matches.
  ///
  /// The corresponding Windows name is `STATUS_NO_MATCH`.
  public static var noMatch: NTStatus { NTStatus(bits: 0xC000_0272) }
}
