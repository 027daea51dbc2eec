/// One page of a user address space.
public struct PageTableEntry {
  package var bits: UInt64

  static let committed: UInt64 = 1
  static let resident: UInt64 = 2
  static let readable: UInt64 = 4
  static let writable: UInt64 = 8
  /// The host maps the page at its user address just now.
  static let opened: UInt64 = 16
  /// The contents are in a swap block; the frame field is its number.
  static let swapped: UInt64 = 32
  /// The frame belongs to somebody else and is only mapped here (an MDL mapped for user mode).
  static let foreign: UInt64 = 64
  /// The page is being trimmed: its frame is still known, and nobody may use it.
  static let leaving: UInt64 = 128
  static let flagMask: UInt64 = 0xFFF
  static let allowed = committed | readable | writable

  /// The bits of a page that may be accessed so.
  @inlinable public static func needed(forWriting: Bool) -> UInt64 { forWriting ? 9 : 5 }

  /// The bits of a page that may be accessed so and is there.
  @inlinable public static func present(forWriting: Bool) -> UInt64 { forWriting ? 11 : 7 }

  package var isCommitted: Bool { bits & 1 != 0 }
  package var isResident: Bool { bits & 2 != 0 }
  package var isReadable: Bool { bits & 4 != 0 }
  package var isWritable: Bool { bits & 8 != 0 }
  package var isForeign: Bool { bits & Self.foreign != 0 }
  package var frame: FrameNumber { FrameNumber(bits >> 12) }
}

/// What a user page may be used for.
public enum PageProtection: Sendable, Hashable {
  /// Nothing: any access is an access violation (`PAGE_NOACCESS`).
  case noAccess
  /// Reading (`PAGE_READONLY`).
  case readOnly
  /// Reading and writing (`PAGE_READWRITE`).
  case readWrite

  var bits: UInt64 {
    switch self {
    case .noAccess: 0
    case .readOnly: PageTableEntry.readable
    case .readWrite: PageTableEntry.readable | PageTableEntry.writable
    }
  }
}
