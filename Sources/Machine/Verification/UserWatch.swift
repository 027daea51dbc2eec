import CRing3
import Glibc

/// A program's request in the thread that sends it, as to the program's own memory: what its drivers
/// probed, and what they read.
///
/// It lies on the stack of the sending thread; the fault handler finds it by ``ThreadSlot/userWatch``.
package struct UserWatch {
  /// A range of addresses.
  package struct Span {
    package var start: UInt = 0
    package var end: UInt = 0

    package init() {}

    package init(_ start: UInt, _ count: Int) {
      self.start = start
      end = start &+ UInt(max(0, count))
    }

    @inline(__always)
    package func contains(_ address: UInt) -> Bool { address >= start && address < end }
  }

  /// Bytes that one place in a driver has read, in one access or in several that follow each other.
  package struct Fetch {
    package var start: UInt = 0
    package var end: UInt = 0
    /// Bytes of one access; 1 when that is not known.
    package var size: UInt32 = 0
    package var stack: StackNumber = 0

    package init() {}

    package init(start: UInt, end: UInt, size: UInt32, stack: StackNumber) {
      self.start = start
      self.end = end
      self.size = size
      self.stack = stack
    }
  }

  package static let probeCapacity = 8
  package static let fetchCapacity = 96
  /// Accesses of a request that are looked at one by one, at most.
  package static let stepLimit: UInt32 = 2048

  package let process: UnsafeMutablePointer<ProcessState>
  package let irp: UInt
  /// The request's own buffers in the program: input and output.
  package var input = Span()
  package var output = Span()
  /// The list of the request, for direct I/O; 0 for none.
  package var mdl: UInt = 0
  /// Whether each access is looked at: double fetches are found.
  package var isStepping = false
  package var stepCount: UInt32 = 0

  package var probes = InlineArray<8, Span>(repeating: Span())
  package var probeCount = 0
  /// Room for ``fetchCapacity`` reads, while ``isStepping``.
  package var fetches: UnsafeMutablePointer<Fetch>?
  package var fetchCount = 0

  /// Pages that are open for the instruction that is being stepped.
  package var opened = InlineArray<4, UInt>(repeating: 0)
  package var openedCount = 0
  /// The access that was noted and has not come to its end.
  package var notedInstruction: UInt64 = 0
  package var notedAddress: UInt = 0

  package var outer: UnsafeMutablePointer<UserWatch>?

  package init(process: Process, irp: UInt) {
    self.process = process.pointer
    self.irp = irp
  }

  /// The watch of a thread; nil when it is in no such request.
  @inline(__always)
  package static func of(_ thread: UnsafeMutablePointer<R3Thread>) -> UnsafeMutablePointer<
    UserWatch
  >? {
    slot(thread).pointee
  }

  @inline(__always)
  package static func slot(_ thread: UnsafeMutablePointer<R3Thread>)
    -> UnsafeMutablePointer<UnsafeMutablePointer<UserWatch>?>
  {
    ThreadSlot.userWatch.address(in: thread)
      .assumingMemoryBound(to: UnsafeMutablePointer<UserWatch>?.self)
  }
}

extension UserWatch {
  // MARK: Probes

  /// Notes that a range was probed; with too many of them everything counts as probed.
  package mutating func noteProbe(_ address: UInt, _ count: Int) {
    if count <= 0 { return }
    if probeCount < Self.probeCapacity { probes[probeCount] = Span(address, count) }
    probeCount += 1
  }

  package func isProbed(_ address: UInt) -> Bool {
    if probeCount > Self.probeCapacity { return true }
    for index in 0..<probeCount where probes[index].contains(address) { return true }
    return false
  }

  // MARK: Fetches

  /// Notes a read; gives what was read before and is read again now.
  ///
  /// Two reads are a double fetch when one has all bytes of the other. Parts of copies that compilers
  /// let overlap are none, and single bytes are not looked at: a loop over a text reads them twice.
  package mutating func noteFetch(_ fetch: Fetch) -> Fetch? {
    guard let fetches else { return nil }
    var earlier: Fetch?
    for index in 0..<fetchCount {
      let known = fetches[index]
      if known.stack == fetch.stack || known.size < 2 || fetch.size < 2 { continue }
      let isInside = known.start <= fetch.start && fetch.end <= known.end
      let isAround = fetch.start <= known.start && known.end <= fetch.end
      if isInside || isAround {
        earlier = known
        break
      }
    }
    for index in 0..<fetchCount where fetches[index].stack == fetch.stack {
      // The next part of a copy, forwards or backwards.
      let known = fetches[index]
      if fetch.start <= known.end, known.start <= fetch.end {
        fetches[index].start = min(known.start, fetch.start)
        fetches[index].end = max(known.end, fetch.end)
        return earlier
      }
    }
    if fetchCount < Self.fetchCapacity {
      fetches[fetchCount] = fetch
      fetchCount += 1
    }
    return earlier
  }

  /// The driver wrote there: what is read then is its own.
  package mutating func forget(_ start: UInt, _ end: UInt) {
    guard let fetches else { return }
    var index = 0
    while index < fetchCount {
      if fetches[index].start < end, start < fetches[index].end {
        fetchCount -= 1
        fetches[index] = fetches[fetchCount]
      } else {
        index += 1
      }
    }
  }
}

extension Process {
  /// Takes pages away from drivers again, so that the next access is seen; the contents stay.
  ///
  /// In signal handlers too.
  package func closePages(_ address: UInt, _ count: Int) {
    withSpaceLocked { forEachEntry(address, count) { entry, page in close(page, entry) } }
  }

  /// Whether a page at a user address is a program's own and may be used so.
  package func isOwnPage(_ address: UInt, forWriting: Bool) -> Bool {
    guard let entry = pointer.pointee.space.entry(at: address) else { return false }
    let needed = PageTableEntry.needed(forWriting: forWriting)
    return entry.pointee.bits & needed == needed && !entry.pointee.isForeign
  }

  /// Whether a user address lies in the span of this process.
  package func spans(_ address: UInt) -> Bool { pointer.pointee.space.entry(at: address) != nil }
}

/// A system mapping whose pages are protected, as the fault handler sees it.
package struct MappingGuard {
  package let base: UInt
  package let byteCount: Int
  /// The list that is mapped.
  package let mdl: UInt
  /// How the pages are protected without a watch.
  package let protection: Int32
  /// Whether the contents must not change: the buffer of a write.
  package let isInvariant: Bool
  /// The request whose drivers' reads are looked at, through this mapping.
  package var watch: UnsafeMutablePointer<UserWatch>?

  package init(
    base: UInt, byteCount: Int, mdl: UInt, protection: Int32, isInvariant: Bool,
    watch: UnsafeMutablePointer<UserWatch>?
  ) {
    self.base = base
    self.byteCount = byteCount
    self.mdl = mdl
    self.protection = protection
    self.isInvariant = isInvariant
    self.watch = watch
  }
}
