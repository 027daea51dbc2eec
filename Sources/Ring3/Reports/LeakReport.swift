import NTTypes

/// What drivers hold, one line for each place that it comes from: pool, descriptor lists, requests, objects,
/// locked pages, handles, timers, work items and lookaside lists.
///
/// With the class `poolTracking` each line has the driver's stack at the allocation.
public struct LeakReport: Sendable {
  /// Things of one kind, from one place.
  public struct Leak: Sendable {
    /// What it is.
    public var kind: Kind
    /// The pool tag, or the type of the object; empty where there is neither.
    public var label: String
    /// The path of the object, or of its parent; empty without one.
    public var path: String
    /// How many there are.
    public var count: Int
    /// Their requested bytes; 0 where that says nothing.
    public var byteCount: Int
    /// The driver's stack as they were allocated, newest first; empty when it is not known.
    public var frames: [BugCheck.Frame]
  }

  /// The kinds of things.
  public enum Kind: String, Sendable, CaseIterable {
    /// Blocks of pool; the label is their tag.
    case pool
    /// Memory descriptor lists.
    case mdl
    /// Request packets.
    case irp
    /// Objects of the system: devices, files, links, events.
    case object
    /// Objects of the driver framework.
    case frameworkObject
    /// Pages that a driver locked.
    case lockedPage
    /// Handles of the system process.
    case handle
    /// Timers that are set.
    case timer
    /// Work items that are queued.
    case workItem
    /// Lookaside lists in use.
    case lookasideList
  }

  /// The lines, by kind.
  public internal(set) var leaks: [Leak]

  /// Whether there is nothing.
  public var isEmpty: Bool { leaks.isEmpty }

  /// Requested bytes of pool.
  public var byteCount: Int { leaks.reduce(0) { $0 + $1.byteCount } }

  /// What there is more than in an earlier report of the same kernel.
  public func subtracting(_ earlier: LeakReport) -> LeakReport {
    let known = Dictionary(earlier.leaks.map { ($0.key, $0) }, uniquingKeysWith: { $1 })
    return LeakReport(
      leaks: leaks.compactMap { leak in
        var rest = leak
        rest.count -= known[leak.key]?.count ?? 0
        rest.byteCount -= known[leak.key]?.byteCount ?? 0
        return rest.count > 0 ? rest : nil
      })
  }
}

extension LeakReport.Leak {
  /// What makes things one line.
  var key: String {
    "\(kind.rawValue) \(label) \(path) \(frames.map { String($0.address, radix: 16) })"
  }

  /// `2 x pool 'Echo', 128 bytes`, with the place.
  public var headline: String {
    var text = "\(count) x \(kind.rawValue)"
    if !label.isEmpty { text += " '\(label)'" }
    if !path.isEmpty { text += " \(path)" }
    if byteCount > 0 { text += ", \(byteCount) bytes" }
    return text
  }

  /// The headline, with the stack below it.
  var text: String {
    ([headline] + frames.map { "    \($0)" }).joined(separator: "\n")
  }
}

extension LeakReport: CustomStringConvertible {
  /// A line for each, with stacks; one sentence when there is nothing.
  public var description: String {
    isEmpty ? "Nothing is left." : leaks.map(\.text).joined(separator: "\n")
  }
}
