import Ring3
import Script

/// What one action did, for printing: the object of one line with `--json`.
struct ActionReport: Encodable {
  var op: String
  var handle: String?
  var status: String?
  var statusName: String?
  var information: Int?
  /// The output in hexadecimal: the first `information` bytes.
  var data: String?
  var nanoseconds: Int64?
  var line: Int?
  /// What else there is to say, or what was expected and is not so.
  var message: String?
  var ok: Bool?
  /// With `show objects`: an object of the driver framework.
  var object: FrameworkObjectReport?
  /// At unload: an object that a driver left.
  var leak: FrameworkLeakReport?

  init(_ action: Action) {
    op = action.word
    line = action.line
  }

  init(op: String, message: String) {
    self.op = op
    self.message = message
  }

  mutating func set(_ status: NTStatus) {
    self.status = "0x" + status.bits.hexadecimal(8)
    statusName = status.name
  }

  /// The line for people.
  var text: String {
    var parts = [op.padding(to: 7)]
    if let handle { parts.append(handle) }
    if let statusName = statusName ?? status { parts.append(statusName) }
    if let information { parts.append("information \(information)") }
    if let data, !data.isEmpty { parts.append(Self.excerpt(data)) }
    if let message { parts.append(message) }
    if let nanoseconds { parts.append("(\(nanoseconds) ns)") }
    return parts.joined(separator: " ")
  }

  /// Hexadecimal of at most 64 bytes.
  private static func excerpt(_ hexadecimal: String) -> String {
    let limit = 128
    guard hexadecimal.count > limit else { return "hex:" + hexadecimal }
    return "hex:" + hexadecimal.prefix(limit) + "… (\(hexadecimal.count / 2) bytes)"
  }
}

extension UInt32 {
  func hexadecimal(_ digits: Int) -> String {
    let text = String(self, radix: 16, uppercase: true)
    return String(repeating: "0", count: Swift.max(0, digits - text.count)) + text
  }
}

/// Bytes as hexadecimal digits.
func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
  var text = ""
  for byte in bytes {
    if byte < 16 { text += "0" }
    text += String(byte, radix: 16)
  }
  return text
}
