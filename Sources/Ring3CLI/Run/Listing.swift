import Reports
import Ring3
import Script

/// What `show` prints.
enum Listing {
  static func lines(of subject: Subject, _ kernel: Kernel) -> [String] {
    switch subject {
    case .pool:
      kernel.poolUsage.filter { $0.allocationCount > 0 }.map {
        "\($0.name) \($0.isPaged ? "paged   " : "nonpaged") \($0.allocationCount) allocations, "
          + "\($0.freeCount) frees, \($0.liveCount) live, \($0.byteCount) bytes"
      }
    case .objects:
      kernel.objects.map {
        "\($0.type.padding(to: 13)) \(hex($0.address)) \($0.referenceCount) references, "
          + "\($0.handleCount) handles \($0.path)"
      }
    case .requests: requests(kernel)
    case .lookaside:
      kernel.lookasideLists.map {
        "\($0.name) \($0.entryByteCount) bytes, depth \($0.depth), \($0.cachedCount) kept, "
          + "\($0.allocationCount) allocations, \($0.missCount) misses"
      }
    case .devices: kernel.deviceDescriptions.map(line)
    case .trace:
      kernel.trace.map {
        "\($0.stepNumber) thread \($0.thread) IRQL \($0.irql) \($0.sentence)"
      }
    }
  }

  /// One device: its number and path, indented by its place in the tree, and how it is.
  static func line(_ device: DeviceDescription) -> String {
    let indent = String(repeating: "  ", count: device.depth)
    let name = device.path.isEmpty ? "?" : device.path
    var text = "\(indent)\(device.identifier) \(name) \(device.state)"
    if let problem = device.problem { text += " \(problem)" }
    if let status = device.problemStatus { text += " \(status)" }
    let drivers = device.stack.map { $0.split(separator: "\\").last.map(String.init) ?? $0 }
    return text + " [\(drivers.joined(separator: " < "))] D\(device.power.rawValue - 1)"
  }

  private static func requests(_ kernel: Kernel) -> [String] {
    let figures = kernel.ioFigures
    return [
      "\(kernel.pendingRequestCount) requests of the script under way",
      "\(figures.irps) IRPs, \(figures.files) open files, \(figures.mdls) MDLs, "
        + "\(figures.lockedPages) locked pages, \(figures.mappings) mappings",
    ]
  }
}
