import CDriverKit
import IOManager
import Machine
import Memory
import NTTypes

// The routines that came with version 3.

/// Flags of requests.
private enum RequestFlags {
  static let synchronous: UInt32 = 1
  static let failsOnBounce: UInt32 = 4
}

let dmaGetAdapterInfo:
  @convention(c) (AdapterAddress, UnsafeMutablePointer<DMA_ADAPTER_INFO>) ->
    Int32 = { adapter, info in
      guard info.pointee.Version == 1 else { return Int32(bitPattern: NTStatus.notSupported.bits) }
      let limits = DmaAdapter(driverPointer: adapter).limits
      info.pointee.V1.ReadDmaCounterAvailable = 0
      info.pointee.V1.ScatterGatherLimit = limits.hasScatterGather ? .max : 1
      info.pointee.V1.DmaAddressWidth = UInt32(limits.addressWidth)
      info.pointee.V1.Flags = 1  // ADAPTER_INFO_SYNCHRONOUS_CALLBACK
      info.pointee.V1.MinimumTransferUnit = 1
      return 0
    }

let dmaGetTransferInfo:
  @convention(c) (
    AdapterAddress, UnsafeMutablePointer<MDL>, UInt64, UInt32, UInt32,
    UnsafeMutablePointer<DMA_TRANSFER_INFO>
  ) -> Int32 = { adapter, mdl, offset, byteCount, _, info in
    status { () throws(NTStatus) in
      let version = info.pointee.Version
      guard version == 1 || version == 2 else { throw .notSupported }
      guard let walk = BufferWalk(Mdl(mdl), offset: offset, Int(byteCount)) else {
        throw .invalidParameter
      }
      let pages = walk.pageCount
      let isOne = !DmaAdapter(driverPointer: adapter).limits.hasScatterGather
      info.pointee.V1.MapRegisterCount = UInt32(pages)
      info.pointee.V1.ScatterGatherElementCount = isOne ? 1 : UInt32(pages)
      info.pointee.V1.ScatterGatherListSize = UInt32(DmaAdapter.listByteCount(pages: pages))
      if version == 2 { info.pointee.V2.LogicalPageCount = UInt32(pages) }
    }
  }

let dmaInitializeTransferContext:
  @convention(c) (AdapterAddress, UnsafeMutableRawPointer) -> Int32 = {
    _, context in
    context.initializeMemory(as: UInt8.self, repeating: 0, count: Int(DMA_TRANSFER_CONTEXT_SIZE_V1))
    return 0
  }

let dmaAllocateCommonBufferEx:
  @convention(c) (
    AdapterAddress, UnsafePointer<UInt64>?, UInt32, UnsafeMutablePointer<UInt64>, UInt32, UInt32
  ) -> UnsafeMutableRawPointer? = { adapter, highest, byteCount, logical, _, _ in
    let adapter = DmaAdapter.called(adapter, at: 0...IRQL.passive, "AllocateCommonBufferEx")
    let limit = highest?.pointee ?? .max
    guard let buffer = adapter.allocateCommonBuffer(Int(byteCount), highest: limit) else {
      return nil
    }
    logical.pointee = buffer.logical
    return buffer.address
  }

let dmaAllocateAdapterChannelEx:
  @convention(c) (
    AdapterAddress, DevicePointer?, UnsafeMutableRawPointer?, UInt32, UInt32,
    UnsafeMutableRawPointer?, UnsafeMutableRawPointer?,
    UnsafeMutablePointer<UnsafeMutableRawPointer?>?
  ) -> Int32 = { adapter, device, transfer, count, flags, routine, context, base in
    status { () throws(NTStatus) in
      let adapter = DmaAdapter.called(
        adapter, at: IRQL.dispatch...IRQL.dispatch, "AllocateAdapterChannelEx")
      let isSynchronous = flags & RequestFlags.synchronous != 0
      if let routine {
        try adapter.allocateChannel(
          device, registers: Int(count), routine, context: context, transferContext: transfer,
          mayWait: !isSynchronous)
      } else {
        // Without a routine the driver has channel and registers when the call returns.
        guard isSynchronous, let base else { throw .invalidParameter }
        base.pointee = try adapter.takeChannel(registers: Int(count))
      }
    }
  }

/// Functions are for system DMA controllers.
let dmaConfigureAdapterChannel:
  @convention(c) (AdapterAddress, UInt32, UnsafeMutableRawPointer?) -> Int32 = { _, _, _ in
    Int32(bitPattern: NTStatus.notImplemented.bits)
  }

let dmaCancelAdapterChannel:
  @convention(c) (AdapterAddress, DevicePointer?, UnsafeMutableRawPointer) -> UInt8 = {
    adapter, _, transfer in
    DmaAdapter(driverPointer: adapter).cancel(transfer) ? 1 : 0
  }

let dmaMapTransferEx:
  @convention(c) (
    AdapterAddress, UnsafeMutablePointer<MDL>, UnsafeMutableRawPointer?, UInt64, UInt32,
    UnsafeMutablePointer<UInt32>, UInt32, UnsafeMutableRawPointer?, UInt32,
    UnsafeMutableRawPointer?, UnsafeMutableRawPointer?
  ) -> Int32 = { adapter, mdl, base, offset, _, length, isWrite, list, listCount, completion, _ in
    status { () throws(NTStatus) in
      let adapter = DmaAdapter.called(adapter, "MapTransferEx")
      let registers = adapter.registers(base, name("MapTransferEx"))
      adapter.checkBuffer(Mdl(mdl), Int(length.pointee), "MapTransferEx")
      // Completion routines are for system DMA controllers.
      guard completion == nil, let list,
        let walk = BufferWalk(Mdl(mdl), offset: offset, Int(length.pointee))
      else { throw .invalidParameter }
      let memory = UnsafeMutableRawBufferPointer(start: list, count: Int(listCount))
      let count = try adapter.map(walk, registers, isWrite: isWrite & 0xFF != 0, into: memory)
      length.pointee = UInt32(count)
    }
  }

let dmaGetScatterGatherListEx:
  @convention(c) (
    AdapterAddress, DevicePointer?, UnsafeMutableRawPointer?, UnsafeMutablePointer<MDL>, UInt64,
    UInt32, UInt32, UnsafeMutableRawPointer?, UnsafeMutableRawPointer?, UInt32,
    UnsafeMutableRawPointer?, UnsafeMutableRawPointer?,
    UnsafeMutablePointer<UnsafeMutablePointer<SCATTER_GATHER_LIST>?>?
  ) -> Int32 = {
    adapter, device, transfer, mdl, offset, byteCount, flags, routine, context, isWrite, completion,
    _, result in
    status { () throws(NTStatus) in
      var wanted = DmaAdapter.ListRequest(
        callback: routine.map { .list($0) } ?? .none, context: context,
        isWrite: isWrite & 0xFF != 0)
      wanted.device = device
      wanted.transferContext = transfer
      try getList(
        DmaAdapter(driverPointer: adapter), Mdl(mdl), offset, byteCount, flags, wanted,
        hasCompletion: completion != nil, result)
    }
  }

let dmaBuildScatterGatherListEx:
  @convention(c) (
    AdapterAddress, DevicePointer?, UnsafeMutableRawPointer?, UnsafeMutablePointer<MDL>, UInt64,
    UInt32, UInt32, UnsafeMutableRawPointer?, UnsafeMutableRawPointer?, UInt32,
    UnsafeMutableRawPointer?, UInt32, UnsafeMutableRawPointer?, UnsafeMutableRawPointer?,
    UnsafeMutablePointer<UnsafeMutablePointer<SCATTER_GATHER_LIST>?>?
  ) -> Int32 = {
    adapter, device, transfer, mdl, offset, byteCount, flags, routine, context, isWrite, memory,
    memoryCount, completion, _, result in
    status { () throws(NTStatus) in
      var wanted = DmaAdapter.ListRequest(
        callback: routine.map { .list($0) } ?? .none, context: context,
        isWrite: isWrite & 0xFF != 0)
      wanted.device = device
      wanted.transferContext = transfer
      wanted.memory = UnsafeMutableRawBufferPointer(start: memory, count: Int(memoryCount))
      try getList(
        DmaAdapter(driverPointer: adapter), Mdl(mdl), offset, byteCount, flags, wanted,
        hasCompletion: completion != nil, result)
    }
  }

/// A list by the offset from the beginning of the buffer, with the flags of version 3.
private func getList(
  _ adapter: DmaAdapter, _ mdl: Mdl, _ offset: UInt64, _ byteCount: UInt32, _ flags: UInt32,
  _ request: DmaAdapter.ListRequest, hasCompletion: Bool,
  _ result: UnsafeMutablePointer<UnsafeMutablePointer<SCATTER_GATHER_LIST>?>?
) throws(NTStatus) {
  var wanted = request
  wanted.mayWait = flags & RequestFlags.synchronous == 0
  wanted.mayBounce = flags & RequestFlags.failsOnBounce == 0
  var isSilent = false
  if case .none = wanted.callback { isSilent = true }
  // Without a routine the list has to be there when the call returns.
  guard !hasCompletion, !isSilent || !wanted.mayWait && result != nil,
    let walk = BufferWalk(mdl, offset: offset, Int(byteCount))
  else { throw .invalidParameter }
  let list = try adapter.get(walk, wanted)
  if isSilent { result?.pointee = list }
}

let dmaFlushAdapterBuffersEx:
  @convention(c) (
    AdapterAddress, UnsafeMutablePointer<MDL>, UnsafeMutableRawPointer?, UInt64, UInt32, UInt32
  ) -> Int32 = { adapter, mdl, base, offset, byteCount, isWrite in
    let registers = DmaAdapter(driverPointer: adapter)
      .registers(base, name("FlushAdapterBuffersEx"))
    let isWrite = isWrite & 0xFF != 0
    guard var walk = BufferWalk(Mdl(mdl), offset: offset, Int(byteCount)) else {
      return Int32(bitPattern: NTStatus.invalidParameter.bits)
    }
    while let piece = walk.next() {
      let range = BufferRange(mdl: piece.mdl, start: piece.address, byteCount: piece.byteCount)
      registers.flush(range, isWrite: isWrite)
    }
    return 0
  }

let dmaFreeAdapterObject: @convention(c) (AdapterAddress, UInt32) -> Void = { adapter, action in
  guard let action = DmaAdapter.AllocationAction(rawValue: action) else { return }
  DmaAdapter(driverPointer: adapter).freeChannel(action)
}

/// Only a system DMA controller's transfer can be stopped.
let dmaCancelMappedTransfer: @convention(c) (AdapterAddress, UnsafeMutableRawPointer?) -> Int32 = {
  _, _ in Int32(bitPattern: NTStatus.notImplemented.bits)
}
