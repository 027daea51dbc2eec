import Foundation
import FoundationXML
import Reports
import Ring3
import Testing

/// Each format is read back with what reads it elsewhere.
@Suite struct ReportTests {
  func text(_ report: RunReport, _ format: ReportFormat) throws -> String {
    try #require(String(data: try format.data(of: report, root: "/src/driver"), encoding: .utf8))
  }

  @Test(
    "the ending of a file says the format",
    arguments: [
      ("a.txt", ReportFormat.text), ("a.JSON", .json), ("a.xml", .junit), ("a.sarif", .sarif),
      ("a.sarif.json", .sarif), ("a.html", .html), ("a.htm", .html), ("a.pdf", nil), ("html", nil),
    ] as [(String, ReportFormat?)])
  func endings(path: String, format: ReportFormat?) {
    #expect(ReportFormat(path: path) == format)
  }

  @Test("what is written as JSON is read back as it was", arguments: [true, false])
  func json(isFull: Bool) throws {
    let report = isFull ? SampleReports.full : SampleReports.empty
    let data = try ReportFormat.json.data(of: report, root: "/")
    #expect(try RunReport(json: data) == report)
  }

  @Test("a report of a later form is not read")
  func laterForm() throws {
    var report = SampleReports.empty
    report.version = RunReport.currentVersion + 1
    let data = try ReportFormat.json.data(of: report, root: "/")
    #expect(throws: DecodingError.self) { try RunReport(json: data) }
  }

  @Test("JUnit has a test case for each action, and verdicts and failures fail it")
  func junit() throws {
    let data = try ReportFormat.junit.data(of: SampleReports.full, root: "/")
    let document = try XMLDocument(data: data)
    let cases = try document.nodes(forXPath: "/testsuites/testsuite/testcase")
    let suite = try #require(
      try document.nodes(forXPath: "/testsuites/testsuite").first as? XMLElement)
    #expect(cases.count == 4)
    #expect(suite.attribute(forName: "tests")?.stringValue == "4")
    #expect(suite.attribute(forName: "failures")?.stringValue == "3")
    let failures = try document.nodes(forXPath: "//testcase[@line='3']/failure")
    #expect(failures.count == 2)
    let first = try #require(failures.first as? XMLElement)
    #expect(first.attribute(forName: "type")?.stringValue == "PoolFreedTwice")
    #expect(first.stringValue?.contains("*** STOP: 0x000000C2") == true)
    let expected = try document.nodes(forXPath: "//testcase[@line='4']/failure/@message")
    #expect(expected.first?.stringValue?.contains("<script>alert(\"1\")</script> & ]]>") == true)
  }

  @Test("XML holds no character that XML has not")
  func xmlCharacters() throws {
    let text = try text(SampleReports.full, .junit)
    let bad = text.unicodeScalars.filter {
      $0.value < 0x20 && ![9, 10, 13].contains($0.value) || $0.value == 0xFFFE
    }
    #expect(bad.isEmpty)
  }

  @Test("text names each verdict with its action, and moves no cursor")
  func plainText() throws {
    let text = try text(SampleReports.full, .text)
    #expect(text.contains("1. PoolFreedTwice in line 3: write 4\n*** STOP: 0x000000C2"))
    #expect(text.contains("2. PageableAtRaisedLevel in line 3: write 4"))
    #expect(text.contains("3 actions, 2 verdicts, 1 failed, 1 left behind"))
    #expect(!text.contains("\u{1B}"))
  }

  @Test("an empty run is told of in every format", arguments: ReportFormat.allCases)
  func emptyRun(format: ReportFormat) throws {
    let text = try text(SampleReports.empty, format)
    #expect(text.contains("echo.sys"))
    #expect(SampleReports.empty.isClean && !SampleReports.full.isClean)
    if format == .html { #expect(text.contains("No rule was broken.")) }
  }

  @Test("the page has no markup of names, no script, and nothing from elsewhere")
  func html() throws {
    let text = try text(SampleReports.full, .html)
    #expect(!text.contains("<script"))
    #expect(text.contains("&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; ]]&gt;"))
    #expect(text.contains("{{x}}"))
    #expect(!text.contains("http://") && !text.contains("https://") && !text.contains("url("))
    #expect(text.contains("prefers-color-scheme: dark"))
    #expect(text.contains("&lt;&amp;&quot;&#39;"))
  }

  @Test("the page's tags are closed in order")
  func htmlIsWellFormed() throws {
    let text = try text(SampleReports.full, .html)
    var open: [Substring] = []
    for match in text.matches(of: /<(\/?)([a-z][a-z0-9]*)\b[^>]*?(\/?)>/) {
      let (_, closing, name, itself) = match.output
      if ["meta", "link", "br"].contains(name) || !itself.isEmpty { continue }
      if closing.isEmpty { open.append(name) } else { #expect(open.popLast() == name) }
    }
    #expect(open.isEmpty)
    #expect(text.contains("WDFDEVICE") && text.contains("PoolFreedTwice"))
    #expect(text.contains("<i class=\"driver\" style=\"left:62.50%;width:37.50%\""))
  }
}
