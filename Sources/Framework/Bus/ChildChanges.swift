import CDriverKit
import CRing3
import IOManager
import Machine
import Memory
import PlugAndPlay

/// Entries that are out of their list and wait to be freed without the lock.
struct FreedEntries {
  var first: UnsafeMutablePointer<ChildEntry>?
}

// Changes of a list: at once, or when no scan and no enumeration is under way any more.
extension Framework {
  /// A child is there; it may have been there already.
  func addChild(
    _ list: UnsafeMutablePointer<ChildListBody>, _ identification: UnsafeMutableRawPointer,
    _ address: UnsafeMutableRawPointer?
  ) -> Int32 {
    var status = FrameworkStatus.objectNameExists
    change(list) { _ in
      if let entry = find(list, identification), !entry.pointee.isLeaving,
        entry.pointee.state == .pending || entry.pointee.state == .present
      {
        if let address { copyAddress(list, from: address, to: list.address(of: entry)) }
        entry.pointee.isFound = true
        return
      }
      status = 0
      if let entry = makeEntry(of: list, identification, address, failure: &status) {
        list.append(entry)
      }
    }
    return status
  }

  /// The newest entry of a child; under the lock.
  func find(
    _ list: UnsafeMutablePointer<ChildListBody>, _ identification: UnsafeMutableRawPointer
  ) -> UnsafeMutablePointer<ChildEntry>? {
    var found: UnsafeMutablePointer<ChildEntry>?
    list.forEach { if isSame(list, $0, identification) { found = $0 } }
    return found
  }

  /// A child is not there any more.
  func markMissing(
    _ entry: UnsafeMutablePointer<ChildEntry>, of list: UnsafeMutablePointer<ChildListBody>
  ) {
    change(list) { freed in leave(entry, list, &freed) }
  }

  /// Changes a list under its lock, then does what waited if nothing keeps it from that.
  func change(
    _ list: UnsafeMutablePointer<ChildListBody>, _ body: (inout FreedEntries) -> Void
  ) {
    var freed = FreedEntries()
    let isChanged = list.withLock {
      body(&freed)
      return apply(list, &freed)
    }
    drain(&freed, list)
    if isChanged { invalidateChildren(of: list.pointee.device) }
  }

  func invalidateChildren(of device: UnsafeMutablePointer<DeviceBody>) {
    guard let physical = device.pointee.physicalDevice,
      machine.plugAndPlay.node(of: physical) != nil
    else { return }
    ioInvalidateDeviceRelations(physical, UInt32(BusRelations.rawValue))
  }

  /// Notes that a child goes; one that nobody knows of goes at once.
  ///
  /// Under the lock.
  func leave(
    _ entry: UnsafeMutablePointer<ChildEntry>, _ list: UnsafeMutablePointer<ChildListBody>,
    _ freed: inout FreedEntries
  ) {
    switch entry.pointee.state {
    case .pending: take(entry, list, &freed)
    case .present: entry.pointee.isLeaving = true
    case .missing, .reportedMissing: break
    }
    entry.pointee.isFound = false
  }

  private func take(
    _ entry: UnsafeMutablePointer<ChildEntry>, _ list: UnsafeMutablePointer<ChildListBody>,
    _ freed: inout FreedEntries
  ) {
    list.remove(entry)
    entry.pointee.next = freed.first
    freed.first = entry
  }

  /// Does what waited; under the lock.
  ///
  /// - Returns: whether the Plug and Play manager has to ask again.
  private func apply(_ list: UnsafeMutablePointer<ChildListBody>, _ freed: inout FreedEntries)
    -> Bool
  {
    guard !list.isLocked else { return false }
    var isChanged = false
    list.forEach { entry in
      if entry.pointee.state == .pending {
        entry.pointee.state = .present
        isChanged = true
      } else if entry.pointee.state == .present, entry.pointee.isLeaving {
        if entry.pointee.isReported {
          entry.pointee.state = .missing
          isChanged = true
        } else {
          take(entry, list, &freed)
        }
      } else if entry.pointee.state == .present, entry.pointee.isRenewed {
        isChanged = renew(entry, list) || isChanged
      }
    }
    return isChanged
  }

  /// A child that failed is made anew, and the old one goes.
  private func renew(
    _ entry: UnsafeMutablePointer<ChildEntry>, _ list: UnsafeMutablePointer<ChildListBody>
  ) -> Bool {
    entry.pointee.isRenewed = false
    var status: Int32 = 0
    guard
      let copy = makeEntry(
        of: list, list.identification(of: entry), list.address(of: entry), failure: &status)
    else { return false }
    copy.pointee.state = .present
    if let routine = list.pointee.config.EvtChildListDeviceReenumerated,
      let pdo = entry.pointee.pdo,
      r3_call4(
        routine, list.handle, pdo.handle, bits(list.address(of: entry)),
        bits(list.address(of: copy))) & 0xFF == 0
    {
      machine.pool.free(UnsafeMutableRawPointer(copy), tag: PnpState.tag)
      return false
    }
    list.append(copy)
    entry.pointee.state = .missing
    return true
  }

  /// Frees what left the list; a static child that was never reported is deleted.
  private func drain(_ freed: inout FreedEntries, _ list: UnsafeMutablePointer<ChildListBody>) {
    while let entry = freed.first {
      freed.first = entry.pointee.next
      let child = entry.pointee.pdo
      free(entry, of: list)
      if let child { deleteChild(child) }
    }
  }

  /// Has a child that its driver says has failed made anew.
  func renewChild(_ pdo: UnsafeMutablePointer<PdoState>) {
    guard let entry = pdo.pointee.entry, let list = pdo.pointee.list, !list.pointee.isStatic else {
      return
    }
    change(list) { _ in entry.pointee.isRenewed = true }
  }
}
