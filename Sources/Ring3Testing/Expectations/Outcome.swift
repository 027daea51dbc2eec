import Ring3
import Testing

/// How a call into a kernel ended.
struct Outcome<R> {
  /// What it returned.
  let value: R?
  /// The status that it threw, or that its answer has; nil after a bug check.
  let status: NTStatus?
  /// The bug check that it threw.
  let bugCheck: BugCheck?
  /// What it threw, when that is neither.
  let error: (any Error)?

  /// Whether it failed an expectation, which is an issue already.
  var isRecorded: Bool { error is ExpectationFailedError }

  init(value: R) {
    self.value = value
    status = (value as? File.Completion)?.status ?? .success
    bugCheck = nil
    error = nil
  }

  init(_ error: any Error) {
    value = nil
    switch error {
    case KernelError.status(let status), DriverLoadError.refused(_, let status):
      (self.status, bugCheck, self.error) = (status, nil, nil)
    case let status as NTStatus: (self.status, bugCheck, self.error) = (status, nil, nil)
    case KernelError.bugCheck(let found), DriverLoadError.bugCheck(let found):
      (status, bugCheck, self.error) = (nil, found, nil)
    case let found as BugCheck: (status, bugCheck, self.error) = (nil, found, nil)
    default: (status, bugCheck, self.error) = (nil, nil, error)
    }
  }

  init(of body: () throws -> R) {
    do {
      self.init(value: try body())
    } catch {
      self.init(error)
    }
  }

  /// Records an issue when the status is another one.
  func judge(_ expected: NTStatus, _ comment: Comment?, _ sourceLocation: SourceLocation) {
    if let bugCheck {
      // The kernel's end is told here; the trait need not tell it again.
      TestKernel.running?.expect(bugCheck)
      let report = TestKernel.running?.kernel.addingSourceLines(to: bugCheck) ?? bugCheck
      record("Expected \(expected), got a bug check.\n\(report.message)", comment, sourceLocation)
    } else if let status, status != expected {
      record("Expected \(expected), got \(status).", comment, sourceLocation)
    } else if let error, !isRecorded {
      record("Expected \(expected), got an error: \(error)", comment, sourceLocation)
    }
  }
}
