import Foundation

/// What a run did and what it found, as one value: every format of report is written from it.
///
/// Addresses and codes are text in hexadecimal, so that a reader of JSON loses none of their digits.
public struct RunReport: Codable, Hashable, Sendable {
  /// The version of the form that ``version`` names.
  public static let currentVersion = 1

  /// The version of this form; it rises when a field changes its meaning or goes.
  public var version = RunReport.currentVersion
  /// What was run, in a few words: the drivers' names.
  public var title: String
  /// The drivers, in the order in which they were loaded.
  public var drivers: [Driver] = []
  /// The path of the script; nil when the actions came from elsewhere.
  public var script: String?
  /// The words of the classes that were checked.
  public var classes: [String] = []
  /// When the run began, to the second.
  public var started: Date
  /// How long it took, in seconds.
  public var seconds = 0.0
  /// What was done, in order.
  public var actions: [Action] = []
  /// The rules that were broken, the oldest first; the last one may have ended the run.
  public var verdicts: [Verdict] = []
  /// What the drivers left, a line each.
  public var leaks: [String] = []
  /// The requests of programs, in the order in which they were sent.
  public var requests: [Request] = []
  /// Requests that were not recorded because there were too many.
  public var unrecordedRequestCount = 0
  /// The use of pool by tag over the actions.
  public var pool: [PoolHistory] = []
  /// The lookaside lists over the actions.
  public var lookasideLists: [LookasideHistory] = []
  /// The objects as they were before the drivers were unloaded, as trees.
  public var objects: [ObjectNode] = []

  /// Begins a report.
  public init(title: String, started: Date = Date()) {
    self.title = title
    self.started = Date(timeIntervalSince1970: started.timeIntervalSince1970.rounded(.down))
  }

  /// Whether no rule was broken, no action failed and nothing was left.
  public var isClean: Bool {
    verdicts.isEmpty && leaks.isEmpty && actions.allSatisfy { $0.failure == nil }
  }

  /// A driver of the run.
  public struct Driver: Codable, Hashable, Sendable {
    /// The file name: `echo.sys`.
    public var name: String
    /// What the user named: an image, or the source that it was built from.
    public var path: String

    /// Makes a driver.
    public init(name: String, path: String) {
      self.name = name
      self.path = path
    }
  }

  /// One action of the script, or a step of the run round it.
  public struct Action: Codable, Hashable, Sendable {
    /// The action as it was written: `read 100`.
    public var text: String
    /// The line of the script, from 1; nil for what no script said.
    public var line: Int?
    /// When it began, in nanoseconds since the start of the run.
    public var start: Int64 = 0
    /// How long it took, in nanoseconds.
    public var duration: Int64 = 0
    /// The status that it gave: `STATUS_SUCCESS`, or its number.
    public var status: String?
    /// The number of bytes that the driver reported.
    public var information: Int?
    /// What else there is to say.
    public var message: String?
    /// Why it failed: an expectation that was not met, a request that was lost.
    public var failure: String?

    /// Begins an action.
    public init(text: String, line: Int? = nil, start: Int64 = 0) {
      self.text = text
      self.line = line
      self.start = start
    }
  }

  /// The verdicts of an action, by its index in ``actions``.
  public func verdicts(ofAction index: Int) -> [Verdict] {
    verdicts.filter { $0.action == index }
  }
}
