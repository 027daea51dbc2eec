import Foundation
import NTTypes
import Testing

@Suite struct VerifierRuleTests {
  private var pages: URL {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appending(path: "../../Sources/Ring3/Ring3.docc/Rules").standardizedFileURL
  }

  @Test("every rule has a page with its mistake and its remedy, and is on the list")
  func pagesOfRules() throws {
    let list = try String(contentsOf: pages.appending(path: "Rules.md"), encoding: .utf8)
    for rule in VerifierRule.all {
      let page = try String(
        contentsOf: pages.appending(path: rule.page + ".md"), encoding: .utf8)
      #expect(page.hasPrefix("# \(rule.name)\n\n\(rule.mistake)\n"))
      #expect(page.contains("**Remedy**: \(rule.remedy)\n"))
      #expect(list.contains("- <doc:\(rule.page)>\n"))
    }
    let files = try FileManager.default.contentsOfDirectory(atPath: pages.path)
    #expect(files.count == VerifierRule.all.count + 1)
  }

  @Test("names are unique, and sentences end as sentences do")
  func sentences() {
    #expect(Set(VerifierRule.all.map(\.name)).count == VerifierRule.all.count)
    for rule in VerifierRule.all {
      #expect(rule.mistake.hasSuffix("."), "\(rule.name)")
      #expect(rule.remedy.hasSuffix(".") || rule.remedy.hasSuffix(";"), "\(rule.name)")
    }
  }

  @Test("the code of every rule has a name")
  func names() {
    for rule in VerifierRule.all { #expect(rule.code.name != nil, "\(rule.name): \(rule.code)") }
  }

  @Test("a verdict says what its rule says once")
  func message() {
    let text = BugCheck(.verifierDetectedViolation, 0x00, context: .init(line: 3, count: 2)).message
    #expect(text.contains("\nRule: PoolZeroBytes\nZero bytes of pool were asked for.\nRemedy: "))
    #expect(!text.contains("In this case"))
    #expect(text.contains("\nScript: line 3\nTimes: 2\n"))
    #expect(text.hasSuffix("More: ring3 explain PoolZeroBytes, or the page Rule-PoolZeroBytes"))
  }
}
