import Ring3
import Synchronization

extension TestKernel {
  /// Closes, removes and unloads everything; gives what is not as it should be.
  func finish() -> [Finding] {
    let findings = finishDrivers()
    return kernel.verdictsWithSourceLines().map(Finding.init(verdict:)) + findings
  }

  private func finishDrivers() -> [Finding] {
    if let ended = judgeBugCheck() { return ended }
    var findings: [Finding] = []
    do throws(KernelError) {
      guard try endRequests(&findings) else { return findings }
      for process in state.withLock({ $0.processes }) { try process.end() }
      try removeDevices(&findings)
      state.withLock { $0.lists = kernel.lookasideLists }
      let isEmpty = try unloadDrivers(&findings)
      findings += Holdings(kernel).leftovers(
        since: before, of: owner, isUnloaded: isEmpty, in: kernel)
    } catch {
      findings += judgeBugCheck() ?? [Finding(.unload, "The drivers were not unloaded: \(error)")]
    }
    let objects = kernel.leaks.map { Finding(.frameworkObject($0.type), "\($0)") }
    if objects.isEmpty { return findings }
    return findings + objects.map(StacksLeft(kernel.leakReport, in: kernel).adding)
  }

  /// Whose it is when something is left.
  private var owner: String {
    let drivers = drivers
    return drivers.count == 1 ? drivers[0].name : "The drivers"
  }

  /// What there is to say of a kernel that has ended; nil while it runs.
  private func judgeBugCheck() -> [Finding]? {
    guard let bugCheck = kernel.bugCheck else { return nil }
    if state.withLock({ $0.expected }) == bugCheck { return [] }
    if let left = poolAtUnload(bugCheck) ?? listAtUnload(bugCheck) { return left }
    let text = kernel.addingSourceLines(to: bugCheck).message
    return [Finding(.bugCheck, "The kernel ended in a bug check.\n\(text)")]
  }

  /// Waits for requests that are under way, cancels them, and gives whether all have ended.
  private func endRequests(_ findings: inout [Finding]) throws(KernelError) -> Bool {
    for request in kernel.pendingRequests {
      // One that is only slow is not lost.
      if try request.wait(seconds: 0.5) != nil { continue }
      request.cancel()
      let answer = try request.wait(seconds: 2)
      findings.append(
        Finding(
          .request,
          "A request was still with the driver when the test ended: \(request). "
            + (answer.map { "It ended with \($0.status) when it was cancelled." }
              ?? "It does not end when it is cancelled either, so that nothing was unloaded.")))
      if answer == nil { return false }
    }
    return true
  }

  /// Removes every device; one that refuses is taken away without warning.
  private func removeDevices(_ findings: inout [Finding]) throws(KernelError) {
    // A device that was taken away goes now, with its last file.
    try kernel.settleDevices()
    for device in kernel.devices.reversed() where device.description?.depth == 0 {
      do throws(KernelError) {
        try device.remove()
      } catch {
        guard let status = error.status else { throw error }
        findings.append(
          Finding(
            .device,
            "The device \(device.description?.path ?? "") refused to be removed with \(status)."))
        try device.surpriseRemove()
      }
    }
  }

  /// Unloads the drivers, the last one first; gives whether none is left.
  private func unloadDrivers(_ findings: inout [Finding]) throws(KernelError) -> Bool {
    var isEmpty = true
    for driver in kernel.drivers.reversed() {
      do throws(KernelError) {
        try driver.unload()
      } catch {
        guard let status = error.status else { throw error }
        isEmpty = false
        let reason =
          status == .invalidDeviceRequest
          ? "it has no unload routine, and stays until the system is shut down" : "\(status)"
        findings.append(
          Finding(
            .unload,
            "\(driver.name) cannot be unloaded: \(reason). What it still holds was not judged."))
      }
    }
    return isEmpty
  }
}
