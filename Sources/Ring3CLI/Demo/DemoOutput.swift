import Reports
import Ring3

/// Prints the demonstration: lines for people, objects with `--json`.
struct DemoOutput {
  let reporting: OutputOptions

  private struct Line: Encodable {
    var op: String
    var text: String
  }

  func line(_ operation: String, _ text: String) {
    if reporting.json {
      reporting.printJSON(Line(op: operation, text: text))
    } else {
      print(operation.padding(to: 8) + text)
    }
  }

  private struct Step: Encodable {
    var op = "step"
    var step: String
    var text: String
    var address: String
    var frame: Int
    var count: Int
    var thread: UInt
    var irql: UInt8
    var nanoseconds: UInt64
  }

  /// The six steps of a buffered read, each with where and when.
  func steps(_ events: [TraceEvent]) {
    guard let start = events.first?.nanoseconds else { return }
    for event in events {
      let time = event.nanoseconds - start
      if reporting.json {
        reporting.printJSON(
          Step(
            step: "\(event.step)", text: event.sentence, address: hex(event.address),
            frame: event.frame, count: event.count, thread: event.thread, irql: event.irql,
            nanoseconds: time))
      } else {
        print(
          "  " + "\(event.stepNumber)".padding(to: 3) + "\(time) ns".leftPadding(to: 9)
            + "  thread \(event.thread)  IRQL \(event.irql)  " + event.sentence)
      }
    }
  }
}

extension String {
  func padding(to count: Int) -> String {
    self + String(repeating: " ", count: Swift.max(0, count - self.count))
  }

  func leftPadding(to count: Int) -> String {
    String(repeating: " ", count: Swift.max(0, count - self.count)) + self
  }
}
