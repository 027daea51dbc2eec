import Foundation
import Reports
import Testing

/// `ring3 verify --schedules` and `--schedule`: orders of threads.
extension CommandLineTests {
  private static let raceFolder = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Drivers/Schedules")
    .path(percentEncoded: false)

  private static let race = raceFolder + "/CancelRace.c"

  private static let script = #"""
    open \\.\Defect
    async read 16
    cancel
    wait
    close
    unload
    """#

  private func objects(_ run: Run, _ op: String) throws -> [[String: Any]] {
    try run.output.split(separator: "\n").compactMap {
      try JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
    }.filter { $0["op"] as? String == op }
  }

  @Test func `verify finds a race in some orders, and run shows it again with the seed`() throws {
    try withFolder {
      try write("script", Self.script)
      let run = try ring3(
        "verify", "--no-kasan", "--json", "--schedules", "100", Self.race, "script")
      #expect(run.status == 3)
      let schedules = try objects(run, "schedule")
      #expect(schedules.count == 100)
      let crash = try #require(schedules.first { $0["outcome"] as? String == "crash" })
      #expect(crash["rule"] as? String == "DoubleCompletion")
      let seed = try #require(crash["seed"] as? Int)
      let digest = try #require(crash["digest"] as? String)
      #expect((crash["replay"] as? String)?.hasSuffix("--schedule=\(seed)") == true)
      for command in [["verify"], ["run", "--verify"]] {
        let again = try ring3(command + ["--no-kasan", "--schedule=\(seed)", Self.race, "script"])
        #expect(again.status == 3)
        #expect(again.output.contains("Rule: DoubleCompletion"))
        #expect(again.output.contains("\(digest) of seed \(seed)"))
      }
    }
  }

  @Test func `verify writes orders as one report, with each finding once`() throws {
    try withFolder {
      try write("script", Self.script)
      let run = try ring3(
        "verify", "--no-kasan", "--schedules=40", "--report", "runs.json", "--report=runs.xml",
        "--report",
        "runs.sarif", "--report", "runs.html", "--report", "runs.txt", Self.race, "script")
      #expect(run.status == 3, "\(run.errors)")
      let report = try RunReport(json: Data(contentsOf: folder.appending(path: "runs.json")))
      #expect(report.actions.count == 41 && report.actions[0].text == "without an order")
      #expect(report.title.hasSuffix(", orders of threads"))
      let verdict = try #require(report.verdicts.first { $0.rule == "DoubleCompletion" })
      #expect(report.verdicts.count { $0.rule == "DoubleCompletion" } == 1)
      let found = report.actions[try #require(verdict.action)]
      #expect(found.text.hasPrefix("schedule "))
      let seed = try #require(found.text.split(separator: " ").last)
      #expect(
        verdict.text.contains(
          "Again: ring3 verify --no-kasan \(Self.race) script --schedule=\(seed)"))
      #expect(verdict.text.contains("Order at the end, by thread:"))
      let others = report.actions.filter { $0.failure != nil }
      #expect(verdict.count == others.count + 1)
      #expect(others.allSatisfy { $0.failure?.contains("as in \(found.text).") == true })
      for (name, word) in [
        ("runs.xml", "failures=\"\(verdict.count)\""), ("runs.xml", "type=\"DoubleCompletion\""),
        ("runs.sarif", "\"occurrenceCount\" : \(verdict.count)"), ("runs.html", "DoubleCompletion"),
        ("runs.txt", "DoubleCompletion in schedule \(seed)"),
      ] {
        let text = try String(contentsOf: folder.appending(path: name), encoding: .utf8)
        #expect(text.contains(word), "\(name): \(word)")
      }
    }
  }

  @Test func `verify finds nothing in any order of the repaired driver`() throws {
    try withFolder {
      try write("script", Self.script)
      let run = try ring3("verify", "--schedules=100", "-DREPAIRED", Self.race, "script")
      #expect(run.status == 0, "\(run.output)")
      #expect(run.output.contains("100 clean, 0 crashed"))
    }
  }

  @Test func `with threads for requests verify finds what two requests at once do`() throws {
    try withFolder {
      try write(
        "script",
        #"""
        open \\.\Defect as a
        open \\.\Defect as b
        async write a "hello"
        async write b "hello"
        wait a
        wait b
        """#)
      let driver = Self.raceFolder + "/TwiceMade.c"
      let one = try ring3("verify", "--schedules=50", driver, "script")
      #expect(one.status == 0, "\(one.output)")
      let both = try ring3("verify", "--schedules=50", "--concurrent", driver, "script")
      #expect(both.status == 3 && both.output.contains("Rule: PoolLeft"), "\(both.output)")
      let repaired = try ring3(
        "verify", "--schedules=50", "--concurrent", "-DREPAIRED", driver, "script")
      #expect(repaired.status == 0, "\(repaired.output)")
    }
  }

  @Test func `orders are refused that are no orders`() throws {
    try withFolder {
      try write("script", Self.script)
      for words in [["--schedules=0"], ["--schedule=x"], ["--concurrent"]] {
        #expect(try ring3(["verify"] + words + [Self.race, "script"]).status == 2)
      }
      #expect(try ring3("run", "--concurrent", Self.race, "script").status == 2)
    }
  }
}
