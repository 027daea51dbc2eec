import Machine

/// Memory for strings that a runtime function makes for its caller.
///
/// It comes from the layer Memory, by the hooks `allocateString` and `freeString` of the machine. The
/// tag is the one under which Windows keeps such strings, so that a leak report says what leaked.
package enum StringMemory {
  /// The pool tag "Strg".
  package static var tag: UInt32 { 0x6772_7453 }

  /// Memory for `byteCount` bytes, or nil when there is none.
  package static func allocate(byteCount: Int) -> UnsafeMutableRawPointer? {
    guard let allocate = Machine.current.state.pointee.hooks.allocateString else {
      fatalError("This machine has no memory for strings installed.")
    }
    return allocate(byteCount, tag)
  }

  /// Gives memory back; NULL is nothing to give.
  package static func free(_ address: UnsafeMutableRawPointer?) {
    guard let address else { return }
    guard let free = Machine.current.state.pointee.hooks.freeString else {
      fatalError("This machine has no memory for strings installed.")
    }
    free(address)
  }
}
