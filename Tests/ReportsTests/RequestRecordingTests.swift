import Reports
import Ring3
import TestSupport
import Testing

/// What a recorder takes down of a real kernel.
@Suite struct RequestRecordingTests {
  @Test("requests, pool and objects of a run are in its report")
  func recorded() throws {
    let kernel = try Kernel()
    let recorder = RunRecorder(title: "EchoSwift", kernel: kernel)
    let process = try kernel.makeProcess()
    recorder.begin("load")
    let driver = try kernel.load(Recorded.self)
    recorder.end()
    recorder.begin(#"open \\.\Recorded"#, line: 1)
    let file = try process.open(#"\\.\Recorded"#)
    recorder.end(status: "STATUS_SUCCESS")
    recorder.begin("read 16", line: 2)
    #expect(try file.read(count: 16) == Array(repeating: 0x5A, count: 16))
    recorder.end(status: "STATUS_SUCCESS", information: 16)
    recorder.recordObjects()
    try file.close()
    try driver.unload()
    let report = recorder.finish()

    #expect(report.isClean)
    #expect(report.actions.map(\.line) == [nil, 1, 2])
    let request = try #require(report.requests.first)
    #expect(report.requests.count == 1)
    #expect(request.action == 2 && request.isFinished)
    #expect(request.points.first?.step == 1 && request.points.last?.step == 6)
    #expect(Set(request.points.map(\.step)).isSuperset(of: [1, 3, 4, 5, 6]))
    #expect(report.objects.contains { $0.type == "WDFDRIVER" && !$0.children.isEmpty })
    #expect(report.pool.contains { $0.tag == "Io  " && $0.allocationCount > 0 })
    let data = try ReportFormat.json.data(of: report, root: "/")
    #expect(try RunReport(json: data) == report)
  }
}

/// Fills what it is asked for.
final class Recorded: SwiftDriver {
  init(_ driver: DriverObject) throws {
    let device = try driver.makeControlDevice(
      named: #"\Device\Recorded"#, link: #"\??\Recorded"#)
    try device.makeQueue(.parallel) { queue in
      queue.onRead { (request: consuming Request) in
        let count = request.length
        var output = try request.output()
        for index in 0..<count { output.storeBytes(of: 0x5A, toByteOffset: index, as: UInt8.self) }
        request.complete(information: count)
      }
    }
  }
}
