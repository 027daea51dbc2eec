import CDriverKit
import CRing3
import IOManager
import Machine
import Memory
import Objects

/// Why a target is closed.
enum TargetClosing {
  case plain
  /// Its device may be removed; it is opened again when that is called off.
  case queryRemove
  case deletion
}

@c(r3_WdfIoTargetClose)
package func wdfIoTargetClose(_ globals: UnsafeMutableRawPointer, _ handle: UInt64) {
  let framework = Framework.current
  let target = framework.remoteTarget(handle)
  guard framework.isLevel(atMost: IRQL.passive) else {
    return framework.note("WdfIoTargetClose: not at PASSIVE_LEVEL; nothing is done")
  }
  framework.close(target, .plain)
}

@c(r3_WdfIoTargetCloseForQueryRemove)
package func wdfIoTargetCloseForQueryRemove(_ globals: UnsafeMutableRawPointer, _ handle: UInt64) {
  let framework = Framework.current
  let target = framework.remoteTarget(handle)
  guard framework.isLevel(atMost: IRQL.passive) else {
    return framework.note("WdfIoTargetCloseForQueryRemove: not at PASSIVE_LEVEL; nothing is done")
  }
  framework.close(target, .queryRemove)
}

extension Framework {
  /// Closes a target: what waits is refused, what was sent is cancelled and waited for.
  func close(_ target: UnsafeMutablePointer<TargetBody>, _ reason: TargetClosing) {
    while target.withLock({ target.pointee.opening.isUnderWay }) {
      Event(target.field(\.opening.opened)).wait()
    }
    let waits = target.withLock {
      target.pointee.state = closedState(target, reason)
      target.pointee.opening.isOpen = false
      return beginWait(target, .all)
    }
    if reason != .queryRemove { endWatch(takeWatch(target)) }
    failPended(of: target)
    cancelSent(of: target, includingIgnoring: true)
    if waits { target.drained.wait() }
    if reason == .deletion { waitUntilIdle(target) }
    letGo(target)
  }

  private func closedState(_ target: UnsafeMutablePointer<TargetBody>, _ reason: TargetClosing)
    -> TargetState
  {
    if reason == .deletion { return .deleted }
    guard target.pointee.opening.isOpen else { return .closed }
    // Drivers built for versions before 1.9 see only one closed state.
    let isOld = target.pointee.head.globals.pointee.minorVersion < 9
    return reason == .queryRemove || isOld ? .closedForQueryRemove : .closed
  }

  /// Gives up the device, the file and its handle.
  private func letGo(_ target: UnsafeMutablePointer<TargetBody>) {
    let (physical, file, handle) = target.withLock {
      let held = (
        target.pointee.physicalDevice, target.pointee.file, target.pointee.fileHandle
      )
      target.pointee.wdmDevice = nil
      target.pointee.physicalDevice = nil
      target.pointee.file = nil
      target.pointee.fileHandle = 0
      target.pointee.stackCount = 0
      return held
    }
    guard target.pointee.role == .remote else { return }
    if let physical { machine.objects.dereference(UnsafeMutableRawPointer(physical)) }
    if let file { machine.objects.dereference(UnsafeMutableRawPointer(file)) }
    if handle != 0 { _ = machine.objects.closeHandle(handle, in: machine.systemProcess) }
  }

  /// The end of a target: the completion routines of its requests have come back before.
  func end(_ target: UnsafeMutablePointer<TargetBody>) { close(target, .deletion) }

  private func waitUntilIdle(_ target: UnsafeMutablePointer<TargetBody>) {
    let isBusy = target.withLock {
      guard target.pointee.busyCount > 0 else { return false }
      target.pointee.isEnding = true
      return true
    }
    if isBusy { target.idle.wait() }
  }
}
