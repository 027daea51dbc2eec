import Foundation
import Mustache

/// A report as one page, which needs no other file and no script.
struct HtmlReport {
  static func text(of report: RunReport, root: SourceRoot) throws -> String {
    let library = MustacheLibrary(templates: [
      "object": try MustacheTemplate(string: HtmlTemplate.object),
      "frames": try MustacheTemplate(string: HtmlTemplate.frames),
      "poolHead": try MustacheTemplate(string: HtmlTemplate.poolHead),
      "poolRow": try MustacheTemplate(string: HtmlTemplate.poolRow),
    ])
    let page = try MustacheTemplate(string: HtmlTemplate.page)
    return page.render(HtmlReport(report: report, root: root).values, library: library)
  }

  /// So many requests, objects and actions are shown; the page says of how many.
  static let limit = 500

  let report: RunReport
  let root: SourceRoot

  /// What the template shows; each text is escaped as it is filled in.
  private var values: [String: Any] {
    [
      "title": shown(report.title), "style": HtmlStyle.text,
      "summary": TextReport.summary(report), "clean": report.isClean,
      "facts": facts, "verdicts": report.verdicts.enumerated().map(verdict),
      "hasVerdicts": !report.verdicts.isEmpty,
      "leaks": report.leaks.map(shown), "hasLeaks": !report.leaks.isEmpty,
      "actions": actions, "hasActions": !report.actions.isEmpty,
      "requests": HtmlTimeline(report).values,
      "changing": HtmlCharts(report).changing, "constant": HtmlCharts(report).constant,
      "constantCount": HtmlCharts(report).constant.count,
      "hasConstant": !HtmlCharts(report).constant.isEmpty, "hasPool": !report.pool.isEmpty,
      "lookaside": HtmlCharts(report).lookaside,
      "hasLookaside": !report.lookasideLists.isEmpty,
      "objects": report.objects.prefix(Self.limit).map(object),
      "hasObjects": !report.objects.isEmpty,
    ]
  }

  private var facts: [[String: Any]] {
    var facts = [
      ("Drivers", report.drivers.map { root.shown($0.path) }.joined(separator: ", ")),
      ("Script", report.script.map(root.shown) ?? ""),
      ("Checked", report.classes.joined(separator: ", ")),
      ("Begun", report.started.formatted(.iso8601)),
      ("Took", Self.duration(Int64(report.seconds * 1e9))),
    ]
    facts.removeAll { $0.1.isEmpty }
    return facts.map { ["name": $0.0, "value": shown($0.1)] }
  }

  private func verdict(_ index: Int, _ verdict: RunReport.Verdict) -> [String: Any] {
    var facts: [(String, String)] = [
      ("Stop code", [verdict.code, verdict.codeName].compactMap(\.self).joined(separator: " ")),
      ("Parameters", verdict.parameters.joined(separator: ", ")),
      ("In this case", verdict.detail ?? ""), ("About", verdict.subject ?? ""),
      ("Level", verdict.irql ?? ""), ("Request", verdict.request ?? ""),
      ("Script", verdict.scriptLine.map { "line \($0)" } ?? ""),
      ("Action", verdict.action.flatMap { text(ofAction: $0) } ?? ""),
      ("Times", verdict.count > 1 ? "\(verdict.count)" : ""),
      ("Classes", verdict.classes.joined(separator: ", ")),
      ("More", verdict.rule.map { "ring3 explain \($0)" } ?? ""),
    ]
    facts.removeAll { $0.1.isEmpty }
    return [
      "number": index + 1, "name": shown(verdict.name), "mistake": shown(verdict.mistake),
      "remedy": shown(verdict.remedy ?? ""), "hasRemedy": verdict.remedy != nil,
      "place": verdict.place.map { shown("\(root.shown($0.file)):\($0.line)") } ?? "",
      "hasPlace": verdict.place != nil, "endsRun": verdict.endsRun,
      "facts": facts.map { ["name": $0.0, "value": shown($0.1)] },
      "stacks": [stack("Calls, newest first", verdict.frames)].compactMap(\.self)
        + verdict.causes.compactMap { stack("Before, \($0.event) by", $0.frames) },
    ]
  }

  private func stack(_ title: String, _ frames: [RunReport.Frame]) -> [String: Any]? {
    guard !frames.isEmpty else { return nil }
    let lines: [[String: Any]] = frames.map { frame in
      let places = frame.places.map { "\(root.shown($0.file)):\($0.line)" }
      let name = frame.module.map { module in
        module + (frame.offset.map { "+0x" + hexadecimal($0) } ?? "")
      }
      return [
        "function": shown(frame.function ?? name ?? frame.address),
        "place": shown(places.first ?? ""),
        "address": shown(
          [frame.address, name, frame.symbol].compactMap(\.self).joined(separator: " ")),
      ]
    }
    return ["title": shown(title), "frames": lines]
  }

  private func text(ofAction index: Int) -> String? {
    report.actions.indices.contains(index) ? report.actions[index].text : nil
  }

  private var actions: [[String: Any]] {
    let broken = Set(report.verdicts.compactMap(\.action))
    return report.actions.prefix(Self.limit).enumerated().map { index, action in
      [
        "line": action.line.map(String.init) ?? "", "text": shown(action.text),
        "status": shown(action.status ?? ""),
        "information": action.information.map(String.init) ?? "",
        "note": shown([action.failure ?? action.message].compactMap(\.self).joined()),
        "duration": Self.duration(action.duration),
        "bad": action.failure != nil || broken.contains(index),
      ]
    }
  }

  private func object(_ node: RunReport.ObjectNode) -> [String: Any] {
    [
      "type": shown(node.type), "name": shown(node.name), "address": shown(node.address),
      "detail": shown(node.detail),
      "references": node.address.isEmpty ? "" : "\(node.referenceCount)",
      "hasReferences": !node.address.isEmpty,
      "children": node.children.prefix(Self.limit).map(object),
      "hasChildren": !node.children.isEmpty,
    ]
  }

  private func shown(_ text: String) -> String { TextReport.visible(text) }

  /// A time as people read it: `12 µs`.
  static func duration(_ nanoseconds: Int64) -> String {
    switch nanoseconds {
    case ..<1_000: "\(nanoseconds) ns"
    case ..<1_000_000: String(format: "%.1f µs", Double(nanoseconds) / 1e3)
    case ..<1_000_000_000: String(format: "%.1f ms", Double(nanoseconds) / 1e6)
    default: String(format: "%.2f s", Double(nanoseconds) / 1e9)
    }
  }
}
