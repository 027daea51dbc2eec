import CDriverKit
import CRing3
import Machine
import Memory

extension Hardware {
  /// The table of routines that adapters of a version point to; nil without memory.
  func operations(version: Int) -> UnsafeMutablePointer<DMA_OPERATIONS>? {
    state.pointee.lock.lockStaying()
    if state.pointee.operations == nil { state.pointee.operations = makeOperations() }
    let tables = state.pointee.operations
    state.pointee.lock.unlock()
    return tables.map { $0 + (version - 1) }
  }

  /// Three tables: older versions are shorter.
  private func makeOperations() -> UnsafeMutablePointer<DMA_OPERATIONS>? {
    guard let page = machine.makeStubPage() else { return nil }
    let tables = UnsafeMutablePointer<DMA_OPERATIONS>.allocate(capacity: 3)
    var writer = StubWriter(next: page, injectsFailures: machine.injectsFailures)
    var table = DMA_OPERATIONS()
    writer.addFirstRoutines(to: &table)
    writer.addLaterRoutines(to: &table)
    writer.addMissingRoutines(to: &table)
    for version in 0..<3 {
      var own = table
      let later = MemoryLayout<DMA_OPERATIONS>.offset(of: \.GetDmaAdapterInfo).unsafelyUnwrapped
      own.Size = UInt32(version < 2 ? later : MemoryLayout<DMA_OPERATIONS>.size)
      (tables + version).initialize(to: own)
    }
    return tables
  }
}

/// Writes import stubs one behind the other.
struct StubWriter {
  var next: UnsafeMutablePointer<UInt8>
  /// Whether what may be refused for want of memory asks first.
  var injectsFailures = false

  /// The address at which a driver calls a routine; `Routine` is a C function type.
  mutating func add<Routine>(_ routine: Routine, _ argumentCount: UInt32)
    -> UnsafeMutableRawPointer
  {
    let place = next
    r3_make_stub(place, unsafeBitCast(routine, to: UnsafeRawPointer.self), argumentCount, 0)
    next += Int(R3_STUB_SIZE)
    return UnsafeMutableRawPointer(place)
  }

  /// The same for a routine that may be refused for want of memory.
  ///
  /// - Parameters:
  ///   - title: its name as drivers know it.
  ///   - refusal: how it says no.
  ///   - result: the number of the argument that says where a result goes, from 0; -1 for none.
  mutating func add<Routine>(
    _ routine: Routine, _ argumentCount: UInt32, _ title: StaticString, _ refusal: R3Refusal,
    result: Int8 = -1
  ) -> UnsafeMutableRawPointer {
    guard injectsFailures else { return add(routine, argumentCount) }
    let place = next
    // The record lies behind the stub.
    let record = UnsafeMutableRawPointer(place + Int(R3_STUB_SIZE))
      .bindMemory(to: R3Fallible.self, capacity: 1)
    record.initialize(
      to: R3Fallible(
        handler: fallibleCallHandler,
        function: unsafeBitCast(routine, to: UnsafeRawPointer.self), name: name(title),
        argumentCount: argumentCount, refusal: refusal, tag: -1, result: result))
    r3_make_fallible_stub(place, record)
    next += 3 * Int(R3_STUB_SIZE)
    return UnsafeMutableRawPointer(place)
  }

  /// The address of a routine that ends the machine with its name.
  mutating func addMissing(_ routine: StaticString) -> UnsafeMutableRawPointer {
    let place = next
    let handler: @convention(c) (UnsafePointer<CChar>) -> Void = { routine in
      Machine.current.bugCheck(0x5233_0001, bits(r3_current()), 0, 0, 0, subject: routine)
    }
    r3_make_missing_stub(place, unsafeBitCast(handler, to: UnsafeRawPointer.self), name(routine))
    next += Int(R3_STUB_SIZE)
    return UnsafeMutableRawPointer(place)
  }
}

extension StubWriter {
  fileprivate mutating func addFirstRoutines(to table: inout DMA_OPERATIONS) {
    table.PutDmaAdapter = add(dmaPutAdapter, 1)
    table.AllocateCommonBuffer = add(dmaAllocateCommonBuffer, 4, "AllocateCommonBuffer", .null)
    table.FreeCommonBuffer = add(dmaFreeCommonBuffer, 5)
    table.AllocateAdapterChannel = add(
      dmaAllocateAdapterChannel, 5, "AllocateAdapterChannel", .status)
    table.FlushAdapterBuffers = add(dmaFlushAdapterBuffers, 6)
    table.FreeAdapterChannel = add(dmaFreeAdapterChannel, 1)
    table.FreeMapRegisters = add(dmaFreeMapRegisters, 3)
    table.MapTransfer = add(dmaMapTransfer, 6)
    table.GetDmaAlignment = add(dmaGetAlignment, 1)
    // Counts what a system DMA controller has left to do, and there is none.
    table.ReadDmaCounter = addMissing("ReadDmaCounter")
    table.GetScatterGatherList = add(dmaGetScatterGatherList, 8, "GetScatterGatherList", .status)
    table.PutScatterGatherList = add(dmaPutScatterGatherList, 3)
    table.CalculateScatterGatherList = add(dmaCalculateScatterGatherList, 6)
    table.BuildScatterGatherList = add(
      dmaBuildScatterGatherList, 10, "BuildScatterGatherList", .status)
    table.BuildMdlFromScatterGatherList = add(
      dmaBuildMdl, 4, "BuildMdlFromScatterGatherList", .status, result: 3)
  }

  fileprivate mutating func addLaterRoutines(to table: inout DMA_OPERATIONS) {
    table.GetDmaAdapterInfo = add(dmaGetAdapterInfo, 2)
    table.GetDmaTransferInfo = add(dmaGetTransferInfo, 6)
    table.InitializeDmaTransferContext = add(dmaInitializeTransferContext, 2)
    table.AllocateCommonBufferEx = add(
      dmaAllocateCommonBufferEx, 6, "AllocateCommonBufferEx", .null)
    table.AllocateAdapterChannelEx = add(
      dmaAllocateAdapterChannelEx, 8, "AllocateAdapterChannelEx", .status)
    table.ConfigureAdapterChannel = add(dmaConfigureAdapterChannel, 3)
    table.CancelAdapterChannel = add(dmaCancelAdapterChannel, 3)
    table.MapTransferEx = add(dmaMapTransferEx, 11)
    table.GetScatterGatherListEx = add(
      dmaGetScatterGatherListEx, 13, "GetScatterGatherListEx", .status)
    table.BuildScatterGatherListEx = add(
      dmaBuildScatterGatherListEx, 15, "BuildScatterGatherListEx", .status)
    table.FlushAdapterBuffersEx = add(dmaFlushAdapterBuffersEx, 6)
    table.FreeAdapterObject = add(dmaFreeAdapterObject, 2)
    table.CancelMappedTransfer = add(dmaCancelMappedTransfer, 2)
  }

  fileprivate mutating func addMissingRoutines(to table: inout DMA_OPERATIONS) {
    table.AllocateDomainCommonBuffer = addMissing("AllocateDomainCommonBuffer")
    table.FlushDmaBuffer = addMissing("FlushDmaBuffer")
    table.JoinDmaDomain = addMissing("JoinDmaDomain")
    table.LeaveDmaDomain = addMissing("LeaveDmaDomain")
    table.GetDmaDomain = addMissing("GetDmaDomain")
    table.AllocateCommonBufferWithBounds = addMissing("AllocateCommonBufferWithBounds")
  }
}
