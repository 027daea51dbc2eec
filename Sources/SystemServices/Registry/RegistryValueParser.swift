import CDriverKit

/// Reads one line `"name"=data` of a registry text.
struct RegistryValueParser {
  private let line: Int
  private var rest: Substring

  init(_ text: String, _ line: Int) {
    self.line = line
    rest = text[...]
  }

  func parse(in key: String) throws(RegistryError) -> RegistryEdit {
    var parser = self
    return try parser.run(key)
  }

  private func error(_ reason: String) -> RegistryError {
    RegistryError(line: line, reason: reason)
  }

  private mutating func run(_ key: String) throws(RegistryError) -> RegistryEdit {
    var name = ""
    if rest.hasPrefix("@") {
      rest = rest.dropFirst()
    } else if rest.hasPrefix("\"") {
      name = try quoted()
    } else {
      throw error("neither a key nor a value; write [key], \"name\"=data or @=data")
    }
    skipSpace()
    guard rest.hasPrefix("=") else { throw error("no = after the name; write \"name\"=data") }
    rest = rest.dropFirst()
    skipSpace()
    if rest == "-" { return .deleteValue(key: key, name: name) }
    let (type, data) = try data()
    return .setValue(key: key, name: name, type: type, data: data)
  }

  private mutating func skipSpace() { rest = rest.drop { $0.isWhitespace } }

  private mutating func quoted() throws(RegistryError) -> String {
    rest = rest.dropFirst()
    var text = ""
    while let character = rest.popFirst() {
      if character == "\"" { return text }
      if character == "\\" {
        guard let escaped = rest.popFirst() else { break }
        text.append(escaped)
      } else {
        text.append(character)
      }
    }
    throw error("a string does not end; write \" after it, and \\\" for one inside")
  }

  private mutating func data() throws(RegistryError) -> (UInt32, [UInt8]) {
    if rest.hasPrefix("\"") {
      let text = try quoted()
      try expectEnd()
      return (UInt32(REG_SZ), bytes(of: text))
    }
    if rest.hasPrefix("dword:") {
      guard let value = UInt32(RegistryFile.trim(rest.dropFirst(6)), radix: 16) else {
        throw error("\"\(rest)\" is no dword; write dword: and up to 8 hexadecimal digits")
      }
      return (UInt32(REG_DWORD), withUnsafeBytes(of: value.littleEndian) { Array($0) })
    }
    if rest.hasPrefix("qword:") {
      guard let value = UInt64(RegistryFile.trim(rest.dropFirst(6)), radix: 16) else {
        throw error("\"\(rest)\" is no qword; write qword: and up to 16 hexadecimal digits")
      }
      return (UInt32(REG_QWORD), withUnsafeBytes(of: value.littleEndian) { Array($0) })
    }
    return try binary()
  }

  private mutating func binary() throws(RegistryError) -> (UInt32, [UInt8]) {
    let forms = "write \"text\", dword:…, qword:…, hex:… or hex(type):…"
    guard rest.hasPrefix("hex"), let colon = rest.firstIndex(of: ":") else {
      throw error("\"\(rest)\" is no data; \(forms)")
    }
    let kind = rest[..<colon].dropFirst(3)
    var type = UInt32(REG_BINARY)
    if !kind.isEmpty {
      guard kind.hasPrefix("("), kind.hasSuffix(")"),
        let number = UInt32(kind.dropFirst().dropLast(), radix: 16)
      else { throw error("\"hex\(kind)\" is no type; \(forms)") }
      type = number
    }
    var data: [UInt8] = []
    let list = RegistryFile.trim(rest[rest.index(after: colon)...])
    for part in list.split(separator: ",", omittingEmptySubsequences: true) {
      let digits = RegistryFile.trim(part)
      if digits.isEmpty { continue }
      guard digits.count <= 2, let byte = UInt8(digits, radix: 16) else {
        throw error("\"\(digits)\" is no byte; write two hexadecimal digits between commas")
      }
      data.append(byte)
    }
    return (type, data)
  }

  private mutating func expectEnd() throws(RegistryError) {
    skipSpace()
    if !rest.isEmpty, !rest.hasPrefix(";") {
      throw error("\"\(rest)\" stands after the value; one value stands in a line")
    }
  }

  /// UTF-16 with the 0 that ends a string.
  private func bytes(of text: String) -> [UInt8] {
    (Array(text.utf16) + [0]).flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
  }
}
