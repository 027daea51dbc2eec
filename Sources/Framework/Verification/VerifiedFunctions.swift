import CDriverKit
import CRing3
import Machine

/// What drivers of a verified machine call in the place of other functions: the same, and a look at
/// its use.
enum VerifiedFunctions {
  static func address(of name: String) -> UnsafeRawPointer? { byName[name] }

  private nonisolated(unsafe) static let byName: [String: UnsafeRawPointer] = [
    "WdfSpinLockAcquire": unsafeBitCast(acquireSpinLock, to: UnsafeRawPointer.self),
    "WdfSpinLockRelease": unsafeBitCast(releaseSpinLock, to: UnsafeRawPointer.self),
    "WdfWaitLockAcquire": unsafeBitCast(acquireWaitLock, to: UnsafeRawPointer.self),
    "WdfWaitLockRelease": unsafeBitCast(releaseWaitLock, to: UnsafeRawPointer.self),
    "WdfRequestSend": unsafeBitCast(sendRequest, to: UnsafeRawPointer.self),
    "WdfRequestGetStatus": unsafeBitCast(requestStatus, to: UnsafeRawPointer.self),
  ]
}

// MARK: Locks

private let acquireSpinLock: @convention(c) (UnsafeMutableRawPointer, UInt64) -> Void = {
  globals, handle in
  let framework = Framework.current
  let lock = framework.spinLock(handle)
  let address = UInt(bitPattern: lock)
  // One that the thread has already is the framework's to say.
  if lock.pointee.owner != CurrentThread.pointer {
    framework.machine.lockWanted(address, .frameworkSpin)
  }
  wdfSpinLockAcquire(globals, handle)
  if lock.pointee.owner == CurrentThread.pointer {
    framework.machine.lockTaken(address, .frameworkSpin)
  }
}

private let releaseSpinLock: @convention(c) (UnsafeMutableRawPointer, UInt64) -> Void = {
  globals, handle in
  let framework = Framework.current
  let lock = framework.spinLock(handle)
  if lock.pointee.owner == CurrentThread.pointer {
    framework.machine.lockReleased(
      UInt(bitPattern: lock), .frameworkSpin, .mine, lowersTo: lock.pointee.level)
  }
  wdfSpinLockRelease(globals, handle)
}

private let acquireWaitLock:
  @convention(c) (UnsafeMutableRawPointer, UInt64, UnsafePointer<LARGE_INTEGER>?) -> Int32 = {
    globals, handle, timeout in
    let framework = Framework.current
    let lock = framework.waitLock(handle)
    let address = UInt(bitPattern: lock)
    // Only who waits without end can be part of a deadlock.
    if timeout == nil, lock.pointee.owner != CurrentThread.pointer {
      framework.machine.lockWanted(address, .frameworkWait)
    }
    let status = wdfWaitLockAcquire(globals, handle, timeout)
    if status == 0 { framework.machine.lockTaken(address, .frameworkWait) }
    return status
  }

private let releaseWaitLock: @convention(c) (UnsafeMutableRawPointer, UInt64) -> Void = {
  globals, handle in
  let framework = Framework.current
  let lock = framework.waitLock(handle)
  if lock.pointee.owner == CurrentThread.pointer {
    framework.machine.lockReleased(UInt(bitPattern: lock), .frameworkWait, .mine)
  }
  wdfWaitLockRelease(globals, handle)
}

// MARK: Requests

private let sendRequest:
  @convention(c) (
    UnsafeMutableRawPointer, UInt64, UInt64, UnsafePointer<WDF_REQUEST_SEND_OPTIONS>?
  ) -> UInt8 = { globals, handle, target, options in
    let framework = Framework.current
    let request = framework.request(handle)
    framework.checkSender(of: request)
    request.sendAddress.pointee.flags.insert(.wasSent)
    guard request.pointee.origin == .delivered else {
      return wdfRequestSend(globals, handle, target, options)
    }
    let ending = framework.ending(request)
    let wasSent = wdfRequestSend(globals, handle, target, options)
    let forget = UInt32(WDF_REQUEST_SEND_OPTION_SEND_AND_FORGET.rawValue)
    if wasSent != 0, let options, options.pointee.Flags & forget != 0 { framework.noteEnd(ending) }
    return wasSent
  }

private let requestStatus: @convention(c) (UnsafeMutableRawPointer, UInt64) -> Int32 = {
  globals, handle in
  let framework = Framework.current
  let request = framework.request(handle)
  if !request.pointee.send.flags.contains(.wasSent) {
    framework.misuse(of: request, rule: "RequestGetStatusValid")
  }
  return wdfRequestGetStatus(globals, handle)
}

extension Framework {
  /// A driver broke a rule on a request; the call goes on.
  @inline(never)
  func misuse(
    of request: UnsafeMutablePointer<RequestBody>, rule: StaticString, causes: Causes = .none
  ) {
    machine.report(
      0x10D, Violation.requestFatal.rawValue, 0, request.handle, 0, rule: rule, causes: causes)
  }

  /// The same, where the machine may not be verified.
  @inline(never)
  func refuse(
    _ request: UnsafeMutablePointer<RequestBody>, _ status: Int32, rule: StaticString
  ) -> Int32 {
    if verifies { misuse(of: request, rule: rule) }
    return status
  }

  fileprivate func checkSender(of request: UnsafeMutablePointer<RequestBody>) {
    if request.isCancelable {
      violation(.requestFatal, 2, request.handle, rule: "ReqMarkCancelableSend")
    }
    let held = machine.heldLocks(.frameworkSpin)
    if held.count > 0 {
      misuse(of: request, rule: "ReqSendWhileSpinlock", causes: Causes(.acquired, held.stack))
    }
  }
}
