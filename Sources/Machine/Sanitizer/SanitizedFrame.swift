/// A frame on a kernel stack whose variables the address sanitizer keeps apart.
///
/// The compiler writes at its beginning what lies in it: `2 32 16 6 name:7 64 8 1 x`, the number of
/// variables and for each its offset, its size, the length of what follows, its name and line.
struct SanitizedFrame {
  private static let mark: UInt64 = 0x41B5_8AB3
  /// Further than any driver's frame reaches: kernel stacks are shorter.
  private static let searchLimit: UInt = 64 << 10
  private static let leftRedzone: UInt8 = 0xF1

  let base: UInt
  private let text: UnsafePointer<UInt8>

  /// The frame round an address that must not be touched.
  init?(around address: UInt, limit: UInt) {
    var cell = address & ~7
    let lowest = max(limit, cell > Self.searchLimit ? cell - Self.searchLimit : 0)
    while cell > lowest, ShadowMemory.code(of: cell) != Self.leftRedzone { cell -= 8 }
    while cell > lowest, ShadowMemory.code(of: cell - 8) == Self.leftRedzone { cell -= 8 }
    guard ShadowMemory.code(of: cell) == Self.leftRedzone,
      let pointer = UnsafeRawPointer(bitPattern: cell),
      pointer.load(as: UInt64.self) == Self.mark,
      let text = pointer.load(fromByteOffset: 8, as: UnsafePointer<UInt8>?.self)
    else { return nil }
    base = cell
    self.text = text
  }

  /// A variable: where it begins, its size, and its name with `:` and the line behind it.
  struct Variable {
    var start: UInt
    var size: UInt
    var name: UnsafeBufferPointer<UInt8>

    /// Bytes between the variable and an address; 0 inside.
    func distance(to address: UInt) -> UInt {
      address < start ? start - address : address < start + size ? 0 : address - (start + size) + 1
    }
  }

  /// The variable nearest to an address.
  func variable(nearest address: UInt) -> Variable? {
    var cursor = text
    guard let count = Self.number(&cursor) else { return nil }
    var nearest: Variable?
    for _ in 0..<count {
      guard let offset = Self.number(&cursor), let size = Self.number(&cursor),
        let length = Self.number(&cursor)
      else { break }
      let variable = Variable(
        start: base + offset, size: size,
        name: UnsafeBufferPointer(start: cursor, count: Int(length)))
      cursor += Int(length)
      if cursor.pointee == UInt8(ascii: " ") { cursor += 1 }
      if nearest.map({ variable.distance(to: address) < $0.distance(to: address) }) ?? true {
        nearest = variable
      }
    }
    return nearest
  }

  /// Takes a number and the space behind it.
  private static func number(_ cursor: inout UnsafePointer<UInt8>) -> UInt? {
    var value: UInt = 0
    let first = cursor
    while case UInt8(ascii: "0")...UInt8(ascii: "9") = cursor.pointee {
      value = value &* 10 &+ UInt(cursor.pointee - UInt8(ascii: "0"))
      cursor += 1
    }
    guard cursor > first else { return nil }
    if cursor.pointee == UInt8(ascii: " ") { cursor += 1 }
    return value
  }
}
