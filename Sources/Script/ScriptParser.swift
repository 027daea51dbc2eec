import NTTypes

/// Reads a script line by line, so that lines can also come one after the other from a person.
public struct ScriptParser: Sendable {
  private var lineNumber = 0
  /// The handles that a line before has opened, and whether there is a default one.
  private var handles: Set<String> = []
  private(set) var events: Set<String> = []
  private(set) var buffers: Set<String> = []
  private var hasDefaultHandle = false
  private var hasAction = false

  /// A parser before the first line.
  public init() {}

  /// Reads the next line; nil for a blank one or a comment.
  ///
  /// After an error the parser can go on with another line.
  public mutating func action(_ line: some StringProtocol) throws(ScriptError) -> Action? {
    lineNumber += 1
    guard line.utf8.count <= ScriptLimits.lineLength else {
      throw ScriptError(
        line: lineNumber, column: 1, text: String(line.prefix(100)),
        message: "The line has \(line.utf8.count) bytes",
        remedy: "Keep lines below \(ScriptLimits.lineLength) bytes; put large data into a file.")
    }
    var scanner = LineScanner(Substring(line), number: lineNumber)
    try scanner.checkCharacters()
    guard let word = try scanner.next() else { return nil }
    let kind = try kind(word, &scanner)
    if let extra = try scanner.next() {
      throw scanner.error(
        "\(extra.shown) is more than this action takes", at: extra.range.lowerBound,
        remedy: "Remove it, or put # before it to make it a comment.")
    }
    let action = Action(kind: kind, line: lineNumber, text: scanner.text)
    remember(action)
    return action
  }

  private mutating func remember(_ action: Action) {
    if case .expect = action.kind { return }
    hasAction = true
    switch action.kind {
    case .open(_, let handle, _), .openInterface(_, _, let handle, _):
      hasDefaultHandle = true
      if let handle { handles.insert(handle) }
    case .event(let name): events.insert(name)
    case .buffer(let name, _): buffers.insert(name)
    default: break
    }
  }

  private static let words = [
    "open", "read", "write", "ioctl", "async", "event", "buffer", "wait", "cancel", "close",
    "expect", "show", "remove", "surprise", "stop", "start", "eject", "power", "sleep", "wake",
    "unload",
  ]

  private func kind(
    _ word: LineScanner.Word, _ scanner: inout LineScanner
  ) throws(ScriptError) -> Action.Kind {
    switch word.text {
    case "open": return try open(&scanner)
    case "read", "write", "ioctl":
      return .send(try request(word.text, &scanner), isAsynchronous: false)
    case "async": return .send(try asynchronous(&scanner), isAsynchronous: true)
    case "event": return .event(name: try newEvent(&scanner))
    case "buffer": return try newBuffer(&scanner)
    case "wait":
      if let word = try scanner.peek(), events.contains(word.text) {
        _ = try scanner.next()
        return .waitEvent(name: word.text)
      }
      return .wait(handle: try handle(&scanner))
    case "cancel": return .cancel(handle: try handle(&scanner))
    case "close": return .close(handle: try handle(&scanner))
    case "expect": return .expect(try expectation(&scanner))
    case "show": return .show(try subject(&scanner))
    case "remove", "surprise", "stop", "start", "eject", "power":
      return try device(word.text, &scanner)
    case "sleep":
      return .sleep(try level(&scanner, letter: "S", 1...5, of: "sleep", example: "sleep S3"))
    case "wake": return .wake
    case "unload": return .unload
    default:
      throw scanner.error(
        "\(word.shown) is no action", at: word.range.lowerBound,
        remedy: suggestion(for: word.text, among: Self.words) ?? "Actions are: "
          + Self.words.joined(separator: ", ") + ".")
    }
  }
}

// MARK: Handles

extension ScriptParser {
  private func open(_ scanner: inout LineScanner) throws(ScriptError) -> Action.Kind {
    guard let path = try scanner.path(), !path.isEmpty else {
      throw scanner.error(
        "open needs the name of a device", remedy: #"Write it behind open: open \\.\Echo"#)
    }
    let interface = path.hasPrefix("{") ? GUID(path) : nil
    var index: UInt64 = 0
    if interface != nil, let word = try scanner.peek(), word.text.first?.isNumber == true {
      index = try number(&scanner, of: "open", example: "open {GUID} 1", limit: 1000)
    }
    var handle: String?
    var access = FileAccess.readWrite
    if try scanner.peek()?.text == "as" {
      _ = try scanner.next()
      handle = try newHandle(&scanner)
    }
    if let word = try scanner.next() {
      guard let given = FileAccess(rawValue: word.text) else {
        throw scanner.error(
          "\(word.shown) is no access", at: word.range.lowerBound,
          remedy: "Write read, write or readwrite; a handle is named with as, before the access.")
      }
      access = given
    }
    if let interface {
      return .openInterface(interface, index: index, handle: handle, access: access)
    }
    return .open(path: path, handle: handle, access: access)
  }

  private static let reservedWords: Set<String> = ["as", "at", "in", "out", "length", "pointer"]

  private func newHandle(_ scanner: inout LineScanner) throws(ScriptError) -> String {
    try newName(
      &scanner, of: "as", for: "a handle", mayBeHandle: true,
      remedy: "Write a name of letters, digits and _ that begins with a letter: as h")
  }

  private func newEvent(_ scanner: inout LineScanner) throws(ScriptError) -> String {
    try newName(
      &scanner, of: "event", for: "an event",
      remedy: "Write a new name of letters, digits and _ that begins with a letter: event done")
  }

  /// A name that nothing else has; the name of a handle may be given to another one.
  func newName(
    _ scanner: inout LineScanner, of action: String, for thing: String, mayBeHandle: Bool = false,
    remedy: String
  ) throws(ScriptError) -> String {
    guard let word = try scanner.next() else {
      throw scanner.error("\(action) needs the name of \(thing)", remedy: remedy)
    }
    guard word.isName, word.bytes.count <= ScriptLimits.handleLength,
      !Self.reservedWords.contains(word.text), !events.contains(word.text),
      !buffers.contains(word.text), mayBeHandle || !handles.contains(word.text)
    else {
      throw scanner.error(
        "\(word.shown) cannot name \(thing)", at: word.range.lowerBound, remedy: remedy)
    }
    return word.text
  }

  /// The handle at this place, when the next word is a name; checks that a line before has opened it.
  private func handle(_ scanner: inout LineScanner) throws(ScriptError) -> String? {
    guard let word = try scanner.peek(), word.isName, !Self.reservedWords.contains(word.text),
      !buffers.contains(word.text)
    else {
      guard hasDefaultHandle else {
        throw scanner.error(
          "No handle is open here", remedy: #"Open a device on a line before: open \\.\Echo"#)
      }
      return nil
    }
    _ = try scanner.next()
    guard handles.contains(word.text) else {
      throw scanner.error(
        "No line before opens the handle \(word.shown)", at: word.range.lowerBound,
        remedy: suggestion(for: word.text, among: handles.sorted())
          ?? #"Open it first: open \\.\Echo as h. A text is written in quotation marks."#)
    }
    return word.text
  }
}

// MARK: Requests

extension ScriptParser {
  private func asynchronous(_ scanner: inout LineScanner) throws(ScriptError) -> ScriptRequest {
    let remedy = "Write read, write or ioctl behind async."
    guard let word = try scanner.next() else {
      throw scanner.error("async needs a request", remedy: remedy)
    }
    guard ["read", "write", "ioctl"].contains(word.text) else {
      throw scanner.error(
        "\(word.shown) cannot be asynchronous", at: word.range.lowerBound, remedy: remedy)
    }
    return try request(word.text, &scanner)
  }

  private func request(
    _ word: String, _ scanner: inout LineScanner
  ) throws(ScriptError) -> ScriptRequest {
    let handle = try handle(&scanner)
    switch word {
    case "read":
      let buffer = try output(&scanner, of: "read")
      return ScriptRequest(handle: handle, operation: .read(buffer, offset: try offset(&scanner)))
    case "write":
      let buffer = try input(&scanner, of: "write")
      return ScriptRequest(handle: handle, operation: .write(buffer, offset: try offset(&scanner)))
    default:
      return ScriptRequest(handle: handle, operation: try control(&scanner))
    }
  }

  private func control(_ scanner: inout LineScanner) throws(ScriptError) -> ScriptRequest.Operation
  {
    let remedy = "Write the control code as a number: ioctl 0x222000 in \"data\" out 16"
    guard let word = try scanner.next() else {
      throw scanner.error("ioctl needs a control code", remedy: remedy)
    }
    guard let code = IoControlCode(word.text) else {
      throw scanner.error(
        "\(word.shown) is no control code", at: word.range.lowerBound, remedy: remedy)
    }
    var input: Buffer?
    var output: Buffer?
    while let word = try scanner.peek() {
      if word.text == "in", input == nil {
        _ = try scanner.next()
        input = try self.input(&scanner, of: "in")
      } else if word.text == "out", output == nil {
        _ = try scanner.next()
        output = try self.output(&scanner, of: "out")
      } else {
        break
      }
    }
    return .control(code, input: input, output: output)
  }

  private func offset(_ scanner: inout LineScanner) throws(ScriptError) -> UInt64? {
    guard try scanner.peek()?.text == "at" else { return nil }
    _ = try scanner.next()
    let limit = UInt64(Int64.max)
    return try number(&scanner, of: "at", example: "at 4096", limit: limit)
  }
}

// MARK: Expectations and reports

extension ScriptParser {
  private func expectation(_ scanner: inout LineScanner) throws(ScriptError) -> Expectation {
    guard hasAction else {
      throw scanner.error(
        "expect has no action before it", at: 0,
        remedy: "Put it behind the action that it is about.")
    }
    let subjects = ["status", "information", "data", "buffer"]
    let list = "Write expect status, expect information, expect data or expect buffer."
    guard let word = try scanner.next() else {
      throw scanner.error("expect needs to know of what", remedy: list)
    }
    switch word.text {
    case "status": return .status(try status(&scanner))
    case "information":
      let example = "expect information 5"
      return .information(
        try number(&scanner, of: "information", example: example, limit: .max))
    case "data": return .data(try data(&scanner, of: "expect data"))
    case "buffer":
      var name: String?
      if let word = try scanner.peek(), buffers.contains(word.text) {
        name = try scanner.next()?.text
      }
      return .buffer(try data(&scanner, of: "expect buffer"), name: name)
    default:
      throw scanner.error(
        "\(word.shown) cannot be expected", at: word.range.lowerBound,
        remedy: suggestion(for: word.text, among: subjects) ?? list)
    }
  }

  private func status(_ scanner: inout LineScanner) throws(ScriptError) -> NTStatus {
    let remedy = "Write a name or a number: expect status STATUS_BUFFER_TOO_SMALL"
    guard let word = try scanner.next() else {
      throw scanner.error("expect status needs a status", remedy: remedy)
    }
    guard let status = NTStatus(word.text) else {
      let names = NTStatus.named.compactMap(\.name)
      throw scanner.error(
        "\(word.shown) is no status that Ring3 knows", at: word.range.lowerBound,
        remedy: suggestion(for: word.text, among: names) ?? remedy)
    }
    return status
  }

  private func subject(_ scanner: inout LineScanner) throws(ScriptError) -> Subject {
    let names = Subject.allCases.map(\.rawValue)
    let list = "Write show and one of: " + names.joined(separator: ", ") + "."
    guard let word = try scanner.next() else {
      throw scanner.error("show needs to know what", remedy: list)
    }
    guard let subject = Subject(rawValue: word.text) else {
      throw scanner.error(
        "\(word.shown) cannot be shown", at: word.range.lowerBound,
        remedy: suggestion(for: word.text, among: names) ?? list)
    }
    return subject
  }
}
