import Foundation

/// A report as SARIF 2.1.0, as code-scanning pages take it: a result for each verdict and for each
/// thing that was left, at a line of the sources.
struct SarifReport {
  static func data(of report: RunReport, root: SourceRoot) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return try encoder.encode(SarifReport(report, root).log) + Data("\n".utf8)
  }

  /// The name of the folder that paths are relative to; code-scanning pages know it.
  static let rootID = "%SRCROOT%"

  let report: RunReport
  let places: SarifPlaces
  let rules: SarifRules

  private init(_ report: RunReport, _ root: SourceRoot) {
    self.report = report
    places = SarifPlaces(report: report, root: root)
    rules = SarifRules(report)
  }

  private var log: SarifLog {
    let folder = SarifLog.ArtifactLocation(uri: places.root.uri)
    return SarifLog(runs: [
      SarifLog.Run(
        tool: SarifLog.Tool(
          driver: SarifLog.Component(
            name: "Ring3", semanticVersion: "0.1.0",
            shortDescription: SarifLog.Message(
              text: "Runs Windows drivers in user mode and names their mistakes."),
            rules: rules.list)),
        automationDetails: SarifLog.AutomationDetails(id: "ring3/\(report.title)/"),
        invocations: [
          SarifLog.Invocation(
            executionSuccessful: true, startTimeUtc: report.started.formatted(.iso8601),
            endTimeUtc: report.started.addingTimeInterval(report.seconds).formatted(.iso8601),
            workingDirectory: folder)
        ],
        originalUriBaseIds: [Self.rootID: folder],
        results: report.verdicts.map(result) + leakResults)
    ])
  }

  private func result(_ verdict: RunReport.Verdict) -> SarifLog.Result {
    let causes = places.causes(of: verdict)
    return SarifLog.Result(
      ruleId: verdict.name, ruleIndex: rules.index(of: verdict.name),
      message: SarifLog.Message(text: message(verdict, causes)),
      locations: [places.location(of: verdict)],
      relatedLocations: causes.isEmpty ? nil : causes, codeFlows: places.flows(of: verdict),
      stacks: places.stacks(of: verdict), occurrenceCount: max(1, verdict.count),
      partialFingerprints: ["ring3/v1": Self.fingerprint(verdict, places.root)],
      properties: SarifLog.ResultProperties(
        code: verdict.code, codeName: verdict.codeName,
        parameters: verdict.parameters.isEmpty ? nil : verdict.parameters, irql: verdict.irql,
        request: verdict.request, scriptLine: verdict.scriptLine))
  }

  /// What is wrong, with links to the causes: `[allocated](1)` leads to the related location 1.
  private func message(_ verdict: RunReport.Verdict, _ causes: [SarifLog.Location]) -> String {
    var sentences = [Self.escaped(verdict.mistake)]
    if let detail = verdict.detail { sentences.append("In this case: \(Self.escaped(detail)).") }
    if let subject = verdict.subject { sentences.append("About: \(Self.escaped(subject)).") }
    for cause in causes {
      guard let id = cause.id, let event = cause.message?.text else { continue }
      sentences.append("It was [\(Self.escaped(event))](\(id)) before.")
    }
    if let request = verdict.request {
      let line = verdict.scriptLine.map { ", script line \($0)" } ?? ""
      sentences.append("The request: \(Self.escaped(request))\(line).")
    }
    return sentences.joined(separator: " ")
  }

  /// A text in a message, where brackets and backslashes mean links.
  private static func escaped(_ text: String) -> String {
    text.reduce(into: "") { result, character in
      if character == "[" || character == "]" || character == "\\" { result += "\\" }
      result.append(character)
    }
  }

  private var leakResults: [SarifLog.Result] {
    report.leaks.map { leak in
      SarifLog.Result(
        ruleId: SarifRules.leak, ruleIndex: rules.index(of: SarifRules.leak),
        message: SarifLog.Message(text: Self.escaped(leak)), locations: [places.fallback],
        occurrenceCount: 1,
        partialFingerprints: ["ring3/v1": Self.hash([SarifRules.leak, leak])],
        properties: SarifLog.ResultProperties())
    }
  }

  /// What stays the same when lines move: the rule, the functions and their files.
  static func fingerprint(_ verdict: RunReport.Verdict, _ root: SourceRoot) -> String {
    let calls = verdict.frames.flatMap { frame -> [String] in
      if frame.places.isEmpty { return [frame.function ?? frame.module ?? ""] }
      return frame.places.map { "\(root.shown($0.file)):\($0.function)" }
    }
    return hash([verdict.name, verdict.subject ?? ""] + calls)
  }

  /// 64 bits of FNV-1a.
  private static func hash(_ texts: [String]) -> String {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in texts.joined(separator: "\n").utf8 {
      hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
    }
    return hexadecimal(hash, digits: 16)
  }
}
