/// Status codes that the services give.
enum ServiceStatus {
  static let success: UInt32 = 0
  static let bufferOverflow: UInt32 = 0x8000_0005
  static let noMoreEntries: UInt32 = 0x8000_001A
  static let invalidInformationClass: UInt32 = 0xC000_0003
  static let invalidHandle: UInt32 = 0xC000_0008
  static let invalidParameter: UInt32 = 0xC000_000D
  static let bufferTooSmall: UInt32 = 0xC000_0023
  static let objectTypeMismatch: UInt32 = 0xC000_0024
  static let objectNameInvalid: UInt32 = 0xC000_0033
  static let objectNameNotFound: UInt32 = 0xC000_0034
  static let objectPathSyntaxBad: UInt32 = 0xC000_003B
  static let insufficientResources: UInt32 = 0xC000_009A
  static let cannotDelete: UInt32 = 0xC000_0121
  static let keyDeleted: UInt32 = 0xC000_017C
  static let childMustBeVolatile: UInt32 = 0xC000_0181

  /// Whether a status is a success or an information.
  static func isSuccess(_ status: UInt32) -> Bool { status >> 31 == 0 }
}
