/// The format engine behind `DbgPrint` and the `printf` family of the kernel.
///
/// It follows Microsoft's rules: `%p` has 16 digits, `%S` is the other width, `%Z` is a counted
/// string, `l` does not change the size of an integer, `I64` and `I32` are sizes. It reads the
/// driver's memory in place and owns nothing: a fault in the middle leaves nothing behind.
package struct Formatter {
  package var output: FormatOutput
  var arguments: FormatArguments

  package init(_ output: FormatOutput, arguments: UnsafePointer<UInt64>) {
    self.output = output
    self.arguments = FormatArguments(arguments)
  }

  /// Formats everything and returns the number of units that it takes without the final zero.
  package mutating func run(_ format: FormatText) -> Int {
    var at = 0
    while true {
      let unit = format[at]
      at &+= 1
      if unit == 0 { return output.count }
      guard unit == .percent else {
        output.append(unit, fromWide: format.isWide)
        continue
      }
      let directive = FormatDirective(format, at: at, arguments: &arguments)
      at &+= directive.unitCount
      perform(directive, formatIsWide: format.isWide)
    }
  }

  private mutating func perform(_ directive: FormatDirective, formatIsWide: Bool) {
    switch UInt8(truncatingIfNeeded: directive.letter) {
    case UInt8(ascii: "d"), UInt8(ascii: "i"): formatSigned(directive)
    case UInt8(ascii: "u"): formatUnsigned(directive, base: 10)
    case UInt8(ascii: "x"): formatUnsigned(directive, base: 16)
    case UInt8(ascii: "X"): formatUnsigned(directive, base: 16, uppercase: true)
    case UInt8(ascii: "o"): formatUnsigned(directive, base: 8)
    case UInt8(ascii: "p"): formatPointer(directive)
    case UInt8(ascii: "c"), UInt8(ascii: "C"):
      formatCharacter(directive, isWide: isWide(directive, formatIsWide, swap: "C"))
    case UInt8(ascii: "s"), UInt8(ascii: "S"):
      formatText(directive, isWide: isWide(directive, formatIsWide, swap: "S"))
    case UInt8(ascii: "Z"): formatCountedText(directive)
    case UInt8(ascii: "e"), UInt8(ascii: "f"), UInt8(ascii: "g"), UInt8(ascii: "a"),
      UInt8(ascii: "E"), UInt8(ascii: "F"), UInt8(ascii: "G"), UInt8(ascii: "A"):
      formatFloat(directive)
    case UInt8(ascii: "n"): _ = arguments.take()  // Writing through %n is disabled on Windows too.
    case 0: break  // The format ends in the middle of a directive.
    default: output.append(directive.letter, fromWide: formatIsWide)
    }
  }

  /// Whether a text argument is wide: its own prefix decides, then the letter, then the function.
  private func isWide(
    _ directive: FormatDirective, _ formatIsWide: Bool, swap: Unicode.Scalar
  ) -> Bool {
    switch directive.size {
    case .short, .byte: false
    case .long, .quad: true
    case .standard: formatIsWide != (directive.letter == UInt16(swap.value))
    }
  }

  /// Pads to the width around `body`, which appends `count` units after a sign or prefix.
  mutating func pad(
    _ directive: FormatDirective, prefix: StaticString = "", count: Int,
    zeros: Bool, _ body: (inout FormatOutput) -> Void
  ) {
    let padding = directive.width &- prefix.utf8CodeUnitCount &- count
    let filledWithZeros = zeros && !directive.isLeft
    if !directive.isLeft && !filledWithZeros { output.append(.space, times: padding) }
    output.append(prefix)
    if filledWithZeros { output.append(.zero, times: padding) }
    body(&output)
    if directive.isLeft { output.append(.space, times: padding) }
  }
}
