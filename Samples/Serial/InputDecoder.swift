// What a tty marks in its input: PARMRK of termios.
import Ring3

/// Tells bytes from breaks and bytes with errors.
///
/// A tty with PARMRK writes 0xFF 0x00 before a byte with an error, 0xFF 0x00 0x00 for a break, and
/// doubles a 0xFF that was received.
struct InputDecoder {
  enum Item: Equatable {
    case byte(UInt8)
    /// With a wrong parity bit or stop bit.
    case bad(UInt8)
    case breakReceived
  }

  private enum Mark { case none, begun, zero }

  private var mark = Mark.none

  /// Takes a byte; gives nothing within a mark.
  mutating func take(_ byte: UInt8) -> Item? {
    switch mark {
    case .none:
      guard byte == 0xFF else { return .byte(byte) }
      mark = .begun
      return nil
    case .begun:
      mark = byte == 0 ? .zero : .none
      return byte == 0 ? nil : .byte(byte)
    case .zero:
      mark = .none
      return byte == 0 ? .breakReceived : .bad(byte)
    }
  }
}

/// Bytes that were received and not read yet.
struct InputQueue {
  private var bytes: [UInt8] = []
  private var first = 0

  var count: Int { bytes.count - first }

  mutating func append(_ byte: UInt8) { bytes.append(byte) }

  mutating func removeAll() {
    bytes.removeAll(keepingCapacity: true)
    first = 0
  }

  /// Takes bytes out, as many as there are and as there is room for.
  mutating func pop(into output: inout MutableRawSpan) -> Int {
    let count = output.copy(from: bytes.span.bytes.extracting(first..<bytes.count))
    first += count
    if first == bytes.count {
      removeAll()
    } else if first > 4096 {
      bytes.removeFirst(first)
      first = 0
    }
    return count
  }
}
