/// One function of the exception table: its code and where its unwind data is.
public struct RuntimeFunction: Hashable, Sendable {
  public let begin: UInt32
  public let end: UInt32
  /// The image offset of the unwind data; with bit 0 set, of another function that has the data.
  public let unwindData: UInt32

  /// The image offsets of the code.
  public var range: Range<UInt32> { begin..<end }
}

/// How a frame of a function is taken off the stack.
public struct UnwindInfo: Hashable, Sendable {
  public struct Flags: OptionSet, Hashable, Sendable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }

    /// The function has a handler for exceptions.
    public static let exceptionHandler = Flags(rawValue: 1)
    /// The function has a handler for unwinding.
    public static let terminationHandler = Flags(rawValue: 2)
    /// The data goes on at another function.
    public static let chained = Flags(rawValue: 4)
  }

  /// One slot of two bytes.
  public struct Code: Hashable, Sendable {
    public let rawValue: UInt16
    /// How far into the prologue the operation is done.
    public var prologueOffset: UInt8 { UInt8(truncatingIfNeeded: rawValue) }
    public var operation: UInt8 { UInt8(truncatingIfNeeded: rawValue >> 8) & 15 }
    public var info: UInt8 { UInt8(truncatingIfNeeded: rawValue >> 12) }
  }

  public let version: UInt8
  public let flags: Flags
  public let prologueSize: UInt8
  /// The register that points into the frame; 0 for none.
  public let frameRegister: UInt8
  /// The distance of that register from the stack pointer, in bytes.
  public let frameOffset: UInt32
  public let codes: [Code]
  /// The image offset of the language handler.
  public let handler: UInt32?
  /// The image offset of the handler's own data.
  public let handlerData: UInt32?
  /// The function that the data goes on at.
  public let chained: RuntimeFunction?
}
