import Foundation

/// What there was to say about an image, kept beside it in the cache.
struct BuildRemarks: Codable {
  var warnings: String
  var notes: [String]

  init(warnings: String, notes: [String]) {
    self.warnings = warnings
    self.notes = notes
  }

  init?(path: String) {
    guard let data = FileManager.default.contents(atPath: path),
      let remarks = try? JSONDecoder().decode(BuildRemarks.self, from: data)
    else { return nil }
    self = remarks
  }

  var json: String {
    (try? JSONEncoder().encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? ""
  }
}
