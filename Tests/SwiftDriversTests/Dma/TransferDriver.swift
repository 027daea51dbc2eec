import Ring3
import Synchronization

/// Moves its own memory with a block mover, one piece at a time, and tells of it.
///
/// The input of a control request: the direction, the offset and the length of the range, what is done
/// about transfers.
final class TransferDriver: SwiftDriver {
  static let isPlugAndPlay = true
  static let memoryByteCount = 40000

  /// What is done about a transfer, by its number.
  enum Manner: UInt32 {
    /// It is completed whole.
    case whole
    /// Half of it is, and the rest again.
    case halves
    /// The second one is the last, with 100 bytes.
    case lastIsSecond
    /// It is dropped.
    case dropped
    /// One register beyond the last is read.
    case beyond
  }

  init(_ driver: DriverObject) throws {}

  func add(_ device: consuming DeviceInit) throws {
    var setup = consume device
    let engine = Engine()
    try setup.setName(#"\Device\Transfer"#)
    setup.onPrepareHardware { _, resources in
      engine.registers = try DeviceRegisters(resources.list[0])
    }
    let device = try setup.makeDevice()
    let interrupt = try device.makeInterrupt { interrupt in
      interrupt.onInterrupt { _, message in engine.service(message) }
      interrupt.onDeferred { _ in engine.deferredCount.add(1, ordering: .relaxed) }
    }
    try engine.prepare(device)
    try device.makeQueue(.sequential) { queue in
      queue.onDeviceControl { (request: consuming Request, code) in
        try engine.control(request, code, interrupt)
      }
    }
  }
}

/// A device that has done its move when the write that starts it returns.
final class Engine: @unchecked Sendable {
  var registers: DeviceRegisters?
  let serviceCount = Atomic<UInt32>(0)
  let deferredCount = Atomic<UInt32>(0)
  private let idle = SpinLocked<DMATransaction<MemoryDescriptorList>?>(nil)
  private let list = SpinLocked<MemoryDescriptorList?>(nil)
  private let result = SpinLocked<DMAResult<MemoryDescriptorList>?>(nil)
  private let manner = Atomic<UInt32>(0)
  /// The lengths of transfers.
  private let lengths = SpinLocked<[UInt64]>([])

  func prepare(_ device: DeviceObject) throws {
    let enabler = try device.makeDMAEnabler(.packet64, maximumLength: 10000)
    idle.store(
      try DMATransaction(enabler) { (transfer: consuming DMATransfer<MemoryDescriptorList>) in
        self.program(transfer)
      })
    var memory = try Memory(
      size: TransferDriver.memoryByteCount, tag: "Xfer", parent: device)
    do {
      var bytes = memory.mutableBytes
      bytes.fill(with: 0xA5)
    }
    list.store(try MemoryDescriptorList(over: memory))
  }

  func service(_ message: Int) -> InterruptAnswer {
    guard let registers, registers.read(UInt32.self, at: 4) != 0 else { return .notMine }
    registers.write(UInt32(3), at: 4)
    serviceCount.add(1, ordering: .relaxed)
    return .deferred
  }

  private func program(_ transfer: consuming DMATransfer<MemoryDescriptorList>) {
    guard let registers else { return }
    let element = transfer.elements[0]
    let isRead = transfer.direction == .readFromDevice
    registers.write(isRead ? UInt64(transfer.offset) : element.address, at: 0x08)
    registers.write(isRead ? element.address : UInt64(transfer.offset), at: 0x10)
    registers.write(element.length, at: 0x18)
    registers.write(UInt32(isRead ? 1 : 2), at: 0x1C)
    registers.write(UInt32(1 | 4), at: 0)
    let number = lengths.withLock { lengths in
      lengths.append(UInt64(transfer.byteCount))
      return lengths.count
    }
    switch TransferDriver.Manner(rawValue: manner.load(ordering: .relaxed)) ?? .whole {
    case .halves where number % 2 == 1:
      let half = transfer.byteCount / 2
      result.store(transfer.complete(partially: half))
    case .lastIsSecond where number == 2: result.store(transfer.complete(finally: 100))
    case .dropped: break
    case .beyond: _ = registers.read(UInt32.self, at: registers.byteCount - 3)
    default:
      if let done = transfer.complete() { result.store(done) }
    }
  }

  func control(_ request: consuming Request, _ code: IoControlCode, _ interrupt: InterruptObject)
    throws
  {
    let input = try request.readInput(SIMD4<UInt32>.self)
    manner.store(input[3], ordering: .relaxed)
    lengths.store([])
    guard let transaction = idle.exchange(nil), let list = list.exchange(nil) else {
      throw NTStatus.deviceBusy
    }
    let range = Int(input[1])..<Int(input[1]) + Int(input[2])
    let direction: DMADirection = input[0] == 0 ? .readFromDevice : .writeToDevice
    if let failed = transaction.initialize(list, direction, range: range).execute() {
      result.store(failed)
    }
    guard let done = result.exchange(nil) else { throw NTStatus.unsuccessful }
    var numbers = [UInt64(done.status.bits), UInt64(done.byteCount)]
    done.release {
      (list: consuming MemoryDescriptorList, transaction: consuming DMATransaction) in
      let bytes = try? list.view.bytes().array
      numbers.append(UInt64(bytes?.dropFirst(range.lowerBound).first ?? 0))
      self.list.store(list)
      self.idle.store(transaction)
    }
    // The counters are the interrupt's; nobody changes them meanwhile.
    let count = interrupt.synchronize { serviceCount.load(ordering: .relaxed) }
    numbers += [UInt64(count), UInt64(interrupt.source?.vector ?? 0)]
    numbers += lengths.withLock { $0 }
    let total = numbers.count
    do {
      var output = try request.output(atLeast: total * 8)
      for index in 0..<total {
        output.storeBytes(of: numbers[index], toByteOffset: index * 8, as: UInt64.self)
      }
    }
    request.complete(information: total * 8)
  }
}
