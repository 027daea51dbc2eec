extension NTStatus {
  /// The Windows name, for example `STATUS_BUFFER_TOO_SMALL`; nil for a code that the table does not have.
  public var name: String? {
    NTStatusTable.shared.names[bits].map { "STATUS_" + $0 }
  }

  /// Finds a status by its Windows name; the prefix `STATUS_` and the case may be left out.
  public init?(name: some StringProtocol) {
    var key = name.uppercased()
    if key.hasPrefix("STATUS_") { key.removeFirst("STATUS_".utf8.count) }
    guard let bits = NTStatusTable.shared.bits[key] else { return nil }
    self.init(bits: bits)
  }

  /// Reads a name or a number: `STATUS_PENDING`, `0x103`, `259`.
  public init?(_ text: some StringProtocol) {
    if let bits = UInt32(number: text) {
      self.init(bits: bits)
    } else {
      self.init(name: text)
    }
  }

  /// Every status that the table names, by rising value.
  public static var named: [NTStatus] {
    NTStatusTable.shared.names.keys.sorted().map(NTStatus.init(bits:))
  }
}

/// The names and values of status codes, kept as text and indexed once.
struct NTStatusTable: Sendable {
  /// The preferred name of each value, without `STATUS_`.
  let names: [UInt32: String]
  /// The value of each name, also of the second names.
  let bits: [String: UInt32]

  static let shared = NTStatusTable(lists: [
    success, information, warning, error, moreErrors, lateErrors, componentErrors,
  ])

  init(lists: [String]) {
    var names: [UInt32: String] = [:]
    var bits: [String: UInt32] = [:]
    for list in lists {
      for line in list.split(separator: "\n") {
        let fields = line.split(separator: " ")
        guard fields.count == 2, let value = UInt32(fields[0], radix: 16) else { continue }
        let name = String(fields[1])
        bits[name] = value
        if names[value] == nil { names[value] = name }
      }
    }
    (self.names, self.bits) = (names, bits)
  }
}
