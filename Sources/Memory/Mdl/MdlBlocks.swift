import CDriverKit
import Machine

// Descriptor lists lie in nonpaged pool: a driver may free one with ExFreePool too.
extension Mdl {
  /// The tag of lists: `Mdl `.
  package static var tag: UInt32 { 0x206C_644D }
}

extension Machine {
  /// Memory for a list of that size; nil when there is none.
  func allocateMdlBlock(_ byteCount: Int) -> UnsafeMutableRawPointer? {
    Pool.current.allocate(byteCount, kind: .nonpaged, tag: Mdl.tag)
  }

  func freeMdlBlock(_ mdl: Mdl) { Pool.current.free(UnsafeMutableRawPointer(mdl.pointer)) }

  /// Lists that live now.
  package var mdlCount: Int { pool.usage(of: Mdl.tag, isPaged: false).liveCount }
}
