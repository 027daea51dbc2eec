import Foundation
import Reports
import Ring3

/// Reports as tests need them.
enum SampleReports {
  /// A text with all that a format could take for its own.
  static let hostile =
    #"<script>alert("1")</script> & ]]> 'q' {{x}} [link](9) `tick` | \u{1}"#
    + "\u{1}\u{1B}[31m\u{FFFE}\né漢"

  static var empty: RunReport {
    RunReport(title: "echo.sys", started: Date(timeIntervalSince1970: 1_700_000_000))
  }

  private static func frame(_ function: String, _ file: String, _ line: Int) -> BugCheck.Frame {
    BugCheck.Frame(
      address: 0xFFFF_F801_2345_1010, module: "echo.sys", offset: 0x1010,
      symbol: function + "+0x10",
      places: [.init(function: function, file: file, line: line)])
  }

  static var poolTwice: BugCheck {
    BugCheck(
      .badPoolCaller, 0x07, 0, 0, 0xFFFF_8000_0000_0040,
      context: BugCheck.Context(
        irql: .passive, request: "IRP_MJ_WRITE of 4 bytes at 0", line: 3,
        frames: [
          frame("Free", "/src/driver/echo.c", 20), frame("Write", "/src/driver/echo.c", 44),
        ],
        causes: [
          .init(event: "allocated", frames: [frame("Take", "/src/driver/echo.c", 9)]),
          .init(event: "released", frames: [frame("Drop", #"C:\src\other file.c"#, 7)]),
        ]))
  }

  static func twoActions(_ name: String) -> RunReport {
    var report = empty
    report.title = name
    report.drivers = [RunReport.Driver(name: name, path: "/src/driver/" + name)]
    report.script = "/src/driver/run me.txt"
    report.actions = [
      RunReport.Action(text: "read " + name, line: 2), RunReport.Action(text: "write 4", line: 3),
      RunReport.Action(text: "expect information 5", line: 4),
    ]
    report.actions[0].status = "STATUS_SUCCESS"
    report.actions[0].information = 5
    report.actions[0].duration = 1_500_000
    report.actions[2].failure = "expected " + name
    return report
  }

  /// Two verdicts, a leak, a failure and names that hold what formats take for their own.
  static var full: RunReport {
    var report = twoActions(hostile)
    var first = RunReport.Verdict(poolTwice, action: 1)
    first.subject = hostile
    let second = RunReport.Verdict(
      BugCheck(.driverIrqlNotLessOrEqual, 0, 2, 1, 0), action: 1, endsRun: true)
    report.verdicts = [first, second]
    report.leaks = ["WDFMEMORY " + hostile]
    report.pool = [RunReport.PoolHistory(tag: "<&\"'", isPaged: false)]
    report.pool[0].samples = [.init(action: 1, blockCount: 1, byteCount: 64)]
    report.lookasideLists = [
      RunReport.LookasideHistory(tag: "Look", address: "0x10", entryByteCount: 64)
    ]
    report.lookasideLists[0].samples = [
      .init(action: 0, depth: 4, keptCount: 0), .init(action: 1, depth: 8, keptCount: 3),
    ]
    var driver = RunReport.ObjectNode(
      type: "WDFDRIVER", name: hostile, address: "0x1", referenceCount: 1)
    driver.children = [
      RunReport.ObjectNode(type: "WDFDEVICE", name: "", address: "0x2", referenceCount: 2)
    ]
    report.objects = [driver]
    var request = RunReport.Request(action: 0, start: 100)
    request.points = [
      .init(step: 1, name: "issued", time: 0, text: hostile, irql: 0, thread: 1),
      .init(step: 4, name: "sent", time: 50, text: "sent", irql: 0, thread: 1),
      .init(step: 6, name: "finished", time: 80, text: "finished", irql: 1, thread: 1),
    ]
    report.requests = [request]
    return report
  }
}
