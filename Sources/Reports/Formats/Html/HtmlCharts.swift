import Foundation

/// Pool and lookaside lists over the actions, as lines.
struct HtmlCharts {
  let report: RunReport

  init(_ report: RunReport) { self.report = report }

  private static let width = 240.0
  private static let height = 40.0

  /// The tags whose use changed after the first sample, most changes first.
  var changing: [[String: Any]] {
    pool(report.pool.filter { $0.samples.count > 1 || ($0.samples.first?.action ?? 0) > 0 })
  }

  /// The other tags: mostly the system's own.
  var constant: [[String: Any]] {
    pool(report.pool.filter { $0.samples.count <= 1 && ($0.samples.first?.action ?? 0) == 0 })
  }

  private func pool(_ histories: [RunReport.PoolHistory]) -> [[String: Any]] {
    histories.sorted { ($1.samples.count, $0.tag) < ($0.samples.count, $1.tag) }.map { history in
      let values = history.samples.map { ($0.action, Double($0.byteCount)) }
      let most = history.samples.map(\.byteCount).max() ?? 0
      return [
        "tag": TextReport.visible(history.tag), "kind": history.isPaged ? "paged" : "nonpaged",
        "allocations": "\(history.allocationCount)", "frees": "\(history.freeCount)",
        "live": "\(history.samples.last?.blockCount ?? 0)",
        "peak": Self.bytes(history.peakByteCount),
        "path": path(values, most: Double(most)),
        "label":
          "Bytes with the tag \(TextReport.visible(history.tag)) after each action: at most \(most)",
        "left": (history.samples.last?.blockCount ?? 0) > 0,
      ]
    }
  }

  var lookaside: [[String: Any]] {
    report.lookasideLists.map { history in
      let most = history.samples.map { max($0.depth, $0.keptCount) }.max() ?? 0
      return [
        "tag": TextReport.visible(history.tag), "bytes": Self.bytes(history.entryByteCount),
        "allocations": "\(history.allocationCount)", "misses": "\(history.missCount)",
        "depth": "\(history.samples.last?.depth ?? 0)",
        "kept": "\(history.samples.last?.keptCount ?? 0)",
        "depthPath": path(
          history.samples.map { ($0.action, Double($0.depth)) }, most: Double(most)),
        "keptPath": path(
          history.samples.map { ($0.action, Double($0.keptCount)) }, most: Double(most)),
        "label":
          "Depth and entries kept with the tag \(TextReport.visible(history.tag)): at most \(most)",
      ]
    }
  }

  /// A line in steps: each value holds until the action that changed it.
  private func path(_ values: [(Int, Double)], most: Double) -> String {
    let count = Double(max(1, report.actions.count))
    var path = ""
    // Nothing was there before the first sample.
    let before = (values.first?.0 ?? 0) > 0 ? [(0, 0.0)] : []
    for (action, value) in before + values {
      let x = Double(action) / count * Self.width
      let y = Self.height - 2 - (most == 0 ? 0 : value / most * (Self.height - 4))
      path += path.isEmpty ? Self.point("M", x, y) : Self.number("H", x) + Self.number("V", y)
    }
    return path.isEmpty ? path : path + Self.number("H", Self.width)
  }

  private static func point(_ letter: String, _ x: Double, _ y: Double) -> String {
    letter + String(format: "%.1f %.1f", x, y)
  }

  private static func number(_ letter: String, _ value: Double) -> String {
    letter + String(format: "%.1f", value)
  }

  private static func bytes(_ count: Int) -> String {
    count < 10_000 ? "\(count) B" : String(format: "%.1f KiB", Double(count) / 1024)
  }
}
