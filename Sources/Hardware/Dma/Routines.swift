import CDriverKit
import IOManager
import Machine
import Memory
import NTTypes

// The routines of a table of DMA operations, versions 1 and 2: parameters in, an answer out.

/// What a routine gets as its adapter.
typealias AdapterAddress = UnsafeMutableRawPointer

let dmaPutAdapter: @convention(c) (AdapterAddress) -> Void = {
  DmaAdapter.called($0, at: 0...IRQL.passive, "PutDmaAdapter").put()
}

let dmaAllocateCommonBuffer:
  @convention(c) (AdapterAddress, UInt32, UnsafeMutablePointer<UInt64>, UInt32) ->
    UnsafeMutableRawPointer? = { adapter, byteCount, logical, _ in
      let adapter = DmaAdapter.called(adapter, at: 0...IRQL.passive, "AllocateCommonBuffer")
      guard let buffer = adapter.allocateCommonBuffer(Int(byteCount)) else { return nil }
      logical.pointee = buffer.logical
      return buffer.address
    }

let dmaFreeCommonBuffer:
  @convention(c) (AdapterAddress, UInt32, UInt64, UnsafeMutableRawPointer?, UInt32) -> Void = {
    adapter, byteCount, logical, address, _ in
    DmaAdapter.called(adapter, at: 0...IRQL.passive, "FreeCommonBuffer")
      .freeCommonBuffer(address, logical: logical, Int(byteCount))
  }

let dmaAllocateAdapterChannel:
  @convention(c) (
    AdapterAddress, DevicePointer?, UInt32, UnsafeMutableRawPointer, UnsafeMutableRawPointer?
  ) -> Int32 = { adapter, device, count, routine, context in
    status { () throws(NTStatus) in
      try DmaAdapter.called(adapter, at: IRQL.dispatch...IRQL.dispatch, "AllocateAdapterChannel")
        .allocateChannel(device, registers: Int(count), routine, context: context)
    }
  }

let dmaFlushAdapterBuffers:
  @convention(c) (
    AdapterAddress, UnsafeMutablePointer<MDL>, UnsafeMutableRawPointer?, UInt, UInt32, UInt32
  ) -> UInt8 = { adapter, mdl, base, address, byteCount, isWrite in
    let registers = DmaAdapter.called(adapter, "FlushAdapterBuffers")
      .registers(base, name("FlushAdapterBuffers"))
    let range = BufferRange(mdl: Mdl(mdl), start: address, byteCount: Int(byteCount))
    registers.flush(range, isWrite: isWrite & 0xFF != 0)
    return 1
  }

let dmaFreeAdapterChannel: @convention(c) (AdapterAddress) -> Void = {
  let adapter = DmaAdapter.called($0, at: IRQL.dispatch...IRQL.dispatch, "FreeAdapterChannel")
  adapter.checkChannel("FreeAdapterChannel")
  adapter.freeChannel()
}

let dmaFreeMapRegisters: @convention(c) (AdapterAddress, UnsafeMutableRawPointer?, UInt32) -> Void =
  {
    DmaAdapter.called($0, at: IRQL.dispatch...IRQL.dispatch, "FreeMapRegisters").freeMapRegisters(
      $1, $2)
  }

let dmaMapTransfer:
  @convention(c) (
    AdapterAddress, UnsafeMutablePointer<MDL>, UnsafeMutableRawPointer?, UInt,
    UnsafeMutablePointer<UInt32>, UInt32
  ) -> UInt64 = { adapter, mdl, base, address, length, isWrite in
    let adapter = DmaAdapter.called(adapter, "MapTransfer")
    let registers = adapter.registers(base, name("MapTransfer"))
    adapter.checkBuffer(Mdl(mdl), at: address, Int(length.pointee), "MapTransfer")
    guard let walk = BufferWalk(Mdl(mdl), at: address, Int(length.pointee)) else {
      adapter.machine.bugCheck(
        0xE6, 0x1B, UInt64(address), bits(mdl), UInt64(length.pointee),
        subject: name("MapTransfer"))
    }
    let mapped = adapter.map(walk, registers, isWrite: isWrite & 0xFF != 0)
    length.pointee = UInt32(mapped.byteCount)
    return mapped.logical
  }

/// Transfers may begin anywhere.
let dmaGetAlignment: @convention(c) (AdapterAddress) -> UInt32 = { _ in 1 }

let dmaGetScatterGatherList:
  @convention(c) (
    AdapterAddress, DevicePointer?, UnsafeMutablePointer<MDL>, UInt, UInt32,
    UnsafeMutableRawPointer, UnsafeMutableRawPointer?, UInt32
  ) -> Int32 = { adapter, device, mdl, address, byteCount, routine, context, isWrite in
    status { () throws(NTStatus) in
      let adapter = DmaAdapter.called(
        adapter, at: IRQL.dispatch...IRQL.dispatch, "GetScatterGatherList")
      adapter.checkBuffer(Mdl(mdl), at: address, Int(byteCount), "GetScatterGatherList")
      guard let walk = BufferWalk(Mdl(mdl), at: address, Int(byteCount)) else {
        throw .bufferTooSmall
      }
      var wanted = DmaAdapter.ListRequest(
        callback: .list(routine), context: context, isWrite: isWrite & 0xFF != 0)
      wanted.device = device
      try adapter.get(walk, wanted)
    }
  }

let dmaPutScatterGatherList:
  @convention(c) (AdapterAddress, UnsafeMutablePointer<SCATTER_GATHER_LIST>, UInt32) -> Void = {
    adapter, list, isWrite in
    DmaAdapter.called(adapter, at: IRQL.dispatch...IRQL.dispatch, "PutScatterGatherList")
      .putList(list, isWrite: isWrite & 0xFF != 0)
  }

let dmaCalculateScatterGatherList:
  @convention(c) (
    AdapterAddress, UnsafeMutablePointer<MDL>?, UInt, UInt32, UnsafeMutablePointer<UInt32>,
    UnsafeMutablePointer<UInt32>?
  ) -> Int32 = { _, mdl, address, byteCount, size, count in
    status { () throws(NTStatus) in
      var pages = Mdl.span(address, Int(byteCount))
      if let mdl {
        guard let walk = BufferWalk(Mdl(mdl), at: address, Int(byteCount)) else {
          throw .bufferTooSmall
        }
        pages = walk.pageCount
      }
      size.pointee = UInt32(DmaAdapter.listByteCount(pages: pages))
      count?.pointee = UInt32(pages)
    }
  }

let dmaBuildScatterGatherList:
  @convention(c) (
    AdapterAddress, DevicePointer?, UnsafeMutablePointer<MDL>, UInt, UInt32,
    UnsafeMutableRawPointer, UnsafeMutableRawPointer?, UInt32, UnsafeMutableRawPointer?, UInt32
  ) -> Int32 = {
    adapter, device, mdl, address, byteCount, routine, context, isWrite, memory, memoryCount in
    status { () throws(NTStatus) in
      let adapter = DmaAdapter.called(
        adapter, at: IRQL.dispatch...IRQL.dispatch, "BuildScatterGatherList")
      adapter.checkBuffer(Mdl(mdl), at: address, Int(byteCount), "BuildScatterGatherList")
      guard let walk = BufferWalk(Mdl(mdl), at: address, Int(byteCount)) else {
        throw .bufferTooSmall
      }
      var wanted = DmaAdapter.ListRequest(
        callback: .list(routine), context: context, isWrite: isWrite & 0xFF != 0)
      wanted.device = device
      wanted.memory = UnsafeMutableRawBufferPointer(start: memory, count: Int(memoryCount))
      try adapter.get(walk, wanted)
    }
  }

let dmaBuildMdl:
  @convention(c) (
    AdapterAddress, UnsafeMutablePointer<SCATTER_GATHER_LIST>, UnsafeMutablePointer<MDL>,
    UnsafeMutablePointer<UnsafeMutablePointer<MDL>?>
  ) -> Int32 = { adapter, list, original, result in
    status { () throws(NTStatus) in
      let mdl = try DmaAdapter(driverPointer: adapter).makeMdl(of: list, Mdl(original))
      result.pointee = mdl.pointer
    }
  }

/// The status of what `body` does.
func status(_ body: () throws(NTStatus) -> Void) -> Int32 {
  do throws(NTStatus) {
    try body()
    return 0
  } catch {
    return Int32(bitPattern: error.bits)
  }
}
