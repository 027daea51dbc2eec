import Foundation

/// What the sources of a driver reach by including, apart from the bundled headers.
///
/// The compiler has the last word; this scan only needs to find no less than it.
struct IncludeScan {
  /// A source or header.
  struct File {
    var path: String
    var data: Data

    func contains(_ text: String) -> Bool {
      data.withUnsafeBytes { find(text, in: $0) != nil }
    }
  }

  /// The sources first, then the headers that they reach.
  private(set) var files: [File] = []
  /// The absolute directories in which headers were found or may be found.
  private(set) var directories: Set<String> = []
  /// The last components of all included names, in lower case.
  private(set) var includedNames: Set<String> = []
  /// The names of included trace headers, in lower case.
  private(set) var traceHeaders: Set<String> = []
  /// Whether all includes could be read; a macro can name a file, too.
  private(set) var isComplete = true

  private var finder = FileFinder()
  private var seen: Set<String> = []
  private let searched: [String]

  init(sources: [String], directories: [String]) {
    searched = directories.map(absolute)
    self.directories.formUnion(searched)
    for source in sources {
      let path = absolute(source)
      guard seen.insert(path).inserted else { continue }
      read(path)
    }
    var next = 0
    while next < files.count {
      follow(files[next], sourceDirectories: sources.map { parent(of: absolute($0)) })
      next += 1
    }
  }

  private mutating func read(_ path: String) {
    guard let data = FileManager.default.contents(atPath: path) else { return }
    directories.insert(parent(of: path))
    files.append(File(path: path, data: data))
  }

  private mutating func follow(_ file: File, sourceDirectories: [String]) {
    for directive in file.data.withUnsafeBytes({ IncludeDirective.all(in: $0) }) {
      guard let name = directive.name else {
        isComplete = false
        continue
      }
      let plain = lastComponent(name.lowercased().replacingOccurrences(of: "\\", with: "/"))
      includedNames.insert(plain)
      if plain.hasSuffix(".tmh") {
        traceHeaders.insert(plain)
        continue
      }
      let beside = directive.isQuoted ? [parent(of: file.path)] + sourceDirectories : []
      for directory in beside + searched {
        guard let path = finder.find(name, in: directory), isFile(path) else { continue }
        if seen.insert(path).inserted { read(path) }
        break
      }
    }
  }

  /// Whether a file in a directory of the sources may be included by some spelling of its name.
  func mayInclude(_ name: String) -> Bool {
    !isComplete || includedNames.contains(name.lowercased())
  }
}
