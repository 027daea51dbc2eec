/// The figures of one subject: nanoseconds per unit of work, one for each repetition.
struct Figures: Encodable {
  let name: String
  let median: Double
  let minimum: Double
  let maximum: Double

  init(name: String, samples: [Double]) {
    let sorted = samples.sorted()
    let middle = sorted.count / 2
    self.name = name
    median = sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    minimum = sorted[0]
    maximum = sorted[sorted.count - 1]
  }
}

/// The figures of one case, with the ratio to each peer.
struct CaseResult: Encodable {
  struct Peer: Encodable {
    let figures: Figures
    /// The median of Ring3 over the median of the peer.
    let ratio: Double
  }

  let name: String
  let unit: String
  let figures: Figures
  let peers: [Peer]
  /// Peers that the host does not allow.
  let missing: [String]
}

extension Case {
  /// Measures Ring3 and its peers in turn, so that a change of the machine's pace meets all of them.
  func measure(repetitions: Int, lasting nanoseconds: UInt64) throws -> CaseResult {
    try prepare()
    let all = [subject] + peers
    var missing: [String] = []
    var counts: [UInt64?] = []
    for (index, each) in all.enumerated() {
      do {
        counts.append(try each.turns(lasting: nanoseconds, by: clock, atLeast: fewestTurns))
      } catch let error as BenchError where index > 0 {
        missing.append(error.description)
        counts.append(nil)
      }
    }
    var samples = [[Double]](repeating: [], count: all.count)
    for _ in 0..<repetitions {
      for (index, each) in all.enumerated() {
        guard let count = counts[index] else { continue }
        let spent = Double(try each.time(count, by: clock))
        samples[index].append(spent / Double(count) / Double(each.unitsPerTurn))
      }
    }
    try cleanUp()
    let figures = Figures(name: subject.name, samples: samples[0])
    let beside = all.indices.dropFirst().filter { counts[$0] != nil }.map { index in
      let peer = Figures(name: all[index].name, samples: samples[index])
      return CaseResult.Peer(figures: peer, ratio: figures.median / peer.median)
    }
    return CaseResult(name: name, unit: unit, figures: figures, peers: beside, missing: missing)
  }
}
