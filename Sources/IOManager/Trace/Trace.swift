import CRing3
import Glibc
import Machine

/// A named point on the way of a request, in the order of the six steps of a buffered read.
public enum TraceStep: UInt32, Sendable, CaseIterable {
  /// Step 1 and 2: the service call, with the user's range.
  case issued
  /// Step 3a: the range was found accessible.
  case probed
  /// Step 3b: the system buffer was allocated.
  case bufferAllocated
  /// Step 3 of a write or control request: the user's bytes were copied in.
  case copiedIn
  /// Direct I/O: the user's pages were locked and described by an MDL.
  case pagesLocked
  /// Step 4: the IRP goes to the driver.
  case sent
  /// Step 5: the driver called IoCompleteRequest.
  case completed
  /// The driver's dispatch routine returned.
  case returned
  /// Step 6a: the driver's bytes were copied to the user.
  case copiedBack
  /// Step 6b: the system buffer was freed.
  case bufferFreed
  /// The request is finished.
  case finished
}

/// What happened at one point.
public struct TraceEvent: Sendable {
  /// Which point it is.
  public var step: TraceStep = .issued
  /// IRQL of the thread.
  public var irql: UInt8 = 0
  /// Identifier of the kernel thread.
  public var thread: UInt = 0
  /// The host's monotonic clock.
  public var nanoseconds: UInt64 = 0
  /// Address of the IRP; 0 before there is one.
  public var irp: UInt = 0
  /// The address that the step is about: user range, system buffer or MDL.
  public var address: UInt = 0
  /// Bytes.
  public var count = 0
  /// First frame behind the address; 0 when it has none now.
  public var frame = 0
  /// Status, where the step has one.
  public var status: UInt32 = 0
}

/// Events of a machine, the newest ``capacity``; written by any thread.
struct TraceRing {
  static let capacity = 4096
  var next: UInt64 = 0
  let events: UnsafeMutablePointer<TraceEvent>
}

extension IOManager {
  /// Begins to record; from then on requests cost what recording costs.
  package func startTrace() {
    guard state.pointee.trace == nil else { return }
    let ring = UnsafeMutablePointer<TraceRing>.allocate(capacity: 1)
    let events = UnsafeMutablePointer<TraceEvent>.allocate(capacity: TraceRing.capacity)
    events.initialize(repeating: TraceEvent(), count: TraceRing.capacity)
    ring.initialize(to: TraceRing(events: events))
    state.pointee.trace = ring
    state.pointee.isWatched = true
  }

  /// The recorded events, oldest first.
  package var traceEvents: [TraceEvent] {
    guard let ring = state.pointee.trace else { return [] }
    let end = Int(ring.pointee.next)
    let start = max(0, end - TraceRing.capacity)
    return (start..<end).map { ring.pointee.events[$0 % TraceRing.capacity] }
  }

  /// The number of points that were recorded since the last ``clearTrace()``, kept or not.
  package var traceCount: Int { Int(state.pointee.trace?.pointee.next ?? 0) }

  /// Forgets what was recorded.
  package func clearTrace() { state.pointee.trace?.pointee.next = 0 }

  /// Records a point when somebody wants to know.
  @inline(__always)
  func trace(
    _ step: TraceStep, _ irp: IRPPointer?, _ address: UInt = 0, _ count: Int = 0, status: Int32 = 0
  ) {
    if let ring = state.pointee.trace { record(ring, step, irp, address, count, status) }
  }

  @inline(never)
  private func record(
    _ ring: UnsafeMutablePointer<TraceRing>, _ step: TraceStep, _ irp: IRPPointer?,
    _ address: UInt, _ count: Int, _ status: Int32
  ) {
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    let index = Int(r3_add64(&ring.pointee.next, 1)) % TraceRing.capacity
    ring.pointee.events[index] = TraceEvent(
      step: step, irql: CurrentThread.irql, thread: CurrentThread.thread.pointer.pointee.identifier,
      nanoseconds: UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec),
      irp: UInt(bitPattern: irp), address: address, count: count, frame: frame(behind: address),
      status: UInt32(bitPattern: status))
  }

  /// The frame behind a system address, or behind a user address that is resident.
  private func frame(behind address: UInt) -> Int {
    if let frame = machine.state.pointee.memory.frame(of: address) { return frame }
    guard let entry = CurrentThread.process.pointer.pointee.space.entry(at: address) else {
      return 0
    }
    return entry.pointee.isResident ? entry.pointee.frame : 0
  }

  func destroyTrace() {
    guard let ring = state.pointee.trace else { return }
    ring.pointee.events.deallocate()
    ring.deallocate()
  }
}
