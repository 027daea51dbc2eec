/// Which of a driver's requests for memory and objects fail, with the class
/// ``VerifierClasses/lowResources``.
///
///     var configuration = Configuration()
///     configuration.lowResources = .percentage(6, seed: 1)
///
/// A *site* is a stack of calls in drivers that ends in a routine which may fail: an allocation, a
/// mapping, a lock on pages, an object of the I/O manager or of the driver framework. What the system
/// allocates for itself is never refused.
public struct FailurePlan: Hashable, Sendable {
  /// How the failures are chosen.
  public enum Choice: Hashable, Sendable {
    /// None fails: the sites are noted.
    case nothing
    /// The first call at the site with this ``FailureSite/identifier`` fails.
    case site(UInt64)
    /// The first call at each of these sites fails: one, and others that its failure leads to.
    case sites([UInt64])
    /// The first call at the site that is the n-th to be reached fails; from 1.
    case siteNumber(Int)
    /// The n-th call fails; from 1.
    case call(Int)
    /// So many of a hundred calls fail, drawn from a seed.
    case percentage(Double, seed: UInt64)
  }

  /// How the failures are chosen.
  public var choice: Choice
  /// The pool tags that may fail; nil for all, and for what has no tag.
  public var tags: Set<PoolTag>?
  /// The calls, by their number from 1, in which special pool guards blocks, and ``alwaysGuarded``; nil: in
  /// all.
  package var guardedCalls: Range<Int>?

  /// In so many calls at the beginning special pool always guards blocks.
  package static var alwaysGuarded: Int { 128 }

  /// Makes a plan.
  public init(_ choice: Choice, tags: Set<PoolTag>? = nil) {
    self.choice = choice
    self.tags = tags
  }

  /// Nothing fails: the sites are noted.
  public static let record = FailurePlan(.nothing)

  /// The first call at the site with an identifier fails.
  public static func site(_ identifier: UInt64) -> FailurePlan { FailurePlan(.site(identifier)) }

  /// The first call at each of the sites with these identifiers fails.
  public static func sites(_ identifiers: [UInt64]) -> FailurePlan {
    FailurePlan(.sites(identifiers))
  }

  /// The first call at the site that is the n-th to be reached fails; from 1.
  public static func siteNumber(_ number: Int) -> FailurePlan { FailurePlan(.siteNumber(number)) }

  /// The n-th call fails; from 1.
  public static func call(_ number: Int) -> FailurePlan { FailurePlan(.call(number)) }

  /// So many of a hundred calls fail, drawn from a seed.
  public static func percentage(_ percentage: Double, seed: UInt64) -> FailurePlan {
    FailurePlan(.percentage(percentage, seed: seed))
  }

  /// What Driver Verifier does when nothing is said: 6 of a hundred.
  public static let usual = FailurePlan.percentage(6, seed: 1)
}

/// A place in drivers at which a routine was called that may fail for want of memory.
public struct FailureSite: Hashable, Sendable, Identifiable {
  /// The same in every kernel that has loaded the same drivers in the same order.
  public let identifier: UInt64
  /// The routine, such as `ExAllocatePool2`.
  public let routine: String
  /// The pool tag of the first call; nil when the routine has none.
  public let tag: PoolTag?
  /// The number of the first call there among all calls at sites, as ``FailurePlan/call(_:)`` counts them.
  public let firstCall: Int
  /// How often it was called there.
  public let callCount: Int
  /// How often it failed.
  public let failureCount: Int
  /// The stack, the newest call first.
  public var frames: [BugCheck.Frame]

  /// The same as ``identifier``.
  public var id: UInt64 { identifier }

  /// Makes a site of what is known of it.
  public init(
    identifier: UInt64, routine: String, tag: PoolTag?, firstCall: Int, callCount: Int,
    failureCount: Int, frames: [BugCheck.Frame]
  ) {
    self.identifier = identifier
    self.routine = routine
    self.tag = tag
    self.firstCall = firstCall
    self.callCount = callCount
    self.failureCount = failureCount
    self.frames = frames
  }
}
