import CRing3

/// The UNWIND_INFO of a function, inside its image.
struct UnwindInfo {
  /// Offset from the image's base.
  let offset: UInt32
  private let start: UnsafeRawPointer

  init?(at offset: UInt32, in image: CodeImage) {
    guard let start = image.bytes(at: offset, 4) else { return nil }
    self.start = start
    self.offset = offset
    guard version == 1 || version == 2, image.bytes(at: offset, 4 + 2 * codeCount + 12) != nil
    else { return nil }
  }

  private func byte(_ index: Int) -> UInt8 { start.load(fromByteOffset: index, as: UInt8.self) }

  var version: UInt8 { byte(0) & 7 }
  var hasExceptionHandler: Bool { byte(0) & 0x08 != 0 }
  var hasTerminationHandler: Bool { byte(0) & 0x10 != 0 }
  var isChained: Bool { byte(0) & 0x20 != 0 }
  var prologueSize: UInt32 { UInt32(byte(1)) }
  var codeCount: Int { Int(byte(2)) }
  /// Number of the frame register; 0 is none.
  var frameRegister: Int { Int(byte(3) & 15) }
  /// How far the frame register lies above the stack pointer.
  var frameOffset: UInt64 { UInt64(byte(3) >> 4) * 16 }

  func code(_ index: Int) -> UnwindCode {
    UnwindCode(bits: start.loadUnaligned(fromByteOffset: 4 + 2 * index, as: UInt16.self))
  }

  /// The operand of two or four bytes after a code.
  func operand(after index: Int) -> UInt64 {
    UInt64(code(index + 1).bits)
  }

  func wideOperand(after index: Int) -> UInt64 {
    UInt64(code(index + 1).bits) | UInt64(code(index + 2).bits) << 16
  }

  /// Offset in the image of what follows the codes: the handler, or the entry that is chained to.
  var tail: UInt32 { offset + 4 + UInt32((codeCount + 1) & ~1) * 2 }
}

/// One slot of unwind codes.
struct UnwindCode {
  let bits: UInt16

  /// Offset in the function of the instruction after the one that this undoes.
  var prologueOffset: UInt32 { UInt32(bits & 0xFF) }
  var operation: Operation? { Operation(rawValue: UInt8(bits >> 8 & 15)) }
  var info: Int { Int(bits >> 12) }

  enum Operation: UInt8 {
    case pushRegister, allocateLarge, allocateSmall, setFrameRegister
    case saveRegister, saveRegisterFar, epilogue, spare, saveXMM, saveXMMFar, pushMachineFrame
  }

  /// How many slots the code takes with its operands.
  func slotCount(version: UInt8) -> Int {
    switch operation {
    case .allocateLarge: info == 0 ? 2 : 3
    case .saveRegister, .saveXMM: 2
    case .saveRegisterFar, .saveXMMFar: 3
    // Version 1 had 8-byte saves of XMM registers here.
    case .epilogue: version == 1 ? 2 : 1
    case .spare: version == 1 ? 3 : 3
    case .pushRegister, .allocateSmall, .setFrameRegister, .pushMachineFrame, nil: 1
    }
  }
}
