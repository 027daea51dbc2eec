import Foundation

/// Figures of several runs by name, and the table that is made of them.
struct Comparison {
  private(set) var samples: [String: [Double]] = [:]

  /// Reads lines of a name, a tabulator and a figure.
  init(lines: String) {
    for line in lines.split(separator: "\n") {
      let fields = line.split(separator: "\t")
      if fields.count == 2, let value = Double(fields[1]) {
        samples[String(fields[0]), default: []].append(value)
      }
    }
    for (name, value) in Row.limits { samples[name] = [value] }
  }

  func figures(_ name: String) -> Figures? {
    samples[name].map { Figures(name: name, samples: $0) }
  }

  /// One line of the table for each bar.
  var lines: [Line] {
    Row.all.flatMap { row in row.bars.map { line(row, $0) } }
  }

  private func line(_ row: Row, _ bar: Bar) -> Line {
    let subject = figures(row.subject)
    var peer = figures(bar.peer)?.median
    if let addition = bar.addition {
      let more = figures(addition)?.median
      peer = peer.flatMap { peer in more.map { peer + $0 } }
    }
    return Line(row: row, bar: bar, subject: subject, peer: peer)
  }

  struct Line {
    let row: Row
    let bar: Bar
    let subject: Figures?
    let peer: Double?

    var ratio: Double? {
      guard let subject, let peer, peer > 0 else { return nil }
      return subject.median / peer
    }

    var verdict: String {
      guard let ratio else { return "not measured" }
      return ratio <= bar.factor ? "reached" : "**missed**"
    }
  }

  // MARK: Markdown

  func markdown(host: String) -> String {
    var text = "# Ring3 beside its peers\n\n\(host)\n\n"
    text += "Nanoseconds where nothing else is said; medians of the rounds, in brackets the "
    text += "extremes. A round measures work of one thread in 24 slices, of two threads in 4, and "
    text += "takes the fastest. A ratio is Ring3's median over the peer's, and is to be at most "
    text += "the bar.\n\n"
    text += "| # | work | Ring3 | peer | | ratio | bar | |\n|---|---|---:|---|---:|---:|---:|---|\n"
    for line in lines { text += Self.markdown(line) }
    text += "\nFigures of two threads belong to one regime of the cache: there and back, a line "
    text += "took \(spread("pool, two threads, 256 B / cache line, there and back")) ns.\n"
    text += "\n## Peers\n\n| peer | ns |\n|---|---:|\n"
    for name in samples.keys.sorted() where isPeer(name) {
      text += "| \(name) | \(spread(name)) |\n"
    }
    return text
  }

  private func isPeer(_ name: String) -> Bool {
    ["glibc", "jemalloc", "mimalloc", "tcmalloc", "DPDK", "Wine"].contains { name.hasPrefix($0) }
  }

  private func spread(_ name: String) -> String {
    guard let figures = figures(name) else { return "-" }
    return
      "\(Self.number(figures.median)) (\(Self.number(figures.minimum))..\(Self.number(figures.maximum)))"
  }

  private static func markdown(_ line: Line) -> String {
    let subject = line.subject.map {
      "\(number($0.median)) (\(number($0.minimum))..\(number($0.maximum)))"
    }
    let cells = [
      line.row.number, line.row.work, subject ?? "-", line.bar.text,
      line.peer.map(number) ?? "-", line.ratio.map(number) ?? "-", number(line.bar.factor),
      line.verdict,
    ]
    return "| " + cells.joined(separator: " | ") + " |\n"
  }

  /// Three digits that count.
  static func number(_ value: Double) -> String {
    let decimals = value >= 100 ? 0 : value >= 10 ? 1 : value >= 0.1 ? 2 : 4
    return String(format: "%.\(decimals)f", value)
  }
}
