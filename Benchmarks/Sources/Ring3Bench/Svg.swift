import Foundation

/// A drawing of lines or bars, as SVG that reads on light and on dark ground.
struct Svg {
  struct Series {
    let name: String
    var points: [(x: Double, y: Double)] = []
  }

  let title: String
  let xTitle: String
  let yTitle: String
  var isLogarithmic = false

  private static let width = 720.0
  private static let height = 400.0
  private static let left = 70.0
  private static let right = 20.0
  private static let top = 40.0
  private static let bottom = 50.0
  private static let colors = ["#2a78d6", "#d9603b", "#2f9e63", "#8a5bd1"]

  /// Lines over x; both axes logarithmic when asked for.
  func lines(_ series: [Series]) -> String {
    let xs = series.flatMap { $0.points.map(\.x) }
    let ys = series.flatMap { $0.points.map(\.y) }
    guard let x0 = xs.min(), let x1 = xs.max(), let yMax = ys.max() else { return "" }
    let y0 = isLogarithmic ? ys.min() ?? 1 : 0
    let xAxis = Axis(x0, x1, isLogarithmic, Self.left, Self.width - Self.right)
    let yAxis = Axis(y0, yMax, isLogarithmic, Self.height - Self.bottom, Self.top)
    var body = frame()
    for tick in xAxis.ticks { body += xTick(xAxis.place(tick), label(tick)) }
    for tick in yAxis.ticks { body += yTick(yAxis.place(tick), label(tick)) }
    for (index, each) in series.enumerated() {
      let color = Self.colors[index % Self.colors.count]
      let path = each.points.map {
        "\(Self.digits(xAxis.place($0.x))),\(Self.digits(yAxis.place($0.y)))"
      }
      body +=
        "<polyline fill=\"none\" stroke=\"\(color)\" stroke-width=\"2\" points=\"\(path.joined(separator: " "))\"/>\n"
      let y = Self.top + 8 + Double(index) * 18
      body +=
        "<text x=\"\(Self.left + 14)\" y=\"\(y)\" fill=\"\(color)\">\(Self.escaped(each.name))</text>\n"
    }
    return document(body)
  }

  /// How far along the axis a value lies.
  private struct Axis {
    let low, high: Double
    let isLogarithmic: Bool
    let start, end: Double

    init(_ low: Double, _ high: Double, _ isLogarithmic: Bool, _ start: Double, _ end: Double) {
      self.low = isLogarithmic ? log2(max(low, 1e-9)) : low
      self.high = isLogarithmic ? log2(max(high, 1e-9)) : high
      self.isLogarithmic = isLogarithmic
      self.start = start
      self.end = end
    }

    func place(_ value: Double) -> Double {
      let value = isLogarithmic ? log2(max(value, 1e-9)) : value
      let span = high - low
      return start + (span == 0 ? 0 : (value - low) / span * (end - start))
    }

    var ticks: [Double] {
      if isLogarithmic {
        let step = max(1, ((high - low) / 6).rounded(.up))
        return Array(stride(from: low.rounded(.up), through: high, by: step)).map { exp2($0) }
      }
      let rough = max((high - low) / 6, 1e-9)
      let scale = pow(10, floor(log10(rough)))
      let step = ([1, 2, 5, 10].first { $0 * scale >= rough } ?? 10) * scale
      return Array(stride(from: (low / step).rounded(.up) * step, through: high, by: step))
    }
  }

  // MARK: Pieces

  private func frame() -> String {
    let bottom = Self.height - Self.bottom
    return """
      <text x="\(Self.left)" y="20" font-weight="bold">\(Self.escaped(title))</text>
      <text x="\((Self.left + Self.width) / 2)" y="\(Self.height - 10)" text-anchor="middle">
      \(Self.escaped(xTitle))</text>
      <text transform="translate(16 \(Self.height / 2)) rotate(-90)" text-anchor="middle">
      \(Self.escaped(yTitle))</text>
      <path d="M\(Self.left) \(Self.top)V\(bottom)H\(Self.width - Self.right)" fill="none"
      stroke="#808080"/>

      """
  }

  private func xTick(_ x: Double, _ text: String) -> String {
    let y = Self.height - Self.bottom
    return "<path d=\"M\(Self.digits(x)) \(y)v5\" stroke=\"#808080\"/>"
      + "<text x=\"\(Self.digits(x))\" y=\"\(y + 18)\" text-anchor=\"middle\">\(text)</text>\n"
  }

  private func yTick(_ y: Double, _ text: String) -> String {
    "<path d=\"M\(Self.left) \(Self.digits(y))H\(Self.width - Self.right)\" stroke=\"#808080\""
      + " stroke-opacity=\"0.25\"/>"
      + "<text x=\"\(Self.left - 6)\" y=\"\(Self.digits(y + 4))\" text-anchor=\"end\">\(text)</text>\n"
  }

  private func document(_ body: String) -> String {
    """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(Int(Self.width)) \(Int(Self.height))"
    font-family="sans-serif" font-size="12" fill="#808080">
    \(body)</svg>

    """
  }

  private func label(_ value: Double) -> String {
    let whole = Int(value.rounded())
    if abs(value - Double(whole)) > 1e-6 { return String(format: "%g", value) }
    guard isLogarithmic else { return String(whole) }
    return whole >= 1024 && whole % 1024 == 0
      ? whole.binary.replacing(" B", with: "") : String(whole)
  }

  private static func digits(_ value: Double) -> String { String(format: "%.1f", value) }

  private static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;")
  }

  /// The series of a file of plots: lines of series, x and y.
  static func series(_ lines: [String]) -> [Series] {
    var result: [Series] = []
    for line in lines {
      let fields = line.split(separator: "\t").map(String.init)
      guard fields.count == 3, let x = Double(fields[1]), let y = Double(fields[2]) else {
        continue
      }
      if result.last?.name != fields[0], !result.contains(where: { $0.name == fields[0] }) {
        result.append(Series(name: fields[0]))
      }
      guard let index = result.firstIndex(where: { $0.name == fields[0] }) else { continue }
      result[index].points.append((x, y))
    }
    return result
  }
}
