import Machine
import Memory

// What blocks that a driver leaves are parts of.
extension ObjectManager {
  /// Kind, path and open handles of the object that a live block of pool is, or that it names; nil for
  /// other blocks.
  package func description(of block: PoolBlock) -> String? {
    let size = MemoryLayout<NameRecord>.size
    let start = UnsafeRawPointer(bitPattern: block.address)
    let isName = block.tag == Self.nameTag && block.byteCount >= size
    let body =
      isName
      ? start?.assumingMemoryBound(to: NameRecord.self).pointee.body
      : UnsafeMutableRawPointer(bitPattern: block.address + UInt(ObjectHeader.size))
    guard let body,
      let kind = ObjectKind.allCases.first(where: {
        (isName || type($0).pointee.poolTag == block.tag) && bodies($0).contains(body)
      })
    else { return nil }
    return describe(body, kind)
  }

  private func describe(_ body: UnsafeMutableRawPointer, _ kind: ObjectKind) -> String {
    var path = path(of: body)
    if path.isEmpty, let write = type(kind).pointee.path {
      path = Array(unsafeUninitializedCapacity: Self.maximumPathCount) { buffer, count in
        count = write(body, buffer.baseAddress.unsafelyUnwrapped, buffer.count)
      }
    }
    let name = path.isEmpty ? "" : " " + String(decoding: path, as: UTF16.self)
    let handleCount = ObjectHeader.of(body).pointee.handleCount
    let handles =
      handleCount == 0
      ? "" : handleCount == 1 ? ", an open handle" : ", \(handleCount) open handles"
    return words(for: kind) + name + handles
  }

  private func words(for kind: ObjectKind) -> String {
    switch kind {
    case .symbolicLink: "symbolic link"
    case .key: "registry key"
    case .mutant: "mutex"
    default: "\(kind.name)".lowercased()
    }
  }
}
