import Glibc
import Machine
import Objects

/// Characters in memory of the host, with two zeros behind them; plain memory, freed by its owner.
///
/// It holds one string, or several that each end with a zero.
package struct StoredText {
  package let start: UnsafeMutablePointer<UInt16>?
  package let count: Int

  package static var none: StoredText { StoredText(start: nil, count: 0) }

  private init(start: UnsafeMutablePointer<UInt16>?, count: Int) {
    self.start = start
    self.count = count
  }

  package init(_ text: UTF16Text) {
    count = text.count
    let memory = UnsafeMutablePointer<UInt16>.allocate(capacity: count + 2)
    if let source = text.baseAddress { memcpy(memory, source, count * 2) }
    memory[count] = 0
    memory[count + 1] = 0
    start = memory
  }

  package init(_ string: String) {
    let units = Array(string.utf16)
    self = units.withUnsafeBufferPointer { StoredText($0) }
  }

  /// A string of a driver that ends with a zero.
  init(terminated source: UnsafePointer<UInt16>) {
    var count = 0
    while count < 0x7FFF, source[count] != 0 { count += 1 }
    self.init(UTF16Text(start: source, count: count))
  }

  /// Strings of a driver that each end with a zero, behind the last of them another one.
  init(multiple source: UnsafePointer<UInt16>) {
    var count = 0
    while count < 0x7FFF, source[count] != 0 || count > 0 && source[count - 1] != 0 { count += 1 }
    self.init(UTF16Text(start: source, count: count))
  }

  /// Several strings as one text.
  package init(multiple strings: [String]) {
    self.init(strings.map { $0 + "\0" }.joined())
  }

  package var text: UTF16Text { UTF16Text(start: start, count: count) }
  package var isEmpty: Bool { count == 0 }

  /// The text for people; one string.
  package var string: String { String(decoding: text, as: UTF16.self) }

  /// The strings of a text that holds several.
  package var strings: [String] {
    text.split(separator: 0).map { String(decoding: $0, as: UTF16.self) }
  }

  func free() { start?.deallocate() }
}
