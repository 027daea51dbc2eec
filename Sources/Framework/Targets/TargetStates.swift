import CDriverKit
import CRing3
import IOManager
import Machine

// WdfIoTargetStart, WdfIoTargetStop, WdfIoTargetPurge: the driver calls one at a time.
@c(r3_WdfIoTargetGetState)
package func wdfIoTargetGetState(_ globals: UnsafeMutableRawPointer, _ handle: UInt64) -> UInt32 {
  Framework.current.target(handle).pointee.state.rawValue
}

@c(r3_WdfIoTargetStart)
package func wdfIoTargetStart(_ globals: UnsafeMutableRawPointer, _ handle: UInt64) -> Int32 {
  let framework = Framework.current
  let target = framework.target(handle)
  let status = framework.start(target)
  if status >= 0, let reader = target.reader { framework.startReads(of: reader) }
  return status
}

@c(r3_WdfIoTargetStop)
package func wdfIoTargetStop(_ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ action: UInt32)
{
  let framework = Framework.current
  let target = framework.target(handle)
  switch WDF_IO_TARGET_SENT_IO_ACTION(rawValue: action) {
  case WdfIoTargetLeaveSentIoPending: framework.stop(target, cancels: false, waits: false)
  case WdfIoTargetCancelSentIo, WdfIoTargetWaitForSentIoToComplete:
    guard framework.isLevel(atMost: IRQL.passive) else {
      return framework.note("WdfIoTargetStop: not at PASSIVE_LEVEL; nothing is done")
    }
    // Reads of a continuous reader never end by themselves.
    let cancels = action == WdfIoTargetCancelSentIo.rawValue || target.reader != nil
    framework.stop(target, cancels: cancels, waits: true)
    if let reader = target.reader { framework.waitForRecovery(of: reader) }
  default: framework.note("WdfIoTargetStop: there is no such action; nothing is done")
  }
}

@c(r3_WdfIoTargetPurge)
package func wdfIoTargetPurge(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ action: UInt32
) {
  let framework = Framework.current
  let target = framework.target(handle)
  switch WDF_IO_TARGET_PURGE_IO_ACTION(rawValue: action) {
  case WdfIoTargetPurgeIo: framework.purge(target, waits: false)
  case WdfIoTargetPurgeIoAndWait:
    guard framework.isLevel(atMost: IRQL.passive) else {
      return framework.note("WdfIoTargetPurge: not at PASSIVE_LEVEL; nothing is done")
    }
    framework.purge(target, waits: true)
    if let reader = target.reader { framework.waitForRecovery(of: reader) }
  default: framework.note("WdfIoTargetPurge: there is no such action; nothing is done")
  }
}

extension Framework {
  /// Starts a target and sends what waits in it, oldest first.
  func start(_ target: UnsafeMutablePointer<TargetBody>) -> Int32 {
    let isOpen = target.withLock {
      guard !target.pointee.state.isClosed else { return false }
      target.pointee.state = .started
      return true
    }
    guard isOpen else { return FrameworkStatus.invalidDeviceState }
    sendPended(of: target)
    return 0
  }

  func stop(_ target: UnsafeMutablePointer<TargetBody>, cancels: Bool, waits: Bool) {
    let mustWait = target.withLock {
      if !target.pointee.state.isClosed { target.pointee.state = .stopped }
      return waits && beginWait(target, .sent)
    }
    if cancels { cancelSent(of: target, includingIgnoring: false) }
    if mustWait { target.drained.wait() }
  }

  func purge(_ target: UnsafeMutablePointer<TargetBody>, waits: Bool) {
    let mustWait = target.withLock {
      if !target.pointee.state.isClosed { target.pointee.state = .purged }
      return waits && beginWait(target, .sent)
    }
    failPended(of: target)
    cancelSent(of: target, includingIgnoring: false)
    if mustWait { target.drained.wait() }
  }

  /// Notes that a thread waits until the lower drivers have nothing left; false when they have nothing.
  ///
  /// Under the target's lock. ``noteLeft(_:)`` sees the end of the wait.
  func beginWait(_ target: UnsafeMutablePointer<TargetBody>, _ wait: TargetWait) -> Bool {
    guard !isDrained(target, wait) else { return false }
    target.pointee.wait = wait
    target.drained.reset()
    return true
  }

  private func isDrained(_ target: UnsafeMutablePointer<TargetBody>, _ wait: TargetWait) -> Bool {
    target.pointee.sentCount == 0 && (wait == .sent || target.pointee.ignoringCount == 0)
  }

  /// Whether the end of a wait has come: the caller sets the event when the completion routine is back.
  ///
  /// Under the target's lock.
  func noteLeft(_ target: UnsafeMutablePointer<TargetBody>) -> Bool {
    let wait = target.pointee.wait
    guard wait != .none, isDrained(target, wait) else { return false }
    target.pointee.wait = .none
    return true
  }

  /// Cancels what the lower drivers have.
  func cancelSent(of target: UnsafeMutablePointer<TargetBody>, includingIgnoring: Bool) {
    var chain = target.withLock { chainSent(of: target, includingIgnoring) }
    while let request = chain {
      chain = target.withLock {
        request.sendAddress.pointee.flags.remove(.isBeingCancelled)
        return request.pointee.send.chained
      }
      _ = cancelSent(request)
      request.object.release()
    }
  }

  /// References the sent requests and chains them, oldest first; under the target's lock.
  private func chainSent(of target: UnsafeMutablePointer<TargetBody>, _ includingIgnoring: Bool)
    -> UnsafeMutablePointer<RequestBody>?
  {
    var chain: UnsafeMutablePointer<RequestBody>?
    var next = target.pointee.firstSent
    while let request = next {
      let send = request.sendAddress
      next = send.pointee.next
      if send.pointee.flags.contains(.isBeingCancelled) { continue }
      if send.pointee.flags.contains(.ignoresState), !includingIgnoring { continue }
      send.pointee.flags.insert(.isBeingCancelled)
      request.object.reference()
      send.pointee.chained = chain
      chain = request
    }
    return chain
  }
}
