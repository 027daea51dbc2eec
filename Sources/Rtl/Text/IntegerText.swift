/// The digits of a number, made from the back into a buffer of its own.
///
/// A value type, so that nothing is allocated: 64 digits are enough for base 2.
package struct IntegerText {
  private var storage: InlineArray<66, UInt8> = .init(repeating: 0)
  private var start = 66

  /// The number of characters.
  package var count: Int { 66 &- start }

  /// The character at a position, the first at 0.
  package subscript(index: Int) -> UInt8 { storage[start &+ index] }

  /// Writes a number in a base up to 36; zero is one digit.
  package init(_ value: UInt64, base: UInt64, uppercase: Bool) {
    let letters: UInt8 = uppercase ? 0x41 : 0x61
    var rest = value
    repeat {
      let digit = UInt8(truncatingIfNeeded: rest % base)
      prepend(digit < 10 ? 0x30 &+ digit : letters &+ digit &- 10)
      rest /= base
    } while rest != 0
  }

  /// Puts a character in front.
  package mutating func prepend(_ character: UInt8) {
    start &-= 1
    storage[start] = character
  }
}
