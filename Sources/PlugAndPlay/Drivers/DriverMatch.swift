import CDriverKit
import IOManager
import Machine
import Objects
import Rtl

/// Which drivers make the stack of a device with a certain identifier.
struct DriverMatch {
  var next: UnsafeMutablePointer<DriverMatch>?
  /// A hardware or compatible identifier; `*` for every device without another match.
  let identifier: StoredText
  let drivers: UnsafeMutablePointer<DriverPointer>
  let count: Int
}

extension UnsafeMutablePointer where Pointee == DriverMatch {
  func destroy() {
    pointee.identifier.free()
    pointee.drivers.deallocate()
    deallocate()
  }
}

/// Whether two names are the same without regard to case.
func isSame(_ first: UTF16Text, _ second: UTF16Text) -> Bool {
  guard first.count == second.count else { return false }
  for index in 0..<first.count
  where CaseMapping.upcase(first[index]) != CaseMapping.upcase(second[index]) {
    return false
  }
  return true
}

extension PlugAndPlay {
  /// Says which drivers, bottom to top, make the stack of devices with an identifier.
  ///
  /// A new list for the same identifier takes the place of the old one, and an empty one leaves
  /// none; devices that have their stack keep it.
  package func match(_ identifier: String, to drivers: [DriverPointer]) {
    let list = UnsafeMutablePointer<DriverPointer>.allocate(capacity: max(1, drivers.count))
    for (index, driver) in drivers.enumerated() { (list + index).initialize(to: driver) }
    let match = UnsafeMutablePointer<DriverMatch>.allocate(capacity: 1)
    match.initialize(
      to: DriverMatch(
        identifier: StoredText(identifier), drivers: list, count: drivers.count))
    locked {
      removeMatches { isSame($0.pointee.identifier.text, match.pointee.identifier.text) }
      guard match.pointee.count > 0 else { return match.destroy() }
      match.pointee.next = state.pointee.firstMatch
      state.pointee.firstMatch = match
    }
  }

  /// Forgets a driver that is unloaded: what names it is no match any more.
  package func forget(_ driver: DriverPointer) {
    locked {
      removeMatches { match in
        (0..<match.pointee.count).contains { match.pointee.drivers[$0] == driver }
      }
    }
  }

  private func removeMatches(_ isRemoved: (UnsafeMutablePointer<DriverMatch>) -> Bool) {
    var previous: UnsafeMutablePointer<DriverMatch>?
    var next = state.pointee.firstMatch
    while let match = next {
      next = match.pointee.next
      guard isRemoved(match) else {
        previous = match
        continue
      }
      if let previous { previous.pointee.next = next } else { state.pointee.firstMatch = next }
      match.destroy()
    }
  }

  /// Whether a device of the tree has the driver in its stack; under the tree lock.
  package func isInUse(_ driver: DriverPointer) -> Bool {
    var next: NodePointer? = root
    while let node = next {
      if node.hasStack, let drivers = node.pointee.drivers {
        for index in 0..<node.pointee.driverCount where drivers[index] == driver { return true }
      }
      next = node.following(below: root)
    }
    return false
  }

  // MARK: The drivers of a node

  /// Gives a node its drivers, each with a reference.
  func setDrivers(_ drivers: UnsafeBufferPointer<DriverPointer>, of node: NodePointer) {
    forgetDrivers(of: node)
    let list = UnsafeMutablePointer<DriverPointer>.allocate(capacity: max(1, drivers.count))
    for (index, driver) in drivers.enumerated() {
      (list + index).initialize(to: driver)
      machine.objects.reference(UnsafeMutableRawPointer(driver))
    }
    node.pointee.drivers = list
    node.pointee.driverCount = drivers.count
  }

  func forgetDrivers(of node: NodePointer) {
    guard let drivers = node.pointee.drivers else { return }
    node.pointee.drivers = nil
    for index in 0..<node.pointee.driverCount {
      machine.objects.dereference(UnsafeMutableRawPointer(drivers[index]))
    }
    node.pointee.driverCount = 0
    drivers.deallocate()
  }

  /// Finds drivers for a node by its identifiers, the best first; false when there are none.
  func findDrivers(for node: NodePointer) -> Bool {
    if node.pointee.drivers != nil { return true }
    guard
      let match = match(of: node.pointee.hardwareIDs) ?? match(of: node.pointee.compatibleIDs)
        ?? locked({ match(withIdentifier: "*") })
    else { return false }
    setDrivers(
      UnsafeBufferPointer(start: match.pointee.drivers, count: match.pointee.count), of: node)
    return true
  }

  private func match(of identifiers: StoredText) -> UnsafeMutablePointer<DriverMatch>? {
    locked {
      for identifier in identifiers.strings {
        if let match = match(withIdentifier: identifier) { return match }
      }
      return nil
    }
  }

  private func match(withIdentifier identifier: String) -> UnsafeMutablePointer<DriverMatch>? {
    Array(identifier.utf16).withUnsafeBufferPointer { identifier in
      var next = state.pointee.firstMatch
      while let match = next {
        if isSame(match.pointee.identifier.text, identifier) { return match }
        next = match.pointee.next
      }
      return nil
    }
  }
}
