import CDriverKit
import CRing3
import IOManager
import Machine

/// How a request is to be sent.
struct SendWish {
  /// `WDF_REQUEST_SEND_OPTION_*`.
  var flags: UInt32 = 0
  /// As in the options: negative from now, else a system time; 0 for none.
  var timeout: Int64 = 0
  /// Not to wait for the target to be started: it is refused as cancelled then.
  var neverWaits = false

  var isSynchronous: Bool { has(WDF_REQUEST_SEND_OPTION_SYNCHRONOUS) }
  var isForgetting: Bool { has(WDF_REQUEST_SEND_OPTION_SEND_AND_FORGET) }
  var ignoresState: Bool { has(WDF_REQUEST_SEND_OPTION_IGNORE_TARGET_STATE) }

  private func has(_ flag: WDF_REQUEST_SEND_OPTIONS_FLAGS) -> Bool {
    flags & UInt32(flag.rawValue) != 0
  }
}

/// What becomes of a request that is given to a target.
private enum Submission {
  /// The caller passes it to the lower driver.
  case send
  /// It waits for the target to be started.
  case wait
  /// It was cancelled before it could wait: the caller completes it.
  case fail
  case refuse(Int32)
}

extension Framework {
  /// Gives a request to a target; on success it comes back by ``cameBack(_:)``, perhaps before the return.
  ///
  /// - Returns: the reason why the request was not sent, or success.
  func submit(
    _ request: UnsafeMutablePointer<RequestBody>, to target: UnsafeMutablePointer<TargetBody>,
    _ wish: SendWish
  ) -> Int32 {
    let irp = request.packet
    if request.isSent { violation(.requestFatal, 3, request.handle) }
    let failure = checkSending(request, irp, to: target)
    if failure < 0 { return failure }
    let isTimed = wish.timeout != 0 && !wish.isSynchronous
    if isTimed, !allocateTimer(request) { return FrameworkStatus.insufficientResources }
    // Until it came back the request lives, whatever the driver does with it.
    request.object.reference()
    let result = target.withLock { admit(request, to: target, wish, isTimed) }
    if case .refuse(let status) = result {
      request.object.release()
      return status
    }
    if isTimed { startTimer(request, wish.timeout) }
    if case .send = result {
      pass(request, to: target)
      return 0
    }
    if case .fail = result { fail(request, FrameworkStatus.cancelled) }
    endWaiting(request, target, isTimed)
    return 0
  }

  /// Lets go of a waiting request that has its timer now.
  private func endWaiting(
    _ request: UnsafeMutablePointer<RequestBody>, _ target: UnsafeMutablePointer<TargetBody>,
    _ isTimed: Bool
  ) {
    if isTimed {
      // It may have come back before the timer ran.
      let isBack = target.withLock { request.pointee.send.flags.contains(.cameBack) }
      if isBack, stopTimer(request) { dropHold(request) }
    }
    dropHold(request)
  }

  private func checkSending(
    _ request: UnsafeMutablePointer<RequestBody>, _ irp: IRPPointer,
    to target: UnsafeMutablePointer<TargetBody>
  ) -> Int32 {
    if irp.pointee.CurrentLocation < 2 { violation(.requestFatal, 1, bits(irp)) }
    // Cancelled before it was sent, and not reused since.
    if request.pointee.send.isCancelled { return FrameworkStatus.cancelled }
    guard verifies else { return 0 }
    let isFit = Int(irp.pointee.CurrentLocation) - 1 >= target.pointee.stackCount
    let isFormatted = request.pointee.send.flags.contains(.isFormatted)
    if !isFormatted { misuse(of: request, rule: "RequestFormattedValid") }
    return isFit && isFormatted ? 0 : FrameworkStatus.requestNotAccepted
  }

  /// Decides by the target's state, and lists the request; under the target's lock.
  private func admit(
    _ request: UnsafeMutablePointer<RequestBody>, to target: UnsafeMutablePointer<TargetBody>,
    _ wish: SendWish, _ isTimed: Bool
  ) -> Submission {
    let state = target.pointee.state
    guard target.pointee.wdmDevice != nil, !state.isClosed, wish.ignoresState || state != .purged
    else { return .refuse(FrameworkStatus.invalidDeviceState) }
    if wish.neverWaits, state != .started { return .refuse(FrameworkStatus.cancelled) }
    let send = request.sendAddress
    send.pointee.target = target
    send.pointee.flags.subtract([.cameBack, .isExpired, .isTimed, .ignoresState])
    send.pointee.flags.insert(.wasSent)
    if wish.ignoresState { send.pointee.flags.insert(.ignoresState) }
    if isTimed { send.pointee.flags.insert(.isTimed) }
    target.pointee.busyCount += 1
    let passes = state == .started || wish.ignoresState
    // One for its way back, one for the timer, and one here while a waiting request is being timed.
    r3_store32(request.holders, 1 + (isTimed ? 1 : 0) + (passes ? 0 : 1))
    if passes {
      target.addSent(request)
      return .send
    }
    return pend(request, in: target) ? .wait : .fail
  }

  /// Gives a listed request to the lower driver, or to the queues of the device itself.
  func pass(
    _ request: UnsafeMutablePointer<RequestBody>, to target: UnsafeMutablePointer<TargetBody>
  ) {
    let irp = request.packet
    machine.io.setCompletion(
      irp, FrameworkRoutines.completed, UnsafeMutableRawPointer(request),
      control: IOManager.always)
    hand(irp, to: target)
  }

  /// IoCallDriver, or the same into the device's own queues.
  @discardableResult
  func hand(_ irp: IRPPointer, to target: UnsafeMutablePointer<TargetBody>) -> Int32 {
    guard let device = target.pointee.wdmDevice else { return FrameworkStatus.invalidDeviceState }
    if target.pointee.role != .own { return machine.io.callDriver(device, irp) }
    irp.pointee.CurrentLocation -= 1
    irp.pointee.Tail.Overlay.CurrentStackLocation -= 1
    let location = irp.pointee.Tail.Overlay.CurrentStackLocation.unsafelyUnwrapped
    location.pointee.DeviceObject = device
    let major = location.pointee.MajorFunction
    if let queue = target.pointee.queue {
      return dispatch(target.pointee.device, irp, to: queue)
    }
    guard hasQueue(target.pointee.device, major) else {
      return complete(irp, FrameworkStatus.invalidDeviceState)
    }
    return dispatchToQueue(target.pointee.device, irp, major)
  }

  private func hasQueue(_ device: UnsafeMutablePointer<DeviceBody>, _ major: UInt8) -> Bool {
    switch Int32(major) {
    case IRP_MJ_READ, IRP_MJ_WRITE, IRP_MJ_DEVICE_CONTROL, IRP_MJ_INTERNAL_DEVICE_CONTROL:
      device.pointee.queues[Int(major)] != nil || device.pointee.defaultQueue != nil
    default: false
    }
  }
}
