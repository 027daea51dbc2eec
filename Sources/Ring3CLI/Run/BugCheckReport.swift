import Reports
import Ring3

/// A bug check, or a verdict that ended nothing, as an object.
struct BugCheckReport: Encodable {
  var op = "bugcheck"
  var code: String
  var name: String?
  var parameters: [String]
  var meaning: String?
  var subject: String?
  /// The rule that was broken, what that is, what to do, and the page about it.
  var rule: String?
  var mistake: String?
  var remedy: String?
  var page: String?
  var irql: String?
  var request: String?
  /// The line of the script.
  var line: Int?
  /// How often it was found, when more than once.
  var count: Int?
  var stack: [String]
  var frames: [Frame]
  var causes: [Cause]?

  /// What led to it.
  struct Cause: Encodable {
    var event: String
    var frames: [Frame]
  }

  /// One call of the driver.
  struct Frame: Encodable {
    var address: String
    var module: String?
    var offset: UInt64?
    var symbol: String?
    var function: String?
    var file: String?
    var line: Int?
    /// What the code was inlined into, the innermost first.
    var inlinedInto: [Place]?

    struct Place: Encodable {
      var function: String
      var file: String
      var line: Int
    }

    init(_ frame: BugCheck.Frame) {
      address = hex(frame.address)
      module = frame.module
      offset = frame.offset
      symbol = frame.symbol
      function = frame.places.first?.function
      file = frame.places.first?.file
      line = frame.places.first?.line
      if frame.places.count > 1 {
        inlinedInto = frame.places.dropFirst().map {
          Place(function: $0.function, file: $0.file, line: $0.line)
        }
      }
    }
  }

  init(_ bugCheck: BugCheck) {
    let context = bugCheck.context
    code = "0x" + bugCheck.code.rawValue.hexadecimal(8)
    name = bugCheck.code.name
    parameters = bugCheck.parameters.map { hex($0) }
    meaning = bugCheck.code.meaning
    subject = context.subject
    rule = bugCheck.rule?.name
    mistake = bugCheck.rule?.mistake
    remedy = bugCheck.rule?.remedy
    page = bugCheck.rule?.page
    irql = context.irql.map { "\($0)" }
    request = context.request
    line = context.line
    count = context.count > 1 ? context.count : nil
    stack = context.frames.map { "\($0)" }
    frames = context.frames.map { Frame($0) }
    if !context.causes.isEmpty {
      causes = context.causes.map { Cause(event: $0.event, frames: $0.frames.map { Frame($0) }) }
    }
  }
}
