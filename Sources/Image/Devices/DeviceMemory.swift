import CRing3
import Machine

/// Memory as an instruction finds it that is performed for a driver: registers of devices, or plain.
enum DeviceMemory {
  /// Reads so many bytes at a system or user address.
  static func load(_ address: UInt64, _ byteCount: Int) -> UInt64 {
    if let physical = register(address) {
      var access = DeviceAccess(.memory, at: physical, byteCount: byteCount)
      perform(&access)
      return access.value
    }
    guard let memory = UnsafeRawPointer(bitPattern: UInt(address)) else { return 0 }
    switch byteCount {
    case 1: return UInt64(memory.loadUnaligned(as: UInt8.self))
    case 2: return UInt64(memory.loadUnaligned(as: UInt16.self))
    case 4: return UInt64(memory.loadUnaligned(as: UInt32.self))
    default: return memory.loadUnaligned(as: UInt64.self)
    }
  }

  /// Writes so many bytes.
  static func store(_ value: UInt64, _ address: UInt64, _ byteCount: Int) {
    if let physical = register(address) {
      var access = DeviceAccess(.memory, at: physical, byteCount: byteCount, writing: value)
      perform(&access)
      return
    }
    guard let memory = UnsafeMutableRawPointer(bitPattern: UInt(address)) else { return }
    switch byteCount {
    case 1: memory.storeBytes(of: UInt8(truncatingIfNeeded: value), as: UInt8.self)
    case 2: memory.storeBytes(of: UInt16(truncatingIfNeeded: value), as: UInt16.self)
    case 4: memory.storeBytes(of: UInt32(truncatingIfNeeded: value), as: UInt32.self)
    default: memory.storeBytes(of: value, as: UInt64.self)
    }
  }

  /// Performs an access to a register or a port.
  static func perform(_ access: inout DeviceAccess) {
    withUnsafeMutablePointer(to: &access) {
      Machine.current.state.pointee.hooks.accessDevice?(UnsafeMutableRawPointer($0))
    }
  }

  private static func register(_ address: UInt64) -> UInt64? {
    guard let find = Machine.current.state.pointee.hooks.registerAddress else { return nil }
    let physical = find(UInt(address))
    return physical == 0 ? nil : physical
  }
}
