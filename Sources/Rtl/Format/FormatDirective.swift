/// One directive of a format: what stands between `%` and its letter, and the letter.
struct FormatDirective {
  /// The size of an argument.
  enum Size {
    case standard
    /// `hh`, `h`
    case byte, short
    /// `l`, `w`: wide text; a long is an int here.
    case long
    /// `ll`, `I64`, `I`, `j`, `z`, `t`
    case quad
  }

  var isLeft = false
  var hasPlus = false
  var hasSpace = false
  var isAlternate = false
  var hasZeros = false
  var width = 0
  /// Negative when the format gives none.
  var precision = -1
  var size = Size.standard
  var letter: UInt16 = 0
  /// The units of the format after `%` that it takes.
  var unitCount = 0

  /// Reads a directive; `start` is the position after `%`.
  init(_ format: FormatText, at start: Int, arguments: inout FormatArguments) {
    var at = start
    readFlags(format, &at)
    readWidth(format, &at, &arguments)
    readPrecision(format, &at, &arguments)
    while readSize(format, &at) {}
    letter = format[at]
    unitCount = (letter == 0 ? at : at &+ 1) &- start
  }

  private mutating func readFlags(_ format: FormatText, _ at: inout Int) {
    while true {
      switch format[at] {
      case .minus: isLeft = true
      case .plus: hasPlus = true
      case .space: hasSpace = true
      case .hash: isAlternate = true
      case .zero: hasZeros = true
      default: return
      }
      at &+= 1
    }
  }

  private mutating func readWidth(
    _ format: FormatText, _ at: inout Int, _ arguments: inout FormatArguments
  ) {
    guard format[at] == .star else {
      width = readNumber(format, &at)
      return
    }
    at &+= 1
    width = Int(Int32(truncatingIfNeeded: arguments.take()))
    if width < 0 {
      isLeft = true
      width = 0 &- width
    }
  }

  private mutating func readPrecision(
    _ format: FormatText, _ at: inout Int, _ arguments: inout FormatArguments
  ) {
    guard format[at] == .dot else { return }
    at &+= 1
    guard format[at] == .star else {
      precision = readNumber(format, &at)
      return
    }
    at &+= 1
    precision = max(-1, Int(Int32(truncatingIfNeeded: arguments.take())))
  }

  /// Reads decimal digits; no number is larger than an int.
  private func readNumber(_ format: FormatText, _ at: inout Int) -> Int {
    var value = 0
    while format[at].isDigitASCII {
      value = min(value &* 10 &+ Int(format[at].digitValue), Int(Int32.max))
      at &+= 1
    }
    return value
  }

  /// Reads one size prefix and says whether there was one.
  private mutating func readSize(_ format: FormatText, _ at: inout Int) -> Bool {
    switch format[at] {
    case .h: size = size == .short ? .byte : .short
    case .l: size = size == .long ? .quad : .long
    case .w: size = .long
    case .j, .z, .t: size = .quad
    case .I: readPointerSize(format, &at)
    default: return false
    }
    at &+= 1
    return true
  }

  /// Reads what follows `I`: 64, 32, or nothing for the size of a pointer.
  private mutating func readPointerSize(_ format: FormatText, _ at: inout Int) {
    size = .quad
    if format[at &+ 1] == 0x36, format[at &+ 2] == 0x34 {
      at &+= 2
    } else if format[at &+ 1] == 0x33, format[at &+ 2] == 0x32 {
      size = .standard
      at &+= 2
    }
  }
}

extension UInt16 {
  static var space: UInt16 { 0x20 }
  static var hash: UInt16 { 0x23 }
  static var percent: UInt16 { 0x25 }
  static var star: UInt16 { 0x2A }
  static var plus: UInt16 { 0x2B }
  static var minus: UInt16 { 0x2D }
  static var dot: UInt16 { 0x2E }
  static var zero: UInt16 { 0x30 }
  static var I: UInt16 { 0x49 }
  static var h: UInt16 { 0x68 }
  static var j: UInt16 { 0x6A }
  static var l: UInt16 { 0x6C }
  static var t: UInt16 { 0x74 }
  static var w: UInt16 { 0x77 }
  static var z: UInt16 { 0x7A }
}
