import Foundation
import FoundationXML

/// A report as JUnit XML: each action is a test case, and verdicts are its failures.
enum JUnitReport {
  static func document(of report: RunReport) -> XMLDocument {
    let cases = testCases(report)
    let failureCount = cases.count { $0.isFailure }
    let suite = element(
      "testsuite",
      [
        ("name", report.title), ("tests", "\(cases.count)"), ("failures", "\(failureCount)"),
        ("errors", "0"), ("skipped", "0"), ("time", seconds(report.seconds)),
        ("timestamp", timestamp(report.started)),
      ])
    for testCase in cases { suite.addChild(testCase.element) }
    let root = element(
      "testsuites",
      [
        ("name", "Ring3"), ("tests", "\(cases.count)"), ("failures", "\(failureCount)"),
        ("errors", "0"), ("time", seconds(report.seconds)),
      ])
    root.addChild(suite)
    let document = XMLDocument(rootElement: root)
    document.version = "1.0"
    document.characterEncoding = "UTF-8"
    return document
  }

  private struct TestCase {
    var element: XMLElement
    var isFailure: Bool
  }

  private static func testCases(_ report: RunReport) -> [TestCase] {
    let byAction = Dictionary(grouping: report.verdicts) { verdict in
      verdict.action.flatMap { report.actions.indices.contains($0) ? $0 : nil } ?? -1
    }
    var cases = report.actions.enumerated().map { index, action in
      testCase(action, byAction[index] ?? [], report)
    }
    if let loose = byAction[-1] {
      cases.append(testCase(RunReport.Action(text: "the drivers"), loose, report))
    }
    if !report.leaks.isEmpty { cases.append(leakCase(report)) }
    return cases
  }

  private static func testCase(
    _ action: RunReport.Action, _ verdicts: [RunReport.Verdict], _ report: RunReport
  ) -> TestCase {
    let name = (action.line.map { "line \($0): " } ?? "") + action.text
    var attributes = [
      ("name", name), ("classname", report.script ?? report.title),
      ("time", seconds(Double(action.duration) / 1e9)),
    ]
    if let script = report.script { attributes.append(("file", script)) }
    if let line = action.line { attributes.append(("line", "\(line)")) }
    let result = element("testcase", attributes)
    if let failure = action.failure {
      result.addChild(element("failure", [("message", failure), ("type", "expectation")], failure))
    }
    for verdict in verdicts {
      result.addChild(
        element(
          "failure", [("message", verdict.mistake), ("type", verdict.name)], verdict.text))
    }
    if let output = output(action) { result.addChild(element("system-out", [], output)) }
    return TestCase(element: result, isFailure: action.failure != nil || !verdicts.isEmpty)
  }

  private static func leakCase(_ report: RunReport) -> TestCase {
    let result = element(
      "testcase",
      [
        ("name", "nothing is left"), ("classname", report.script ?? report.title),
        ("time", "0.000"),
      ])
    let text = report.leaks.joined(separator: "\n")
    let message = "\(report.leaks.count) left behind"
    result.addChild(element("failure", [("message", message), ("type", "leak")], text))
    return TestCase(element: result, isFailure: true)
  }

  private static func output(_ action: RunReport.Action) -> String? {
    let parts = [
      action.status, action.information.map { "information \($0)" }, action.message,
    ].compactMap(\.self)
    return parts.isEmpty ? nil : parts.joined(separator: ", ")
  }

  // MARK: XML

  private static func element(
    _ name: String, _ attributes: [(String, String)], _ text: String? = nil
  ) -> XMLElement {
    let element =
      text.map { XMLElement(name: name, stringValue: allowed($0)) }
      ?? XMLElement(name: name)
    for (key, value) in attributes {
      let attribute = XMLNode(kind: .attribute)
      attribute.name = key
      attribute.stringValue = allowed(value)
      element.addAttribute(attribute)
    }
    return element
  }

  /// What XML 1.0 may hold: other characters become U+FFFD.
  static func allowed(_ text: String) -> String {
    String(
      String.UnicodeScalarView(
        text.unicodeScalars.map { scalar in
          switch scalar.value {
          case 0x9, 0xA, 0xD, 0x20...0xD7FF, 0xE000...0xFFFD, 0x1_0000...0x10_FFFF: scalar
          default: "\u{FFFD}"
          }
        }))
  }

  private static func seconds(_ value: Double) -> String {
    String(format: "%.6f", value)
  }

  private static func timestamp(_ date: Date) -> String {
    String(date.formatted(.iso8601).dropLast())
  }
}
