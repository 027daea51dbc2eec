import Foundation

/// The requests of a report: all of them on the time of the run, and each on its own.
struct HtmlTimeline {
  let report: RunReport

  init(_ report: RunReport) { self.report = report }

  /// The three parts of the way that bars show.
  private static let parts: [(name: String, steps: ClosedRange<Int>)] = [
    ("prepare", 1...3), ("driver", 4...5), ("finish", 6...6),
  ]

  var values: [String: Any] {
    let shown = report.requests.prefix(HtmlReport.limit)
    let hidden = report.requests.count - shown.count + report.unrecordedRequestCount
    return [
      "any": !report.requests.isEmpty, "list": shown.enumerated().map(request),
      "hidden": hidden, "hasHidden": hidden > 0, "lanes": lanes(Array(shown)),
      "span": HtmlReport.duration(Int64(report.seconds * 1e9)),
    ]
  }

  private func request(_ index: Int, _ request: RunReport.Request) -> [String: Any] {
    let action =
      report.actions.indices.contains(request.action) ? report.actions[request.action] : nil
    return [
      "number": index + 1, "text": TextReport.visible(action?.text ?? ""),
      "line": action?.line.map(String.init) ?? "", "hasLine": action?.line != nil,
      "start": HtmlReport.duration(max(0, request.start)),
      "duration": request.isFinished ? HtmlReport.duration(request.duration) : "not finished",
      "segments": segments(request),
      "points": request.points.map { point in
        [
          "step": point.step, "time": HtmlReport.duration(point.time),
          "text": TextReport.visible(point.text), "irql": point.irql, "thread": point.thread,
        ] as [String: Any]
      },
    ]
  }

  /// What of the request's time each part took.
  private func segments(_ request: RunReport.Request) -> [[String: Any]] {
    // One that is still with the driver goes on behind what was recorded.
    let total = max(1, request.isFinished ? request.duration : request.duration * 4 / 3 + 1)
    var starts: [Int64] = []
    for part in Self.parts {
      let first = request.points.first { $0.step >= part.steps.lowerBound }
      starts.append(first?.time ?? total)
    }
    // The driver has the request from being sent until it completed it; what follows is the finish.
    let completed = request.points.last { $0.name == "completed" }?.time
    if let completed { starts[2] = min(max(completed, starts[1]), total) }
    let ends = Array(starts.dropFirst()) + [total]
    return Self.parts.indices.compactMap { index in
      let length = ends[index] - starts[index]
      guard length > 0 else { return nil }
      return [
        "part": Self.parts[index].name, "left": Self.percent(starts[index], total),
        "width": Self.percent(length, total), "duration": HtmlReport.duration(length),
      ]
    }
  }

  /// The requests in as few rows as let none cover another.
  private func lanes(_ requests: [RunReport.Request]) -> [[String: Any]] {
    var lanes: [(end: Int64, bars: [[String: Any]])] = []
    let span = max(1, Int64(report.seconds * 1e9))
    for (index, request) in requests.enumerated() {
      let start = max(0, request.start)
      let bar: [String: Any] = [
        "left": Self.percent(start, span), "number": index + 1,
        "width": Self.percent(max(request.duration, 1), span),
      ]
      if let free = lanes.firstIndex(where: { $0.end <= start }) {
        lanes[free].bars.append(bar)
        lanes[free].end = start + request.duration
      } else if lanes.count < 12 {
        lanes.append((start + request.duration, [bar]))
      }
    }
    return lanes.map { ["bars": $0.bars] }
  }

  private static func percent(_ part: Int64, _ whole: Int64) -> String {
    String(format: "%.2f", min(100, Double(part) * 100 / Double(whole)))
  }
}
