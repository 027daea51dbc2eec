/// Which blocks special pool takes, and how it places and keeps them.
///
///     configuration.specialPool.tags = ["Echo"]
///     configuration.specialPool.placement = .start
///
/// It counts only with ``VerifierClasses/specialPool``.
public struct SpecialPoolSelection: Hashable, Sendable {
  /// Where a block lies beside the page that must not be touched.
  public enum Placement: Hashable, Sendable {
    /// Its last byte, up to alignment, is the last before the page: what is written behind it is caught.
    case end
    /// Its first byte is the first behind the page: what is written before it is caught.
    case start
  }

  /// Tags of the blocks; empty: all.
  public var tags: Set<PoolTag> = []
  /// Sizes of the blocks, in requested bytes; nil: all.
  public var sizes: ClosedRange<Int>?
  /// Names of the images whose blocks are taken, such as `echo.sys`, in any case; empty: all.
  public var drivers: Set<String> = []
  /// Where blocks lie.
  public var placement = Placement.end
  /// Bytes of pages that stay out of use after their release, the oldest go first.
  public var quarantineByteCount = 16 << 20

  /// Every block, at the end of its page.
  public init() {}
}
