import CDriverKit
import Machine
import Memory
import NTTypes

// Map registers that are kept for several transfers.
extension DmaAdapter {
  /// A routine of the system that gets map registers, at DISPATCH_LEVEL, and its context.
  package typealias ReservationCallback =
    @convention(c) (_ base: UnsafeMutableRawPointer, _ context: UnsafeMutableRawPointer?) -> Void

  /// Gives map registers to `callback` at DISPATCH_LEVEL: now, or when they come free.
  ///
  /// Below or at DISPATCH_LEVEL. They are given back with ``freeReservation(_:)``. `transferContext`
  /// names the request to ``cancel(_:)``.
  ///
  /// - Throws: `insufficientResources` when the adapter never has so many map registers, or has them
  ///   not now and the request must not wait.
  package func reserve(
    _ count: Int, transferContext: UnsafeMutableRawPointer? = nil, mayWait: Bool = true,
    context: UnsafeMutableRawPointer?, _ callback: @escaping ReservationCallback
  ) throws(NTStatus) {
    guard count <= state.pointee.registerCount || !state.pointee.countsRegisters,
      let registers = makeRegisters(count)
    else { throw .insufficientResources }
    var request = DmaRequest(
      callback: .reservation(callback), context: context, device: nil, registers: registers)
    request.transferContext = transferContext
    switch submit(request, mayWait: mayWait) {
    case .granted: run(request)
    case .queued: break
    case .refused:
      freeRegisters(registers, wereCounted: false)
      throw .insufficientResources
    }
  }

  /// Maps a range of a buffer with reserved map registers, and fills `list`, whose bytes are the
  /// caller's; gives the bytes that fit.
  ///
  /// - Throws: `bufferTooSmall` when the range does not lie in the buffer; `invalidParameter` when the
  ///   list has no room for an element.
  package func map(
    _ mdl: Mdl, at address: UInt, _ byteCount: Int, isWrite: Bool,
    with base: UnsafeMutableRawPointer, into list: UnsafeMutableRawBufferPointer
  ) throws(NTStatus) -> Int {
    guard let walk = BufferWalk(mdl, at: address, byteCount) else { throw .bufferTooSmall }
    return try map(
      walk, base.assumingMemoryBound(to: MapRegisters.self), isWrite: isWrite, into: list)
  }

  /// Ends a transfer with reserved map registers: data of a read goes to the buffer.
  package func flushReservation(_ base: UnsafeMutableRawPointer, isWrite: Bool) {
    base.assumingMemoryBound(to: MapRegisters.self).flush(nil, isWrite: isWrite)
  }

  /// Gives reserved map registers back; requests that wait for them start.
  ///
  /// Below or at DISPATCH_LEVEL.
  package func freeReservation(_ base: UnsafeMutableRawPointer) {
    freeRegisters(base.assumingMemoryBound(to: MapRegisters.self), wereCounted: true)
    IRQL.atDispatch { startWaiting() }
  }
}
