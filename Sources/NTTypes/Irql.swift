/// The interrupt request level of a processor: what may interrupt the code that runs.
public struct Irql: RawRepresentable, Hashable, Sendable, Comparable {
  /// The number that the system uses.
  public let rawValue: UInt8
  /// Makes a value of the system's number.
  public init(rawValue: UInt8) { self.rawValue = rawValue }

  /// Threads run and may wait (`PASSIVE_LEVEL`).
  public static let passive = Irql(rawValue: 0)
  /// Threads run, APCs are held back (`APC_LEVEL`).
  public static let apc = Irql(rawValue: 1)
  /// The scheduler is held back: no waits, no paging (`DISPATCH_LEVEL`).
  public static let dispatch = Irql(rawValue: 2)
  /// The lowest level of a device's interrupt routine on x64; devices have 3 to 11.
  public static let device = Irql(rawValue: 3)
  /// The highest level of a device's interrupt routine on x64.
  public static let highestDevice = Irql(rawValue: 11)
  /// The clock interrupt (`CLOCK_LEVEL` on x64).
  public static let clock = Irql(rawValue: 13)
  /// The interrupt between processors (`IPI_LEVEL` on x64).
  public static let interProcessor = Irql(rawValue: 14)
  /// Nothing interrupts (`HIGH_LEVEL` on x64).
  public static let high = Irql(rawValue: 15)

  /// Orders levels from PASSIVE_LEVEL up.
  public static func < (left: Irql, right: Irql) -> Bool { left.rawValue < right.rawValue }
}

extension Irql: CustomStringConvertible {
  /// The name of the level, such as DISPATCH_LEVEL.
  public var description: String {
    switch self {
    case .passive: "PASSIVE_LEVEL"
    case .apc: "APC_LEVEL"
    case .dispatch: "DISPATCH_LEVEL"
    case .clock: "CLOCK_LEVEL"
    case .interProcessor: "IPI_LEVEL"
    case .high: "HIGH_LEVEL"
    case Irql.device...Irql.highestDevice: "DIRQL \(rawValue)"
    default: "IRQL \(rawValue)"
    }
  }
}
