import Ring3

/// Something that a test may leave behind.
public struct Allowance: Sendable, Hashable {
  let kind: Finding.Kind

  /// Whether a finding is no issue.
  func excuses(_ kind: Finding.Kind) -> Bool {
    switch (self.kind, kind) {
    case (.frameworkObject(nil), .frameworkObject): true
    default: self.kind == kind
    }
  }

  /// Blocks of pool with a tag.
  public static func poolBlocks(tag: PoolTag) -> Allowance { Allowance(kind: .poolBlocks(tag)) }

  /// Objects of the driver framework, those of one handle type such as `WDFMEMORY` or all.
  public static func frameworkObjects(type: String? = nil) -> Allowance {
    Allowance(kind: .frameworkObject(type))
  }

  /// Objects with a header - `Device`, `SymbolicLink`, `Event`, … - of one type.
  public static func objects(type: String) -> Allowance { Allowance(kind: .object(type)) }

  /// Requests that the driver still has when the test ends.
  public static let requests = Allowance(kind: .request)

  /// IRPs.
  public static let irps = Allowance(kind: .irps)

  /// MDLs, pages that they have locked, and mappings of them.
  public static let mdls = Allowance(kind: .mdls)

  /// Lookaside lists.
  public static let lookasideLists = Allowance(kind: .lookasideList)

  /// Timers that are set.
  public static let timers = Allowance(kind: .timer)

  /// Work items that are queued.
  public static let workItems = Allowance(kind: .workItem)

  /// Verdicts on one rule, as `DoubleCompletion`, in a kernel whose configuration `keepsGoing`.
  public static func verdicts(on rule: String) -> Allowance { Allowance(kind: .verdict(rule)) }

  /// A driver that has no unload routine.
  ///
  /// What such a driver holds is not judged.
  public static let missingUnload = Allowance(kind: .unload)
}
