import ArgumentParser
import Ring3

/// Which of the drivers' requests for memory and objects fail.
struct FailureOptions: ParsableArguments {
  @Option(
    name: .customLong("fail"),
    help: ArgumentHelp(
      """
      Refuse memory: nth:N the N-th call, site:N the N-th place that is reached, N%[:SEED] so many \
      of a hundred calls, drawn from the seed, or 1.
      """, valueName: "which"),
    transform: FailureOptions.choice(of:))
  var choice: FailurePlan.Choice?

  @Option(
    name: .customLong("fail-tag"),
    help: ArgumentHelp(
      "Refuse only pool with this tag. May be given more than once.", valueName: "tag"),
    transform: FailureOptions.tag(of:))
  var tags: [PoolTag] = []

  /// The plan; nil when nothing is to fail.
  var plan: FailurePlan? {
    choice.map { FailurePlan($0, tags: tags.isEmpty ? nil : Set(tags)) }
  }

  func validate() throws {
    guard tags.isEmpty || choice != nil else {
      throw ValidationError("--fail-tag needs --fail, which says which calls fail.")
    }
  }

  /// The choice that a word stands for.
  static func choice(of text: String) throws -> FailurePlan.Choice {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false)
    if parts.count == 2, let number = Int(parts[1]), number > 0 {
      if parts[0] == "nth" { return .call(number) }
      if parts[0] == "site" { return .siteNumber(number) }
    }
    if parts.count <= 2, parts[0].last == "%", let percentage = Double(parts[0].dropLast()),
      percentage > 0, percentage <= 100,
      let seed = parts.count == 1 ? 1 : UInt64(parts[1])
    {
      return .percentage(percentage, seed: seed)
    }
    throw ValidationError(
      "'\(text)' says not what fails. Write nth:3, site:3, 6% or 6%:SEED.")
  }

  private static func tag(of text: String) throws -> PoolTag {
    guard let tag = PoolTag(text: text) else {
      throw ValidationError("'\(text)' is no pool tag: one to four characters of ASCII.")
    }
    return tag
  }
}
