/// The header that Microsoft's wmimofck makes of the classes of a driver.
enum MofHeader {
  /// The header of all classes in the texts.
  static func text(_ texts: [String]) -> String {
    let classes = texts.flatMap(MofClass.all)
    let names = Dictionary(classes.map { ($0.name, $0.headerName) }, uniquingKeysWith: { $1 })
    let parts = classes.map { part($0, names) }
    return "#pragma once\n#include <guiddef.h>\n\n" + parts.joined(separator: "\n")
  }

  private static func part(_ made: MofClass, _ names: [String: String]) -> String {
    var lines: [String] = []
    if let guid = made.guid.flatMap({ numbers(in: $0) }) {
      let (head, tail) = (guid[..<3].joined(separator: ", "), guid[3...].joined(separator: ", "))
      lines.append("#define \(made.headerName)Guid { \(head), { \(tail) } }")
      lines.append("DEFINE_GUID(\(made.headerName)_GUID, \(guid.joined(separator: ", ")));")
    }
    lines += structure(made.headerName, made.items, names)
    for method in made.methods {
      lines.append("#define \(method.name) \(method.id)")
      let inputs = method.parameters.filter(\.isInput)
      let outputs = method.parameters.filter(\.isOutput)
      lines += structure(method.name + "_IN", inputs, names)
      lines += structure(method.name + "_OUT", outputs, names)
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// A structure of those items that have a fixed size; the others follow it as `VariableData`.
  private static func structure(
    _ name: String, _ items: [MofClass.Item], _ names: [String: String]
  ) -> [String] {
    guard !items.isEmpty else { return [] }
    let fixed = items.prefix { $0.type.lowercased() != "string" }
    var lines = ["typedef struct _\(name) {"]
    for item in fixed {
      let type = names[item.type] ?? types[item.type.lowercased()] ?? item.type
      let count = item.type.lowercased() == "datetime" ? "25" : item.count
      lines.append("  \(type) \(item.name)\(count.map { "[\($0)]" } ?? "");")
      let size = "sizeof(\(type))" + (count.map { " * \($0)" } ?? "")
      lines.append("#define \(name)_\(item.name)_SIZE (\(size))")
      lines.append("#define \(name)_\(item.name)_ID \(item.id)")
    }
    if fixed.count < items.count { lines.append("  CHAR VariableData[1];") }
    lines.append("} \(name), *P\(name);")
    if let last = fixed.last, fixed.count == items.count {
      lines.append(
        "#define \(name)_SIZE (FIELD_OFFSET(\(name), \(last.name)) + \(name)_\(last.name)_SIZE)")
    }
    return lines
  }

  /// The eleven numbers of `{00000000-0000-0000-0000-000000000000}`.
  private static func numbers(in guid: String) -> [String]? {
    let parts = guid.filter { $0.isHexDigit || $0 == "-" }.split(separator: "-").map(String.init)
    guard parts.map(\.count) == [8, 4, 4, 4, 12] else { return nil }
    let digits = Array(parts[3] + parts[4])
    let bytes = stride(from: 0, to: 16, by: 2).map { "0x\(digits[$0])\(digits[$0 + 1])" }
    return parts[0..<3].map { "0x" + $0 } + bytes
  }

  private static let types = [
    "boolean": "BOOLEAN", "uint8": "UCHAR", "uint16": "USHORT", "uint32": "ULONG",
    "uint64": "ULONGLONG", "sint8": "CHAR", "sint16": "SHORT", "sint32": "LONG",
    "sint64": "LONGLONG", "char16": "WCHAR", "real32": "FLOAT", "real64": "DOUBLE",
    "datetime": "WCHAR",
  ]
}
