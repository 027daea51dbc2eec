// MARK: Devices

extension ScriptParser {
  /// An action on a device, with the device's number behind it when it is not the first one.
  func device(_ word: String, _ scanner: inout LineScanner) throws(ScriptError) -> Action.Kind {
    let action: DeviceAction
    switch word {
    case "remove": action = .remove
    case "surprise": action = .surprise
    case "stop": action = .stop
    case "start": action = .start
    case "eject": action = .eject
    default:
      action = .power(try level(&scanner, letter: "D", 0...3, of: "power", example: "power D3"))
    }
    guard try scanner.peek() != nil else { return .device(action, number: nil) }
    return .device(
      action, number: try number(&scanner, of: word, example: "\(word) 2", limit: .max))
  }

  /// A state of power: a letter and a digit.
  func level(
    _ scanner: inout LineScanner, letter: String, _ range: ClosedRange<UInt64>, of action: String,
    example: String
  ) throws(ScriptError) -> UInt64 {
    let remedy =
      "Write \(letter)\(range.lowerBound) to \(letter)\(range.upperBound): \(example)"
    guard let word = try scanner.next() else {
      throw scanner.error("\(action) needs a state of power", remedy: remedy)
    }
    guard word.text.uppercased().hasPrefix(letter), let level = UInt64(word.text.dropFirst()),
      range.contains(level)
    else {
      throw scanner.error(
        "\(word.shown) is no such state", at: word.range.lowerBound, remedy: remedy)
    }
    return level
  }
}
