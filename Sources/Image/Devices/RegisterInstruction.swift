import CRing3
import Machine

/// Performs the instruction of a driver that accessed a device's register at `address`.
let performRegisterInstruction: @convention(c) (UInt64) -> UInt64 = { address in
  let registers = InjectedRegisters()
  guard let instruction = Instruction(at: registers.rip) else { return 0 }
  var performer = RegisterInstruction(instruction: instruction, registers: registers)
  if !performer.perform(address) {
    let opcode = UInt64(instruction.map) << 8 | UInt64(instruction.opcode)
    Machine.current.bugCheck(
      0x5233_0001, bits(UnsafeMutableRawPointer(r3_current())), registers.rip, address, opcode,
      subject: bugCheckSubject("an instruction on a register of a device"))
  }
  return 0
}

private func bits(_ pointer: UnsafeMutableRawPointer?) -> UInt64 {
  UInt64(UInt(bitPattern: pointer))
}

/// An instruction of which an operand is a register of a device.
struct RegisterInstruction {
  var instruction: Instruction
  let registers: InjectedRegisters
  /// Where the operand in memory lies.
  private var operand: UInt64 = 0

  init(instruction: Instruction, registers: InjectedRegisters) {
    self.instruction = instruction
    self.registers = registers
  }

  /// Does what the instruction does and goes on behind it; false when it is not known.
  mutating func perform(_ address: UInt64) -> Bool {
    if instruction.map == 0, instruction.opcode & 0xFC == 0xA0 {
      return performAbsolute(address)
    }
    if instruction.map == 0, [0xA4, 0xA5, 0xAA, 0xAB].contains(instruction.opcode) {
      StringInstruction(instruction: instruction, registers: registers).perform()
      return true
    }
    guard instruction.mayHaveMemoryOperand else { return false }
    instruction.readModes()
    guard instruction.hasMemoryOperand else { return false }
    operand = address
    guard instruction.map == 0 ? performShort() : instruction.map == 1 && performLong() else {
      return false
    }
    registers.rip &+= UInt64(instruction.length)
    return true
  }

  // MARK: Operands

  /// 1 for opcodes of bytes, which are even.
  private var size: Int { instruction.opcode & 1 == 0 ? 1 : instruction.operandSize }

  private func load(_ byteCount: Int) -> UInt64 { DeviceMemory.load(operand, byteCount) }

  private func store(_ value: UInt64, _ byteCount: Int) {
    DeviceMemory.store(value, operand, byteCount)
  }

  private var register: UInt64 {
    registers.value(instruction.modesRegister, size, rex: instruction.rex)
  }

  private func setRegister(_ value: UInt64, _ byteCount: Int) {
    registers.store(value, instruction.modesRegister, byteCount, rex: instruction.rex)
  }

  /// An immediate operand of a byte, or of the size, four bytes at most; with its sign.
  private mutating func immediate(isByte: Bool) -> UInt64 {
    let count = isByte ? 1 : min(size, 4)
    var value: UInt64 = 0
    for index in 0..<count { value |= UInt64(instruction.readByte()) << UInt64(8 * index) }
    return Self.extend(value, count)
  }

  static func extend(_ value: UInt64, _ byteCount: Int) -> UInt64 {
    let shift = UInt64(64 - byteCount * 8)
    return UInt64(bitPattern: Int64(bitPattern: value << shift) >> Int64(shift))
  }

  // MARK: Opcodes

  private mutating func performShort() -> Bool {
    let opcode = instruction.opcode
    switch opcode {
    case 0x88, 0x89: store(register, size)
    case 0x8A, 0x8B: setRegister(load(size), size)
    case 0x63: setRegister(Self.extend(load(4), 4), instruction.operandSize)
    case 0xC6, 0xC7:
      guard instruction.modes >> 3 & 7 == 0 else { return false }
      store(immediate(isByte: opcode == 0xC6), size)
    case 0x84, 0x85: _ = calculate(.and, load(size), register)
    case 0x86, 0x87:
      let old = load(size)
      store(register, size)
      setRegister(old, size)
    case 0xF6, 0xF7:
      guard instruction.modes >> 3 & 7 < 2 else { return false }
      let mask = immediate(isByte: opcode == 0xF6)
      _ = calculate(.and, load(size), mask)
    case 0xFE, 0xFF: return count()
    case 0x80, 0x81, 0x83: return calculateWithImmediate()
    case 0x00...0x3B where opcode & 7 < 4: return calculate()
    default: return false
    }
    return true
  }

  private mutating func performLong() -> Bool {
    switch instruction.opcode {
    case 0xB6: setRegister(load(1), instruction.operandSize)
    case 0xB7: setRegister(load(2), instruction.operandSize)
    case 0xBE: setRegister(Self.extend(load(1), 1), instruction.operandSize)
    case 0xBF: setRegister(Self.extend(load(2), 2), instruction.operandSize)
    case 0xBA:
      guard instruction.modes >> 3 & 7 == 4 else { return false }
      let bit = UInt64(instruction.readByte())
      var arithmetic = Arithmetic(byteCount: instruction.operandSize, flags: registers.flags)
      arithmetic.test(bit: bit, of: load(instruction.operandSize))
      registers.flags = arithmetic.flags
    default: return false
    }
    return true
  }

  private func calculate(_ operation: Arithmetic.Operation, _ left: UInt64, _ right: UInt64)
    -> UInt64
  {
    var arithmetic = Arithmetic(byteCount: size, flags: registers.flags)
    let result = arithmetic.apply(operation, left, right)
    registers.flags = arithmetic.flags
    return result
  }

  /// With a register, in either direction.
  private func calculate() -> Bool {
    guard let operation = Arithmetic.Operation(rawValue: instruction.opcode >> 3) else {
      return false
    }
    let isToMemory = instruction.opcode & 2 == 0
    let value = load(size)
    let result =
      isToMemory ? calculate(operation, value, register) : calculate(operation, register, value)
    if operation == .cmp { return true }
    if isToMemory { store(result, size) } else { setRegister(result, size) }
    return true
  }

  private mutating func calculateWithImmediate() -> Bool {
    guard let operation = Arithmetic.Operation(rawValue: instruction.modes >> 3 & 7) else {
      return false
    }
    let value = immediate(isByte: instruction.opcode != 0x81)
    let result = calculate(operation, load(size), value)
    if operation != .cmp { store(result, size) }
    return true
  }

  private func count() -> Bool {
    let form = instruction.modes >> 3 & 7
    guard form < 2 else { return false }
    var arithmetic = Arithmetic(byteCount: size, flags: registers.flags)
    let result = arithmetic.count(load(size), up: form == 0)
    registers.flags = arithmetic.flags
    store(result, size)
    return true
  }

  /// mov with an address of eight bytes in the instruction.
  private func performAbsolute(_ address: UInt64) -> Bool {
    if instruction.opcode & 2 == 0 {
      registers.store(DeviceMemory.load(address, size), 0, size, rex: 1)
    } else {
      DeviceMemory.store(registers.value(0, size, rex: 1), address, size)
    }
    registers.rip &+= UInt64(instruction.length + 8)
    return true
  }
}
