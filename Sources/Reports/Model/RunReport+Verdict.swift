import Ring3

extension RunReport {
  /// A rule that a driver broke, or another end of a kernel.
  public struct Verdict: Codable, Hashable, Sendable {
    /// The rule's name; nil for a bug check that is about none.
    public var rule: String?
    /// What the driver did, in a sentence.
    public var mistake: String
    /// What it is to do.
    public var remedy: String?
    /// The words of the classes that look for it; none when every kernel does.
    public var classes: [String] = []
    /// The page of the documentation about the rule.
    public var page: String?
    /// The code of the bug check: `0x000000C4`; nil for what Windows has no code for.
    public var code: String?
    /// The code's name.
    public var codeName: String?
    /// The four parameters.
    public var parameters: [String] = []
    /// What the parameters say in this case.
    public var detail: String?
    /// The routine, import or object that it is about.
    public var subject: String?
    /// The level of the processor.
    public var irql: String?
    /// The request in hand.
    public var request: String?
    /// The line of the script, from 1.
    public var scriptLine: Int?
    /// The index of the action in ``RunReport/actions``.
    public var action: Int?
    /// The driver's calls, the newest first.
    public var frames: [Frame] = []
    /// What led to it.
    public var causes: [Cause] = []
    /// How often it was found at the same place.
    public var count = 1
    /// Whether the kernel ended with it.
    public var endsRun = false
    /// All of it for people.
    public var text: String

    /// Makes a verdict of its sentence; the rest is added as far as it is known.
    public init(mistake: String) {
      self.mistake = mistake
      text = mistake
    }
  }

  /// An event before a verdict.
  public struct Cause: Codable, Hashable, Sendable {
    /// What happened: `allocated`, `released`, `completed`.
    public var event: String
    /// The driver's calls at that time, the newest first.
    public var frames: [Frame]

    /// Makes a cause.
    public init(event: String, frames: [Frame]) {
      self.event = event
      self.frames = frames
    }
  }

  /// One of a driver's calls.
  public struct Frame: Codable, Hashable, Sendable {
    /// The address in the code.
    public var address: String
    /// The image, and how far from its start the address lies.
    public var module: String?
    /// The distance from the start of the image, in bytes.
    public var offset: UInt64?
    /// The nearest symbol.
    public var symbol: String?
    /// The places in the sources: the innermost function first, what it was inlined into behind it.
    public var places: [Place] = []
    /// The frame in a line.
    public var text: String

    /// Makes a frame of an address.
    public init(address: String) {
      self.address = address
      text = address
    }

    /// The name of the function, as far as it is known.
    public var function: String? {
      places.first?.function ?? symbol.map { String($0.prefix { $0 != "+" }) }
    }
  }

  /// A line of a source.
  public struct Place: Codable, Hashable, Sendable {
    /// The function.
    public var function: String
    /// The path as the compiler was given it.
    public var file: String
    /// The line, from 1.
    public var line: Int

    /// Makes a place.
    public init(function: String, file: String, line: Int) {
      self.function = function
      self.file = file
      self.line = line
    }
  }
}

extension RunReport.Verdict {
  /// The first place in a source that the driver's calls name.
  public var place: RunReport.Place? { frames.lazy.compactMap(\.places.first).first }

  /// The name that stands for it in lists: the rule's, else the code's.
  public var name: String { rule ?? codeName ?? code ?? "Unnamed" }

  /// Takes over a bug check, with what is known of it.
  ///
  /// - Parameters:
  ///   - bugCheck: with source lines, when they are to be shown.
  ///   - action: the index of the action in the report.
  ///   - endsRun: whether the kernel ended with it.
  public init(_ bugCheck: BugCheck, action: Int? = nil, endsRun: Bool = false) {
    let rule = bugCheck.rule
    self.init(
      mistake: rule?.mistake ?? bugCheck.code.meaning ?? "The kernel ended: \(bugCheck.code).")
    self.rule = rule?.name
    remedy = rule?.remedy
    classes = rule?.classes.wordList ?? []
    page = rule?.page
    code = "0x" + hexadecimal(bugCheck.code.rawValue, digits: 8)
    codeName = bugCheck.code.name
    parameters = bugCheck.parameters.map { "0x" + hexadecimal($0) }
    detail = bugCheck.detail
    let context = bugCheck.context
    subject = context.subject
    irql = context.irql.map { "\($0)" }
    request = context.request
    scriptLine = context.line
    self.action = action
    frames = context.frames.map(RunReport.Frame.init)
    causes = context.causes.map {
      RunReport.Cause(event: $0.event, frames: $0.frames.map(RunReport.Frame.init))
    }
    count = context.count
    self.endsRun = endsRun
    text = bugCheck.message
  }
}

extension RunReport.Frame {
  /// Takes over a frame, with its source lines as far as they are known.
  public init(_ frame: BugCheck.Frame) {
    self.init(address: "0x" + hexadecimal(frame.address))
    module = frame.module
    offset = frame.offset
    symbol = frame.symbol
    places = frame.places.map {
      RunReport.Place(function: $0.function, file: $0.file, line: $0.line)
    }
    text = frame.description
  }
}

extension VerifierClasses {
  /// The words of the classes, one by one.
  package var wordList: [String] { Self.words.filter { contains($0.classes) }.map(\.word) }
}

/// The digits of a number, without 0x.
func hexadecimal(_ value: some BinaryInteger, digits: Int = 1) -> String {
  let text = String(value, radix: 16, uppercase: true)
  return String(repeating: "0", count: max(0, digits - text.count)) + text
}
