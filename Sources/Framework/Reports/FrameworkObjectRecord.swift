/// What is known of one object of the driver framework, for reports.
public struct FrameworkObjectRecord: Sendable, Hashable {
  /// The name of its handle type, such as `WDFMEMORY`.
  public let type: String
  /// The driver's service name for a WDFDRIVER, else empty.
  public let name: String
  /// What the driver knows it by.
  public let handle: UInt64
  /// The parent's handle; nil for a WDFDRIVER.
  public let parent: UInt64?
  /// References: one is the tree's, as long as the object is not deleted.
  public let referenceCount: Int
  /// Whether its deletion has begun; it is there until the last reference goes.
  public let isDeleted: Bool
  /// Its contexts, the newest first.
  public let contexts: [FrameworkContextRecord]
  /// Its references by tag; only tracked when the machine verifies.
  public let tags: [FrameworkTagRecord]
  /// How long ago it was made.
  public let age: Duration
  /// What a driver set that shows nowhere else, such as `idle: D3 after 1000 ms`; in no fixed order.
  public let settings: [String]
  /// The objects below it.
  public internal(set) var children: [FrameworkObjectRecord] = []
}

/// One context of an object.
public struct FrameworkContextRecord: Sendable, Hashable {
  /// The type's name in the driver; empty for callbacks without a context.
  public let typeName: String
  /// Bytes of the context.
  public let byteCount: Int
}

/// The references to one object under one tag.
public struct FrameworkTagRecord: Sendable, Hashable {
  /// The tag as the driver passed it; 0 for references without one.
  public let tag: UInt64
  /// References taken and not let go.
  public let count: Int
  /// Where the newest was taken: line and file of the driver's source.
  public let line: Int
  /// The file, as the compiler knew it; nil when the driver gave none.
  public let file: String?

  /// The tag as four characters in memory order, when it is such.
  public var name: String {
    let bytes = (0..<4).map { UInt8(truncatingIfNeeded: tag >> UInt64(8 * $0)) }
    guard tag >> 32 == 0, tag != 0, bytes.allSatisfy({ (0x20..<0x7F).contains($0) }) else {
      return tag == 0 ? "" : "0x" + String(tag, radix: 16, uppercase: true)
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// An object that a driver had left when it was unloaded: references to it did not go.
public struct FrameworkLeak: Sendable, Hashable {
  /// The driver's service name.
  public let driver: String
  /// The name of the object's handle type.
  public let type: String
  /// What the driver knew it by; the handle stands for nothing any more.
  public let handle: UInt64
  /// The types of the objects above it, from the driver down, such as `WDFDRIVER/WDFDEVICE`.
  public let parentPath: String
  /// References that did not go; 0 when only a reference to something below it keeps the object.
  public let referenceCount: Int
  /// Tag of the pool that the object lies in, and stays in.
  public let poolTag: UInt32
  /// The driver's stack as it made the object.
  package let allocated: UInt32
  /// Its contexts.
  public let contexts: [FrameworkContextRecord]
  /// Its references by tag; only tracked when the machine verifies.
  public let tags: [FrameworkTagRecord]
}
