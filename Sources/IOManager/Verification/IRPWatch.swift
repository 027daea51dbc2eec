import CDriverKit
import CRing3
import Machine

/// What a verified machine keeps before an IRP and its ``IRPPrefix``: the program's buffer that drivers
/// have, until the request is completed.
///
/// Only who has the IRP looks at it.
struct IRPWatch {
  /// Whether the rest says something.
  var isWatched = false
  var kind = RetiredKind()
  /// The bytes from `start` on were filled with this; 0: they were not.
  var pattern: UInt64 = 0
  var start = 0
  var capacity = 0
  /// The buffer that the drivers see, and the one that the I/O manager made; nil when they are one.
  var guarded: UnsafeMutableRawPointer?
  var original: UnsafeMutableRawPointer?
  /// The driver's routine and the control code.
  var site: UInt64 = 0

  /// A multiple of what blocks are aligned to.
  static var size: Int { 64 }

  /// That of an IRP with a prefix, in a verified machine.
  @inline(__always)
  static func of(_ irp: IRPPointer) -> UnsafeMutablePointer<IRPWatch> {
    (UnsafeMutableRawPointer(irp) - IRPPrefix.size - size).assumingMemoryBound(to: IRPWatch.self)
  }
}

extension IOManager {
  /// Bytes before the ``IRPPrefix`` in the block of an IRP.
  var watchByteCount: Int { machine.verifier.isEmpty ? 0 : IRPWatch.size }
}
