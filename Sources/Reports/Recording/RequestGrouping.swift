import Ring3

/// Puts the recorded points of a kernel together to requests.
struct RequestGrouping {
  /// So many requests are kept; more are only counted.
  static let capacity = 10_000

  private(set) var requests: [RunReport.Request] = []
  private(set) var unrecordedCount = 0
  /// The clock of the points at the start of the run.
  let origin: UInt64
  /// The requests under way, by index: the one that a thread issued, and those that have an IRP.
  private var byThread: [UInt: Int] = [:]
  private var byIRP: [UInt: Int] = [:]
  private var issued: [Int: UInt64] = [:]

  init(origin: UInt64) { self.origin = origin }

  /// Points that were overwritten before they were read are lost.
  mutating func lose(_ count: Int) {
    byThread = [:]
    byIRP = [:]
    unrecordedCount += count > 0 ? 1 : 0
  }

  mutating func add(_ event: TraceEvent, action: Int) {
    if event.step == .issued { begin(event, action) }
    guard let index = request(of: event) else { return }
    requests[index].points.append(
      RunReport.Point(
        step: event.stepNumber, name: "\(event.step)",
        time: Int64(clamping: event.nanoseconds &- (issued[index] ?? event.nanoseconds)),
        text: event.sentence, irql: Int(event.irql), thread: event.thread))
    if event.step == .returned { byThread[event.thread] = nil }
    if event.step == .finished { end(index, event) }
  }

  private mutating func begin(_ event: TraceEvent, _ action: Int) {
    guard requests.count < Self.capacity else {
      unrecordedCount += 1
      byThread[event.thread] = nil
      return
    }
    byThread[event.thread] = requests.count
    issued[requests.count] = event.nanoseconds
    requests.append(
      RunReport.Request(
        action: action, start: Int64(event.nanoseconds) - Int64(clamping: origin)))
  }

  private mutating func request(of event: TraceEvent) -> Int? {
    if event.irp == 0 { return byThread[event.thread] }
    if let known = byIRP[event.irp] { return known }
    let index = byThread[event.thread]
    byIRP[event.irp] = index
    return index
  }

  private mutating func end(_ index: Int, _ event: TraceEvent) {
    issued[index] = nil
    byIRP = byIRP.filter { $0.value != index }
    byThread = byThread.filter { $0.value != index }
  }
}
