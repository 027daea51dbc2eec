import CRing3
import Glibc
import Hardware
import Machine
import Memory
import NTTypes

/// Registers of a device in memory, or its ports.
///
/// Made from the resources that the device got, when its hardware is prepared, and given back when the
/// last reference goes. An access is one access of the device, of the size of the number; it may
/// interrupt before it returns. At any level.
///
///     func start(_ resources: DeviceResources) throws -> UInt32 {
///       let registers = try DeviceRegisters(resources.list[0])
///       registers.write(UInt32(5), at: 0)
///       return registers.read(at: 4)
///     }
public final class DeviceRegisters: @unchecked Sendable {
  /// How many bytes the registers take.
  public let byteCount: Int
  private let machine: Machine
  private let space: DeviceAccess.Space
  private let start: UInt64
  /// Where a region in memory is mapped; nil for ports.
  private let mapping: UnsafeMutableRawPointer?
  /// Whether every access is the device's business; else the region is plain memory of the device.
  private let isTrapping: Bool

  /// Maps registers: `MmMapIoSpaceEx`.
  ///
  /// - Parameters:
  ///   - start: their physical address.
  ///   - byteCount: at least 1.
  /// - Throws: STATUS_INSUFFICIENT_RESOURCES when nothing can be mapped there.
  public init(memoryAt start: UInt64, byteCount: Int) throws(NTStatus) {
    machine = Machine.current
    guard byteCount > 0,
      let mapping = machine.mapPhysical(
        start, UInt(byteCount), protection: PROT_READ | PROT_WRITE)
    else { throw .insufficientResources }
    self.start = start
    self.byteCount = byteCount
    self.mapping = mapping
    space = .memory
    isTrapping = machine.registerAddress(at: UInt(bitPattern: mapping)) != 0
  }

  /// Takes ports, which need no mapping.
  ///
  /// - Parameters:
  ///   - start: the first one.
  ///   - count: how many.
  public init(portsAt start: UInt16, count: Int) {
    machine = Machine.current
    self.start = UInt64(start)
    byteCount = count
    mapping = nil
    space = .port
    isTrapping = true
  }

  /// Takes the registers or ports that are a resource of a device.
  ///
  /// - Throws: STATUS_DEVICE_CONFIGURATION_ERROR for a resource that is neither.
  public convenience init(_ resource: DeviceResources.Resource) throws(NTStatus) {
    switch resource {
    case .memory(let start, let byteCount):
      try self.init(memoryAt: start, byteCount: Int(byteCount))
    case .port(let start, let count):
      self.init(portsAt: UInt16(truncatingIfNeeded: start), count: Int(count))
    case .interrupt, .dma: throw NTStatus(bits: 0xC000_0182)
    }
  }

  deinit {
    if let mapping { _ = machine.unmapPhysical(UInt(bitPattern: mapping), UInt(byteCount)) }
  }

  /// Reads a register of 1, 2, 4 or 8 bytes; of a port, 1, 2 or 4.
  ///
  /// - Parameters:
  ///   - type: the number to read, whose size is the register's.
  ///   - offset: its place in bytes; one that is not within the registers is bug check 0x50.
  public func read<Number: FixedWidthInteger & UnsignedInteger>(
    _ type: Number.Type = Number.self, at offset: Int
  ) -> Number {
    let size = MemoryLayout<Number>.size
    check(offset, size, isWrite: false)
    if !isTrapping, let mapping {
      // The device sees the same bytes: each access is to be made.
      return (mapping + offset).loadUnaligned(as: Number.self)
    }
    var access = DeviceAccess(space, at: start + UInt64(offset), byteCount: size)
    perform(&access)
    return Number(truncatingIfNeeded: access.value)
  }

  /// Writes a register of 1, 2, 4 or 8 bytes; of a port, 1, 2 or 4.
  public func write<Number: FixedWidthInteger & UnsignedInteger>(_ value: Number, at offset: Int) {
    let size = MemoryLayout<Number>.size
    check(offset, size, isWrite: true)
    if !isTrapping, let mapping {
      (mapping + offset).storeBytes(of: value, as: Number.self)
      return
    }
    var access = DeviceAccess(
      space, at: start + UInt64(offset), byteCount: size, writing: UInt64(value))
    perform(&access)
  }

  private func perform(_ access: inout DeviceAccess) {
    withUnsafeMutablePointer(to: &access) {
      machine.state.pointee.hooks.accessDevice?(UnsafeMutableRawPointer($0))
    }
  }

  private func check(_ offset: Int, _ size: Int, isWrite: Bool) {
    if offset >= 0, size <= byteCount, offset <= byteCount - size { return }
    // What a driver in C gets that goes beyond its mapping.
    machine.bugCheck(
      0x50, start &+ UInt64(bitPattern: Int64(offset)), isWrite ? 2 : 0, 0, 0,
      subject: Self.subject)
  }

  private static var subject: UnsafePointer<CChar> {
    let text: StaticString = "a register beyond those of DeviceRegisters"
    return UnsafeRawPointer(text.utf8Start).assumingMemoryBound(to: CChar.self)
  }
}
