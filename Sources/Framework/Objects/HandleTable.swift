import CRing3
import Glibc
import Machine

/// Which handle stands for which object: one load and one comparison tell a live handle from any other value.
///
/// A handle lies in the upper half of the addresses, where an access faults. It holds the number of
/// its entry and how often the entry was used, so that the handle of a deleted object, of another
/// machine or of no object is told apart.
struct HandleTable {
  /// One entry; free ones form a list.
  struct Entry {
    /// The handle; bit 0 is set while the entry is free.
    var handle: UInt64
    /// The object; in a free entry the number of the next one.
    var target: UInt
  }

  static let capacity = 1 << 24
  private static let base: UInt64 = 0xFFFF_8000_0000_0000
  private static let indexShift: UInt64 = 4
  private static let useShift: UInt64 = 28
  private static let useMask: UInt64 = 0x7_FFFF

  let entries: UnsafeMutablePointer<Entry>
  /// The first free entry's number plus one, and above it a count of changes.
  private var free: UInt64 = 0
  /// Entries from here on were never used.
  private var fresh: UInt32 = 0
  private let firstUse: UInt64

  /// Reserves the addresses of the table; pages are used as entries are.
  init(machineNumber: UInt64) throws(MachineError) {
    let byteCount = Self.capacity * MemoryLayout<Entry>.stride
    let mapping = mmap(
      nil, byteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
    guard let mapping, mapping != MAP_FAILED else {
      throw MachineError(action: "reserving the handles of the framework", code: errno)
    }
    entries = mapping.assumingMemoryBound(to: Entry.self)
    // Far apart, so that a handle of one machine means nothing in another.
    firstUse = machineNumber &* 0x9E37_79B9 & Self.useMask
  }

  func destroy() {
    munmap(entries, Self.capacity * MemoryLayout<Entry>.stride)
  }

  /// The object of a handle; nil when it is none of a live object here.
  @inline(__always)
  func object(_ handle: UInt64) -> UnsafeMutablePointer<ObjectHead>? {
    let entry = entries + Int(handle &>> Self.indexShift & UInt64(Self.capacity - 1))
    guard entry.pointee.handle == handle else { return nil }
    return UnsafeMutablePointer(bitPattern: entry.pointee.target)
  }

  /// A handle for an object; nil when 16,777,216 objects live.
  mutating func insert(_ object: UnsafeMutablePointer<ObjectHead>) -> UInt64? {
    guard let index = takeEntry() else { return nil }
    let entry = entries + index
    if entry.pointee.handle == 0 {
      entry.pointee.handle =
        Self.base | firstUse << Self.useShift | UInt64(index) << Self.indexShift
    }
    entry.pointee.target = UInt(bitPattern: object)
    entry.pointee.handle &= ~1
    return entry.pointee.handle
  }

  /// Makes a handle stand for nothing.
  mutating func remove(_ handle: UInt64) {
    let index = Int(handle &>> Self.indexShift & UInt64(Self.capacity - 1))
    renew(index, isFree: true)
    var head: UInt64
    repeat {
      head = r3_load64(freeAddress)
      entries[index].target = UInt(head & 0xFFFF_FFFF)
    } while !r3_cas64(freeAddress, head, ((head >> 32) &+ 1) << 32 | UInt64(index + 1))
  }

  /// Makes a handle stand for nothing, but keeps its entry for the next object: ``revive(_:_:)``.
  ///
  /// - Returns: the next handle of the entry.
  @inline(__always)
  func retire(_ handle: UInt64) -> UInt64 {
    renew(Int(handle &>> Self.indexShift & UInt64(Self.capacity - 1)), isFree: true)
  }

  /// Has a handle that ``retire(_:)`` gave stand for an object.
  @inline(__always)
  func revive(_ handle: UInt64, _ object: UnsafeMutablePointer<ObjectHead>) {
    let entry = entries + Int(handle &>> Self.indexShift & UInt64(Self.capacity - 1))
    entry.pointee.target = UInt(bitPattern: object)
    entry.pointee.handle = handle
  }

  /// The objects that have handles now.
  ///
  /// While other threads make and delete objects, some are missed or gone when they are looked at.
  func live() -> [UnsafeMutablePointer<ObjectHead>] {
    (0..<min(Int(fresh), Self.capacity)).compactMap { index in
      let entry = entries[index]
      guard entry.handle != 0, entry.handle & 1 == 0 else { return nil }
      return UnsafeMutablePointer(bitPattern: entry.target)
    }
  }

  /// Gives the entry of a live object its next handle: the old one stands for nothing from now on.
  func renew(_ handle: UInt64) -> UInt64 {
    renew(Int(handle &>> Self.indexShift & UInt64(Self.capacity - 1)), isFree: false)
  }

  @discardableResult @inline(__always)
  private func renew(_ index: Int, isFree: Bool) -> UInt64 {
    let handle = entries[index].handle
    let use = ((handle >> Self.useShift) &+ 1) & Self.useMask
    let next = Self.base | use << Self.useShift | UInt64(index) << Self.indexShift
    entries[index].handle = next | (isFree ? 1 : 0)
    return next
  }

  private mutating func takeEntry() -> Int? {
    while true {
      let head = r3_load64(freeAddress)
      let number = head & 0xFFFF_FFFF
      if number == 0 { break }
      let next = UInt64(entries[Int(number) - 1].target) & 0xFFFF_FFFF
      if r3_cas64(freeAddress, head, ((head >> 32) &+ 1) << 32 | next) { return Int(number) - 1 }
    }
    let index = r3_add32(freshAddress, 1)
    if index < Self.capacity { return Int(index) }
    r3_store32(freshAddress, UInt32(Self.capacity))
    return nil
  }

  /// Both words are changed by threads at once, so they are reached by address.
  private var freeAddress: UnsafeMutableRawPointer {
    mutating get { address(of: MemoryLayout<HandleTable>.offset(of: \.free)) }
  }

  private var freshAddress: UnsafeMutableRawPointer {
    mutating get { address(of: MemoryLayout<HandleTable>.offset(of: \.fresh)) }
  }

  private mutating func address(of offset: Int?) -> UnsafeMutableRawPointer {
    // The table lies in the framework's state, which does not move.
    withUnsafeMutablePointer(to: &self) { UnsafeMutableRawPointer($0) } + offset.unsafelyUnwrapped
  }
}
