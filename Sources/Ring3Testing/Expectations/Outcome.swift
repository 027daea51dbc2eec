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

  init(value: R) {
    self.value = value
    status = (value as? File.Completion)?.status ?? .success
    bugCheck = nil
  }

  /// Nil for an error that has neither status nor bug check.
  init?(_ error: any Error) {
    value = nil
    switch error {
    case KernelError.status(let status), DriverLoadError.refused(_, let status):
      (self.status, bugCheck) = (status, nil)
    case let status as NTStatus: (self.status, bugCheck) = (status, nil)
    case KernelError.bugCheck(let found), DriverLoadError.bugCheck(let found):
      (status, bugCheck) = (nil, found)
    case let found as BugCheck: (status, bugCheck) = (nil, found)
    default: return nil
    }
  }

  init(of body: () throws -> R) rethrows {
    do {
      self.init(value: try body())
    } catch {
      guard let outcome = Outcome(error) else { throw error }
      self = outcome
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
    }
  }
}
