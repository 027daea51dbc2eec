import Ring3

/// The objects of a kernel as trees.
enum ObjectTree {
  /// The framework's objects from the drivers down, and behind them those of the object manager, put
  /// together by their paths' type.
  ///
  /// - Parameters:
  ///   - kernel: whose objects; it may have ended.
  ///   - start: on the host's monotonic clock: older objects are the system's own and left out.
  ///   - names: the paths by address, for a kernel that has ended.
  static func nodes(
    of kernel: Kernel, since start: UInt64, names: [UInt: String]
  ) -> [RunReport.ObjectNode] {
    let objects = kernel.objects.filter { $0.created >= start }
    let types = Dictionary(grouping: objects, by: \.type)
    return kernel.frameworkObjects.map(node)
      + types.sorted { $0.key < $1.key }.map { type, records in
        var group = RunReport.ObjectNode(
          type: type, name: "", address: "", referenceCount: records.count)
        group.detail = records.count == 1 ? "1 object" : "\(records.count) objects"
        group.children = records.map { node($0, names[$0.address] ?? "") }
        return group
      }
  }

  private static func node(_ record: FrameworkObjectRecord) -> RunReport.ObjectNode {
    var node = RunReport.ObjectNode(
      type: record.type, name: record.name, address: "0x" + hexadecimal(record.handle),
      referenceCount: record.referenceCount)
    var details = record.contexts.filter { !$0.typeName.isEmpty }
      .map { "\($0.typeName) \($0.byteCount) bytes" }
    if record.isDeleted { details.append("deleted") }
    details += record.settings.sorted()
    node.detail = details.joined(separator: ", ")
    node.children = record.children.map(self.node)
    return node
  }

  private static func node(_ record: ObjectRecord, _ name: String) -> RunReport.ObjectNode {
    var node = RunReport.ObjectNode(
      type: record.type, name: record.path.isEmpty ? name : record.path,
      address: "0x" + hexadecimal(record.address),
      referenceCount: record.referenceCount)
    if record.handleCount > 0 {
      node.detail = record.handleCount == 1 ? "1 handle" : "\(record.handleCount) handles"
    }
    return node
  }
}
