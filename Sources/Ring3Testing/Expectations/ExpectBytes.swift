import Testing

/// Expects bytes to be what they should be, and prints where they differ.
///
/// The issue names the first difference and both lengths, and shows the lines of a hexadecimal dump
/// round it, those expected with `-`, those that came with `+`.
///
///     expectBytes(try file.read(count: 100), equal: "hello".utf8)
///
/// - Parameters:
///   - actual: what came.
///   - expected: what it should be.
///   - comment: what else to say in the issue.
///   - sourceLocation: where the issue is shown.
/// - Returns: whether they are equal.
@discardableResult
public func expectBytes(
  _ actual: some Sequence<UInt8>, equal expected: some Sequence<UInt8>,
  _ comment: @autoclosure () -> Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation
) -> Bool {
  guard let difference = ByteDifference(actual: Array(actual), expected: Array(expected)) else {
    return true
  }
  record(difference.description, comment(), sourceLocation)
  return false
}

/// Records an issue with a text and, in front of it, what the test's author has to say.
func record(_ text: String, _ comment: Comment?, _ sourceLocation: SourceLocation) {
  let lead = comment.map { "\($0)\n" } ?? ""
  Issue.record(Comment(rawValue: lead + text), sourceLocation: sourceLocation)
}
