import CRing3

/// As much of an instruction as judging a fault takes: prefixes, opcode, memory operand, length.
///
/// Reads no byte that the processor has not read: the instruction may end at the end of a page.
struct Instruction {
  /// 0 for one-byte opcodes, 1 after 0F, 2 after 0F 38, 3 after 0F 3A.
  private(set) var map = 0
  private(set) var opcode: UInt8 = 0
  private(set) var rex: UInt8 = 0
  private(set) var hasOperandPrefix = false
  private(set) var hasRepeatPrefix = false
  private(set) var hasModes = false
  private(set) var modes: UInt8 = 0
  private(set) var displacement: UInt64 = 0
  private(set) var baseRegister: Int?
  private(set) var indexRegister: Int?
  private(set) var scale: UInt64 = 1
  private(set) var isRelative = false
  /// Bytes up to and with the memory operand; immediate operands come after.
  private(set) var length = 0

  private let start: UnsafePointer<UInt8>

  init?(at address: UInt64) {
    guard let start = UnsafePointer<UInt8>(bitPattern: UInt(address)) else { return nil }
    self.start = start
    readPrefixes()
    readOpcode()
  }

  private mutating func next() -> UInt8 {
    length += 1
    return start[length - 1]
  }

  private mutating func readPrefixes() {
    while length < 14 {
      switch start[length] {
      case 0x66: hasOperandPrefix = true
      case 0xF2, 0xF3: hasRepeatPrefix = true
      case 0x26, 0x2E, 0x36, 0x3E, 0x64, 0x65, 0x67, 0xF0: break
      case 0x40...0x4F: rex = start[length]
      default: return
      }
      length += 1
    }
  }

  private mutating func readOpcode() {
    opcode = next()
    guard opcode == 0x0F else { return }
    map = 1
    opcode = next()
    if opcode == 0x38 || opcode == 0x3A {
      map = opcode == 0x38 ? 2 : 3
      opcode = next()
    }
  }

  /// Whether the opcode is followed by a ModRM byte.
  var mayHaveMemoryOperand: Bool {
    switch (map, opcode) {
    case (0, 0x00...0x3F): opcode & 7 < 4
    case (0, 0x62), (0, 0x63), (0, 0x69), (0, 0x6B), (0, 0x80...0x8F), (0, 0xC0), (0, 0xC1): true
    case (0, 0xC6), (0, 0xC7), (0, 0xD0...0xD3), (0, 0xD8...0xDF), (0, 0xF6), (0, 0xF7): true
    case (0, 0xFE), (0, 0xFF): true
    case (0, _): false
    case (1, 0x05...0x0B), (1, 0x30...0x37), (1, 0x77), (1, 0x80...0x8F), (1, 0xA0...0xA2): false
    case (1, 0xA8...0xAA), (1, 0xC8...0xCF): false
    default: true
    }
  }

  var operandSize: Int { rex & 8 != 0 ? 8 : hasOperandPrefix ? 2 : 4 }
  var modesRegister: Int { Int(modes >> 3 & 7) | Int(rex >> 2 & 1) << 3 }
  var modesOperand: Int { Int(modes & 7) | Int(rex & 1) << 3 }
  var hasMemoryOperand: Bool { hasModes && modes >> 6 != 3 }

  /// Reads the ModRM byte and what belongs to it; for opcodes that have one.
  mutating func readModes() {
    modes = next()
    hasModes = true
    guard modes >> 6 != 3 else { return }
    if modes & 7 == 4 {
      readIndex()
    } else if modes & 0xC7 == 5 {
      isRelative = true
      readDisplacement(4)
    } else {
      baseRegister = modesOperand
    }
    switch modes >> 6 {
    case 1: readDisplacement(1)
    case 2: readDisplacement(4)
    default: break
    }
  }

  private mutating func readIndex() {
    let byte = next()
    let index = Int(byte >> 3 & 7) | Int(rex >> 1 & 1) << 3
    if index != 4 { indexRegister = index }
    scale = 1 << UInt64(byte >> 6)
    if byte & 7 == 5, modes >> 6 == 0 {
      readDisplacement(4)
    } else {
      baseRegister = Int(byte & 7) | Int(rex & 1) << 3
    }
  }

  private mutating func readDisplacement(_ count: Int) {
    if count == 1 {
      displacement = UInt64(bitPattern: Int64(Int8(bitPattern: next())))
    } else {
      let word = UnsafeRawPointer(start + length).loadUnaligned(as: Int32.self)
      displacement = UInt64(bitPattern: Int64(word))
      length += 4
    }
  }

  mutating func readByte() -> UInt8 { next() }

  /// Address of the memory operand of an instruction without immediate operand.
  func address(_ registers: UnsafePointer<UInt64>, rip: UInt64) -> UInt64 {
    var address = displacement
    if isRelative { address &+= rip &+ UInt64(length) }
    if let baseRegister { address &+= registers[baseRegister] }
    if let indexRegister { address &+= registers[indexRegister] &* scale }
    return address
  }
}
