/// The end of a command that could not do its work.
struct CommandFailure: Error {
  /// An expectation of a script failed.
  static let expectationFailed: Int32 = 1
  /// Wrong usage, or a file that cannot be read, built or loaded.
  static let unusable: Int32 = 2
  /// The driver bug-checked, or the verifier found something.
  static let driverFailed: Int32 = 3

  /// What happened, for the person at the terminal.
  var message: String
  /// The exit status.
  var status = Self.unusable
}
