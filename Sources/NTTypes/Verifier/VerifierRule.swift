/// A rule that drivers are held to: what breaking it looks like, and what to do.
///
/// Rules have the names that Driver Verifier and Static Driver Verifier gave them; those that have none
/// there are named in the same way.
public struct VerifierRule: Hashable, Sendable, Identifiable {
  /// The name: `IrqlExAllocatePool`.
  public let name: String
  /// The bug check of a driver that breaks it.
  public let code: BugCheckCode
  /// The values of ``selector`` that stand for the rule; empty when the code alone does.
  public let values: [UInt64]
  /// The number of the parameter that tells the rules of one code apart, 1 to 4.
  public let selector: Int
  /// The classes of checks that look for it; empty when every machine does.
  public let classes: VerifierClasses
  /// What the driver did, in a sentence.
  public let mistake: String
  /// What it is to do, in a sentence.
  public let remedy: String

  /// The name, which is the rule's alone.
  public var id: String { name }

  /// The name of the page of the documentation: `Rule-IrqlExAllocatePool`.
  public var page: String { "Rule-" + name }

  /// All rules under the name of their subject, in the order in which lists show them.
  public static let subjects: [(name: String, rules: [VerifierRule])] = [
    ("Pool", pool), ("Special pool", specialPool), ("Lookaside lists", lookaside),
    ("Memory descriptor lists", mdl), ("Requests", requests), ("Dispatch", dispatching),
    ("Buffers", buffers + afterCompletion), ("Pointers", pointers),
    ("Address sanitizer", sanitizer),
    ("Driver framework", framework + frameworkUse),
    ("Levels and waits", levels), ("Levels of calls", callLevels),
    ("Locks", locks + deadlocks), ("Memory of objects", placement), ("Handles", handles),
    ("Images", images),
    ("DMA", dma), ("Unloading", unloading),
  ]

  init(
    _ name: String, _ code: UInt32, _ values: [UInt64] = [], selector: Int = 1,
    _ classes: VerifierClasses = [], _ mistake: String, remedy: String
  ) {
    self.name = name
    self.code = BugCheckCode(code)
    self.values = values
    self.selector = selector
    self.classes = classes
    self.mistake = mistake
    self.remedy = remedy
  }

  /// All rules, by subject.
  public static let all: [VerifierRule] = subjects.flatMap(\.rules)

  /// The rule of a name; nil when there is none.
  public static func named(_ name: String) -> VerifierRule? { byName[name] }

  /// The rule that a bug check says was broken: the one it names, else the one of its code and
  /// parameters.
  public static func broken(by bugCheck: BugCheck) -> VerifierRule? {
    bugCheck.context.rule ?? matching(bugCheck.code, bugCheck.parameters)
  }

  static func matching(_ code: BugCheckCode, _ parameters: [UInt64]) -> VerifierRule? {
    guard let rules = byCode[code] else { return nil }
    let special = rules.first { $0.values.contains(parameters[$0.selector - 1]) }
    return special ?? rules.first { $0.values.isEmpty }
  }

  private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

  private static let byCode = Dictionary(grouping: all, by: \.code)
}
