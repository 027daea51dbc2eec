/// Status codes that the I/O manager itself gives.
package enum IOStatus {
  package static let success: Int32 = 0
  package static let pending: Int32 = 0x103
  package static let objectNameExists: Int32 = 0x4000_0000
  package static let bufferOverflow = Int32(bitPattern: 0x8000_0005)
  package static let verifyRequired = Int32(bitPattern: 0x8000_0016)
  package static let unsuccessful = Int32(bitPattern: 0xC000_0001)
  package static let notImplemented = Int32(bitPattern: 0xC000_0002)
  package static let infoLengthMismatch = Int32(bitPattern: 0xC000_0004)
  package static let accessViolation = Int32(bitPattern: 0xC000_0005)
  package static let invalidHandle = Int32(bitPattern: 0xC000_0008)
  package static let invalidParameter = Int32(bitPattern: 0xC000_000D)
  package static let noSuchDevice = Int32(bitPattern: 0xC000_000E)
  package static let invalidDeviceRequest = Int32(bitPattern: 0xC000_0010)
  package static let moreProcessingRequired = Int32(bitPattern: 0xC000_0016)
  package static let accessDenied = Int32(bitPattern: 0xC000_0022)
  package static let bufferTooSmall = Int32(bitPattern: 0xC000_0023)
  package static let objectTypeMismatch = Int32(bitPattern: 0xC000_0024)
  package static let objectNameInvalid = Int32(bitPattern: 0xC000_0033)
  package static let objectNameNotFound = Int32(bitPattern: 0xC000_0034)
  package static let objectNameCollision = Int32(bitPattern: 0xC000_0035)
  package static let sharingViolation = Int32(bitPattern: 0xC000_0043)
  package static let quotaExceeded = Int32(bitPattern: 0xC000_0044)
  package static let deletePending = Int32(bitPattern: 0xC000_0056)
  package static let insufficientResources = Int32(bitPattern: 0xC000_009A)
  package static let deviceNotReady = Int32(bitPattern: 0xC000_00A3)
  package static let notSupported = Int32(bitPattern: 0xC000_00BB)
  package static let processIsTerminating = Int32(bitPattern: 0xC000_010A)
  package static let cancelled = Int32(bitPattern: 0xC000_0120)

  /// Whether a status is an error (0xC…): nothing is copied back for it.
  @inline(__always)
  package static func isError(_ status: Int32) -> Bool {
    UInt32(bitPattern: status) >> 30 == 3
  }
}
