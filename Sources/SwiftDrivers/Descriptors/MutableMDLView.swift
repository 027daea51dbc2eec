import Memory
import NTTypes

/// A memory descriptor list, lent for writing.
///
/// It comes from ``Request/outputMDL()`` or ``MemoryDescriptorList/mutableView``. Input has none: what
/// a program only lends for reading, its pages locked for reading, cannot be written to.
public struct MutableMDLView: ~Copyable, ~Escapable {
  let mdl: Mdl

  @_lifetime(immortal)
  init(_ mdl: Mdl) { self.mdl = mdl }

  /// The list for reading, with its pages.
  public var view: MDLView {
    @_lifetime(borrow self)
    get {
      let view = MDLView(mdl)
      return unsafe _overrideLifetime(view, borrowing: self)
    }
  }

  /// The length of the buffer in bytes.
  public var byteCount: Int { mdl.byteCount }

  /// Lends the bytes for writing, mapped into system space when they are not yet.
  ///
  /// - Throws: STATUS_INSUFFICIENT_RESOURCES without mapping space.
  @_lifetime(&self)
  public mutating func mutableBytes() throws(NTStatus) -> MutableRawSpan {
    let bytes = try mdl.systemBytes()
    let span = unsafe MutableRawSpan(_unsafeBytes: bytes)
    return unsafe _overrideLifetime(span, mutating: &self)
  }
}
