import CRing3
import Glibc
import Machine
import Memory

/// What a device has of the machine: memory by logical address, its interrupt, and its own memory.
///
/// May be used from any thread, for as long as the machine lives.
public final class DeviceBus: @unchecked Sendable {
  /// What the device was given, regions first, in the order of its configuration.
  public let resources: DeviceResources
  /// Bits of the addresses that the device sends.
  public let addressWidth: Int
  package let machine: Machine
  /// System addresses of the regions that are plain memory.
  private let memories: [Int: UnsafeMutableRawBufferPointer]
  private let lines: [UnsafeMutablePointer<InterruptLine>]
  /// 1 while the device asserts its line.
  private let asserted: UnsafeMutablePointer<UInt32>

  init(
    machine: Machine, resources: DeviceResources, addressWidth: Int,
    memories: [Int: UnsafeMutableRawBufferPointer]
  ) {
    self.machine = machine
    self.resources = resources
    self.addressWidth = min(max(addressWidth, 1), 64)
    self.memories = memories
    lines = resources.interrupts.compactMap { machine.hardware.line(vector: $0.vector) }
    asserted = .allocate(capacity: 1)
    asserted.initialize(to: 0)
  }

  deinit { asserted.deallocate() }

  // MARK: Memory

  /// Reads memory at a logical address.
  ///
  /// - Throws: ``DmaError`` when the device does not reach it, or there is none; nothing is read then.
  public func read(_ address: UInt64, into buffer: UnsafeMutableRawBufferPointer) throws(DmaError) {
    guard let target = buffer.baseAddress, buffer.count > 0 else { return }
    memcpy(target, try bytes(address, buffer.count), buffer.count)
  }

  /// Writes memory at a logical address.
  ///
  /// - Throws: ``DmaError`` when the device does not reach it, or there is none; nothing is written then.
  public func write(_ address: UInt64, from buffer: UnsafeRawBufferPointer) throws(DmaError) {
    guard let source = buffer.baseAddress, buffer.count > 0 else { return }
    memcpy(try bytes(address, buffer.count), source, buffer.count)
  }

  /// Reads a number as it lies in memory, lowest byte first.
  public func load<Number: FixedWidthInteger & BitwiseCopyable>(
    _ type: Number.Type = Number.self, at address: UInt64
  ) throws(DmaError) -> Number {
    let source = try bytes(address, MemoryLayout<Number>.size)
    return Number(littleEndian: source.loadUnaligned(as: Number.self))
  }

  /// Writes a number, lowest byte first.
  public func store<Number: FixedWidthInteger & BitwiseCopyable>(
    _ value: Number, at address: UInt64
  ) throws(DmaError) {
    let target = try bytes(address, MemoryLayout<Number>.size)
    target.storeBytes(of: value.littleEndian, as: Number.self)
  }

  /// Logical addresses are physical ones.
  private func bytes(_ address: UInt64, _ byteCount: Int) throws(DmaError)
    -> UnsafeMutableRawPointer
  {
    let (last, overflow) = address.addingReportingOverflow(UInt64(byteCount) - 1)
    guard !overflow, addressWidth == 64 || last >> UInt64(addressWidth) == 0 else {
      throw .unreachable(address: address, byteCount: byteCount, addressWidth: addressWidth)
    }
    guard let bytes = machine.bytes(atPhysical: address, byteCount) else {
      throw .noMemory(address: address, byteCount: byteCount)
    }
    return bytes
  }

  /// The bytes of a region that is plain memory; nil for other regions.
  public func memory(ofRegion region: Int) -> UnsafeMutableRawBufferPointer? { memories[region] }

  // MARK: Interrupts

  /// Asserts the line until it is taken back, or takes it back; once more is no more.
  ///
  /// Devices with messages, or without interrupt, have no line.
  public func setInterrupt(_ isAsserted: Bool) {
    guard let line = lines.first, !line.pointee.interrupt.isMessage else { return }
    guard r3_cas32(asserted, isAsserted ? 0 : 1, isAsserted ? 1 : 0) else { return }
    machine.hardware.setLevel(line, isAsserted)
  }

  /// Sends a message, by its number; one that the device does not have goes nowhere.
  public func signal(message: Int = 0) {
    guard lines.indices.contains(message), lines[message].pointee.interrupt.isMessage else {
      return
    }
    machine.hardware.pulse(lines[message])
  }
}
