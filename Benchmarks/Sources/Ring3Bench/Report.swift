import Foundation

/// The table that a person reads.
enum Report {
  private static let nameWidth = 50

  static func header() -> String {
    row("work", "median", "min..max", "Ring3 is")
      + "\n" + String(repeating: "-", count: nameWidth + 48)
  }

  static func text(_ result: CaseResult) -> String {
    var lines = [
      row(result.name, figure(result.figures.median, result.unit), spread(result.figures), "")
    ]
    for peer in result.peers {
      lines.append(
        row(
          "    " + peer.figures.name, figure(peer.figures.median, result.unit),
          spread(peer.figures), number(peer.ratio) + " x"))
    }
    for missing in result.missing { lines.append("    " + missing) }
    return lines.joined(separator: "\n")
  }

  static func json(_ results: [CaseResult]) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(results), as: UTF8.self)
  }

  private static func row(_ name: String, _ median: String, _ spread: String, _ ratio: String)
    -> String
  {
    name.padded(to: nameWidth) + median.right(17) + spread.right(20) + ratio.right(11)
  }

  private static func figure(_ nanoseconds: Double, _ unit: String) -> String {
    number(nanoseconds) + " ns" + (unit == "turn" ? "" : "/" + unit)
  }

  private static func spread(_ figures: Figures) -> String {
    number(figures.minimum) + ".." + number(figures.maximum)
  }

  /// Three digits that count.
  private static func number(_ value: Double) -> String {
    let decimals = value >= 100 ? 0 : value >= 10 ? 1 : value >= 0.1 ? 2 : 4
    return String(format: "%.\(decimals)f", value)
  }
}

extension String {
  fileprivate func padded(to width: Int) -> String {
    self + String(repeating: " ", count: max(1, width - count))
  }

  fileprivate func right(_ width: Int) -> String {
    String(repeating: " ", count: max(1, width - count)) + self
  }
}
