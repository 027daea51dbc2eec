import CBenchPeers

/// Why a measurement could not be made.
struct BenchError: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// What is counted as time.
enum Clock {
  /// The time that the thread runs: other programs on the machine do not count.
  case thread
  /// The time that passes; for work of two threads.
  case wall

  func now() -> UInt64 { self == .thread ? r3b_thread_time() : r3b_now() }
}

/// One thing that is timed: a number of turns of the same work.
struct Subject {
  let name: String
  /// Units of work in one turn, such as pages.
  var unitsPerTurn = 1
  /// Does the work `count` times.
  let run: (_ count: UInt64) throws -> Void
  /// Does the same and says itself how many nanoseconds it took.
  var measureItself: ((_ count: UInt64) throws -> UInt64)?

  /// A loop in C that says whether it could be done.
  static func peer(_ name: String, unitsPerTurn: Int = 1, _ loop: @escaping (UInt64) -> Int32)
    -> Subject
  {
    Subject(
      name: name, unitsPerTurn: unitsPerTurn,
      run: { count in
        if loop(count) == 0 { throw BenchError("\(name): the host refused") }
      })
  }

  /// Nanoseconds that `count` turns take.
  func time(_ count: UInt64, by clock: Clock) throws -> UInt64 {
    if let measureItself { return try measureItself(count) }
    let start = clock.now()
    try run(count)
    return clock.now() - start
  }

  /// How many turns take about `nanoseconds`; warms up on the way.
  func turns(lasting nanoseconds: UInt64, by clock: Clock, atLeast least: UInt64 = 1) throws
    -> UInt64
  {
    try run(1)
    var count = least
    while true {
      let spent = try max(time(count, by: clock), 1)
      if spent >= nanoseconds / 4 { return max(least, count * nanoseconds / spent) }
      count *= spent < nanoseconds / 100 ? 10 : 2
    }
  }
}

/// Work of Ring3, and what it is compared with in the same run.
struct Case {
  let name: String
  /// What one figure is for, such as `page`.
  var unit = "turn"
  var clock = Clock.thread
  /// Fewer turns than that say nothing: two threads have to find each other.
  var fewestTurns: UInt64 = 1
  let subject: Subject
  let peers: [Subject]
  /// Work before and after all repetitions, which is not timed.
  var prepare: () throws -> Void = {}
  var cleanUp: () throws -> Void = {}
}
