import CDriverKit
import CRing3
import IOManager
import Machine

// Scans: what a driver does not mention between begin and end is gone.
extension Framework {
  func beginScan(_ list: UnsafeMutablePointer<ChildListBody>) {
    list.withLock {
      list.pointee.scanCount += 1
      list.forEach { $0.pointee.isFound = false }
    }
  }

  /// Holds the list as it is, without a scan.
  func beginIteration(_ list: UnsafeMutablePointer<ChildListBody>) {
    list.withLock { list.pointee.scanCount += 1 }
  }

  /// Ends a scan or an iteration; with the last one the changes are made.
  ///
  /// - Parameter isScan: whether children that were not found are missing.
  func endScan(_ list: UnsafeMutablePointer<ChildListBody>, isScan: Bool) {
    guard list.pointee.scanCount > 0 else {
      return note("WDFCHILDLIST: the end of a scan that was not begun")
    }
    change(list) { freed in
      list.pointee.scanCount -= 1
      guard list.pointee.scanCount == 0, isScan else { return }
      list.forEach { if !$0.pointee.isFound { leave($0, list, &freed) } }
    }
  }

  func markAllFound(_ list: UnsafeMutablePointer<ChildListBody>) {
    list.withLock {
      list.forEach { entry in
        let isThere = entry.pointee.state == .pending || entry.pointee.state == .present
        if isThere, !entry.pointee.isLeaving { entry.pointee.isFound = true }
      }
    }
  }

  /// Has the driver scan for children, as its device comes to D0.
  func scanForChildren(of device: UnsafeMutablePointer<DeviceBody>) {
    forEachList(of: device) { list in
      if let routine = list.pointee.config.EvtChildListScanForChildren {
        _ = r3_call1(routine, list.handle)
      }
    }
  }

  /// The bus is gone, and all children with it.
  func loseChildren(of device: UnsafeMutablePointer<DeviceBody>) {
    forEachList(of: device) { list in
      change(list) { freed in list.forEach { leave($0, list, &freed) } }
      list.withLock {
        list.forEach { if $0.pointee.state == .missing { $0.pointee.state = .reportedMissing } }
      }
    }
  }

  /// Deletes the children of a bus that is removed; their stacks have gone before.
  func deleteChildren(of device: UnsafeMutablePointer<DeviceBody>) {
    loseChildren(of: device)
    forEachList(of: device) { list in
      while let entry = list.pointee.first {
        if let child = entry.pointee.pdo { deleteChild(child) } else { forget(entry, of: list) }
      }
    }
  }
}

@c(r3_WdfChildListBeginScan)
package func wdfChildListBeginScan(_ globals: UnsafeMutableRawPointer, _ handle: UInt64) {
  let framework = Framework.current
  framework.beginScan(framework.childList(handle))
}

@c(r3_WdfChildListEndScan)
package func wdfChildListEndScan(_ globals: UnsafeMutableRawPointer, _ handle: UInt64) {
  let framework = Framework.current
  framework.endScan(framework.childList(handle), isScan: true)
}

@c(r3_WdfChildListUpdateAllChildDescriptionsAsPresent)
package func wdfChildListUpdateAllChildDescriptionsAsPresent(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64
) {
  let framework = Framework.current
  framework.markAllFound(framework.childList(handle))
}
