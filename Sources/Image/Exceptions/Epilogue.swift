import CRing3

/// The instructions that leave a function: give the stack back, pop registers, return or jump away.
///
/// Unwind codes do not describe them; whoever is in the middle of them is unwound by doing the rest.
struct Epilogue {
  let function: R3RuntimeFunction
  let info: UnwindInfo
  let image: CodeImage

  /// Does the rest of an epilogue on the context; false, with the context unchanged, when `pc` is in
  /// none.
  func unwind(_ unwinder: Unwinder, at pc: UInt64) -> Bool {
    var code = Reader(image: image, offset: UInt32(truncatingIfNeeded: pc &- image.base))
    guard let rsp = stackAfterRelease(unwinder, &code) else { return false }
    let popped = code
    while code.pop() != nil {}
    guard leaves(&code) else { return false }
    unwinder.context.pointee.registers.rsp = rsp
    code = popped
    while let register = code.pop() {
      guard unwinder.restore(register, from: unwinder.context.pointee.registers.rsp) else {
        return true
      }
      unwinder.context.pointee.registers.rsp &+= 8
    }
    _ = unwinder.popInstructionPointer()
    return true
  }

  /// The stack pointer after `add rsp, n` or `lea rsp, [frame + n]`, when one of them comes next.
  private func stackAfterRelease(_ unwinder: Unwinder, _ code: inout Reader) -> UInt64? {
    let rsp = unwinder.context.pointee.registers.rsp
    let start = code
    switch (code.next(), code.next(), code.next()) {
    case (0x48, 0x83, 0xC4):
      return code.signedByte().map { rsp &+ $0 }
    case (0x48, 0x81, 0xC4):
      return code.signedWord().map { rsp &+ $0 }
    case (let prefix?, 0x8D, let modes?) where prefix & 0xFE == 0x48 && modes & 0x38 == 0x20:
      let register = Int(modes & 7) | Int(prefix & 1) << 3
      guard register == info.frameRegister, info.frameRegister != 0 else { break }
      if register & 7 == 4 { _ = code.next() }
      let base = unwinder.registers[register]
      if modes >> 6 == 1 { return code.signedByte().map { base &+ $0 } }
      if modes >> 6 == 2 { return code.signedWord().map { base &+ $0 } }
    default:
      break
    }
    code = start
    return rsp
  }

  /// Whether a return, or a jump out of the function, comes next.
  private func leaves(_ code: inout Reader) -> Bool {
    guard let first = code.next() else { return false }
    switch first {
    case 0xC3, 0xC2: return true
    case 0xF3: return code.next() == 0xC3
    case 0xEB: return code.signedByte().map { leaves(code.offset, $0) } ?? false
    case 0xE9: return code.signedWord().map { leaves(code.offset, $0) } ?? false
    case 0xFF: return code.next() == 0x25
    case 0x48...0x4F:
      guard code.next() == 0xFF, let modes = code.next() else { return false }
      return modes & 0x38 == 0x20
    default: return false
    }
  }

  private func leaves(_ next: UInt32, _ distance: UInt64) -> Bool {
    let target = UInt32(truncatingIfNeeded: UInt64(next) &+ distance)
    if target == function.begin { return !info.isChained }
    if target >= function.begin, target < function.end { return false }
    guard let other = image.function(at: image.base + UInt64(target)) else { return true }
    // A function in several pieces: their entries are chained to the same one.
    return primary(of: other.pointee) != primary(of: function)
  }

  private func primary(of entry: R3RuntimeFunction) -> UInt32 {
    var entry = entry
    for _ in 0..<32 {
      guard let info = UnwindInfo(at: entry.unwindInfo & ~1, in: image), info.isChained,
        let next = image.bytes(at: info.tail, 12)
      else { break }
      entry = next.loadUnaligned(as: R3RuntimeFunction.self)
    }
    return entry.begin
  }

  /// Code bytes of the image, one after the other.
  private struct Reader {
    let image: CodeImage
    var offset: UInt32

    mutating func next() -> UInt8? {
      guard let byte = image.bytes(at: offset, 1)?.load(as: UInt8.self) else { return nil }
      offset += 1
      return byte
    }

    mutating func signedByte() -> UInt64? {
      next().map { UInt64(bitPattern: Int64(Int8(bitPattern: $0))) }
    }

    mutating func signedWord() -> UInt64? {
      guard let word = image.bytes(at: offset, 4)?.loadUnaligned(as: Int32.self) else { return nil }
      offset += 4
      return UInt64(bitPattern: Int64(word))
    }

    /// The register of `pop`, when that comes next.
    mutating func pop() -> Int? {
      let start = offset
      guard let first = next() else { return nil }
      if first & 0xF8 == 0x58 { return Int(first & 7) }
      if first == 0x41, let second = next(), second & 0xF8 == 0x58 { return Int(second & 7) + 8 }
      offset = start
      return nil
    }
  }
}
