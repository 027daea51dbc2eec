import Foundation

/// A report as JSON: the value itself.
enum JSONReport {
  static func data(of report: RunReport) throws -> Data {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    encoder.dateEncodingStrategy = .iso8601
    return try encoder.encode(report) + Data("\n".utf8)
  }
}

extension RunReport {
  /// Reads a report that was written as JSON.
  ///
  /// - Throws: `DecodingError` for what is no report, or one of a later form.
  public init(json: Data) throws {
    let decoder = JSONDecoder()
    decoder.dateDecodingStrategy = .iso8601
    self = try decoder.decode(RunReport.self, from: json)
    guard version <= Self.currentVersion else {
      throw DecodingError.dataCorrupted(
        DecodingError.Context(
          codingPath: [],
          debugDescription:
            "The report has the form \(version); known are 1 to \(Self.currentVersion)."))
    }
  }
}
