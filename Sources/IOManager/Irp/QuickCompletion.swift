import CDriverKit
import CRing3
import Machine

// The short way of completing: a request that its own thread is sending, whose last driver is the only
// one that wants to know of it. The thread finishes it when it is back from the driver.
//
// It is a leaf: it calls nothing and cannot fault, because `quick.S` calls it without saving all
// registers. Anything out of the ordinary takes the long way, which looks at everything again.

/// Completes an IRP at once, when that is all there is to do.
///
/// - Returns: false when the long way is to be taken; nothing was changed then.
@inline(__always)
func completeQuickly(_ irp: IRPPointer?, _ thread: UnsafeMutablePointer<R3Thread>) -> Bool {
  // Only what the thread is sending is known to be an IRP of the I/O manager, with a prefix.
  guard let irp, let call = thread.pointee.request?.assumingMemoryBound(to: RequestCall.self),
    call.pointee.irp == irp, thread.pointee.irql <= IRQL.dispatch,
    let cache = thread.pointee.irpCache?.assumingMemoryBound(to: IRPCache.self),
    !cache.pointee.state.pointee.isWatched,
    irp.pointee.Type == 6, irp.pointee.CancelRoutine == nil,
    irp.pointee.CurrentLocation == irp.pointee.StackCount,
    UInt8(bitPattern: irp.pointee.StackCount &- 1) < UInt8(IRPCache.stackCount)
  else { return false }
  let status = irp.pointee.IoStatus.Status
  let flags = irp.pointee.Flags
  // The topmost location, wherever the driver says that it is.
  let location = topLocation(irp)
  guard status != IOStatus.pending, status != -1,
    flags & UInt32(IRP_ASSOCIATED_IRP | IRP_DEFER_IO_COMPLETION) == UInt32(IRP_DEFER_IO_COMPLETION),
    irp.pointee.Tail.Overlay.CurrentStackLocation == location,
    location.pointee.CompletionRoutine == nil,
    location.pointee.Control & UInt8(SL_PENDING_RETURNED) == 0,
    let progress = IRPPrefix.of(irp).pointee.progress,
    progress.pointee.thread == thread.pointee.currentThread, !progress.pointee.isAwaited
  else { return false }
  irp.pointee.PendingReturned = 0
  // Past the topmost location, and past the place where it could be completed again.
  irp.pointee.CurrentLocation = irp.pointee.StackCount &+ 2
  irp.pointee.Tail.Overlay.CurrentStackLocation = location + 1
  location.pointee.MinorFunction = 0
  location.pointee.Flags = 0
  location.pointee.Control &= UInt8(SL_ERROR_RETURNED)
  location.pointee.Context = nil
  r3_store32(&progress.pointee.phase, RequestProgress.completed)
  return true
}

/// The topmost stack location of an IRP.
@inline(__always)
private func topLocation(_ irp: IRPPointer) -> StackPointer {
  let first = UnsafeMutableRawPointer(irp) + MemoryLayout<IRP>.size
  let offset = (Int(irp.pointee.StackCount) &- 1) &* MemoryLayout<IO_STACK_LOCATION>.size
  return (first + offset).assumingMemoryBound(to: IO_STACK_LOCATION.self)
}

/// The short way, from `quick.S`.
///
/// - Returns: 0 when the long way is to be taken.
@c(r3_quickly_IofCompleteRequest)
func quicklyCompleteRequest(_ irp: IRPPointer?, _ thread: UnsafeMutablePointer<R3Thread>)
  -> UInt64
{
  completeQuickly(irp, thread) ? 1 : 0
}
