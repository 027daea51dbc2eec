import CDriverKit
import CRing3
import IOManager
import Machine
import PlugAndPlay

/// What the Plug and Play manager calls before and after a target's device is removed.
let targetNotificationRoutine:
  @convention(c) (UnsafeMutablePointer<TARGET_DEVICE_REMOVAL_NOTIFICATION>, UnsafeMutableRawPointer)
    -> UInt64 = { news, context in
      let framework = Framework.current
      let target = context.assumingMemoryBound(to: TargetBody.self)
      target.object.reference()
      let status = framework.tell(target, news.pointee.Event)
      target.object.release()
      return UInt64(UInt32(bitPattern: status))
    }

extension Framework {
  /// Has the driver told of its target's device; a device that is not in the tree is never removed.
  func watch(_ target: UnsafeMutablePointer<TargetBody>, _ file: FilePointer) {
    target.pointee.opening.watch = machine.plugAndPlay.watch(
      file, target.pointee.head.globals.pointee.driverObjectWDM, TargetRoutines.notification,
      UnsafeMutableRawPointer(target))
  }

  /// Takes the entry of the notification, to be ended by the caller.
  func takeWatch(_ target: UnsafeMutablePointer<TargetBody>) -> UnsafeMutableRawPointer? {
    target.withLock {
      let watch = target.pointee.opening.watch
      target.pointee.opening.watch = nil
      return watch
    }
  }

  func endWatch(_ watch: UnsafeMutableRawPointer?) {
    if let watch { machine.plugAndPlay.endWatch(watch) }
  }

  /// Without a callback of the driver the target is closed, closed for good, or opened again.
  fileprivate func tell(_ target: UnsafeMutablePointer<TargetBody>, _ event: GUID) -> Int32 {
    let opening = target.field(\.opening)
    switch machine.plugAndPlay.watchedEvent(event) {
    case .queryRemove:
      if let routine = opening.pointee.queryRemove {
        return Int32(truncatingIfNeeded: r3_call1(routine, target.handle))
      }
      close(target, .queryRemove)
    case .removeComplete:
      if let routine = opening.pointee.removeComplete {
        _ = r3_call1(routine, target.handle)
      } else {
        close(target, .plain)
      }
    case .removeCancelled:
      guard let routine = opening.pointee.removeCanceled else {
        var parameters = WDF_IO_TARGET_OPEN_PARAMS()
        parameters.`Type` = WdfIoTargetOpenReopen
        return open(target, parameters, nil)
      }
      _ = r3_call1(routine, target.handle)
    case nil: break
    }
    return 0
  }
}
