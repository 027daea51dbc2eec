import Machine

/// The operations of the processor that have a number in an opcode, and the flags that they leave.
struct Arithmetic {
  enum Operation: UInt8 {
    case add, or, adc, sbb, and, sub, xor, cmp
  }

  private static let carry: UInt64 = 0x1
  private static let parity: UInt64 = 0x4
  private static let adjust: UInt64 = 0x10
  private static let zero: UInt64 = 0x40
  private static let sign: UInt64 = 0x80
  private static let overflow: UInt64 = 0x800

  let byteCount: Int
  /// The flags register before, and after ``apply(_:_:_:)``.
  var flags: UInt64

  private var mask: UInt64 { DeviceAccess.mask(byteCount) }
  private var signBit: UInt64 { 1 << UInt64(byteCount * 8 - 1) }

  /// The result of an operation; that of `cmp` is to be dropped.
  mutating func apply(_ operation: Operation, _ left: UInt64, _ right: UInt64) -> UInt64 {
    let (a, b) = (left & mask, right & mask)
    switch operation {
    case .add: return add(a, b, carry: 0)
    case .adc: return add(a, b, carry: flags & Self.carry)
    case .sub, .cmp: return subtract(a, b, borrow: 0)
    case .sbb: return subtract(a, b, borrow: flags & Self.carry)
    case .and: return logical(a & b)
    case .or: return logical(a | b)
    case .xor: return logical(a ^ b)
    }
  }

  private mutating func logical(_ result: UInt64) -> UInt64 {
    set(result, carry: false, overflow: false, adjust: false)
    return result
  }

  private mutating func add(_ a: UInt64, _ b: UInt64, carry: UInt64) -> UInt64 {
    let result = (a &+ b &+ carry) & mask
    let isCarried = result < a || carry == 1 && result == a
    set(
      result, carry: isCarried, overflow: (a ^ result) & (b ^ result) & signBit != 0,
      adjust: (a ^ b ^ result) & 0x10 != 0)
    return result
  }

  private mutating func subtract(_ a: UInt64, _ b: UInt64, borrow: UInt64) -> UInt64 {
    let result = (a &- b &- borrow) & mask
    set(
      result, carry: a < b || borrow == 1 && a == b,
      overflow: (a ^ b) & (a ^ result) & signBit != 0, adjust: (a ^ b ^ result) & 0x10 != 0)
    return result
  }

  private mutating func set(_ result: UInt64, carry: Bool, overflow: Bool, adjust: Bool) {
    let all = Self.carry | Self.parity | Self.adjust | Self.zero | Self.sign | Self.overflow
    flags &= ~all
    if carry { flags |= Self.carry }
    if overflow { flags |= Self.overflow }
    if adjust { flags |= Self.adjust }
    if result & mask == 0 { flags |= Self.zero }
    if result & signBit != 0 { flags |= Self.sign }
    if (result & 0xFF).nonzeroBitCount & 1 == 0 { flags |= Self.parity }
  }

  /// Adds one, or takes one off; the carry flag stays as it is.
  mutating func count(_ value: UInt64, up: Bool) -> UInt64 {
    let kept = flags & Self.carry
    let result = apply(up ? .add : .sub, value, 1)
    flags = flags & ~Self.carry | kept
    return result
  }

  /// Puts a bit into the carry flag.
  mutating func test(bit: UInt64, of value: UInt64) {
    let isSet = value >> (bit & UInt64(byteCount * 8 - 1)) & 1
    flags = flags & ~Self.carry | isSet
  }
}
