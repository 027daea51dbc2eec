// When a read of a serial port ends: the rules of SERIAL_TIMEOUTS.
import Ring3

/// What a read does until it ends, of its timeouts and its length.
struct ReadPlan: Equatable {
  /// Ends at once with what is there, if only nothing.
  var endsAtOnce = false
  /// Ends at once when there is anything.
  var takesWhatIsThere = false
  /// Bytes that end it.
  var needed: Int
  /// The longest time that it takes; nil for ever.
  var total: Duration?
  /// The longest time between two bytes; nil for ever.
  var interval: Duration?

  init(_ timeouts: SerialTimeouts, count: Int) {
    needed = count
    let (multiplier, constant) = (timeouts.readMultiplier, timeouts.readConstant)
    guard timeouts.readInterval == .max else {
      if timeouts.readInterval > 0 { interval = .milliseconds(Int(timeouts.readInterval)) }
      if multiplier > 0 || constant > 0 { total = Self.total(multiplier, constant, count) }
      return
    }
    if multiplier == 0, constant == 0 {
      endsAtOnce = true
    } else if constant != .max {
      takesWhatIsThere = true
      if multiplier == .max {
        // The first byte ends it.
        needed = min(1, count)
        total = .milliseconds(Int(constant))
      } else {
        total = Self.total(multiplier, constant, count)
      }
    }
  }

  /// The time that a transfer of `count` bytes may take.
  static func total(_ multiplier: UInt32, _ constant: UInt32, _ count: Int) -> Duration {
    .milliseconds(Int(multiplier) * count + Int(constant))
  }

  /// Whether the read ends as soon as `available` bytes are there, without waiting for more.
  func isDone(at start: Bool, available: Int) -> Bool {
    available >= needed || start && (endsAtOnce || takesWhatIsThere && available > 0)
  }
}
