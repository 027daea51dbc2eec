import Machine

/// movs, stos, ins and outs: what `READ_REGISTER_BUFFER_…` and `READ_PORT_BUFFER_…` become.
struct StringInstruction {
  let instruction: Instruction
  let registers: InjectedRegisters

  private static let directionFlag: UInt64 = 0x400
  private static let (rax, rcx, rdx, rsi, rdi) = (0, 1, 2, 6, 7)

  /// Does all turns and goes on behind the instruction.
  ///
  /// The registers count along, as the processor lets them, so that an exception leaves them right.
  func perform() {
    let isRepeated = instruction.hasRepeatPrefix
    while !isRepeated || registers[Self.rcx] != 0 {
      performOnce()
      if !isRepeated { break }
      registers[Self.rcx] &-= 1
    }
    registers.rip &+= UInt64(instruction.length)
  }

  private var isPort: Bool { instruction.opcode & 0xFC == 0x6C }

  private var size: Int {
    if instruction.opcode & 1 == 0 { return 1 }
    return isPort ? min(instruction.operandSize, 4) : instruction.operandSize
  }

  private func performOnce() {
    switch instruction.opcode & 0xFE {
    case 0xA4:
      DeviceMemory.store(take(Self.rsi), registers[Self.rdi], size)
      advance(Self.rdi)
    case 0xAA:
      DeviceMemory.store(registers[Self.rax], registers[Self.rdi], size)
      advance(Self.rdi)
    case 0x6C:
      var access = DeviceAccess(.port, at: port, byteCount: size)
      DeviceMemory.perform(&access)
      DeviceMemory.store(access.value, registers[Self.rdi], size)
      advance(Self.rdi)
    default:
      var access = DeviceAccess(.port, at: port, byteCount: size, writing: take(Self.rsi))
      DeviceMemory.perform(&access)
    }
  }

  private var port: UInt64 { registers[Self.rdx] & 0xFFFF }

  private func take(_ pointer: Int) -> UInt64 {
    let value = DeviceMemory.load(registers[pointer], size)
    advance(pointer)
    return value
  }

  private func advance(_ pointer: Int) {
    let step = UInt64(size)
    let isDown = registers.flags & Self.directionFlag != 0
    registers[pointer] = isDown ? registers[pointer] &- step : registers[pointer] &+ step
  }
}
