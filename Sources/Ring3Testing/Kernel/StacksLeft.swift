import Ring3

/// Where in the drivers things were allocated that are left: stacks for the findings on them.
///
/// They are known in a kernel that verifies.
struct StacksLeft {
  private let leaks: [LeakReport.Leak]

  init(_ report: LeakReport, in kernel: Kernel) {
    leaks = kernel.addingSourceLines(to: report).leaks.filter { !$0.frames.isEmpty }
  }

  /// A finding with the stacks of what it is about.
  func adding(to finding: Finding) -> Finding {
    let lines = leaks.filter { isAbout(finding.kind, $0) }.map(lines)
    guard !lines.isEmpty else { return finding }
    var finding = Finding(finding.kind, ([finding.text] + lines).joined(separator: "\n"))
    finding.place =
      leaks.lazy.filter { isAbout(finding.kind, $0) }
      .compactMap { $0.frames.lazy.compactMap(\.places.first).first }.first
    return finding
  }

  /// Timers and work items that wait for a driver that is gone: findings of their own.
  var waiting: [Finding] {
    leaks.filter { $0.kind == .timer || $0.kind == .workItem }.map { leak in
      leak.kind == .timer
        ? Finding(.timer, "Timers that are still set: \(leak.count).\n" + lines(leak))
        : Finding(.workItem, "Work items that are still queued: \(leak.count).\n" + lines(leak))
    }
  }

  private func isAbout(_ kind: Finding.Kind, _ leak: LeakReport.Leak) -> Bool {
    switch (kind, leak.kind) {
    case (.irps, .irp), (.mdls, .mdl), (.mdls, .lockedPage), (.lookasideList, .lookasideList): true
    case (.object(let type), .object), (.object(let type), .handle): type == leak.label
    case (.frameworkObject(let type), .frameworkObject): type == leak.label
    default: false
    }
  }

  private func lines(_ leak: LeakReport.Leak) -> String {
    (["  \(leak.headline), by"] + leak.frames.map { "    \($0)" }).joined(separator: "\n")
  }
}
