import Testing

/// Expects that a value written through the key path begins `offset` bytes into the structure.
///
/// Members of unions are computed properties in Swift, so that MemoryLayout knows no offset.
func expect<Root, Value>(
  _ offset: Int, of path: WritableKeyPath<Root, Value>,
  at location: SourceLocation = #_sourceLocation
) {
  let root = filled(with: 0, as: Root.self)
  let value = filled(with: 0xFF, as: Value.self)
  defer {
    root.deallocate()
    value.deallocate()
  }
  root.pointee[keyPath: path] = value.pointee
  let bytes = UnsafeRawBufferPointer(start: root, count: MemoryLayout<Root>.size)
  #expect(bytes.firstIndex { $0 != 0 } == offset, sourceLocation: location)
}

private func filled<Value>(with byte: UInt8, as: Value.Type) -> UnsafeMutablePointer<Value> {
  let pointer = UnsafeMutablePointer<Value>.allocate(capacity: 1)
  UnsafeMutableRawPointer(pointer)
    .initializeMemory(as: UInt8.self, repeating: byte, count: MemoryLayout<Value>.size)
  return pointer
}
