import CDriverKit
import Glibc
import IOManager
import Machine
import NTTypes

/// A call of IoConnectInterruptEx.
struct ConnectCall {
  let hardware: Hardware
  let parameters: UnsafeMutablePointer<IO_CONNECT_INTERRUPT_PARAMETERS>

  /// With vector and level from the driver's translated resources.
  func connectFullySpecified() -> Int32 {
    let wanted = parameters.pointee.FullySpecified
    return ioConnectInterrupt(
      wanted.InterruptObject, wanted.ServiceRoutine, wanted.ServiceContext, wanted.SpinLock,
      wanted.Vector, UInt32(wanted.Irql), UInt32(max(wanted.SynchronizeIrql, wanted.Irql)),
      UInt32(wanted.InterruptMode.rawValue), UInt32(wanted.ShareVector),
      wanted.ProcessorEnableMask, 0)
  }

  /// Every line of the device.
  func connectLine() -> Int32 {
    let wanted = parameters.pointee.LineBased
    return connectLine(
      wanted.PhysicalDeviceObject, wanted.InterruptObject, wanted.ServiceRoutine,
      wanted.ServiceContext, wanted.SpinLock, wanted.SynchronizeIrql)
  }

  private func connectLine(
    _ device: DevicePointer?, _ result: UnsafeMutablePointer<UnsafeMutableRawPointer?>?,
    _ routine: UnsafeMutableRawPointer?, _ context: UnsafeMutableRawPointer?,
    _ lock: UnsafeMutablePointer<UInt64>?, _ synchronizeIrql: UInt8
  ) -> Int32 {
    guard let result, let routine else { return IOStatus.invalidParameter }
    result.pointee = nil
    guard let line = interrupts(of: device, isMessage: false).first else {
      return Int32(bitPattern: NTStatus.notFound.bits)
    }
    var options = InterruptOptions()
    options.lock = lock
    options.synchronizeIrql = synchronizeIrql
    options.isShared = line.isShared
    guard let interrupt = hardware.connect(line.vector, .line(routine, context: context), options)
    else { return IOStatus.invalidParameter }
    result.pointee = UnsafeMutableRawPointer(interrupt)
    return 0
  }

  /// All messages of the device; its line, when it has none and the driver has a routine for that.
  func connectMessages() -> Int32 {
    let wanted = parameters.pointee.MessageBased
    guard let result = wanted.ConnectionContext.Generic, let routine = wanted.MessageServiceRoutine
    else { return IOStatus.invalidParameter }
    let messages = interrupts(of: wanted.PhysicalDeviceObject, isMessage: true)
    if messages.isEmpty {
      guard let fallback = wanted.FallBackServiceRoutine else {
        return Int32(bitPattern: NTStatus.notFound.bits)
      }
      parameters.pointee.Version = 2
      return connectLine(
        wanted.PhysicalDeviceObject, result, fallback, wanted.ServiceContext, wanted.SpinLock,
        wanted.SynchronizeIrql)
    }
    result.pointee = nil
    guard let table = MessageTable(messages.count) else { return IOStatus.insufficientResources }
    // As one lock is for all, so is one level: the highest.
    let irql = messages.reduce(wanted.SynchronizeIrql) { max($0, $1.irql) }
    var options = InterruptOptions()
    options.lock = wanted.SpinLock ?? table.lock
    options.synchronizeIrql = irql
    for (number, message) in messages.enumerated() {
      let service = InterruptObject.Service.message(
        routine, context: wanted.ServiceContext, number: UInt32(number))
      guard let interrupt = hardware.connect(message.vector, service, options) else {
        table.forEach { hardware.disconnect($0) }
        table.free()
        return IOStatus.invalidParameter
      }
      table.add(UnsafeMutableRawPointer(interrupt), message, number: number)
    }
    table.pointer.pointee.UnifiedIrql = irql
    result.pointee = UnsafeMutableRawPointer(table.pointer)
    return 0
  }

  private func interrupts(of device: DevicePointer?, isMessage: Bool)
    -> UnsafeMutableBufferPointer<DeviceInterrupt>.SubSequence
  {
    guard let assignment = hardware.assignment(of: device) else {
      return UnsafeMutableBufferPointer(start: nil, count: 0)[...]
    }
    let all = UnsafeMutableBufferPointer(
      start: assignment.interrupts, count: assignment.interruptCount)
    // A device lists its messages together.
    let first = all.firstIndex { $0.isMessage == isMessage } ?? all.endIndex
    let end = all[first...].firstIndex { $0.isMessage != isMessage } ?? all.endIndex
    return all[first..<end]
  }
}

/// An `IO_INTERRUPT_MESSAGE_INFO`: what a driver gets for its messages.
///
/// A spin lock for all of them lies before it.
struct MessageTable {
  let pointer: UnsafeMutablePointer<IO_INTERRUPT_MESSAGE_INFO>

  private static let headByteCount = 16
  private static let entryOffset = 8

  init(_ context: UnsafeMutableRawPointer) {
    pointer = context.assumingMemoryBound(to: IO_INTERRUPT_MESSAGE_INFO.self)
  }

  /// A table without entries yet; nil without memory.
  init?(_ count: Int) {
    let byteCount =
      Self.headByteCount + Self.entryOffset
      + count * MemoryLayout<IO_INTERRUPT_MESSAGE_INFO_ENTRY>.stride
    guard let block = calloc(1, byteCount) else { return nil }
    self.init(block + Self.headByteCount)
  }

  var lock: UnsafeMutablePointer<UInt64> {
    (UnsafeMutableRawPointer(pointer) - Self.headByteCount).assumingMemoryBound(to: UInt64.self)
  }

  private var entries: UnsafeMutablePointer<IO_INTERRUPT_MESSAGE_INFO_ENTRY> {
    (UnsafeMutableRawPointer(pointer) + Self.entryOffset)
      .assumingMemoryBound(to: IO_INTERRUPT_MESSAGE_INFO_ENTRY.self)
  }

  func add(_ interrupt: UnsafeMutableRawPointer, _ message: DeviceInterrupt, number: Int) {
    var entry = IO_INTERRUPT_MESSAGE_INFO_ENTRY()
    // Where a message goes: the interrupt controller of the first processor.
    entry.MessageAddress.QuadPart = 0xFEE0_0000
    entry.MessageData = message.vector
    entry.TargetProcessorSet = message.affinity
    entry.InterruptObject = interrupt
    entry.Vector = message.vector
    entry.Irql = message.irql
    entry.Mode = Latched
    (entries + number).initialize(to: entry)
    pointer.pointee.MessageCount = UInt32(number + 1)
  }

  func forEach(_ body: (UnsafeMutableRawPointer) -> Void) {
    for index in 0..<Int(pointer.pointee.MessageCount) {
      if let interrupt = entries[index].InterruptObject { body(interrupt) }
    }
  }

  func free() { Glibc.free(UnsafeMutableRawPointer(lock)) }
}
