import NTTypes
import CDriverKit
import CRing3
import IOManager
import Machine

/// A dispatch routine of the framework that is running, on the kernel stack of its thread.
///
/// A request that its own thread completes before the dispatch routine returns is answered by the
/// routine's value; any other is marked as pending by whoever completes it, before.
///
/// A thread that presents requests of a queue has such a record too, with the queue.
struct DispatchRecord {
  var request: UInt64 = 0
  var queue: UnsafeMutablePointer<QueueBody>?
  var next: UnsafeMutablePointer<DispatchRecord>?
  var isCompleted = false
  /// The request was passed to another driver for good: its answer is that driver's, mark and all.
  var isForgotten = false
  var status: Int32 = 0
  /// Tells the dispatch from others; 0 in a machine that is not verified.
  var serial: UInt64 = 0
}

extension Framework {
  private var newest: UnsafeMutablePointer<UnsafeMutablePointer<DispatchRecord>?> {
    ThreadSlot.frameworkDispatches.address(in: CurrentThread.pointer)
      .assumingMemoryBound(to: UnsafeMutablePointer<DispatchRecord>?.self)
  }

  /// Runs `body`, which presents a request, and gives the status that the dispatch routine returns.
  @inline(__always)
  func withDispatch(of request: UnsafeMutablePointer<RequestBody>, _ body: () -> Void) -> Int32 {
    if checksDispatches { return withCheckedDispatch(of: request, body) }
    var record = DispatchRecord(request: request.handle, next: newest.pointee)
    return withUnsafeMutablePointer(to: &record) { record in
      newest.pointee = record
      body()
      newest.pointee = record.pointee.next
      return record.pointee.isForgotten || record.pointee.isCompleted
        ? record.pointee.status : FrameworkStatus.pending
    }
  }

  /// Whether somebody looks at the mark as a dispatch routine returns, and at what callbacks leave.
  @inline(__always)
  private var checksDispatches: Bool {
    !machine.verifier.isDisjoint(with: [.wdf, .ioVerification])
  }

  /// The same with every request marked as pending, and a look at what the driver left behind.
  @inline(never)
  private func withCheckedDispatch(
    of request: UnsafeMutablePointer<RequestBody>, _ body: () -> Void
  ) -> Int32 {
    var record = DispatchRecord(request: request.handle, next: newest.pointee)
    record.serial = r3_add64(dispatchCountAddress, 1) + 1
    let before = CallbackSurroundings(machine)
    markPending(request.packet)
    return withUnsafeMutablePointer(to: &record) { record in
      newest.pointee = record
      body()
      newest.pointee = record.pointee.next
      if verifies { before.check(self, nil) }
      return record.pointee.isForgotten ? record.pointee.status : FrameworkStatus.pending
    }
  }

  private var dispatchCountAddress: UnsafeMutableRawPointer {
    UnsafeMutableRawPointer(state)
      + MemoryLayout<FrameworkState>.offset(of: \.dispatchCount).unsafelyUnwrapped
  }

  /// The dispatch that is running in this thread; 0 for none, and without verification.
  var presentationScope: UInt {
    var next = firstLive
    while let record = next, record.pointee.serial == 0 { next = record.pointee.next }
    return UInt(next?.pointee.serial ?? 0)
  }

  /// Says that a request is about to be completed: by its dispatch routine, or as a pending one.
  func prepareCompletion(
    of request: UnsafeMutablePointer<RequestBody>, _ irp: IRPPointer, _ status: Int32
  ) {
    if let record = record(of: request.handle) {
      record.pointee.isCompleted = true
      record.pointee.status = status
      // A reserved request may get another IRP before the routine returns.
      record.pointee.request = 0
    } else {
      markPending(irp)
    }
  }

  func record(of request: UInt64) -> UnsafeMutablePointer<DispatchRecord>? {
    var next = firstLive
    while let record = next, record.pointee.request != request { next = record.pointee.next }
    return next
  }

  /// The newest record but for those below the stack pointer, which an exception has passed over.
  private var firstLive: UnsafeMutablePointer<DispatchRecord>? {
    var next = newest.pointee
    let stackPointer = stackPointer
    while let record = next, UInt(bitPattern: record) < stackPointer { next = record.pointee.next }
    return next
  }

  /// Runs `body`, which presents requests of a queue.
  @inline(__always)
  func withPresentation(of queue: UnsafeMutablePointer<QueueBody>, _ body: () -> Void) {
    var record = DispatchRecord(queue: queue, next: newest.pointee)
    withUnsafeMutablePointer(to: &record) { record in
      newest.pointee = record
      body()
      newest.pointee = record.pointee.next
    }
  }

  /// Whether this thread is presenting requests of a queue further up its stack.
  func isPresenting(_ queue: UnsafeMutablePointer<QueueBody>) -> Bool {
    var next = firstLive
    while let record = next, record.pointee.queue != queue { next = record.pointee.next }
    return next != nil
  }

  private var stackPointer: UInt {
    var marker: UInt8 = 0
    return withUnsafeMutablePointer(to: &marker) { UInt(bitPattern: $0) }
  }

  /// IoMarkIrpPending.
  func markPending(_ irp: IRPPointer) {
    irp.pointee.Tail.Overlay.CurrentStackLocation.pointee.Control |= UInt8(SL_PENDING_RETURNED)
  }
}
