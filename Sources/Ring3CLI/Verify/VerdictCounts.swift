/// How many runs ended in which way.
struct VerdictCounts {
  private let verdicts: [VerifyOutcome.Verdict: Int]

  init(_ verdicts: some Sequence<VerifyOutcome.Verdict>) {
    self.verdicts = verdicts.reduce(into: [:]) { $0[$1, default: 0] += 1 }
  }

  subscript(verdict: VerifyOutcome.Verdict) -> Int { verdicts[verdict] ?? 0 }

  /// The counts in a line: `8 clean, 1 crashed, 0 leaked, 0 hung`.
  var text: String {
    "\(self[.clean]) clean, \(self[.crash]) crashed, \(self[.leak]) leaked, \(self[.hang]) hung"
  }
}

/// The counts as an object, with what the runs cost.
struct CountsObject: Encodable {
  var clean: Int
  var crashes: Int
  var leaks: Int
  var hangs: Int
  var kernels: Int
  var seconds: Double

  init(_ counts: VerdictCounts, kernels: Int, seconds: Double) {
    clean = counts[.clean]
    crashes = counts[.crash]
    leaks = counts[.leak]
    hangs = counts[.hang]
    self.kernels = kernels
    self.seconds = seconds
  }
}

extension Double {
  /// The number with one digit behind the point.
  var tenths: String {
    let tenths = Int((self * 10).rounded())
    return "\(tenths / 10).\(tenths % 10)"
  }
}
