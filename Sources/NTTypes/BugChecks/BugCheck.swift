/// The end of a machine: a code, four parameters, and what was going on.
///
/// A driver's mistake comes out of the call into the kernel as this error; the process lives on.
public struct BugCheck: Error, Hashable, Sendable {
  /// Why the machine stopped.
  public var code: BugCheckCode
  /// First parameter; what the four mean depends on the code.
  public var parameter1: UInt64
  /// Second parameter.
  public var parameter2: UInt64
  /// Third parameter.
  public var parameter3: UInt64
  /// Fourth parameter.
  public var parameter4: UInt64
  /// Where it happened, as far as that is known.
  public var context: Context

  /// Makes a bug check of its code and parameters.
  public init(
    _ code: BugCheckCode, _ parameter1: UInt64 = 0, _ parameter2: UInt64 = 0,
    _ parameter3: UInt64 = 0, _ parameter4: UInt64 = 0, context: Context = Context()
  ) {
    self.code = code
    self.parameter1 = parameter1
    self.parameter2 = parameter2
    self.parameter3 = parameter3
    self.parameter4 = parameter4
    self.context = context
  }

  /// The four parameters in order.
  public var parameters: [UInt64] { [parameter1, parameter2, parameter3, parameter4] }

  /// One place in the chain of calls.
  public struct Frame: Hashable, Sendable {
    /// The address in the code.
    public var address: UInt64
    /// The image that holds the address.
    public var module: String?
    /// The distance from the start of the image.
    public var offset: UInt64?
    /// The function, with the distance from its start.
    public var symbol: String?
    /// Where the address is in the sources: the innermost function first, and behind it those that
    /// it was inlined into; empty as long as nobody looked.
    public var places: [SourcePlace]
    /// Whether the instruction at the address is at fault; else the address is where a call returns.
    public var isFault: Bool

    /// Makes a frame of what is known of it.
    public init(
      address: UInt64, module: String? = nil, offset: UInt64? = nil, symbol: String? = nil,
      places: [SourcePlace] = [], isFault: Bool = false
    ) {
      self.address = address
      self.module = module
      self.offset = offset
      self.symbol = symbol
      self.places = places
      self.isFault = isFault
    }
  }

  /// A line of a source.
  public struct SourcePlace: Hashable, Sendable, CustomStringConvertible {
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

    /// `EchoRead at echo.c:20`.
    public var description: String { "\(function) at \(position)" }

    /// The last component of the path, and the line.
    var position: String { "\(file.split { $0 == "/" || $0 == "\\" }.last ?? ""):\(line)" }
  }

  /// What was going on when the machine stopped.
  public struct Context: Hashable, Sendable {
    /// The routine, rule or import that the code is about.
    public var subject: String?
    /// The level of the processor.
    public var irql: Irql?
    /// The request in hand, described.
    public var request: String?
    /// The line of the script that was being done, from 1.
    public var line: Int?
    /// The driver's calls, the newest first.
    public var frames: [Frame]
    /// The rule that was broken, when it is named; ``BugCheck/rule`` knows those of the codes too.
    public var rule: VerifierRule?
    /// What led to it: where the block was allocated, where the request was completed first.
    public var causes: [Cause]
    /// How often the same was found at the same place; more than 1 only where the kernel went on.
    public var count: Int

    /// Makes a description of what is known.
    public init(
      subject: String? = nil, irql: Irql? = nil, request: String? = nil, line: Int? = nil,
      frames: [Frame] = [], rule: VerifierRule? = nil, causes: [Cause] = [], count: Int = 1
    ) {
      self.subject = subject
      self.irql = irql
      self.request = request
      self.line = line
      self.frames = frames
      self.rule = rule
      self.causes = causes
      self.count = count
    }
  }

  /// An event before that led to the bug check.
  public struct Cause: Hashable, Sendable {
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

  /// The rule that the driver broke; nil when the bug check is about none.
  public var rule: VerifierRule? { VerifierRule.broken(by: self) }
}

extension BugCheck.Frame: CustomStringConvertible {
  /// `echo.sys+0x1010 EchoRead+0x10 (echo.c:20)`, with what is known of it.
  ///
  /// Code that was inlined is named too: `(Copy at copy.h:7, in EchoRead at echo.c:20)`.
  public var description: String {
    var text = address.hexadecimal(digits: 16)
    if let module { text += " " + module + (offset.map { "+" + $0.hexadecimal() } ?? "") }
    if let symbol { text += " " + symbol }
    if places.count == 1 { text += " (" + places[0].position + ")" }
    if places.count > 1 {
      text += " (" + places.map { "\($0)" }.joined(separator: ", in ") + ")"
    }
    return text
  }
}

extension BugCheck: CustomStringConvertible {
  /// One line: name, code and parameters, and what it is about when that is known.
  public var description: String {
    let values = parameters.map { $0.hexadecimal() }.joined(separator: ", ")
    return "\(code) (\(values))" + (context.subject.map { ": \($0)" } ?? "")
  }
}
