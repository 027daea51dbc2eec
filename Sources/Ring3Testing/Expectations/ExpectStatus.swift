import Ring3
import Testing

/// Expects a request, or any call, to end with a status, and prints both by name when it does not.
///
/// The status is the one that `body` throws - as `KernelError`, `NTStatus` or, of a DriverEntry,
/// `DriverLoadError` - or that of the `File.Completion` that it returns. A `body` that returns
/// anything else stands for STATUS_SUCCESS: calls that give bytes do not tell a warning such as
/// STATUS_BUFFER_OVERFLOW, those with addresses do. A bug check is an issue with the driver's stack,
/// and any other error is an issue too.
///
///     expectStatus(.bufferTooSmall) {
///       try file.deviceControl(reverse, input: [1, 2], outputCount: 1)
///     }
///
/// - Parameters:
///   - status: the status that is expected.
///   - comment: what else to say in the issue.
///   - sourceLocation: where the issue is shown.
///   - body: the call.
/// - Returns: what `body` returned; nil when it threw.
@discardableResult
public func expectStatus<R>(
  _ status: NTStatus, _ comment: @autoclosure () -> Comment? = nil,
  sourceLocation: SourceLocation = #_sourceLocation, _ body: () throws -> R
) -> R? {
  let outcome = Outcome(of: body)
  outcome.judge(status, comment(), sourceLocation)
  return outcome.value
}

/// Expects a request, or any call, to end with a status: the same for calls that are waited for.
///
/// - Parameters:
///   - status: the status that is expected.
///   - comment: what else to say in the issue.
///   - isolation: the actor of the caller.
///   - sourceLocation: where the issue is shown.
///   - body: the call.
/// - Returns: what `body` returned; nil when it threw.
@discardableResult
public func expectStatus<R>(
  _ status: NTStatus, _ comment: @autoclosure () -> Comment? = nil,
  isolation: isolated (any Actor)? = #isolation,
  sourceLocation: SourceLocation = #_sourceLocation, _ body: () async throws -> R
) async -> R? {
  let outcome: Outcome<R>
  do {
    outcome = Outcome(value: try await body())
  } catch {
    outcome = Outcome(error)
  }
  outcome.judge(status, comment(), sourceLocation)
  return outcome.value
}
