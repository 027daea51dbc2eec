import Ring3

/// An object of the driver framework as JSON; its place in the tree is its parent's handle.
struct FrameworkObjectReport: Encodable {
  var type: String
  var name: String?
  var handle: String
  var parent: String?
  var depth: Int
  var references: Int
  var deleted: Bool?
  var ageMicroseconds: Int64
  var contexts: [FrameworkContextReport]
  var tags: [FrameworkTagReport]?

  init(_ record: FrameworkObjectRecord, depth: Int) {
    type = record.type
    name = record.name.isEmpty ? nil : record.name
    handle = hex(record.handle)
    parent = record.parent.map { hex($0) }
    self.depth = depth
    references = record.referenceCount
    deleted = record.isDeleted ? true : nil
    ageMicroseconds = Int64(record.age / .microseconds(1))
    contexts = record.contexts.map(FrameworkContextReport.init)
    tags = record.tags.isEmpty ? nil : record.tags.map(FrameworkTagReport.init)
  }
}

struct FrameworkContextReport: Encodable {
  var type: String
  var bytes: Int

  init(_ record: FrameworkContextRecord) {
    type = record.typeName
    bytes = record.byteCount
  }
}

struct FrameworkTagReport: Encodable {
  var tag: String
  var count: Int
  var file: String?
  var line: Int

  init(_ record: FrameworkTagRecord) {
    tag = record.name
    count = record.count
    file = record.file
    line = record.line
  }
}

/// An object that a driver left at unload as JSON.
struct FrameworkLeakReport: Encodable {
  var driver: String
  var type: String
  var parentPath: String
  var references: Int
  var poolTag: String
  var contexts: [FrameworkContextReport]
  var tags: [FrameworkTagReport]?

  init(_ leak: FrameworkLeak) {
    driver = leak.driver
    type = leak.type
    parentPath = leak.parentPath
    references = leak.referenceCount
    poolTag = PoolTagUsage.name(leak.poolTag)
    contexts = leak.contexts.map(FrameworkContextReport.init)
    tags = leak.tags.isEmpty ? nil : leak.tags.map(FrameworkTagReport.init)
  }
}

extension ScriptRunner {
  /// Prints the framework's objects, indented by their place in the tree.
  func showFrameworkObjects() {
    for root in kernel.frameworkObjects { show(root, depth: 0) }
  }

  private func show(_ record: FrameworkObjectRecord, depth: Int) {
    var report = ActionReport(op: "show", message: Listing.line(record, depth: depth))
    report.object = FrameworkObjectReport(record, depth: depth)
    print(report)
    for child in record.children { show(child, depth: depth + 1) }
  }

  /// Prints what drivers have left, but for the first `count`.
  func showLeaks(from count: Int) {
    for leak in kernel.leaks.dropFirst(count) {
      var report = ActionReport(op: "leak", message: leak.description)
      report.leak = FrameworkLeakReport(leak)
      print(report)
    }
  }
}

extension Listing {
  /// One object of the driver framework.
  static func line(_ record: FrameworkObjectRecord, depth: Int) -> String {
    let indent = String(repeating: "  ", count: depth)
    var text = "\(indent)\(record.type) \(hex(record.handle))"
    if !record.name.isEmpty { text += " \(record.name)" }
    text += record.referenceCount == 1 ? " 1 reference" : " \(record.referenceCount) references"
    if record.isDeleted { text += ", deleted" }
    for context in record.contexts where !context.typeName.isEmpty {
      text += ", \(context.typeName) \(context.byteCount) bytes"
    }
    for tag in record.tags where tag.count != 0 {
      text += ", \(tag.count) with \(tag.name.isEmpty ? "no tag" : "tag \(tag.name)")"
    }
    return text + ", \(Int64(record.age / .microseconds(1))) us old"
  }
}
