import Ring3
import Testing

/// Expects a bug check, and prints the driver's stack when it is another one.
///
/// The bug check is the one that `body` throws, or that has ended the kernel of the running test
/// meanwhile, on whatever thread. It is then no issue for the test's ``KernelTrait``.
///
///     expectBugCheck(.driverIrqlNotLessOrEqual) { try file.deviceControl(touchPagedPool) }
///
/// - Parameters:
///   - code: the code that is expected; nil: any.
///   - parameter1: the first parameter, which names the rule for codes such as 0xC4 and 0x10D; nil:
///     any.
///   - comment: what else to say in the issue.
///   - sourceLocation: where the issue is shown.
///   - body: the call.
/// - Returns: the bug check, also another one than expected; nil when there was none.
@discardableResult
public func expectBugCheck<R>(
  _ code: BugCheckCode? = nil, parameter1: UInt64? = nil,
  _ comment: @autoclosure () -> Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation,
  _ body: () throws -> R
) -> BugCheck? {
  let outcome = Outcome(of: body)
  let test = TestKernel.running
  let wanted = code.map { "\($0)" } ?? "a bug check"
  guard let bugCheck = outcome.bugCheck ?? test?.kernel.bugCheck else {
    if outcome.isRecorded { return nil }
    let came = outcome.status.map { "\($0)" } ?? outcome.error.map { "\($0)" } ?? "nothing"
    record("Expected \(wanted), got \(came): no bug check.", comment(), sourceLocation)
    return nil
  }
  // Expected or told here: nothing that the trait should tell again.
  test?.expect(bugCheck)
  let isExpected =
    bugCheck.code == code ?? bugCheck.code
    && bugCheck.parameter1 == parameter1 ?? bugCheck.parameter1
  if !isExpected {
    let report = test?.kernel.addingSourceLines(to: bugCheck) ?? bugCheck
    let rule = parameter1.map { " with the first parameter 0x" + String($0, radix: 16) } ?? ""
    record(
      "Expected \(wanted)\(rule), got \(bugCheck.code).\n\(report.message)", comment(),
      sourceLocation)
  }
  return bugCheck
}
