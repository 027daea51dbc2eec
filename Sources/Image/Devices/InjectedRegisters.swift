import CRing3
import Machine

/// The registers of a driver whose instruction is performed for it: see `r3_inject_call`.
struct InjectedRegisters {
  private let frame: UnsafeMutablePointer<R3Frame>

  /// Only in a function that was injected.
  init() { frame = CurrentThread.pointer.pointee.frames.unsafelyUnwrapped }

  var rip: UInt64 {
    get { r3_injected_rip(frame).pointee }
    nonmutating set { r3_injected_rip(frame).pointee = newValue }
  }

  var flags: UInt64 {
    get { r3_injected_flags(frame).pointee }
    nonmutating set { r3_injected_flags(frame).pointee = newValue }
  }

  subscript(number: Int) -> UInt64 {
    get { r3_injected_register(frame, UInt32(number)).pointee }
    nonmutating set { r3_injected_register(frame, UInt32(number)).pointee = newValue }
  }

  /// A register as an operand of so many bytes.
  ///
  /// Without a REX prefix the byte registers 4 to 7 are the second bytes of the first four.
  func value(_ number: Int, _ byteCount: Int, rex: UInt8) -> UInt64 {
    if byteCount == 1, rex == 0, number >= 4 { return self[number - 4] >> 8 & 0xFF }
    return self[number] & DeviceAccess.mask(byteCount)
  }

  /// Stores an operand; four bytes clear the upper half, one and two leave the rest.
  func store(_ value: UInt64, _ number: Int, _ byteCount: Int, rex: UInt8) {
    switch byteCount {
    case 8: self[number] = value
    case 4: self[number] = value & 0xFFFF_FFFF
    case 1 where rex == 0 && number >= 4:
      self[number - 4] = self[number - 4] & ~0xFF00 | (value & 0xFF) << 8
    default:
      let mask = DeviceAccess.mask(byteCount)
      self[number] = self[number] & ~mask | value & mask
    }
  }
}
