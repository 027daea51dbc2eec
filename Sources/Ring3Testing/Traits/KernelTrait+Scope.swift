import Ring3
import Testing

extension KernelTrait: TestScoping {
  /// Only cases of tests get a kernel, and only from the trait that is nearest to the test.
  public func scopeProvider(for test: Test, testCase: Test.Case?) -> KernelTrait? {
    let nearest = test.traits.last { $0 is KernelTrait } as? KernelTrait
    return testCase != nil && nearest?.identity === identity ? self : nil
  }

  /// Makes the kernel, runs the test in its scope, and records what is found afterwards.
  public func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    let (findings, error) = await judge(function)
    for finding in findings {
      Issue.record(
        Comment(rawValue: finding.text),
        sourceLocation: finding.place?.location ?? test.sourceLocation)
    }
    if let error { throw error }
  }

  /// Runs `body` with a kernel and gives what is not allowed to be so afterwards, and what it threw:
  /// a test that fails may show its reason in what is left.
  func judge(_ body: () async throws -> Void) async -> ([Finding], (any Error)?) {
    let test: TestKernel
    do {
      test = try TestKernel(self)
    } catch {
      return ([Finding(.setup, "The kernel was not made: \(error)")], nil)
    }
    if let failure = test.start() { return ([failure], nil) }
    let limit = TimeLimit(seconds: timeLimit, kernel: test.kernel)
    defer { limit.stop() }
    var thrown: (any Error)?
    do {
      try await TestKernel.$running.withValue(test, operation: body)
    } catch {
      thrown = error
    }
    // The bug check that ends a late test is the limit's own.
    let findings = limit.isOver ? [limit.finding] : test.finish()
    let bad = findings.filter { finding in !allowances.contains { $0.excuses(finding.kind) } }
    return (bad, thrown)
  }
}

extension BugCheck.SourcePlace {
  /// The place as an issue names it.
  fileprivate var location: SourceLocation {
    let name = file.split { $0 == "/" || $0 == "\\" }.last ?? "source"
    return SourceLocation(
      fileID: "Driver/\(name)", filePath: file, line: max(1, line), column: 1)
  }
}
