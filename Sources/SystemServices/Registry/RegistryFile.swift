import Objects

/// One change that a registry text asks for.
enum RegistryEdit: Equatable {
  /// Paths begin below `\REGISTRY`.
  case makeKey(String)
  case deleteKey(String)
  case setValue(key: String, name: String, type: UInt32, data: [UInt8])
  case deleteValue(key: String, name: String)
}

/// The text form of a registry, as `regedit` exports it.
enum RegistryFile {
  /// Reads a text.
  ///
  /// - Throws: ``RegistryError`` with the line and what to write instead.
  static func parse(_ text: String) throws(RegistryError) -> [RegistryEdit] {
    var edits: [RegistryEdit] = []
    var key: String?
    var isFirst = true
    for line in logicalLines(text) {
      let content = line.text
      if content.isEmpty || content.hasPrefix(";") { continue }
      defer { isFirst = false }
      if isFirst, content == "REGEDIT4" || content.hasPrefix("Windows Registry Editor Version") {
        continue
      }
      if content.hasPrefix("[") {
        let edit = try keyLine(content, line.number)
        edits.append(edit)
        if case .makeKey(let path) = edit { key = path } else { key = nil }
      } else {
        guard let key else {
          throw RegistryError(
            line: line.number,
            reason: #"a value stands before any key; write [HKEY_LOCAL_MACHINE\…] above it"#)
        }
        edits.append(try RegistryValueParser(content, line.number).parse(in: key))
      }
    }
    return edits
  }

  private struct Line {
    var number: Int
    var text: String
  }

  /// Lines without white space around them; one that ends with a backslash goes on in the next.
  private static func logicalLines(_ text: String) -> [Line] {
    var lines: [Line] = []
    var goesOn = false
    let content = text.hasPrefix("\u{FEFF}") ? text.dropFirst() : text[...]
    for (index, raw) in content.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .enumerated()
    {
      var part = trim(raw)
      // Only lists of bytes go on: a backslash at the end of a key or string belongs to it.
      let hasMore =
        part.hasSuffix("\\") && (goesOn || part.contains("=hex")) && !part.hasPrefix(";")
      if hasMore { part = String(part.dropLast()) }
      if goesOn {
        lines[lines.count - 1].text += part
      } else {
        lines.append(Line(number: index + 1, text: part))
      }
      goesOn = hasMore
    }
    return lines
  }

  static func trim(_ text: some StringProtocol) -> String {
    var part = text.drop { $0.isWhitespace }
    while part.last?.isWhitespace == true { part = part.dropLast() }
    return String(part)
  }

  private static let roots: [(name: String, path: String)] = [
    ("HKEY_LOCAL_MACHINE", #"\MACHINE"#), ("HKLM", #"\MACHINE"#), ("HKEY_USERS", #"\USER"#),
    ("HKU", #"\USER"#), ("HKEY_CURRENT_USER", #"\USER\.DEFAULT"#),
    ("HKCU", #"\USER\.DEFAULT"#), ("HKEY_CLASSES_ROOT", #"\MACHINE\SOFTWARE\Classes"#),
    ("HKCR", #"\MACHINE\SOFTWARE\Classes"#),
  ]

  private static func keyLine(_ text: String, _ number: Int) throws(RegistryError) -> RegistryEdit {
    guard text.hasSuffix("]") else {
      throw RegistryError(line: number, reason: "the key does not end; write ] after it")
    }
    var path = text.dropFirst().dropLast()
    let deletes = path.hasPrefix("-")
    if deletes { path = path.dropFirst() }
    let parts = path.split(separator: "\\", omittingEmptySubsequences: false)
    guard let first = parts.first,
      let root = roots.first(where: { $0.name == first.uppercased() })
    else {
      throw RegistryError(
        line: number,
        reason:
          "the key begins with \"\(parts.first ?? "")\"; write HKEY_LOCAL_MACHINE or HKEY_USERS")
    }
    let names = parts.dropFirst()
    if names.contains(where: { $0.isEmpty || $0.utf16.count > Registry.longestName }) {
      throw RegistryError(
        line: number,
        reason: "a name in the key is empty or too long; write 1 to 255 characters between \\")
    }
    let full = names.reduce(root.path) { $0 + "\\" + $1 }
    return deletes ? .deleteKey(full) : .makeKey(full)
  }
}

extension Registry {
  /// Makes the change that a text asked for.
  func apply(_ edit: RegistryEdit) {
    switch edit {
    case .makeKey(let path): makeKeys(path)
    case .deleteKey(let path):
      withExisting(path) { deleteTree($0) }
    case .setValue(let path, let name, let type, let data):
      guard let key = makeKeys(path) else { return }
      Array(name.utf16).withUnsafeBufferPointer { name in
        data.withUnsafeBytes { bytes in locked { key.setValue(name, type, bytes) } }
      }
    case .deleteValue(let path, let name):
      withExisting(path) { key in
        Array(name.utf16).withUnsafeBufferPointer { _ = key.removeValue($0) }
      }
    }
  }

  private func withExisting(_ path: String, _ body: (KeyPointer) -> Void) {
    let none = UTF16Text(start: nil, count: 0)
    Array(path.utf16).withUnsafeBufferPointer { path in
      locked {
        var isNew = false
        var status: UInt32 = 0
        let key = follow(
          path, from: state.pointee.root, missing: .fail, className: none, isVolatile: false,
          isNew: &isNew, status: &status)
        if let key { body(key) }
      }
    }
  }
}
