import Framework

/// The debug output of the kernel: what `DbgPrint` writes to.
public enum DebugOutput {
  /// Writes a line.
  ///
  /// Up to DISPATCH_LEVEL.
  public static func write(_ text: String) { Framework.current.note(text) }
}
