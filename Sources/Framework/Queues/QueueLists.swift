import CDriverKit
import CRing3
import Machine

// The two lists of a queue: requests that wait, and requests that the driver has. All under its lock.
extension UnsafeMutablePointer where Pointee == QueueBody {
  /// Puts a request at the end of those that wait.
  func append(_ request: UnsafeMutablePointer<RequestBody>) {
    request.pointee.next = nil
    request.pointee.previous = pointee.last
    if let last = pointee.last { last.pointee.next = request } else { pointee.first = request }
    pointee.last = request
    noteWaiting(request)
  }

  /// Puts a request before those that wait.
  func prepend(_ request: UnsafeMutablePointer<RequestBody>) {
    request.pointee.previous = nil
    request.pointee.next = pointee.first
    if let first = pointee.first {
      first.pointee.previous = request
    } else {
      pointee.last = request
    }
    pointee.first = request
    noteWaiting(request)
  }

  private func noteWaiting(_ request: UnsafeMutablePointer<RequestBody>) {
    pointee.waitingCount += 1
    if pointee.waitingCount == 1 || pointee.state.contains(.tellsOfNext) { noteReady() }
    request.pointee.state.insert(.queued)
  }

  /// The driver is to be told that requests wait.
  func noteReady() {
    pointee.state.remove(.tellsOfNext)
    pointee.state.insert(.becameReady)
  }

  /// Takes a request out of those that wait.
  func remove(_ request: UnsafeMutablePointer<RequestBody>) {
    let next = request.pointee.next
    let previous = request.pointee.previous
    if let previous { previous.pointee.next = next } else { pointee.first = next }
    if let next { next.pointee.previous = previous } else { pointee.last = previous }
    request.pointee.next = nil
    request.pointee.previous = nil
    pointee.waitingCount -= 1
    request.pointee.state.remove(.queued)
  }

  /// Notes that the driver has a request.
  @inline(__always)
  func addPresented(_ request: UnsafeMutablePointer<RequestBody>) {
    linkPresented(request)
    pointee.presentedCount += 1
  }

  /// Notes that the driver no longer has a request.
  @inline(__always)
  func removePresented(_ request: UnsafeMutablePointer<RequestBody>) {
    unlinkPresented(request)
    pointee.presentedCount -= 1
  }

  @inline(__always)
  func linkPresented(_ request: UnsafeMutablePointer<RequestBody>) {
    request.pointee.previous = nil
    request.pointee.next = pointee.firstPresented
    pointee.firstPresented?.pointee.previous = request
    pointee.firstPresented = request
  }

  @inline(__always)
  func unlinkPresented(_ request: UnsafeMutablePointer<RequestBody>) {
    let next = request.pointee.next
    let previous = request.pointee.previous
    if let previous {
      previous.pointee.next = next
    } else {
      pointee.firstPresented = next
    }
    next?.pointee.previous = previous
    request.pointee.next = nil
    request.pointee.previous = nil
  }

  /// Wakes the threads that wait for the queue to come to rest.
  func wakeWatchers() {
    if let event = pointee.powerWatcher { Event(event).set() }
    if let event = pointee.endWatcher { Event(event).set() }
  }
}
