import CRing3

/// Undoes one function call at a time, by the function tables of driver images.
struct Unwinder {
  /// Bytes of stack that may be read.
  let stack: Range<UInt64>
  let context: UnsafeMutablePointer<R3Context>
  /// Where the places of restored registers go: 16 for XMM, 16 for general ones.
  var places: UnsafeMutablePointer<UInt64>?

  /// What a frame is and who handles exceptions for it.
  struct Frame {
    var establisher: UInt64
    /// Address of the language handler; 0 when there is none for this place.
    var handler: UInt64 = 0
    var handlerData: UInt64 = 0
  }

  enum HandlerKind { case none, exception, termination }

  /// The general registers by number.
  var registers: UnsafeMutablePointer<UInt64> {
    (UnsafeMutableRawPointer(context) + 0x78).assumingMemoryBound(to: UInt64.self)
  }

  private var rsp: UInt64 {
    get { context.pointee.registers.rsp }
    nonmutating set { context.pointee.registers.rsp = newValue }
  }

  func stackWord(at address: UInt64) -> UInt64? {
    guard address >= stack.lowerBound, address <= stack.upperBound &- 8 else { return nil }
    return UnsafeRawPointer(bitPattern: UInt(address))?.loadUnaligned(as: UInt64.self)
  }

  /// Takes the context to the caller of a function without an entry; false when the stack is bad.
  func unwindLeaf() -> Bool { popInstructionPointer() }

  /// Takes the context from `pc` in a function to the function's caller; nil when that is impossible.
  func unwind(
    _ function: R3RuntimeFunction, at pc: UInt64, in image: CodeImage, handler kind: HandlerKind
  ) -> Frame? {
    guard let info = UnwindInfo(at: function.unwindInfo, in: image) else { return nil }
    let offset = UInt32(truncatingIfNeeded: pc &- image.base) &- function.begin
    let isInPrologue = offset < info.prologueSize
    var frame = Frame(establisher: establisher(info, offset, isInPrologue))
    if !isInPrologue {
      let epilogue = Epilogue(function: function, info: info, image: image)
      if epilogue.unwind(self, at: pc) { return frame }
    }
    guard let primary = undo(info, offset, image) else { return nil }
    let wantsHandler =
      kind == .exception && primary.hasExceptionHandler
      || kind == .termination && primary.hasTerminationHandler
    if wantsHandler, !isInPrologue, let handler = image.bytes(at: primary.tail, 4) {
      frame.handler = image.base + UInt64(handler.loadUnaligned(as: UInt32.self))
      frame.handlerData = image.base + UInt64(primary.tail) + 4
      guard image.contains(frame.handler) else { return nil }
    }
    return frame
  }

  /// The stack pointer as it is when the prologue has run.
  private func establisher(_ info: UnwindInfo, _ offset: UInt32, _ isInPrologue: Bool) -> UInt64 {
    guard info.frameRegister != 0 else { return rsp }
    let framed = registers[info.frameRegister] &- info.frameOffset
    if !isInPrologue || info.isChained { return framed }
    var index = 0
    while index < info.codeCount {
      let code = info.code(index)
      if code.operation == .setFrameRegister { return offset >= code.prologueOffset ? framed : rsp }
      index += code.slotCount(version: info.version)
    }
    return rsp
  }

  /// Undoes the prologue, as far as it has run, and those of chained entries; the last of them has
  /// the handler.
  private func undo(_ first: UnwindInfo, _ offset: UInt32, _ image: CodeImage) -> UnwindInfo? {
    var info = first
    var offset = offset
    var hasMachineFrame = false
    // A chain longer than this is a loop.
    for _ in 0..<32 {
      guard undoCodes(info, offset, &hasMachineFrame) else { return nil }
      guard info.isChained else {
        return hasMachineFrame || popInstructionPointer() ? info : nil
      }
      guard let entry = image.bytes(at: info.tail, 12)?.loadUnaligned(as: R3RuntimeFunction.self),
        let next = UnwindInfo(at: entry.unwindInfo & ~1, in: image)
      else { return nil }
      info = next
      offset = .max
    }
    return nil
  }

  private func undoCodes(
    _ info: UnwindInfo, _ offset: UInt32, _ hasMachineFrame: inout Bool
  ) -> Bool {
    var index = 0
    while index < info.codeCount {
      let code = info.code(index)
      let slots = code.slotCount(version: info.version)
      guard index + slots <= info.codeCount else { return false }
      if offset >= code.prologueOffset || isEpilogue(code, info) {
        guard undo(code, at: index, info, &hasMachineFrame) else { return false }
      }
      index += slots
    }
    return true
  }

  private func isEpilogue(_ code: UnwindCode, _ info: UnwindInfo) -> Bool {
    info.version == 2 && code.operation == .epilogue
  }

  private func undo(
    _ code: UnwindCode, at index: Int, _ info: UnwindInfo, _ hasMachineFrame: inout Bool
  ) -> Bool {
    switch code.operation {
    case .pushRegister:
      guard restore(code.info, from: rsp) else { return false }
      rsp &+= 8
    case .allocateLarge:
      rsp &+= code.info == 0 ? info.operand(after: index) * 8 : info.wideOperand(after: index)
    case .allocateSmall:
      rsp &+= UInt64(code.info) * 8 + 8
    case .setFrameRegister:
      rsp = registers[info.frameRegister] &- info.frameOffset
    case .saveRegister:
      return restore(code.info, from: frameBase(info) &+ info.operand(after: index) * 8)
    case .saveRegisterFar:
      return restore(code.info, from: frameBase(info) &+ info.wideOperand(after: index))
    case .saveXMM:
      return restoreXMM(code.info, from: frameBase(info) &+ info.operand(after: index) * 16)
    case .saveXMMFar:
      return restoreXMM(code.info, from: frameBase(info) &+ info.wideOperand(after: index))
    case .pushMachineFrame:
      return popMachineFrame(hasErrorCode: code.info != 0, &hasMachineFrame)
    case .epilogue, .spare:
      break
    case nil:
      return false
    }
    return true
  }

  /// What offsets of saved registers count from.
  private func frameBase(_ info: UnwindInfo) -> UInt64 {
    info.frameRegister == 0 ? rsp : registers[info.frameRegister] &- info.frameOffset
  }

  func restore(_ register: Int, from address: UInt64) -> Bool {
    guard let value = stackWord(at: address) else { return false }
    registers[register] = value
    places?[16 + register] = address
    return true
  }

  private func restoreXMM(_ register: Int, from address: UInt64) -> Bool {
    guard let low = stackWord(at: address), let high = stackWord(at: address &+ 8) else {
      return false
    }
    let place = UnsafeMutableRawPointer(context) + 0x1A0 + 16 * register
    place.storeBytes(of: low, as: UInt64.self)
    place.storeBytes(of: high, toByteOffset: 8, as: UInt64.self)
    places?[register] = address
    return true
  }

  func popInstructionPointer() -> Bool {
    guard let rip = stackWord(at: rsp) else { return false }
    context.pointee.registers.rip = rip
    rsp &+= 8
    return true
  }

  private func popMachineFrame(hasErrorCode: Bool, _ hasMachineFrame: inout Bool) -> Bool {
    let at = rsp &+ (hasErrorCode ? 8 : 0)
    guard let rip = stackWord(at: at), let outer = stackWord(at: at &+ 24) else { return false }
    context.pointee.registers.rip = rip
    rsp = outer
    hasMachineFrame = true
    return true
  }
}
