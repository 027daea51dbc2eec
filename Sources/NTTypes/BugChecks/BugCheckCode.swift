/// The code of a bug check: why the system stopped.
public struct BugCheckCode: RawRepresentable, Hashable, Sendable {
  /// The number that the system uses.
  public let rawValue: UInt32
  /// Makes a value of the system's number.
  public init(rawValue: UInt32) { self.rawValue = rawValue }
  /// Makes a code of its number.
  public init(_ code: UInt32) { rawValue = code }

  /// Finds a code by its Windows name, for example `BAD_POOL_CALLER`.
  public init?(name: some StringProtocol) {
    guard let code = BugCheckTable.codes[name.uppercased()] else { return nil }
    rawValue = code
  }

  /// The Windows name, for example `DRIVER_IRQL_NOT_LESS_OR_EQUAL`; nil for a code that has none here.
  public var name: String? {
    BugCheckTable.entries[rawValue]?.name ?? BugCheckTable.furtherNames[rawValue]
  }

  /// What the code means, in one sentence.
  public var meaning: String? { BugCheckTable.entries[rawValue]?.meaning }

  /// What the four parameters mean; empty when the table does not say.
  public var parameterMeanings: [String] {
    guard let given = BugCheckTable.entries[rawValue]?.parameters, !given.isEmpty else { return [] }
    return given + Array(repeating: "unused", count: max(0, 4 - given.count))
  }

  /// What one of the parameters tells about the case at hand, for codes that stand for many checks.
  ///
  /// For 0xC4 that is the first parameter: the rule that was broken.
  public func detail(_ parameters: [UInt64]) -> String? {
    let index = self == .specialPoolCorruption ? 3 : 0
    guard parameters.count > index else { return nil }
    let value = parameters[index]
    if Self.exceptionCodes.contains(self) {
      return NTStatus(bits: UInt32(truncatingIfNeeded: value)).name.map { "the exception is \($0)" }
    }
    if self == .wdfViolation, value == 6, parameters.count > 1,
      let request = BugCheckTable.wdfRequestErrors[parameters[1]]
    {
      return request
    }
    return BugCheckTable.details[rawValue]?[value]
  }

  /// The codes whose first parameter is an exception.
  private static let exceptionCodes: Set<BugCheckCode> = [
    .kmodeExceptionNotHandled, .systemServiceException, .systemThreadExceptionNotHandled,
    .kernelModeExceptionNotHandled,
  ]

  /// Every code that the table names, by rising value.
  public static var named: [BugCheckCode] {
    (Array(BugCheckTable.entries.keys) + BugCheckTable.furtherNames.keys)
      .sorted().map(BugCheckCode.init(rawValue:))
  }
}

extension BugCheckCode: CustomStringConvertible {
  /// The Windows name and the number, as far as they are known.
  public var description: String {
    let number = rawValue.hexadecimal(digits: 8)
    guard let name else { return "bug check \(number)" }
    return "\(name) (\(number))"
  }
}
