import Machine
import Memory
import NTTypes

/// A memory descriptor list for a part of another one's buffer, which it cannot outlive.
///
/// The frames are those of the whole; nothing is locked or copied. When the value goes, its own
/// mapping is dropped and the list is freed.
public struct PartialMDL: ~Copyable, ~Escapable {
  let mdl: Mdl

  @_lifetime(immortal)
  init(_ mdl: Mdl) { self.mdl = mdl }

  deinit {
    mdl.prepareForReuse()
    Machine.current.freeMdl(mdl)
  }

  /// The list of the part.
  public var view: MDLView {
    @_lifetime(borrow self)
    get {
      let view = MDLView(mdl)
      return unsafe _overrideLifetime(view, borrowing: self)
    }
  }
}

extension MDLView {
  /// Makes a list for a part of the buffer.
  ///
  /// - Parameter range: bytes of the buffer, at least one.
  /// - Throws: STATUS_INVALID_PARAMETER for a range that is empty or not within the buffer,
  ///   STATUS_INSUFFICIENT_RESOURCES.
  ///
  /// Up to DISPATCH_LEVEL. Source: IoBuildPartialMdl.
  @_lifetime(copy self)
  public func part(_ range: Range<Int>) throws(NTStatus) -> PartialMDL {
    guard range.lowerBound >= 0, range.upperBound <= byteCount, !range.isEmpty else {
      throw .invalidParameter
    }
    let address = mdl.address + UInt(range.lowerBound)
    try checkRefusal(of: "IoAllocateMdl")
    guard let part = Machine.current.allocateMdl(address, range.count) else {
      throw .insufficientResources
    }
    part.build(partOf: mdl, address, range.count)
    let result = PartialMDL(part)
    return unsafe _overrideLifetime(result, copying: self)
  }
}
