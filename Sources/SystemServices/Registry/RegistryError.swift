/// What is wrong with a registry text.
public struct RegistryError: Error, CustomStringConvertible, Sendable, Equatable {
  /// Number of the line, from 1.
  public let line: Int
  /// What is wrong, and what to write instead.
  public let reason: String

  /// The line and what is wrong with it.
  public var description: String { "registry text, line \(line): \(reason)" }
}
