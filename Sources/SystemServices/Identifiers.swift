import CDriverKit

/// Makes a GUID that nobody else has: a random one, of version 4.
@c(r3_ExUuidCreate)
func exUuidCreate(_ identifier: UnsafeMutablePointer<GUID>) -> UInt32 {
  var generator = SystemRandomNumberGenerator()
  let (low, high) = (generator.next(), generator.next())
  let bytes = UnsafeMutableRawPointer(identifier)
  // The version is in the upper four bits of Data3, the variant in the upper two of Data4[0].
  bytes.storeBytes(of: low & ~(0xF << 60) | 0x4 << 60, as: UInt64.self)
  bytes.storeBytes(of: high & ~0xC0 | 0x80, toByteOffset: 8, as: UInt64.self)
  return ServiceStatus.success
}
