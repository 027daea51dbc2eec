import CRing3
import Machine

/// Performs the instruction of a driver that accessed a port of a device.
let performPortInstruction: @convention(c) (UInt64) -> UInt64 = { _ in
  let registers = InjectedRegisters()
  guard var instruction = Instruction(at: registers.rip) else { return 0 }
  if instruction.opcode & 0xFC == 0x6C {
    StringInstruction(instruction: instruction, registers: registers).perform()
    return 0
  }
  let opcode = instruction.opcode
  let port = opcode < 0xEC ? UInt64(instruction.readByte()) : registers[2] & 0xFFFF
  let size = opcode & 1 == 0 ? 1 : instruction.operandSize == 2 ? 2 : 4
  let isWrite = opcode & 2 != 0
  var access = DeviceAccess(
    .port, at: port, byteCount: size, writing: isWrite ? registers[0] : nil)
  DeviceMemory.perform(&access)
  if !isWrite { registers.store(access.value, 0, size, rex: 1) }
  registers.rip &+= UInt64(instruction.length)
  return 0
}
