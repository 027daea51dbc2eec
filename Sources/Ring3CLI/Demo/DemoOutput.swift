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
            step: "\(event.step)", text: Self.sentence(event), address: hex(event.address),
            frame: event.frame, count: event.count, thread: event.thread, irql: event.irql,
            nanoseconds: time))
      } else {
        print(
          "  " + Self.number(event.step).padding(to: 3) + "\(time) ns".leftPadding(to: 9)
            + "  thread \(event.thread)  IRQL \(event.irql)  " + Self.sentence(event))
      }
    }
  }

  /// The step of the document that an event belongs to.
  static func number(_ step: TraceStep) -> String {
    switch step {
    case .issued: "1"
    case .probed, .bufferAllocated, .copiedIn, .pagesLocked: "3"
    case .sent: "4"
    case .completed, .returned: "5"
    case .copiedBack, .bufferFreed, .finished: "6"
    }
  }

  static func sentence(_ event: TraceEvent) -> String {
    let address = hex(event.address)
    let frame = event.frame == 0 ? "not resident" : "frame \(hex(event.frame))"
    return switch event.step {
    case .issued: "user range \(address), \(event.count) bytes, \(frame)"
    case .probed: "range probed for write access"
    case .bufferAllocated:
      "system buffer \(address), \(event.count) bytes of nonpaged pool, tag \"Io  \", \(frame)"
    case .copiedIn: "\(event.count) bytes copied to the system buffer"
    case .pagesLocked: "pages locked and described by an MDL"
    case .sent: "IRP \(hex(event.irp)) to the driver, SystemBuffer \(address)"
    case .completed:
      "IoCompleteRequest: status \(NTStatus(bits: event.status)), Information \(event.count)"
    case .returned: "dispatch routine returned \(NTStatus(bits: event.status))"
    case .copiedBack: "\(event.count) bytes copied to the user range \(address), \(frame)"
    case .bufferFreed: "system buffer \(address) freed"
    case .finished: "request finished: \(NTStatus(bits: event.status)), \(event.count) bytes"
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
