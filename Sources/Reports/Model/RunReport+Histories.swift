extension RunReport {
  /// The use of pool under one tag, over the actions of a run.
  public struct PoolHistory: Codable, Hashable, Sendable {
    /// The tag's four characters.
    public var tag: String
    /// Whether it is paged pool.
    public var isPaged: Bool
    /// Allocations over the run.
    public var allocationCount: UInt64 = 0
    /// Releases over the run.
    public var freeCount: UInt64 = 0
    /// Most bytes that were in use at once.
    public var peakByteCount = 0
    /// What was in use after actions: only where it changed.
    public var samples: [PoolSample] = []

    /// Begins a history.
    public init(tag: String, isPaged: Bool) {
      self.tag = tag
      self.isPaged = isPaged
    }
  }

  /// Pool in use after an action.
  public struct PoolSample: Codable, Hashable, Sendable {
    /// The index of the action.
    public var action: Int
    /// Blocks.
    public var blockCount: Int
    /// Bytes that were asked for.
    public var byteCount: Int

    /// Makes a sample.
    public init(action: Int, blockCount: Int, byteCount: Int) {
      self.action = action
      self.blockCount = blockCount
      self.byteCount = byteCount
    }
  }

  /// A lookaside list over the actions of a run.
  public struct LookasideHistory: Codable, Hashable, Sendable {
    /// The tag of its entries.
    public var tag: String
    /// The address of its head.
    public var address: String
    /// Bytes of an entry.
    public var entryByteCount: Int
    /// Allocations over the run.
    public var allocationCount: UInt32 = 0
    /// Allocations that went to pool.
    public var missCount: UInt32 = 0
    /// What it kept after actions: only where that changed.
    public var samples: [LookasideSample] = []

    /// Begins a history.
    public init(tag: String, address: String, entryByteCount: Int) {
      self.tag = tag
      self.address = address
      self.entryByteCount = entryByteCount
    }
  }

  /// A lookaside list after an action.
  public struct LookasideSample: Codable, Hashable, Sendable {
    /// The index of the action.
    public var action: Int
    /// Entries that it keeps at most.
    public var depth: Int
    /// Entries that it keeps.
    public var keptCount: Int

    /// Makes a sample.
    public init(action: Int, depth: Int, keptCount: Int) {
      self.action = action
      self.depth = depth
      self.keptCount = keptCount
    }
  }

  /// An object with what lies below it.
  public struct ObjectNode: Codable, Hashable, Sendable {
    /// `Device`, `WDFMEMORY`, ….
    public var type: String
    /// Its path or name; empty without one.
    public var name: String
    /// What the driver knows it by.
    public var address: String
    /// Number of references.
    public var referenceCount: Int
    /// What else there is to say: contexts, handles.
    public var detail: String = ""
    /// The objects below it.
    public var children: [ObjectNode] = []

    /// Makes an object without children.
    public init(type: String, name: String, address: String, referenceCount: Int) {
      self.type = type
      self.name = name
      self.address = address
      self.referenceCount = referenceCount
    }
  }
}
