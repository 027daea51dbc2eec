import CDriverKit
import CRing3
import IOManager
import Machine
import Memory

// The Plug and Play manager asks a bus for its children: new ones are made.
extension Framework {
  /// Adds the children of a list to an answer.
  func enumerate(_ list: UnsafeMutablePointer<ChildListBody>, _ irp: IRPPointer) -> Int32 {
    let count = list.withLock {
      // Until the end nothing leaves the list; what is added waits.
      list.pointee.isEnumerating = true
      var count = 0
      list.forEach { if $0.pointee.isPresent { count += 1 } }
      return count
    }
    var mustRetry = false
    var status = FrameworkStatus.success
    if let block = grow(irp, count) {
      list.forEach { entry in
        if entry.pointee.state == .missing {
          entry.pointee.state = .reportedMissing
          entry.pointee.needsMissingCallback = true
        }
        guard entry.pointee.isPresent, hasDevice(entry, list, &mustRetry),
          let pdo = entry.pointee.pdo
        else { return }
        entry.pointee.isReported = true
        add(pdo.pointee.wdmDevice, to: block)
      }
    } else {
      status = FrameworkStatus.insufficientResources
    }
    change(list) { _ in list.pointee.isEnumerating = false }
    if mustRetry { invalidateChildren(of: list.pointee.device) }
    return status
  }

  /// Whether the child has its device, made now if need be.
  private func hasDevice(
    _ entry: UnsafeMutablePointer<ChildEntry>, _ list: UnsafeMutablePointer<ChildListBody>,
    _ mustRetry: inout Bool
  ) -> Bool {
    if entry.pointee.pdo != nil { return true }
    // Two devices of one name cannot be: this one follows when the one before is gone.
    if list.withLock({ hasElder(entry, list) }) { return false }
    guard let routine = list.pointee.config.EvtChildListCreateDevice,
      let description = makePdoInit(list.pointee.device)
    else { return false }
    pdo(of: description)?.pointee.entry = entry
    pdo(of: description)?.pointee.list = list
    let status = Int32(
      truncatingIfNeeded: r3_call3(
        routine, list.handle, bits(list.identification(of: entry)), bits(description)))
    if description.pointee.signature == DeviceInit.live { freeDeviceInit(description) }
    if status >= 0, entry.pointee.pdo != nil { return true }
    if let made = entry.pointee.pdo {
      entry.pointee.pdo = nil
      made.pdo?.pointee.entry = nil
      made.object.delete()
    }
    // STATUS_RETRY: the driver wants to be asked again.
    if status == Int32(bitPattern: 0xC000_022D) {
      mustRetry = true
    } else {
      list.withLock { entry.pointee.isLeaving = true }
    }
    return false
  }

  /// Whether the device of an earlier entry for the same child is still there; under the lock.
  private func hasElder(
    _ entry: UnsafeMutablePointer<ChildEntry>, _ list: UnsafeMutablePointer<ChildListBody>
  ) -> Bool {
    guard !list.pointee.isStatic else { return false }
    var isFound = false
    list.forEach { other in
      if other.pointee.number < entry.pointee.number, other.pointee.pdo != nil,
        isSame(list, other, list.identification(of: entry))
      {
        isFound = true
      }
    }
    return isFound
  }

  /// Tells the children that the manager knows now that they are gone.
  func tellMissing(_ list: UnsafeMutablePointer<ChildListBody>) {
    list.withLock { list.pointee.isEnumerating = true }
    list.forEach { entry in
      guard entry.pointee.needsMissingCallback else { return }
      entry.pointee.needsMissingCallback = false
      if let pdo = entry.pointee.pdo, let pnp = pdo.pnp {
        _ = pdo.call(pnp.pointee.pdoCallbacks.EvtDeviceReportedMissing)
      }
    }
    change(list) { _ in list.pointee.isEnumerating = false }
  }
}
