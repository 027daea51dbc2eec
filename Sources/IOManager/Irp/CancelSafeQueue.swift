import CDriverKit
import CRing3
import Machine

/// A cancel-safe queue: the driver keeps the list, this code sees to cancellation.
///
/// `Tail.Overlay.DriverContext[3]` of a queued IRP leads to the context that its driver gave, or to
/// the queue itself; the first field of both is a type.
struct CancelSafeQueue {
  private let queue: UnsafeMutablePointer<IO_CSQ>

  init(_ queue: UnsafeMutablePointer<IO_CSQ>) { self.queue = queue }

  typealias Context = UnsafeMutablePointer<IO_CSQ_IRP_CONTEXT>

  // MARK: The driver's routines

  private func acquire() -> UInt8 {
    var level: UInt8 = 0
    withUnsafeMutablePointer(to: &level) { level in
      if let routine = queue.pointee.CsqAcquireLock {
        _ = r3_call2(routine, bits(queue), bits(level))
      }
    }
    return level
  }

  private func release(_ level: UInt8) {
    if let routine = queue.pointee.CsqReleaseLock {
      _ = r3_call2(routine, bits(queue), UInt64(level))
    }
  }

  private func removeFromList(_ irp: IRPPointer) {
    if let routine = queue.pointee.CsqRemoveIrp { _ = r3_call2(routine, bits(queue), bits(irp)) }
  }

  private func peek(after irp: IRPPointer?, _ context: UnsafeMutableRawPointer?) -> IRPPointer? {
    guard let routine = queue.pointee.CsqPeekNextIrp else { return nil }
    let next = r3_call3(routine, bits(queue), bits(irp), bits(context))
    return IRPPointer(bitPattern: UInt(next))
  }

  private func completeCanceled(_ irp: IRPPointer) {
    if let routine = queue.pointee.CsqCompleteCanceledIrp {
      _ = r3_call2(routine, bits(queue), bits(irp))
    }
  }

  private func insertIntoList(_ irp: IRPPointer, _ context: UnsafeMutableRawPointer?) -> Int32 {
    guard let routine = queue.pointee.CsqInsertIrp else { return IOStatus.invalidParameter }
    guard queue.pointee.Type == UInt32(IO_TYPE_CSQ_EX) else {
      _ = r3_call2(routine, bits(queue), bits(irp))
      return IOStatus.success
    }
    return Int32(truncatingIfNeeded: r3_call3(routine, bits(queue), bits(irp), bits(context)))
  }

  // MARK: What queued IRPs lead to

  private static func link(_ irp: IRPPointer) -> UnsafeMutablePointer<UnsafeMutableRawPointer?> {
    (UnsafeMutableRawPointer(irp) + 0x78 + 3 * 8)
      .assumingMemoryBound(to: UnsafeMutableRawPointer?.self)
  }

  private static func context(of irp: IRPPointer) -> Context? {
    guard let target = link(irp).pointee,
      target.load(as: UInt32.self) == UInt32(IO_TYPE_CSQ_IRP_CONTEXT)
    else { return nil }
    return target.assumingMemoryBound(to: IO_CSQ_IRP_CONTEXT.self)
  }

  /// The IRP is in no queue any more; under the driver's lock.
  private func forget(_ irp: IRPPointer) {
    Self.context(of: irp)?.pointee.Irp = nil
    Self.link(irp).pointee = nil
  }

  // MARK: The routines

  /// Queues an IRP: `IoCsqInsertIrpEx`.
  func insert(_ irp: IRPPointer, _ context: Context?, _ insertContext: UnsafeMutableRawPointer?)
    -> Int32
  {
    let io = Machine.current.io
    Self.link(irp).pointee = context.map { UnsafeMutableRawPointer($0) } ?? .init(queue)
    if let context {
      context.pointee = IO_CSQ_IRP_CONTEXT(
        Type: UInt32(IO_TYPE_CSQ_IRP_CONTEXT), Irp: irp, Csq: queue)
    }
    let level = acquire()
    let status = insertIntoList(irp, insertContext)
    guard status >= 0 else {
      forget(irp)
      release(level)
      return status
    }
    irp.pointee.Tail.Overlay.CurrentStackLocation.pointee.Control |= UInt8(SL_PENDING_RETURNED)
    _ = io.swapCancelRoutine(irp, DriverRoutines.cancelQueued)
    if irp.pointee.Cancel != 0, io.swapCancelRoutine(irp, nil) != nil {
      // It was cancelled before it had a cancel routine.
      removeFromList(irp)
      forget(irp)
      release(level)
      completeCanceled(irp)
    } else {
      release(level)
    }
    return status
  }

  /// Takes a certain IRP out: `IoCsqRemoveIrp`; nil when it was cancelled.
  func remove(_ context: Context) -> IRPPointer? {
    let level = acquire()
    guard let irp = context.pointee.Irp, Machine.current.io.swapCancelRoutine(irp, nil) != nil
    else {
      release(level)
      return nil
    }
    removeFromList(irp)
    forget(irp)
    release(level)
    return irp
  }

  /// Takes the next IRP out: `IoCsqRemoveNextIrp`; nil when there is none.
  func removeNext(_ peekContext: UnsafeMutableRawPointer?) -> IRPPointer? {
    let io = Machine.current.io
    let level = acquire()
    var next = peek(after: nil, peekContext)
    // One that is being cancelled belongs to its cancel routine.
    while let irp = next, io.swapCancelRoutine(irp, nil) == nil {
      next = peek(after: irp, peekContext)
    }
    if let irp = next {
      removeFromList(irp)
      forget(irp)
    }
    release(level)
    return next
  }

  /// The cancel routine of queued IRPs.
  static let cancelQueued: @convention(c) (UInt64, IRPPointer) -> Void = { _, irp in
    Machine.current.io.releaseCancelLock(irp.pointee.CancelIrql)
    guard let target = link(irp).pointee else { return }
    let found =
      context(of: irp)?.pointee.Csq ?? target.assumingMemoryBound(to: IO_CSQ.self)
    let queue = CancelSafeQueue(found)
    let level = queue.acquire()
    queue.removeFromList(irp)
    queue.forget(irp)
    queue.release(level)
    queue.completeCanceled(irp)
  }
}

@c(r3_IoCsqInitialize)
func ioCsqInitialize(
  _ queue: UnsafeMutablePointer<IO_CSQ>, _ insert: UnsafeMutableRawPointer?,
  _ remove: UnsafeMutableRawPointer?, _ peek: UnsafeMutableRawPointer?,
  _ acquire: UnsafeMutableRawPointer?, _ release: UnsafeMutableRawPointer?,
  _ complete: UnsafeMutableRawPointer?
) -> Int32 {
  queue.pointee = IO_CSQ(
    Type: UInt32(IO_TYPE_CSQ), CsqInsertIrp: insert, CsqRemoveIrp: remove, CsqPeekNextIrp: peek,
    CsqAcquireLock: acquire, CsqReleaseLock: release, CsqCompleteCanceledIrp: complete,
    ReservePointer: nil)
  return IOStatus.success
}

@c(r3_IoCsqInitializeEx)
func ioCsqInitializeEx(
  _ queue: UnsafeMutablePointer<IO_CSQ>, _ insert: UnsafeMutableRawPointer?,
  _ remove: UnsafeMutableRawPointer?, _ peek: UnsafeMutableRawPointer?,
  _ acquire: UnsafeMutableRawPointer?, _ release: UnsafeMutableRawPointer?,
  _ complete: UnsafeMutableRawPointer?
) -> Int32 {
  _ = ioCsqInitialize(queue, insert, remove, peek, acquire, release, complete)
  queue.pointee.Type = UInt32(IO_TYPE_CSQ_EX)
  return IOStatus.success
}

@c(r3_IoCsqInsertIrp)
func ioCsqInsertIrp(
  _ queue: UnsafeMutablePointer<IO_CSQ>, _ irp: IRPPointer, _ context: CancelSafeQueue.Context?
) {
  _ = CancelSafeQueue(queue).insert(irp, context, nil)
}

@c(r3_IoCsqInsertIrpEx)
func ioCsqInsertIrpEx(
  _ queue: UnsafeMutablePointer<IO_CSQ>, _ irp: IRPPointer, _ context: CancelSafeQueue.Context?,
  _ insertContext: UnsafeMutableRawPointer?
) -> Int32 {
  CancelSafeQueue(queue).insert(irp, context, insertContext)
}

@c(r3_IoCsqRemoveIrp)
func ioCsqRemoveIrp(
  _ queue: UnsafeMutablePointer<IO_CSQ>, _ context: CancelSafeQueue.Context
) -> IRPPointer? {
  CancelSafeQueue(queue).remove(context)
}

@c(r3_IoCsqRemoveNextIrp)
func ioCsqRemoveNextIrp(
  _ queue: UnsafeMutablePointer<IO_CSQ>, _ peekContext: UnsafeMutableRawPointer?
) -> IRPPointer? {
  CancelSafeQueue(queue).removeNext(peekContext)
}
