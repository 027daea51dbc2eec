/// Why a driver could not be built.
public struct BuildError: Error, Sendable, CustomStringConvertible {
  /// The kind of a failure.
  public enum Code: Sendable {
    /// clang, lld-link or swiftc is not there.
    case toolchainMissing
    /// The modules of Ring3, which a driver in Swift is compiled against, are not there, or are not
    /// those of the program.
    case modulesMissing
    /// The sources have no type that conforms to `SwiftDriver`, or several.
    case driverTypeUnclear
    /// A source, project, library or include directory is not there or cannot be read.
    case inputMissing
    /// A source is of a kind that Ring3 cannot translate.
    case inputUnsupported
    /// The compiler refused the source; ``BuildError/diagnostics`` has its words.
    case compilationFailed
    /// The linker refused the objects; ``BuildError/diagnostics`` has its words.
    case linkFailed
    /// The output or the cache cannot be written.
    case outputFailed
  }

  /// The kind of this failure.
  public var code: Code
  /// What happened to which file, and what to do about it.
  public var message: String
  /// What clang, lld-link or swiftc printed, unchanged.
  public var diagnostics: String

  init(_ code: Code, _ message: String, diagnostics: String = "") {
    self.code = code
    self.message = message
    self.diagnostics = diagnostics
  }

  /// What the tools printed, then the message.
  public var description: String {
    diagnostics.isEmpty
      ? message : diagnostics + (diagnostics.hasSuffix("\n") ? "" : "\n") + message
  }
}
