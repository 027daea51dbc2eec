import Foundation
import Ring3

/// Fills a report while somebody uses a kernel.
///
///     let recorder = RunRecorder(title: "echo.sys", kernel: kernel)
///     recorder.begin("read 100", line: 3)
///     …
///     recorder.end(status: "STATUS_SUCCESS", information: 5)
///     let report = recorder.finish()
///
/// For one thread at a time. Figures of the kernel are taken at the end of each action.
public final class RunRecorder {
  /// The report as it is now; complete after ``finish()``.
  public var report: RunReport
  let kernel: Kernel
  private let start = ContinuousClock.now
  private var grouping: RequestGrouping
  /// Points of the trace that were read.
  private var readCount = 0
  /// The paths of objects as they were last seen.
  var names: [UInt: String] = [:]

  /// Begins to record; from here on the way of each request is recorded in the kernel.
  public init(title: String, kernel: Kernel) {
    report = RunReport(title: title)
    self.kernel = kernel
    var now = timespec()
    clock_gettime(CLOCK_MONOTONIC, &now)
    grouping = RequestGrouping(
      origin: UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec))
    kernel.startTrace()
    readCount = kernel.traceCount
  }

  private var elapsed: Int64 { Int64(start.duration(to: .now) / .nanoseconds(1)) }

  /// The index of the action that was begun last; nil before the first.
  public var currentAction: Int? { report.actions.isEmpty ? nil : report.actions.count - 1 }

  /// An action begins.
  public func begin(_ text: String, line: Int? = nil) {
    report.actions.append(RunReport.Action(text: text, line: line, start: elapsed))
  }

  /// The action that was begun last has ended.
  ///
  /// - Parameters:
  ///   - status: what it gave; nil for an action without one.
  ///   - information: the number of bytes that the driver reported.
  ///   - message: what else there is to say.
  ///   - failure: why it failed; nil when it did not.
  public func end(
    status: String? = nil, information: Int? = nil, message: String? = nil,
    failure: String? = nil
  ) {
    guard let index = currentAction else { return }
    report.actions[index].duration = elapsed - report.actions[index].start
    report.actions[index].status = status
    report.actions[index].information = information
    report.actions[index].message = message
    report.actions[index].failure = failure
    readTrace(index)
    if kernel.bugCheck == nil { sample(index) }
  }

  /// A rule was broken in the action that was begun last.
  public func add(_ bugCheck: BugCheck, endsRun: Bool = false) {
    report.verdicts.append(
      RunReport.Verdict(bugCheck, action: currentAction, endsRun: endsRun))
  }

  /// The objects are taken down, as they are now.
  ///
  /// To be called while no other thread is inside the kernel, or after it has ended. What the system had
  /// before the recorder was made is left out.
  public func recordObjects() {
    report.objects = ObjectTree.nodes(of: kernel, since: grouping.origin, names: names)
  }

  /// The run is over.
  @discardableResult
  public func finish() -> RunReport {
    report.seconds = Double(elapsed) / 1e9
    if let index = currentAction { readTrace(index) }
    report.requests = grouping.requests
    report.unrecordedRequestCount = grouping.unrecordedCount
    return report
  }

  private func readTrace(_ action: Int) {
    let count = kernel.traceCount - readCount
    guard count > 0 else { return }
    let events = kernel.trace.suffix(count)
    if events.count < count { grouping.lose(count - events.count) }
    for event in events { grouping.add(event, action: action) }
    readCount += count
  }
}
