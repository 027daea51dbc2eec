import Foundation
import Reports
import Ring3
import Testing

/// What SARIF 2.1.0 and code-scanning pages ask of a log.
@Suite struct SarifTests {
  typealias Object = [String: Any]

  func log(_ report: RunReport) throws -> Object {
    let data = try ReportFormat.sarif.data(of: report, root: "/src/driver")
    return try #require(try JSONSerialization.jsonObject(with: data) as? Object)
  }

  func run(_ report: RunReport) throws -> Object {
    let log = try log(report)
    #expect(log["version"] as? String == "2.1.0")
    #expect((log["$schema"] as? String)?.hasSuffix("sarif-2.1.0.json") == true)
    return try #require((log["runs"] as? [Object])?.first)
  }

  func value(_ object: Any?, _ path: String...) -> Any? {
    path.reduce(object) { object, key in
      Int(key).map { index in
        (object as? [Any]).flatMap { $0.indices.contains(index) ? $0[index] : nil }
      }
        ?? (object as? Object)?[key]
    }
  }

  @Test("a run without verdicts has a tool and no results")
  func empty() throws {
    let run = try run(SampleReports.empty)
    #expect((run["results"] as? [Any])?.isEmpty == true)
    #expect(value(run, "tool", "driver", "name") as? String == "Ring3")
    #expect((value(run, "tool", "driver", "rules") as? [Any])?.isEmpty == true)
  }

  @Test("each result has its rule with help, a message, a place, and a fingerprint")
  func results() throws {
    let run = try run(SampleReports.full)
    let results = try #require(run["results"] as? [Object])
    let rules = try #require(value(run, "tool", "driver", "rules") as? [Object])
    #expect(results.count == 3)
    for result in results {
      let rule = rules[try #require(result["ruleIndex"] as? Int)]
      #expect(rule["id"] as? String == result["ruleId"] as? String)
      #expect((value(rule, "help", "text") as? String)?.isEmpty == false)
      #expect((value(rule, "help", "markdown") as? String)?.isEmpty == false)
      #expect((value(rule, "shortDescription", "text") as? String)?.isEmpty == false)
      #expect((value(result, "message", "text") as? String)?.isEmpty == false)
      #expect((result["partialFingerprints"] as? [String: String])?.isEmpty == false)
      let place = value(result, "locations", "0", "physicalLocation")
      #expect((value(place, "artifactLocation", "uri") as? String)?.isEmpty == false)
      #expect((value(place, "region", "startLine") as? Int ?? 0) > 0)
    }
  }

  @Test("a verdict points to the line of the driver's source, and its causes to theirs")
  func places() throws {
    let result = value(try run(SampleReports.full), "results", "0")
    let place = value(result, "locations", "0", "physicalLocation")
    #expect(value(place, "artifactLocation", "uri") as? String == "echo.c")
    #expect(value(place, "artifactLocation", "uriBaseId") as? String == "%SRCROOT%")
    #expect(value(place, "region", "startLine") as? Int == 20)
    let cause = value(result, "relatedLocations", "1")
    #expect(value(cause, "id") as? Int == 2)
    #expect(
      value(cause, "physicalLocation", "artifactLocation", "uri") as? String
        == "file:///C%3A/src/other%20file.c")
    let text = value(result, "message", "text") as? String
    #expect(text?.contains("It was [released](2) before.") == true)
    #expect(text?.contains(#"\[link\](9)"#) == true)
    let flow = value(result, "codeFlows", "0", "threadFlows", "0", "locations") as? [Any]
    #expect(flow?.count == 4)
  }

  @Test("a verdict without a source points to the line of the script")
  func scriptLine() throws {
    var report = SampleReports.twoActions("echo.sys")
    report.verdicts = [
      RunReport.Verdict(
        BugCheck(.badPoolCaller, 0x07, context: BugCheck.Context(line: 3)), action: 1)
    ]
    let place = value(try run(report), "results", "0", "locations", "0", "physicalLocation")
    #expect(value(place, "artifactLocation", "uri") as? String == "run%20me.txt")
    #expect(value(place, "region", "startLine") as? Int == 3)
  }

  @Test("a fingerprint stays when lines move, and tells places apart")
  func fingerprints() throws {
    func fingerprint(_ change: (inout BugCheck) -> Void) throws -> String? {
      var check = SampleReports.poolTwice
      change(&check)
      var report = SampleReports.empty
      report.verdicts = [RunReport.Verdict(check)]
      return value(try run(report), "results", "0", "partialFingerprints", "ring3/v1") as? String
    }
    let first = try fingerprint { _ in }
    #expect(try fingerprint { $0.context.frames[0].places[0].line = 99 } == first)
    #expect(try fingerprint { $0.context.frames[0].places[0].function = "Other" } != first)
  }
}
