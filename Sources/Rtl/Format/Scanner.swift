/// The engine behind `sscanf_s` and its kin.
///
/// Like the format engine it reads and writes the driver's memory in place and owns nothing.
package struct Scanner {
  private let input: FormatText
  /// The units of the input that may be read.
  private let limit: Int
  private var at = 0
  private var arguments: FormatArguments
  private var assigned: Int32 = 0

  package init(
    _ input: FormatText, limit: UInt = .max, arguments: UnsafePointer<UInt64>
  ) {
    self.input = input
    self.limit = Int(min(limit, UInt(Int32.max)))
    self.arguments = FormatArguments(arguments)
  }

  /// What one directive asks for.
  private struct Directive {
    var isSuppressed = false
    var width = Int.max
    var size = FormatDirective.Size.standard
    var letter: UInt16 = 0
    /// Where the set of `[` begins and ends in the format.
    var set = 0..<0
    var isInverted = false

    /// Whether blanks before the value do not matter: not for `%c`, `%[`, `%n`.
    var skipsSpaces: Bool {
      switch UInt8(truncatingIfNeeded: letter) {
      case UInt8(ascii: "c"), UInt8(ascii: "C"), UInt8(ascii: "["), UInt8(ascii: "n"): false
      default: true
      }
    }
  }

  /// The next unit of the input, 0 at its end.
  private var unit: UInt16 { at < limit ? input[at] : 0 }

  private mutating func skipSpaces() { while unit.isSpaceASCII { at &+= 1 } }

  /// Scans and returns the number of values stored, -1 when the input ended before the first.
  package mutating func run(_ format: FormatText) -> Int32 {
    var position = 0
    while true {
      let wanted = format[position]
      position &+= 1
      if wanted == 0 { return assigned }
      if wanted.isSpaceASCII {
        skipSpaces()
      } else if wanted != .percent {
        guard unit == wanted else { return stopped(endedBefore: unit == 0) }
        at &+= 1
      } else {
        let directive = read(format, &position)
        if directive.skipsSpaces { skipSpaces() }
        let isAtEnd = unit == 0
        guard perform(directive, format) else { return stopped(endedBefore: isAtEnd) }
      }
    }
  }

  /// The result when the input does not go on as it should.
  private func stopped(endedBefore isAtEnd: Bool) -> Int32 {
    assigned == 0 && isAtEnd ? -1 : assigned
  }

  private func read(_ format: FormatText, _ position: inout Int) -> Directive {
    var result = Directive()
    if format[position] == .star {
      result.isSuppressed = true
      position &+= 1
    }
    if format[position].isDigitASCII {
      result.width = 0
      while format[position].isDigitASCII {
        result.width = min(result.width &* 10 &+ Int(format[position].digitValue), 1 << 30)
        position &+= 1
      }
    }
    while readSize(format, &position, &result) { position &+= 1 }
    result.letter = format[position]
    if result.letter != 0 { position &+= 1 }
    if result.letter == 0x5B { readSet(format, &position, &result) }
    return result
  }

  private func readSize(
    _ format: FormatText, _ position: inout Int, _ result: inout Directive
  ) -> Bool {
    switch format[position] {
    case .h: result.size = result.size == .short ? .byte : .short
    case .l: result.size = result.size == .long ? .quad : .long
    case .w: result.size = .long
    case .j, .z, .t: result.size = .quad
    case .I:
      result.size = .quad
      if format[position &+ 1] == 0x36, format[position &+ 2] == 0x34 { position &+= 2 }
      if format[position &+ 1] == 0x33, format[position &+ 2] == 0x32 {
        result.size = .standard
        position &+= 2
      }
    default: return false
    }
    return true
  }

  /// Reads `[abc]` or `[^a-z]`; a bracket that comes first belongs to the set.
  private func readSet(_ format: FormatText, _ position: inout Int, _ result: inout Directive) {
    if format[position] == 0x5E {
      result.isInverted = true
      position &+= 1
    }
    let start = position
    if format[position] == 0x5D { position &+= 1 }
    while format[position] != 0, format[position] != 0x5D { position &+= 1 }
    result.set = start..<position
    if format[position] != 0 { position &+= 1 }
  }

  private mutating func perform(_ directive: Directive, _ format: FormatText) -> Bool {
    switch UInt8(truncatingIfNeeded: directive.letter) {
    case UInt8(ascii: "d"), UInt8(ascii: "u"): scanInteger(directive, base: 10)
    case UInt8(ascii: "i"): scanInteger(directive, base: 0)
    case UInt8(ascii: "x"), UInt8(ascii: "X"): scanInteger(directive, base: 16)
    case UInt8(ascii: "o"): scanInteger(directive, base: 8)
    case UInt8(ascii: "p"): scanPointer(directive)
    case UInt8(ascii: "c"), UInt8(ascii: "C"):
      scanText(directive, count: directive.width == .max ? 1 : directive.width) { _ in true }
    case UInt8(ascii: "s"), UInt8(ascii: "S"): scanText(directive) { !$0.isSpaceASCII }
    case UInt8(ascii: "["):
      scanText(directive) { unit in
        Self.contains(format, directive.set, unit) != directive.isInverted
      }
    case UInt8(ascii: "n"): storeCount(directive)
    case UInt8(ascii: "%"): scanPercent()
    default: false
    }
  }

  private mutating func scanPercent() -> Bool {
    guard unit == .percent else { return false }
    at &+= 1
    return true
  }

  private mutating func storeCount(_ directive: Directive) -> Bool {
    if !directive.isSuppressed { store(UInt64(at), directive.size) }
    return true
  }

  private mutating func scanPointer(_ directive: Directive) -> Bool {
    var wide = directive
    wide.size = .quad
    return scanInteger(wide, base: 16)
  }

  private mutating func scanInteger(_ directive: Directive, base: UInt64) -> Bool {
    var left = directive.width
    var radix = base
    let isNegative = unit == .minus
    if left > 0, isNegative || unit == .plus { advance(&left) }
    var digitCount = 0
    if unit == .zero, left > 0, base == 0 || base == 16 {
      advance(&left)
      digitCount = 1
      if unit | 0x20 == 0x78, left > 0 {
        advance(&left)
        radix = 16
        digitCount = 0
      } else if base == 0 {
        radix = 8
      }
    }
    if radix == 0 { radix = 10 }
    var value: UInt64 = 0
    while left > 0, unit.digitValue < radix {
      value = value &* radix &+ UInt64(unit.digitValue)
      advance(&left)
      digitCount &+= 1
    }
    guard digitCount > 0 else { return false }
    guard !directive.isSuppressed else { return true }
    store(isNegative ? 0 &- value : value, directive.size)
    assigned &+= 1
    return true
  }

  private mutating func advance(_ left: inout Int) {
    at &+= 1
    left &-= 1
  }

  private mutating func store(_ value: UInt64, _ size: FormatDirective.Size) {
    let target = UnsafeMutableRawPointer(faulting(address: arguments.take(), as: UInt8.self))
    switch size {
    case .byte: target.storeBytes(of: UInt8(truncatingIfNeeded: value), as: UInt8.self)
    case .short: target.storeBytes(of: UInt16(truncatingIfNeeded: value), as: UInt16.self)
    case .standard, .long:
      target.storeBytes(of: UInt32(truncatingIfNeeded: value), as: UInt32.self)
    case .quad: target.storeBytes(of: value, as: UInt64.self)
    }
  }

  /// Whether text goes into units rather than bytes.
  private func isWide(_ directive: Directive) -> Bool {
    switch directive.size {
    case .short, .byte: false
    case .long, .quad: true
    case .standard:
      input.isWide != (directive.letter == 0x53 || directive.letter == 0x43)
    }
  }

  /// Stores units while they match, into a buffer whose size is the next argument.
  ///
  /// A count makes it `%c`: so many units, and no zero behind them.
  private mutating func scanText(
    _ directive: Directive, count: Int? = nil, _ matches: (UInt16) -> Bool
  ) -> Bool {
    var target: FormatOutput?
    var capacity = UInt.max
    if !directive.isSuppressed {
      let address = UnsafeMutableRawPointer(faulting(address: arguments.take(), as: UInt8.self))
      capacity = UInt(arguments.take() & 0xFFFF_FFFF)
      target = FormatOutput(
        address, capacity: capacity, encoding: isWide(directive) ? .utf16 : .ansi)
    }
    let start = at
    let wanted = count ?? directive.width
    while at &- start < wanted, unit != 0, matches(unit) {
      target?.append(unit, fromWide: input.isWide)
      at &+= 1
    }
    let length = at &- start
    let isTooLong = UInt(bitPattern: length) &+ (count == nil ? 1 : 0) > capacity
    guard length > 0, count.map({ $0 == length }) ?? true, !isTooLong else {
      if isTooLong, capacity > 0 { target?.terminate(at: 0) }
      return false
    }
    guard let target else { return true }
    if count == nil { target.terminate(at: length) }
    assigned &+= 1
    return true
  }

  /// Whether a set of the format has a unit; `a-z` is a range.
  private static func contains(_ format: FormatText, _ set: Range<Int>, _ unit: UInt16) -> Bool {
    var i = set.lowerBound
    while i < set.upperBound {
      if i &+ 2 < set.upperBound, format[i &+ 1] == .minus {
        if unit >= format[i], unit <= format[i &+ 2] { return true }
        i &+= 3
      } else {
        if unit == format[i] { return true }
        i &+= 1
      }
    }
    return false
  }
}
