// Random numbers from a seed that the caller keeps.

/// The next number of the generator of `RtlUniform`, below 0x7FFFFFFF.
private func advance(_ seed: UnsafeMutablePointer<UInt32>) -> UInt32 {
  let product = UInt64(seed.pointee) &* 0x7FFF_FFED &+ 0x7FFF_FFC3
  let value = UInt32(truncatingIfNeeded: product % 0x7FFF_FFFF)
  seed.pointee = value
  return value
}

/// A random number below 0x7FFFFFFF.
///
/// Unlike on Windows it depends on the seed alone.
@c(r3_RtlRandom)
package func rtlRandom(_ seed: UnsafeMutablePointer<UInt32>) -> UInt32 { advance(seed) }

/// A random number below 0x7FFFFFFF.
///
/// Unlike on Windows it depends on the seed alone.
@c(r3_RtlRandomEx)
package func rtlRandomEx(_ seed: UnsafeMutablePointer<UInt32>) -> UInt32 { advance(seed) }
