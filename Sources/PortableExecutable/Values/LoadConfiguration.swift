/// What the compiler asks of the loader.
///
/// Addresses are image offsets, and nil where the image says nothing.
public struct LoadConfiguration: Hashable, Sendable {
  /// The size of the structure as the image has it.
  public let size: UInt32
  /// The eight bytes that must hold a random number before the driver runs.
  public let securityCookie: UInt32?
  /// The pointer to the function that checks the target of an indirect call.
  public let guardCheckPointer: UInt32?
  /// The pointer to the function that checks the target of an indirect call and goes there.
  public let guardDispatchPointer: UInt32?
  /// The list of functions that may be called indirectly, and their number.
  public let guardFunctionTable: UInt32?
  public let guardFunctionCount: UInt64
  public let guardFlags: GuardFlags
  /// The pointers of the extended flow guard.
  public let extendedCheckPointer: UInt32?
  public let extendedDispatchPointer: UInt32?
  public let extendedTableDispatchPointer: UInt32?

  public struct GuardFlags: OptionSet, Hashable, Sendable {
    public let rawValue: UInt32
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// The image checks its indirect calls.
    public static let instrumented = GuardFlags(rawValue: 0x0000_0100)
    /// The image also checks writes.
    public static let writeInstrumented = GuardFlags(rawValue: 0x0000_0200)
    public static let functionTablePresent = GuardFlags(rawValue: 0x0000_0400)
    public static let securityCookieUnused = GuardFlags(rawValue: 0x0000_0800)
    /// The pointers to the checks lie in memory that the loader may make read-only.
    public static let protectedDelayImports = GuardFlags(rawValue: 0x0000_1000)
    public static let exportSuppression = GuardFlags(rawValue: 0x0000_4000)
    public static let longJumpTablePresent = GuardFlags(rawValue: 0x0001_0000)
  }

  /// The number of bytes of a guard table entry behind its image offset.
  public var guardEntryExtra: Int { Int(guardFlags.rawValue >> 28) }
}

/// The thread-local storage of an image, which no kernel serves.
public struct ThreadLocalStorage: Hashable, Sendable {
  /// The bytes of initial data.
  public let dataSize: UInt64
  /// The absolute addresses of the callbacks.
  public let callbacks: [UInt64]
}
