import IOManager

/// Status codes that the Plug and Play manager gives or looks for.
enum PnpStatus {
  static let success: Int32 = 0
  static let pending: Int32 = 0x103
  static let deviceBusy = Int32(bitPattern: 0x8000_0011)
  static let unsuccessful = Int32(bitPattern: 0xC000_0001)
  static let invalidParameter = Int32(bitPattern: 0xC000_000D)
  static let noSuchDevice = Int32(bitPattern: 0xC000_000E)
  static let invalidDeviceRequest = Int32(bitPattern: 0xC000_0010)
  static let bufferTooSmall = Int32(bitPattern: 0xC000_0023)
  static let objectNameNotFound = Int32(bitPattern: 0xC000_0034)
  static let objectNameExists: Int32 = 0x4000_0000
  static let notFound = Int32(bitPattern: 0xC000_0225)
  static let insufficientResources = Int32(bitPattern: 0xC000_009A)
  static let deviceNotConnected = Int32(bitPattern: 0xC000_009D)
  static let notSupported = Int32(bitPattern: 0xC000_00BB)
  static let invalidDeviceState = Int32(bitPattern: 0xC000_0184)
  static let cancelled = Int32(bitPattern: 0xC000_0120)
}
