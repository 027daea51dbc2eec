import CRing3
import NTTypes

/// A driver that is built with the address sanitizer is about to touch what it must not.
@c(r3_Ring3KasanReport)
func kasanReport(_ address: UInt64, _ count: UInt64, _ isWrite: UInt64) -> UInt64 {
  Machine.current.stopAtAccess(UInt(address), UInt(count), isWrite: isWrite & 1 != 0)
}

extension Machine {
  /// Ends the machine when the address sanitizer marked a byte that a routine of the system is about to
  /// touch for its driver.
  package func checkShadow(_ address: UInt, _ count: UInt, isWrite: Bool) {
    guard ShadowMemory.firstBad(address, count) != nil else { return }
    stopAtAccess(address, count, isWrite: isWrite)
  }

  /// Ends the machine with 0x1F2: the address, the size, who touched it, shadow byte and kind of access.
  func stopAtAccess(_ address: UInt, _ count: UInt, isWrite: Bool) -> Never {
    let bad = ShadowMemory.firstBad(address, count) ?? address
    let code = ShadowMemory.code(of: bad)
    // A cell of which some may be touched tells nothing; the next one does.
    let kind = code >= 0x80 ? code : ShadowMemory.code(of: (bad | 7) + 1)
    let thread = CurrentThread.pointer
    let caller = thread.pointee.frames.map { $0.pointee.rip } ?? 0
    var text = CheckText(state.pointee.bugCheck.text, capacity: BugCheckRecord.textCapacity)
    switch kind {
    case 0x84:
      if let global = SanitizedImages.section(of: bad)?.global(at: bad), let name = global.name {
        text.describe(name, start: global.start, size: global.size, bad)
      }
    case 0xF1, 0xF2, 0xF3, 0xF8:
      if let frame = SanitizedFrame(around: bad, limit: UInt(thread.pointee.stackLimit)),
        let variable = frame.variable(nearest: bad)
      {
        text.describe(variable.name, start: variable.start, size: variable.size, bad)
      }
    default: break
    }
    bugCheck(
      BugCheckCode.kasanIllegalAccess.rawValue, UInt64(address), UInt64(count), caller,
      UInt64(code) | (isWrite ? 0x100 : 0), subject: text.finished, rule: Self.rule(kind),
      causes: Self.isPool(kind)
        ? causes(ofBlockBeside: bad)
        : kind == Self.retired ? causes(ofRequestAround: bad) : .none)
  }

  private static var retired: UInt8 { 0x87 }

  /// Who completed the request in whose IRP the address lies.
  private func causes(ofRequestAround address: UInt) -> Causes {
    guard let completionStack = state.pointee.hooks.completionStack else { return .none }
    var start = address & ~7
    while ShadowMemory.code(of: start - 8) == Self.retired { start -= 8 }
    return Causes(.completed, completionStack(start))
  }

  private static func isPool(_ kind: UInt8) -> Bool { kind == 0x86 || kind == 0x8D }

  /// Who allocated the block beside an address: the guard behind the block's pages tells.
  private func causes(ofBlockBeside address: UInt) -> Causes {
    guard let judge = state.pointee.hooks.judgeGuardedFault else { return .none }
    var page = address | pageMask
    // Blocks that are longer are not fenced in from below.
    for _ in 0..<64 {
      var fault = GuardedFault(isInDriver: true)
      if withUnsafeMutablePointer(to: &fault, { judge(page &+ 1, UnsafeMutableRawPointer($0)) }) {
        return fault.causes
      }
      page &+= UInt(pageSize)
    }
    return .none
  }

  private static func rule(_ kind: UInt8) -> StaticString {
    switch kind {
    case 0xF8: "StackOutOfScope"
    case 0xF1, 0xF2, 0xF3: "StackOutOfBounds"
    case 0x81, 0x82, 0x83: "AllocaOutOfBounds"
    case 0x84: "GlobalOutOfBounds"
    case retired: "IrpAfterReqCompleted"
    default: "PoolOutOfBounds"
    }
  }
}

/// Text for a bug check, written where it outlives the stack.
struct CheckText {
  private let start: UnsafeMutablePointer<CChar>
  private let capacity: Int
  private var count = 0

  init(_ start: UnsafeMutablePointer<CChar>, capacity: Int) {
    self.start = start
    self.capacity = capacity
  }

  /// The text with its zero byte; nil when there is none.
  var finished: UnsafePointer<CChar>? {
    start[count] = 0
    return count == 0 ? nil : UnsafePointer(start)
  }

  /// `name of line 7, 16 bytes; 4 behind its end`: the name may have the line behind a colon.
  mutating func describe(
    _ name: UnsafeBufferPointer<UInt8>, start: UInt, size: UInt, _ address: UInt
  ) {
    for byte in name {
      if byte == UInt8(ascii: ":") { append(" of line ") } else { append(byte) }
    }
    append(", ")
    append(size)
    append(size == 1 ? " byte; " : " bytes; ")
    if address < start {
      append(start - address)
      append(" before its beginning")
    } else if address < start + size {
      append("out of its scope")
    } else {
      append(address - start - size + 1)
      append(" behind its end")
    }
  }

  mutating func describe(
    _ name: UnsafePointer<UInt8>, start: UInt, size: UInt, _ address: UInt
  ) {
    var length = 0
    while name[length] != 0, length < 100 { length += 1 }
    describe(
      UnsafeBufferPointer(start: name, count: length), start: start, size: size, address)
  }

  private mutating func append(_ byte: UInt8) {
    guard count < capacity - 1 else { return }
    start[count] = CChar(bitPattern: byte)
    count += 1
  }

  private mutating func append(_ text: StaticString) {
    text.withUTF8Buffer { for byte in $0 { append(byte) } }
  }

  private mutating func append(_ number: UInt) {
    if number >= 10 { append(number / 10) }
    append(UInt8(ascii: "0") + UInt8(number % 10))
  }
}
