import IOManager
import Machine

/// What a physical device object stands for: its interrupts, and its limit of map registers.
struct Assignment {
  let device: DevicePointer
  var next: UnsafeMutablePointer<Assignment>?
  var mapRegisterLimit: Int
  let interruptCount: Int
  let interrupts: UnsafeMutablePointer<DeviceInterrupt>

  func destroy() { interrupts.deallocate() }
}

extension Hardware {
  /// Tells what a physical device object has; the PnP manager does so before it starts the device.
  ///
  /// `IoConnectInterruptEx` finds lines and messages by it, `IoGetDmaAdapter` the limit of map
  /// registers. An earlier assignment is replaced. Interrupts that no device has get a line.
  package func assign(
    _ resources: DeviceResources, to device: DevicePointer, mapRegisterLimit: Int = .max
  ) {
    unassign(device)
    let list = resources.interrupts
    for interrupt in list { ensureLine(interrupt) }
    let interrupts = UnsafeMutablePointer<DeviceInterrupt>.allocate(capacity: max(list.count, 1))
    for (index, interrupt) in list.enumerated() {
      (interrupts + index).initialize(to: interrupt)
    }
    let record = UnsafeMutablePointer<Assignment>.allocate(capacity: 1)
    record.initialize(
      to: Assignment(
        device: device, next: nil, mapRegisterLimit: mapRegisterLimit,
        interruptCount: list.count, interrupts: interrupts))
    state.pointee.lock.lockStaying()
    record.pointee.next = state.pointee.assignments
    state.pointee.assignments = record
    state.pointee.lock.unlock()
  }

  /// Forgets what a physical device object has: it was stopped or removed.
  package func unassign(_ device: DevicePointer) {
    state.pointee.lock.lockStaying()
    var before: UnsafeMutablePointer<Assignment>?
    var next = state.pointee.assignments
    while let record = next, record.pointee.device != device {
      before = record
      next = record.pointee.next
    }
    if let record = next {
      if let before {
        before.pointee.next = record.pointee.next
      } else {
        state.pointee.assignments = record.pointee.next
      }
    }
    state.pointee.lock.unlock()
    if let next {
      next.pointee.destroy()
      next.deallocate()
    }
  }

  /// What a physical device object has; nil for others.
  func assignment(of device: DevicePointer?) -> Assignment? {
    guard let device else { return nil }
    state.pointee.lock.lockStaying()
    var next = state.pointee.assignments
    while let record = next, record.pointee.device != device { next = record.pointee.next }
    let result = next?.pointee
    state.pointee.lock.unlock()
    return result
  }
}
