import Framework
import NTTypes

/// An error of a driver's own that has a status of the system.
///
/// What a handler throws completes its request: with the status itself, with that of an error of this
/// kind, else with STATUS_UNSUCCESSFUL.
public protocol StatusConvertible: Error {
  /// The status that stands for the error.
  var status: NTStatus { get }
}

extension NTStatus {
  /// The status that stands for any error; one that has none is STATUS_UNSUCCESSFUL, and its text goes
  /// to the debug output.
  public init(reporting error: any Error) {
    switch error {
    case let status as NTStatus: self = status.isSuccess ? .unsuccessful : status
    case let error as any StatusConvertible: self = error.status
    case is CancellationError: self = .cancelled
    default:
      Framework.current.note("A driver in Swift threw \(error)")
      self = .unsuccessful
    }
  }
}
