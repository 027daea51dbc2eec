import CDriverKit
import CRing3
import IOManager
import Machine

/// The cancel routine of requests that wait for their target; called with the cancel spin lock held.
let cancelPendedRoutine: @convention(c) (DevicePointer?, IRPPointer) -> Void = { _, irp in
  let framework = Framework.current
  framework.machine.io.releaseCancelLock(irp.pointee.CancelIrql)
  guard let request = DriverContext.request(irp), let target = request.pointee.send.target else {
    return
  }
  target.withLock { target.removePended(request) }
  framework.fail(request, FrameworkStatus.cancelled)
}

extension UnsafeMutablePointer where Pointee == TargetBody {
  /// Puts a request behind those that wait; under the lock.
  func appendPended(_ request: UnsafeMutablePointer<RequestBody>) {
    let send = request.sendAddress
    send.pointee.next = nil
    send.pointee.previous = pointee.lastPended
    if let last = pointee.lastPended {
      last.sendAddress.pointee.next = request
    } else {
      pointee.firstPended = request
    }
    pointee.lastPended = request
  }

  /// Takes a request from those that wait; under the lock.
  func removePended(_ request: UnsafeMutablePointer<RequestBody>) {
    let send = request.sendAddress
    if let previous = send.pointee.previous {
      previous.sendAddress.pointee.next = send.pointee.next
    } else {
      pointee.firstPended = send.pointee.next
    }
    if let next = send.pointee.next {
      next.sendAddress.pointee.previous = send.pointee.previous
    } else {
      pointee.lastPended = send.pointee.previous
    }
    send.pointee.next = nil
    send.pointee.previous = nil
  }

  /// Notes that the lower drivers have a request; under the lock.
  func addSent(_ request: UnsafeMutablePointer<RequestBody>) {
    let send = request.sendAddress
    send.pointee.previous = nil
    send.pointee.next = pointee.firstSent
    pointee.firstSent?.sendAddress.pointee.previous = request
    pointee.firstSent = request
    send.pointee.flags.insert(.isListed)
    if send.pointee.flags.contains(.ignoresState) {
      pointee.ignoringCount += 1
    } else {
      pointee.sentCount += 1
    }
  }

  /// Notes that the lower drivers have a request no longer; under the lock.
  func removeSent(_ request: UnsafeMutablePointer<RequestBody>) {
    let send = request.sendAddress
    guard send.pointee.flags.contains(.isListed) else { return }
    send.pointee.flags.remove(.isListed)
    if let previous = send.pointee.previous {
      previous.sendAddress.pointee.next = send.pointee.next
    } else {
      pointee.firstSent = send.pointee.next
    }
    send.pointee.next?.sendAddress.pointee.previous = send.pointee.previous
    send.pointee.next = nil
    send.pointee.previous = nil
    if send.pointee.flags.contains(.ignoresState) {
      pointee.ignoringCount -= 1
    } else {
      pointee.sentCount -= 1
    }
  }
}

extension Framework {
  /// Lets a request wait for its target, cancelable; under the target's lock.
  ///
  /// - Returns: false when it was cancelled before: the caller fails it.
  func pend(
    _ request: UnsafeMutablePointer<RequestBody>, in target: UnsafeMutablePointer<TargetBody>
  ) -> Bool {
    let irp = request.packet
    target.appendPended(request)
    DriverContext.set(irp, request)
    _ = machine.io.swapCancelRoutine(irp, TargetRoutines.cancelPended)
    guard irp.pointee.Cancel != 0, machine.io.swapCancelRoutine(irp, nil) != nil else {
      return true
    }
    target.removePended(request)
    return false
  }

  /// Sends what waits, oldest first, as long as the target is started.
  func sendPended(of target: UnsafeMutablePointer<TargetBody>) {
    while let request = takePended(of: target, onlyStarted: true) { pass(request, to: target) }
  }

  /// Completes what waits as never sent.
  func failPended(of target: UnsafeMutablePointer<TargetBody>) {
    while let request = takePended(of: target, onlyStarted: false) {
      fail(request, FrameworkStatus.deviceRemovedNotSent)
    }
  }

  /// Takes the oldest waiting request that is not being cancelled; to be sent, it is listed as sent.
  private func takePended(of target: UnsafeMutablePointer<TargetBody>, onlyStarted: Bool)
    -> UnsafeMutablePointer<RequestBody>?
  {
    target.withLock {
      guard !onlyStarted || target.pointee.state == .started else { return nil }
      var next = target.pointee.firstPended
      while let request = next {
        next = request.pointee.send.next
        // Without a cancel routine somebody is cancelling it, and waits for the lock.
        guard machine.io.swapCancelRoutine(request.packet, nil) != nil else { continue }
        target.removePended(request)
        if onlyStarted { target.addSent(request) }
        return request
      }
      return nil
    }
  }

  /// Completes a request that never got to the lower driver.
  func fail(_ request: UnsafeMutablePointer<RequestBody>, _ status: Int32) {
    let irp = request.packet
    irp.pointee.IoStatus.Status = status
    irp.pointee.IoStatus.Information = 0
    cameBack(request)
  }
}
