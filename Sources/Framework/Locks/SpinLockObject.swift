import CDriverKit
import CRing3
import Machine

/// A WDFSPINLOCK.
struct SpinLockBody {
  var head: ObjectHead
  var word: UInt64 = 0
  /// The level that the owner came from.
  var level: UInt8 = 0
  var owner: UnsafeMutablePointer<R3Thread>?
  /// Whether an interrupt uses it: the driver takes it by WdfInterruptAcquireLock then.
  var belongsToInterrupt = false
}

extension UnsafeMutablePointer where Pointee == SpinLockBody {
  fileprivate var lock: SpinLock {
    SpinLock(
      (UnsafeMutableRawPointer(self)
        + MemoryLayout<SpinLockBody>.offset(of: \.word).unsafelyUnwrapped)
        .assumingMemoryBound(to: UInt64.self))
  }
}

extension Framework {
  func spinLock(_ handle: UInt64) -> UnsafeMutablePointer<SpinLockBody> {
    body(handle, .spinLock, as: SpinLockBody.self)
  }

  /// An interrupt's lock is none for other uses: noted, and nothing happens.
  fileprivate func isUsable(_ lock: UnsafeMutablePointer<SpinLockBody>) -> Bool {
    if lock.pointee.belongsToInterrupt {
      note("WDFSPINLOCK: the lock of an interrupt is taken by WdfInterruptAcquireLock only")
    }
    return !lock.pointee.belongsToInterrupt
  }
}

@c(r3_WdfSpinLockCreate)
package func wdfSpinLockCreate(
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
      SpinLockBody(head: ObjectHead(kind: .spinLock, globals: globals)), attributes)
  else { return FrameworkStatus.insufficientResources }
  return framework.publish(
    FrameworkObject(lock), attributes, default: globals.driverObject, result)
}

/// A lock that the thread has already would never come free: bug check 0x10D, first parameter 2.
@c(r3_WdfSpinLockAcquire)
package func wdfSpinLockAcquire(_ globals: UnsafeMutableRawPointer, _ handle: UInt64) {
  let framework = Framework.current
  let body = framework.spinLock(handle)
  guard framework.isUsable(body) else { return }
  if body.pointee.owner == CurrentThread.pointer {
    framework.violation(.recursiveLock, handle, bits(CurrentThread.pointer))
  }
  let old = body.lock.acquireRaising()
  body.pointee.level = old
  body.pointee.owner = CurrentThread.pointer
}

/// A lock that the thread does not have is bug check 0x10D, first parameter 0xB.
@c(r3_WdfSpinLockRelease)
package func wdfSpinLockRelease(_ globals: UnsafeMutableRawPointer, _ handle: UInt64) {
  let framework = Framework.current
  let body = framework.spinLock(handle)
  guard framework.isUsable(body) else { return }
  if body.pointee.owner != CurrentThread.pointer {
    framework.violation(.lockMisuse, handle, 1, rule: "WdfSpinlockRelease")
  }
  let old = body.pointee.level
  body.pointee.owner = nil
  body.lock.release(lowerTo: old)
}
