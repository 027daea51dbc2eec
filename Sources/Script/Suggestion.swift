/// A hint at the word that was meant: the one that differs least, when it differs little.
func suggestion(for word: String, among candidates: [String]) -> String? {
  guard word.utf8.count <= 64 else { return nil }
  let limit = max(1, word.utf8.count / 4)
  let best = candidates.map { ($0, distance(word, $0, limit: limit)) }.min { $0.1 < $1.1 }
  guard let best, best.1 <= limit else { return nil }
  return "Did you mean \(best.0)?"
}

/// The number of letters to change, add, remove or swap, counted no further than just beyond `limit`.
private func distance(_ left: String, _ right: String, limit: Int) -> Int {
  let (left, right) = (Array(left.lowercased().utf8), Array(right.lowercased().utf8))
  guard abs(left.count - right.count) <= limit else { return limit + 1 }
  var before: [Int] = []
  var previous = Array(0...right.count)
  for (row, a) in left.enumerated() {
    var current = [row + 1]
    for (column, b) in right.enumerated() {
      var best = min(
        previous[column] + (a == b ? 0 : 1), previous[column + 1] + 1, current[column] + 1)
      if row > 0, column > 0, a == right[column - 1], left[row - 1] == b {
        best = min(best, before[column - 1] + 1)
      }
      current.append(best)
    }
    if current.min() ?? 0 > limit { return limit + 1 }
    (before, previous) = (previous, current)
  }
  return previous[right.count]
}
