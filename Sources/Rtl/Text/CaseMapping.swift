import CRing3

/// Upper and lower case of single UTF-16 units, as the system's case tables have it.
package enum CaseMapping {
  /// The unit in upper case, itself when it has none.
  package static func upcase(_ unit: UInt16) -> UInt16 {
    if unit < 0x80 { return unit.uppercasedASCII }
    return map(unit, runs: r3_upcase_runs(), count: Int(r3_upcase_count))
  }

  /// The unit in lower case, itself when it has none.
  package static func downcase(_ unit: UInt16) -> UInt16 {
    if unit < 0x80 { return unit.lowercasedASCII }
    return map(unit, runs: r3_downcase_runs(), count: Int(r3_downcase_count))
  }

  /// Looks for the run that holds the unit, by halving.
  private static func map(
    _ unit: UInt16, runs: UnsafePointer<R3CaseRun>, count: Int
  ) -> UInt16 {
    var low = 0
    var high = count
    while low < high {
      let middle = (low &+ high) / 2
      let run = runs[middle]
      if unit < run.first {
        high = middle
      } else if unit > run.last {
        low = middle &+ 1
      } else {
        return (unit &- run.first) % run.step == 0 ? unit &+ run.delta : unit
      }
    }
    return unit
  }
}
