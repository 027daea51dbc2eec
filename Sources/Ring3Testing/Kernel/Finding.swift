import Ring3

/// Something that is not as it should be after a test.
struct Finding: Sendable {
  /// What an ``Allowance`` may be for.
  enum Kind: Hashable, Sendable {
    case setup, timeLimit, bugCheck, request, device, unload, irps, mdls, lookasideList
    case timer, workItem
    case poolBlocks(PoolTag)
    /// The type of the object; nil only in an allowance: any.
    case frameworkObject(String?)
    case object(String)
    /// The name of the rule that was broken.
    case verdict(String)
  }

  let kind: Kind
  /// For people: a sentence, and lines with what there is to know.
  let text: String

  /// The line of the driver's source that it is about, as far as it is known.
  var place: BugCheck.SourcePlace?

  /// A rule that was broken, and the kernel went on.
  init(verdict: BugCheck) {
    self.init(
      .verdict(verdict.rule?.name ?? ""), "The driver broke a rule.\n\(verdict.message)")
    place = verdict.context.frames.lazy.compactMap(\.places.first).first
  }

  /// A lookaside list that was not deleted.
  init(_ list: LookasideUsage, of owner: String = "The drivers") {
    self.init(
      .lookasideList,
      "\(owner) did not delete a lookaside list: entries of \(list.entryByteCount) bytes with the tag '\(list.name)', \(list.allocationCount) allocations."
    )
  }

  init(_ kind: Kind, _ text: String) {
    self.kind = kind
    self.text = text
  }
}
