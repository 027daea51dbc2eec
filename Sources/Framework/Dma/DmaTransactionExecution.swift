import CDriverKit
import CRing3
import Hardware
import Machine
import Memory
import NTTypes

@c(r3_WdfDmaTransactionExecute)
package func wdfDmaTransactionExecute(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ context: UInt64
) -> Int32 {
  Framework.current.dmaTransaction(handle).execute(context)
}

extension UnsafeMutablePointer where Pointee == DmaTransactionBody {
  /// Starts the first transfer.
  ///
  /// With success the transaction may already be done, even deleted, when this returns.
  fileprivate func execute(_ context: UInt64) -> Int32 {
    guard pointee.progress.execute() else { refuse() }
    holdRequest()
    pointee.context = context
    if enabler.hasTurns, !enabler.takeTurn() {
      return failExecution(FrameworkStatus.busy)
    }
    let status = stage()
    if status >= 0 { return status }
    if enabler.hasTurns { enabler.giveTurnBack() }
    return failExecution(status)
  }

  private func failExecution(_ status: Int32) -> Int32 {
    pointee.progress.finish(isSuccess: false)
    pointee.context = 0
    releaseRequest()
    return status
  }

  /// Starts the next transfer: EvtProgramDma is called as soon as there are map registers.
  ///
  /// - Returns: without success nothing was started. With success the transaction is not to be touched
  ///   any more: it runs on by itself.
  func stage() -> Int32 {
    guard let mdl = Mdl(pointee.mdl) else { return FrameworkStatus.internalErrorNT }
    let progress = pointee.progress
    let wanted = min(progress.remaining, progress.maximum)
    let start = pointee.offset + progress.transferred
    guard var range = MdlRange(mdl, offset: start, byteCount: wanted) else {
      return FrameworkStatus.invalidParameter
    }
    let fitting = range.byteCount(inPages: availableRegisterCount)
    if fitting < wanted, let shorter = MdlRange(mdl, offset: start, byteCount: fitting) {
      range = shorter
    }
    let isListed = enabler.pointee.profile.hasScatterGather
    if isListed, UInt64(range.pageCount) > enabler.pointee.maximumElements {
      return FrameworkStatus.tooFragmented
    }
    pointee.progress.begin(range.byteCount)
    do throws(NTStatus) {
      if let base = pointee.reservation.base {
        try map(range, with: base)
      } else {
        try channel.adapter.getList(
          range.mdl, at: range.address, range.byteCount, isWrite: isWrite,
          transferContext: transferContext, mayWait: !pointee.isImmediate,
          context: UnsafeMutableRawPointer(self), listReady)
      }
      return 0
    } catch {
      pointee.progress.undo()
      return Int32(bitPattern: error.bits)
    }
  }

  /// Starts a transfer with reserved map registers.
  private func map(_ range: MdlRange, with base: UnsafeMutableRawPointer) throws(NTStatus) {
    let place = UnsafeMutableRawPointer(self) + listOffset
    let byteCount = try channel.adapter.map(
      range.mdl, at: range.address, range.byteCount, isWrite: isWrite, with: base,
      into: UnsafeMutableRawBufferPointer(start: place, count: 5 * 8))
    pointee.progress.begin(byteCount)
    let list = place.assumingMemoryBound(to: SCATTER_GATHER_LIST.self)
    IRQL.atDispatch { program(list) }
  }

  private var listOffset: Int {
    MemoryLayout<DmaTransactionBody>.offset(of: \.reservation).unsafelyUnwrapped
      + MemoryLayout<DmaReservation>.offset(of: \.list).unsafelyUnwrapped
  }

  /// Calls EvtProgramDma; at DISPATCH_LEVEL.
  ///
  /// A transfer that gets ready while EvtProgramDma runs, because the driver completed the one before
  /// in it, or a DPC did meanwhile, is left to the loop: the stack does not grow.
  fileprivate func program(_ list: UnsafeMutablePointer<SCATTER_GATHER_LIST>) {
    pointee.list = list
    if !beginProgramming() { return }
    object.reference()
    repeat {
      _ = r3_call5(
        pointee.programDma.unsafelyUnwrapped, handle, enabler.pointee.device.handle,
        pointee.context,
        UInt64(pointee.direction.rawValue), bits(pointee.list))
    } while goesOnProgramming()
    object.release()
  }

  private func beginProgramming() -> Bool {
    let lock = field(\.lock)
    lock.pointee.lock()
    let isFirst = !pointee.isProgramming
    if isFirst { pointee.isProgramming = true } else { pointee.programsAgain = true }
    lock.pointee.unlock()
    return isFirst
  }

  private func goesOnProgramming() -> Bool {
    let lock = field(\.lock)
    lock.pointee.lock()
    let again = pointee.programsAgain
    pointee.programsAgain = false
    if !again { pointee.isProgramming = false }
    lock.pointee.unlock()
    return again
  }
}

/// Gets the list of a transfer, at DISPATCH_LEVEL; the context is the transaction.
private let listReady: DmaAdapter.ListCallback = { list, context in
  guard let context else { return }
  context.assumingMemoryBound(to: DmaTransactionBody.self).program(list)
}
