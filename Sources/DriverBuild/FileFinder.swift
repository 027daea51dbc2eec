/// Finds files as Windows does: names in any case, separated by slashes of either kind.
struct FileFinder {
  private var listings: [String: [String: String]] = [:]

  /// The absolute path of `name`, looked up from an absolute directory.
  mutating func find(_ name: String, in directory: String) -> String? {
    var path = name.hasPrefix("/") ? "/" : directory
    let parts = name.split(whereSeparator: { $0 == "/" || $0 == "\\" })
    for part in parts where part != "." {
      if part == ".." {
        path = parent(of: path)
        continue
      }
      guard let actual = entry(String(part), of: path) else { return nil }
      path = path == "/" ? "/" + actual : path + "/" + actual
    }
    return path
  }

  private mutating func entry(_ name: String, of directory: String) -> String? {
    let listing = listing(of: directory)
    return listing[name.lowercased()]
  }

  private mutating func listing(of directory: String) -> [String: String] {
    if let known = listings[directory] { return known }
    var listing: [String: String] = [:]
    for name in entries(of: directory) { listing[name.lowercased()] = name }
    listings[directory] = listing
    return listing
  }
}
