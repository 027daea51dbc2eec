import CRing3
import Machine

/// Takes the lock of a device or queue that its callbacks run under.
///
/// At dispatch level a spin lock: the caller is at DISPATCH_LEVEL afterwards; at passive level it waits.
@c(r3_WdfObjectAcquireLock)
package func wdfObjectAcquireLock(_ globals: UnsafeMutableRawPointer, _ handle: UInt64) {
  Framework.current.callbackLock(of: handle).pointee.acquire()
}

@c(r3_WdfObjectReleaseLock)
package func wdfObjectReleaseLock(_ globals: UnsafeMutableRawPointer, _ handle: UInt64) {
  let framework = Framework.current
  let lock = framework.callbackLock(of: handle)
  if !lock.pointee.isMine { framework.violation(.lockMisuse, handle) }
  lock.pointee.release()
}

extension Framework {
  /// An object without such a lock is bug check 0x10D, first parameter 0xB.
  fileprivate func callbackLock(of handle: UInt64) -> UnsafeMutablePointer<CallbackLock> {
    let object = object(handle)
    switch object.kind {
    case .device: return object.body(as: DeviceBody.self).lockAddress()
    case .queue:
      if let lock = object.body(as: QueueBody.self).callbackLock { return lock }
      violation(.lockMisuse, handle)
    default: violation(.lockMisuse, handle)
    }
  }
}
