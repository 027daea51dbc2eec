import Foundation

/// A virtual file system in which clang finds headers whatever the case of their names.
enum HeaderOverlay {
  /// The overlay's text: every file of the trees, and what the sources may include.
  static func yaml(trees: [String], scan: IncludeScan) -> String {
    var listed: [String: Set<String>] = [:]
    for directory in scan.directories {
      for name in entries(of: directory)
      where scan.mayInclude(name) && isFile(directory + "/" + name) {
        listed[directory, default: []].insert(name)
      }
    }
    for file in trees.flatMap(tree) {
      listed[parent(of: file), default: []].insert(lastComponent(file))
    }
    let roots = listed.sorted { $0.key < $1.key }.map { directory, names in
      let files = names.sorted().map { name in
        """
        {"type":"file","name":\(quoted(name)),\
        "external-contents":\(quoted(directory + "/" + name))}
        """
      }
      return """
        {"type":"directory","name":\(quoted(directory)),"contents":[
        \(files.joined(separator: ",\n"))]}
        """
    }
    return """
      {"version":0,"case-sensitive":"false","roots":[
      \(roots.joined(separator: ",\n"))]}

      """
  }

  /// All files below a directory, by absolute path.
  static func tree(_ directory: String) -> [String] {
    let root = absolute(directory)
    return entries(of: root).flatMap { name -> [String] in
      let path = root + "/" + name
      return isDirectory(path) ? tree(path) : [path]
    }
  }

  private static func quoted(_ text: String) -> String {
    let escaped = text.replacingOccurrences(of: "\\", with: "\\\\")
      .replacingOccurrences(of: "\"", with: "\\\"")
    return "\"\(escaped)\""
  }
}
