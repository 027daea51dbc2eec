import CDriverKit
import CRing3
import Hardware
import Machine
import Memory
import NTTypes

@c(r3_WdfDmaTransactionAllocateResources)
package func wdfDmaTransactionAllocateResources(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ direction: UInt32, _ count: UInt32,
  _ routine: UnsafeMutableRawPointer?, _ context: UInt64
) -> Int32 {
  let framework = Framework.current
  let transaction = framework.dmaTransaction(handle)
  guard transaction.mayReserve("WdfDmaTransactionAllocateResources") else {
    return FrameworkStatus.invalidDeviceRequest
  }
  guard let direction = DmaDirection(rawValue: direction) else {
    return FrameworkStatus.invalidParameter
  }
  let reservation = DmaReservation(
    count: Int(count), routine: framework.require(routine), context: context)
  return transaction.reserve(reservation, direction)
}

@c(r3_WdfDmaTransactionFreeResources)
package func wdfDmaTransactionFreeResources(_ globals: UnsafeMutableRawPointer, _ handle: UInt64) {
  let transaction = Framework.current.dmaTransaction(handle)
  guard transaction.mayReserve("WdfDmaTransactionFreeResources") else { return }
  switch transaction.pointee.progress.state {
  case .created, .transfer, .deleted: transaction.refuse()
  case .reserved, .initialized, .completed, .failed, .released: break
  }
  transaction.release()
  transaction.freeReservation()
}

extension UnsafeMutablePointer where Pointee == DmaTransactionBody {
  /// Map registers are reserved for packets, with adapters of version 3.
  fileprivate func mayReserve(_ function: StaticString) -> Bool {
    guard enabler.usesVersion3, !enabler.pointee.profile.hasScatterGather else {
      Framework.current.note("\(function): for packet profiles with DMA version 3 only")
      return false
    }
    return true
  }

  /// Asks for map registers; EvtReserveDma is called at DISPATCH_LEVEL when they are there.
  ///
  /// With success the transaction may already be done, even deleted, when this returns.
  fileprivate func reserve(_ wanted: DmaReservation, _ direction: DmaDirection) -> Int32 {
    let progress = pointee.progress
    guard progress.mayReserve, wanted.count > 0 || progress.state == .initialized,
      pointee.reservation.count == 0
    else { refuse() }
    var wanted = wanted
    if wanted.count == 0 { wanted.count = pageCount }
    pointee.reservation = wanted
    pointee.direction = direction
    pointee.mdl = nil
    pointee.progress.reserve()
    do throws(NTStatus) {
      try channel.adapter.reserve(
        wanted.count, transferContext: transferContext, mayWait: !pointee.isImmediate,
        context: UnsafeMutableRawPointer(self), registersReady)
      return 0
    } catch {
      pointee.reservation = DmaReservation()
      pointee.progress.finish(isSuccess: false)
      return Int32(bitPattern: error.bits)
    }
  }

  /// Pages of the whole buffer.
  private var pageCount: Int {
    guard let mdl = Mdl(pointee.mdl),
      let range = MdlRange(
        mdl, offset: pointee.offset, byteCount: pointee.progress.length)
    else { return 1 }
    return range.pageCount
  }

  /// Calls EvtReserveDma.
  fileprivate func reserved(_ base: UnsafeMutableRawPointer) {
    pointee.reservation.base = base
    guard let routine = pointee.reservation.routine else { return }
    _ = r3_call2(routine, handle, pointee.reservation.context)
  }

  /// Gives reserved map registers back, or stops waiting for them.
  func freeReservation() {
    let reservation = pointee.reservation
    guard reservation.count > 0 else { return }
    pointee.reservation = DmaReservation()
    if let base = reservation.base {
      channel.adapter.freeReservation(base)
    } else {
      _ = channel.adapter.cancel(transferContext)
    }
  }
}

/// Gets the map registers that a transaction waits for; the context is the transaction.
private let registersReady: DmaAdapter.ReservationCallback = { base, context in
  guard let context else { return }
  context.assumingMemoryBound(to: DmaTransactionBody.self).reserved(base)
}

@c(r3_WdfDmaTransactionCancel)
package func wdfDmaTransactionCancel(_ globals: UnsafeMutableRawPointer, _ handle: UInt64) -> UInt8
{
  let framework = Framework.current
  let transaction = framework.dmaTransaction(handle)
  guard transaction.enabler.usesVersion3 else {
    framework.note("WdfDmaTransactionCancel: with DMA version 3 only")
    return 0
  }
  switch transaction.pointee.progress.state {
  case .created, .released, .deleted: transaction.refuse()
  case .reserved, .initialized, .transfer, .completed, .failed: break
  }
  return transaction.cancel() ? 1 : 0
}

extension UnsafeMutablePointer where Pointee == DmaTransactionBody {
  /// Ends the wait for map registers; false when there is none.
  fileprivate func cancel() -> Bool {
    guard channel.adapter.cancel(transferContext) else { return false }
    if pointee.reservation.base == nil { pointee.reservation = DmaReservation() }
    pointee.progress.finish(isSuccess: false)
    releaseRequest()
    return true
  }
}
