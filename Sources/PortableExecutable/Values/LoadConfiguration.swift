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
  /// Entries of the list of functions.
  public let guardFunctionCount: UInt64
  /// What the compiler did for control-flow guard.
  public let guardFlags: GuardFlags
  /// The pointers of the extended flow guard.
  public let extendedCheckPointer: UInt32?
  /// The pointer to the extended check that goes on to the target.
  public let extendedDispatchPointer: UInt32?
  /// The same, for targets that come from a table.
  public let extendedTableDispatchPointer: UInt32?

  /// The flags of control-flow guard (`IMAGE_GUARD_…`).
  public struct GuardFlags: OptionSet, Hashable, Sendable {
    /// The number that the system uses.
    public let rawValue: UInt32
    /// Makes a value of the system's number.
    public init(rawValue: UInt32) { self.rawValue = rawValue }

    /// The image checks its indirect calls.
    public static let instrumented = GuardFlags(rawValue: 0x0000_0100)
    /// The image also checks writes.
    public static let writeInstrumented = GuardFlags(rawValue: 0x0000_0200)
    /// The image lists the functions that may be called indirectly.
    public static let functionTablePresent = GuardFlags(rawValue: 0x0000_0400)
    /// The image does not use its stack cookie.
    public static let securityCookieUnused = GuardFlags(rawValue: 0x0000_0800)
    /// The pointers to the checks lie in memory that the loader may make read-only.
    public static let protectedDelayImports = GuardFlags(rawValue: 0x0000_1000)
    /// Exports are no valid targets until they are asked for.
    public static let exportSuppression = GuardFlags(rawValue: 0x0000_4000)
    /// The image lists the targets of long jumps.
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
