import CRing3
import Framework
import Machine
import NTTypes

/// Who has a request: a handler that is running, or the driver for longer.
///
/// A handler's frame lies on the stack of its thread, linked with those further up: a request that is
/// dropped looks for its handler there.
struct RequestOwnership {
  let request: UInt64
  var isDropped = false
  var previous: UnsafeMutablePointer<RequestOwnership>?

  private static var newest: UnsafeMutablePointer<UnsafeMutablePointer<RequestOwnership>?> {
    @inline(__always) get {
      ThreadSlot.swiftHandlers.address(in: CurrentThread.pointer)
        .assumingMemoryBound(to: UnsafeMutablePointer<RequestOwnership>?.self)
    }
  }

  /// Runs a handler; then a request that it dropped is completed with its error, or missed.
  @inline(__always)
  static func handling(_ request: UInt64, _ body: () throws -> Void) {
    let newest = newest
    var frame = RequestOwnership(request: request, previous: newest.pointee)
    withUnsafeMutablePointer(to: &frame) { frame in
      newest.pointee = frame
      do {
        try body()
        newest.pointee = frame.pointee.previous
        if frame.pointee.isDropped { Lost.request(request) }
      } catch {
        newest.pointee = frame.pointee.previous
        fail(request, error, isDropped: frame.pointee.isDropped)
      }
    }
  }

  /// A handler threw: the request that it still has is completed with the error.
  @inline(never)
  private static func fail(_ request: UInt64, _ error: any Error, isDropped: Bool) {
    let status = NTStatus(reporting: error)
    if isDropped {
      wdfRequestComplete(Framework.current.globals(of: request), request, status.code)
    } else {
      Framework.current.note(
        "A handler threw \(status) after it had completed, forwarded or pended its request")
    }
  }

  /// A value of a request goes away, and nobody has completed the request.
  @inline(never)
  static func drop(_ request: UInt64) {
    let stackPointer = stackPointer
    var next = newest.pointee
    // Frames below the stack pointer belong to handlers that an exception has passed over.
    while let frame = next,
      UInt(bitPattern: frame) < stackPointer || frame.pointee.request != request
    { next = frame.pointee.previous }
    if let frame = next {
      frame.pointee.isDropped = true
    } else if let task = RequestTask.current, task.handle.bits == request {
      task.isDropped = true
    } else {
      Lost.request(request)
    }
  }

  private static var stackPointer: UInt {
    var marker: UInt8 = 0
    return withUnsafeMutablePointer(to: &marker) { UInt(bitPattern: $0) }
  }
}
