import Ring3
import Synchronization

extension TestKernel {
  /// Loads the drivers of the trait and adds their device; gives what went wrong.
  func start() -> Finding? {
    do {
      for driver in trait.drivers { try load(driver, sourceLocation: trait.sourceLocation) }
      return try addDevice()
    } catch {
      guard let bugCheck = kernel.bugCheckWithSourceLines() else {
        return Finding(.setup, "\(error)")
      }
      return Finding(.bugCheck, "Loading the drivers ended in a bug check.\n\(bugCheck.message)")
    }
  }

  private func addDevice() throws -> Finding? {
    let description = trait.device
    let drivers = drivers.filter(\.isPlugAndPlay)
    guard let first = drivers.first, description.place != .none else {
      guard description.place == .stack || description.place == .bus else { return nil }
      return Finding(.setup, "No driver has an AddDevice routine, so that none gets the device.")
    }
    var resources = description.resources
    if let simulation = description.simulation?() {
      resources.list += try kernel.plug(simulation).resources.list
      state.withLock { $0.simulation = simulation }
    }
    var stack = drivers
    if description.place == .bus {
      stack = [first]
      try kernel.match("*", to: Array(drivers.dropFirst()))
    }
    let device = try kernel.addDevice(
      stack: stack, hardwareIDs: description.hardwareIDs, description: description.description,
      resources: resources)
    state.withLock { $0.device = device }
    return check(device)
  }

  private func check(_ device: Device) -> Finding? {
    let now = device.description
    if now?.state == .started { return nil }
    let reasons =
      [now?.problem.map { "\($0)" }, now?.problemStatus.map { "\($0)" }].compactMap { $0 }
    let names = drivers.map(\.name).joined(separator: ", ")
    return Finding(
      .device,
      "The device of \(names) did not start: "
        + (reasons.isEmpty ? "\(device.state)" : reasons.joined(separator: ", ")) + ".")
  }
}
