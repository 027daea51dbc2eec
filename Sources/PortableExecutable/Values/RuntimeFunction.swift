/// One function of the exception table: its code and where its unwind data is.
public struct RuntimeFunction: Hashable, Sendable {
  /// Image offset of the first byte of code.
  public let begin: UInt32
  /// Image offset behind the last byte of code.
  public let end: UInt32
  /// The image offset of the unwind data; with bit 0 set, of another function that has the data.
  public let unwindData: UInt32

  /// The image offsets of the code.
  public var range: Range<UInt32> { begin..<end }
}

/// How a frame of a function is taken off the stack.
public struct UnwindInfo: Hashable, Sendable {
  /// What a function has beside its frame.
  public struct Flags: OptionSet, Hashable, Sendable {
    /// The number that the system uses.
    public let rawValue: UInt8
    /// Makes a value of the system's number.
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
    /// The two bytes as a number.
    public let rawValue: UInt16
    /// How far into the prologue the operation is done.
    public var prologueOffset: UInt8 { UInt8(truncatingIfNeeded: rawValue) }
    /// What the prologue does at that place.
    public var operation: UInt8 { UInt8(truncatingIfNeeded: rawValue >> 8) & 15 }
    /// A register or a size, as the operation says.
    public var info: UInt8 { UInt8(truncatingIfNeeded: rawValue >> 12) }
  }

  /// Version of the format, 1 or 2.
  public let version: UInt8
  /// What the function has beside its frame.
  public let flags: Flags
  /// Bytes of the prologue.
  public let prologueSize: UInt8
  /// The register that points into the frame; 0 for none.
  public let frameRegister: UInt8
  /// The distance of that register from the stack pointer, in bytes.
  public let frameOffset: UInt32
  /// The slots, those of the last operation first.
  public let codes: [Code]
  /// The image offset of the language handler.
  public let handler: UInt32?
  /// The image offset of the handler's own data.
  public let handlerData: UInt32?
  /// The function that the data goes on at.
  public let chained: RuntimeFunction?
}
