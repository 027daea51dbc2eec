import Ring3
import Script

// Devices: removing, starting, sleep.
extension ScriptRunner {
  /// Does something whose answer is a status.
  func attempt(_ report: inout ActionReport, _ body: () throws(KernelError) -> Void) throws {
    do throws(KernelError) {
      try body()
      last = Answer()
    } catch {
      guard let status = error.status else { throw error }
      last = Answer(status: status)
    }
    report.set(last.status)
  }

  func perform(
    _ deviceAction: DeviceAction, _ number: UInt64?, _ action: Action,
    _ report: inout ActionReport
  ) throws {
    let devices = kernel.devices
    let found = number.map { number in devices.first { $0.identifier == number } } ?? devices.first
    guard let device = found else {
      throw Failure(
        line: action.line,
        message: number.map { "there is no device \($0); see show devices" }
          ?? "there is no device: the driver has no AddDevice routine")
    }
    report.message = device.description?.path
    try attempt(&report) { () throws(KernelError) in
      switch deviceAction {
      case .remove: try device.remove()
      case .surprise: try device.surpriseRemove()
      case .stop: try device.stop()
      case .start: try device.start()
      case .eject: try device.eject()
      case .power(let level):
        try device.setPower(DevicePowerState(rawValue: UInt32(level) + 1) ?? .d0)
      }
    }
  }

  func sleep(_ level: UInt64, _ report: inout ActionReport) throws {
    let state = SystemPowerState(rawValue: UInt32(level) + 1) ?? .s3
    try attempt(&report) { () throws(KernelError) in try kernel.sleep(state) }
  }

  /// Removes the devices and unloads the drivers, the last one first.
  func unload(_ report: inout ActionReport) throws {
    // A driver is unloaded when nobody has a file of it.
    try closeAll()
    try endRequests()
    try removeDevices()
    let known = kernel.leaks.count
    defer { showLeaks(from: known) }
    try attempt(&report) { () throws(KernelError) in
      for driver in drivers.reversed() { try driver.unload() }
      isUnloaded = true
    }
  }

  /// Waits for requests of closed files, which keep the files; one that takes long is cancelled.
  private func endRequests() throws {
    for request in kernel.pendingRequests {
      if try request.wait(seconds: 0.5) != nil { continue }
      request.cancel()
      if try request.wait(seconds: limit) != nil { continue }
      failureCount += 1
      print(
        ActionReport(
          op: "note",
          message: "lost: the driver neither completed nor cancelled \(request) in \(limit) s"))
    }
  }

  /// Removes every device; one that refuses is taken away without warning.
  private func removeDevices() throws {
    let roots = kernel.deviceDescriptions.filter { $0.depth == 0 }
    guard !roots.isEmpty else { return }
    // A device that was taken away goes now, with its last file.
    try kernel.settleDevices()
    for device in kernel.devices where roots.contains(where: { $0.identifier == device.identifier })
    {
      do throws(KernelError) {
        try device.remove()
      } catch {
        guard let status = error.status else { throw error }
        print(
          ActionReport(
            op: "note", message: "the device refused to be removed with \(status): taken away"))
        try device.surpriseRemove()
      }
    }
  }
}
