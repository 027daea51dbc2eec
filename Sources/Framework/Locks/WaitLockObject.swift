import CDriverKit
import CRing3
import Machine

/// A WDFWAITLOCK: its owner is in a critical region as long as it has it.
struct WaitLockBody {
  var head: ObjectHead
  /// Set while the lock is free.
  var free = KEVENT()
  var owner: UnsafeMutablePointer<R3Thread>?
}

extension UnsafeMutablePointer where Pointee == WaitLockBody {
  fileprivate var free: Event {
    Event(
      (UnsafeMutableRawPointer(self)
        + MemoryLayout<WaitLockBody>.offset(of: \.free).unsafelyUnwrapped)
        .assumingMemoryBound(to: KEVENT.self))
  }
}

extension Framework {
  func waitLock(_ handle: UInt64) -> UnsafeMutablePointer<WaitLockBody> {
    body(handle, .waitLock, as: WaitLockBody.self)
  }
}

@c(r3_WdfWaitLockCreate)
package func wdfWaitLockCreate(
  _ globals: UnsafeMutableRawPointer, _ given: UnsafePointer<WDF_OBJECT_ATTRIBUTES>?,
  _ result: UnsafeMutablePointer<UInt64>?
) -> Int32 {
  let framework = Framework.current
  let result = framework.require(result)
  result.pointee = 0
  var attributes = ObjectAttributes()
  let status = framework.attributes(given, into: &attributes)
  if status < 0 { return status }
  let globals = DriverGlobals.of(globals)
  guard
    let lock = framework.make(
      WaitLockBody(head: ObjectHead(kind: .waitLock, globals: globals)), attributes)
  else { return FrameworkStatus.insufficientResources }
  lock.free.initialize(.synchronization, isSet: true)
  return framework.publish(
    FrameworkObject(lock), attributes, default: globals.driverObject, result)
}

/// Without a timeout, a lock that the thread has already is bug check 0x10D, first parameter 2.
///
/// A wait above APC_LEVEL is refused; the verifier refuses it above PASSIVE_LEVEL.
@c(r3_WdfWaitLockAcquire)
package func wdfWaitLockAcquire(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64,
  _ timeout: UnsafePointer<LARGE_INTEGER>?
) -> Int32 {
  let framework = Framework.current
  let lock = framework.waitLock(handle)
  let deadline = Deadline(timeout)
  if deadline != .poll, !framework.isLevel(atMost: framework.verifies ? IRQL.passive : IRQL.apc) {
    return FrameworkStatus.invalidDeviceRequest
  }
  if timeout == nil, lock.pointee.owner == CurrentThread.pointer {
    framework.violation(.recursiveLock, handle, bits(CurrentThread.pointer))
  }
  CurrentThread.enterCriticalRegion()
  let status = lock.free.wait(WaitOptions(deadline: deadline))
  if status == FrameworkStatus.timeout {
    CurrentThread.leaveCriticalRegion()
  } else {
    lock.pointee.owner = CurrentThread.pointer
  }
  return status
}

/// A lock that the thread does not have is bug check 0x10D, first parameter 0xB.
@c(r3_WdfWaitLockRelease)
package func wdfWaitLockRelease(_ globals: UnsafeMutableRawPointer, _ handle: UInt64) {
  let framework = Framework.current
  let lock = framework.waitLock(handle)
  if lock.pointee.owner != CurrentThread.pointer {
    framework.violation(.lockMisuse, handle, 1, rule: "WdfWaitlockRelease")
  }
  lock.pointee.owner = nil
  lock.free.set()
  CurrentThread.leaveCriticalRegion()
}
