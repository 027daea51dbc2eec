import CDriverKit
import Glibc
import Machine
import Rtl

/// Memory that a driver would own: text, counted strings, argument slots.
final class TestMemory {
  private var blocks: [UnsafeMutableRawPointer] = []

  deinit { for block in blocks { block.deallocate() } }

  /// Zeroed memory.
  func bytes(_ count: Int) -> UnsafeMutablePointer<UInt8> {
    let block = UnsafeMutableRawPointer.allocate(byteCount: max(count, 1), alignment: 16)
    block.initializeMemory(as: UInt8.self, repeating: 0, count: max(count, 1))
    blocks.append(block)
    return block.assumingMemoryBound(to: UInt8.self)
  }

  func units(_ count: Int) -> UnsafeMutablePointer<UInt16> {
    let raw = UnsafeMutableRawPointer(bytes(count * 2))
    for i in 0..<count { raw.storeBytes(of: 0, toByteOffset: i * 2, as: UInt16.self) }
    return raw.assumingMemoryBound(to: UInt16.self)
  }

  func cell<T: BitwiseCopyable>(_ value: T) -> UnsafeMutablePointer<T> {
    let cell = UnsafeMutableRawPointer(bytes(MemoryLayout<T>.size)).bindMemory(
      to: T.self, capacity: 1)
    cell.initialize(to: value)
    return cell
  }

  /// Text with a zero behind it, in UTF-8.
  func narrow(_ text: String) -> UnsafeMutablePointer<UInt8> { narrow(Array(text.utf8)) }

  func narrow(_ text: [UInt8]) -> UnsafeMutablePointer<UInt8> {
    let memory = bytes(text.count + 1)
    for (i, byte) in text.enumerated() { memory[i] = byte }
    return memory
  }

  /// Text with a zero behind it, in UTF-16.
  func wide(_ text: String) -> UnsafeMutablePointer<UInt16> { wide(Array(text.utf16)) }

  func wide(_ text: [UInt16]) -> UnsafeMutablePointer<UInt16> {
    let memory = units(text.count + 1)
    for (i, unit) in text.enumerated() { memory[i] = unit }
    return memory
  }

  /// A string in memory of its own without a terminator.
  func unicode(_ text: String, room: Int? = nil) -> UnsafeMutablePointer<UNICODE_STRING> {
    unicode(Array(text.utf16), room: room)
  }

  /// A string of units with room for so many bytes.
  func unicode(_ text: [UInt16], room: Int? = nil) -> UnsafeMutablePointer<UNICODE_STRING> {
    var string = UNICODE_STRING()
    string.Length = UInt16(text.count * 2)
    string.MaximumLength = UInt16(room ?? text.count * 2)
    // Units behind the room show whether anything is written there.
    let buffer = units(max(text.count, Int(string.MaximumLength) / 2) + 2)
    for i in text.count..<(max(text.count, Int(string.MaximumLength) / 2) + 2) {
      buffer[i] = 0xEEEE
    }
    for (i, unit) in text.enumerated() { buffer[i] = unit }
    string.Buffer = buffer
    return cell(string)
  }

  /// A string of bytes with room for so many.
  func ansi(_ text: [UInt8], room: Int? = nil) -> UnsafeMutablePointer<STRING> {
    var string = STRING()
    string.Length = UInt16(text.count)
    string.MaximumLength = UInt16(room ?? text.count)
    let buffer = bytes(max(text.count, Int(string.MaximumLength)) + 2)
    for i in text.count..<(max(text.count, Int(string.MaximumLength)) + 2) { buffer[i] = 0xEE }
    for (i, byte) in text.enumerated() { buffer[i] = byte }
    string.Buffer = UnsafeMutableRawPointer(buffer).assumingMemoryBound(to: CChar.self)
    return cell(string)
  }

  func ansi(_ text: String, room: Int? = nil) -> UnsafeMutablePointer<STRING> {
    ansi(Array(text.utf8), room: room)
  }

  /// Argument slots as a variadic call has them.
  func arguments(_ values: [Argument]) -> UnsafeMutablePointer<UInt64> {
    let slots = UnsafeMutableRawPointer(bytes(values.count * 8 + 64)).assumingMemoryBound(
      to: UInt64.self)
    for (i, value) in values.enumerated() { slots[i] = value.bits(self) }
    return slots
  }
}

/// One argument of a format.
enum Argument: Sendable {
  case int(Int64)
  case text(String)
  case wide(String)
  case counted(String)
  case countedWide(String)
  case double(Double)
  case null

  func bits(_ memory: TestMemory) -> UInt64 {
    switch self {
    case .int(let value): UInt64(bitPattern: value)
    case .text(let text): address(memory.narrow(text))
    case .wide(let text): address(memory.wide(text))
    case .counted(let text): address(memory.ansi(text))
    case .countedWide(let text): address(memory.unicode(text))
    case .double(let value): value.bitPattern
    case .null: 0
    }
  }
}

func address(_ pointer: UnsafeMutableRawPointer) -> UInt64 { UInt64(UInt(bitPattern: pointer)) }

extension UnsafeMutablePointer<UNICODE_STRING> {
  /// The text of the string.
  var text: String { String(decoding: unitArray, as: UTF16.self) }

  var unitArray: [UInt16] {
    let count = Int(pointee.Length) / 2
    return (0..<count).map { pointee.Buffer[$0] }
  }
}

extension UnsafeMutablePointer<STRING> {
  var byteArray: [UInt8] {
    (0..<Int(pointee.Length)).map { UInt8(bitPattern: pointee.Buffer[$0]) }
  }
}

extension UnsafeMutablePointer<UInt8> {
  var text: String { String(cString: self) }
}

extension UnsafeMutablePointer<UInt16> {
  var text: String { String(decodingCString: self, as: UTF16.self) }
}

/// Runs `body` inside the kernel of a new machine.
func inMachine<R>(_ body: @escaping (Machine) throws -> R) throws -> R {
  var configuration = MachineConfiguration()
  configuration.debugOutput = nil
  let machine = try Machine.make(configuration)
  Runtime.install(in: machine)
  machine.state.pointee.hooks.allocateString = { byteCount, _ in malloc(byteCount) }
  machine.state.pointee.hooks.freeString = { free($0) }
  defer { machine.destroy() }
  let result = try machine.inside(machine.systemProcess) { Result { try body(machine) } }
  return try result.get()
}
