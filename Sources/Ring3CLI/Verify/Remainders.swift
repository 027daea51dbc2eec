import Ring3

/// What a kernel holds, for comparison: the one place that says what a driver has left.
struct Remainders: Sendable {
  private let blocks: Set<PoolBlock>
  private let report: LeakReport
  private let mappings: Int

  init(_ kernel: Kernel) {
    blocks = Set(kernel.poolBlocks())
    report = kernel.leakReport
    mappings = kernel.ioFigures.mappings
  }

  /// What there is in the kernel now, after all drivers are gone, and was not there before.
  func since(in kernel: Kernel) -> [VerifyOutcome.Remainder] {
    let left = kernel.leakReport.subtracting(report)
    var remainders = left.leaks.filter(isJudged).map {
      VerifyOutcome.Remainder(text: text($0), frame: $0.frames.first)
    }
    let more = kernel.ioFigures.mappings - mappings
    if more > 0 { remainders.append(VerifyOutcome.Remainder(text: "mappings of MDLs: \(more)")) }
    return remainders + frameworkObjects(in: kernel, left)
  }

  /// Whether somebody has left a thing; the framework's objects are told apart.
  private func isJudged(_ leak: LeakReport.Leak) -> Bool {
    switch leak.kind {
    case .frameworkObject: false
    // The system's own have no stack.
    case .timer, .workItem: !leak.frames.isEmpty
    // The driver object of the system's own comes with the first device.
    case .object, .handle: leak.path != #"\Driver\PnpManager"#
    default: true
    }
  }

  private func frameworkObjects(in kernel: Kernel, _ left: LeakReport) -> [VerifyOutcome.Remainder]
  {
    kernel.leaks.map { leak in
      let known = left.leaks.first {
        $0.kind == .frameworkObject && $0.label == leak.type && $0.path == leak.parentPath
      }
      return VerifyOutcome.Remainder(text: "\(leak)", frame: known?.frames.first)
    }
  }

  private func text(_ leak: LeakReport.Leak) -> String {
    let place = leak.path.isEmpty ? "without a name" : leak.path
    switch leak.kind {
    case .pool:
      let blocks = leak.count > 1 ? ", \(leak.count) blocks" : ""
      return "\(leak.byteCount) bytes of pool with the tag '\(leak.label)'\(blocks)"
    case .mdl: return "MDLs: \(leak.count)"
    case .irp: return "IRPs: \(leak.count)"
    case .lockedPage: return "locked pages: \(leak.count)"
    case .object: return "objects of the type \(leak.label): \(leak.count) \(place)"
    case .handle: return "handles of the type \(leak.label): \(leak.count) \(place)"
    case .timer: return "timers that are set: \(leak.count)"
    case .workItem: return "work items that are queued: \(leak.count)"
    case .lookasideList: return "lookaside lists with the tag '\(leak.label)': \(leak.count)"
    case .frameworkObject: return "\(leak.count) x \(leak.label) \(leak.path)"
    }
  }

  /// The blocks of pool that a driver has not freed, in a kernel that has ended.
  func blocks(in kernel: Kernel) -> [VerifyOutcome.Remainder] {
    let left = kernel.poolBlocks().filter { !blocks.contains($0) }
    return left.map { block in
      VerifyOutcome.Remainder(
        text: "\(block.byteCount) bytes of pool with the tag '\(PoolTag(rawValue: block.tag))'",
        frame: block.site == 0 ? nil : kernel.frame(at: block.site))
    }
  }
}
