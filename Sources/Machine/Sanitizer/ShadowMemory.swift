import Glibc
import Synchronization

/// What code built with the kernel address sanitizer looks at before each access: one byte for each eight
/// bytes of the system's addresses.
///
/// 0 lets all eight be touched, 1 to 7 so many of them; 0x80 and above none, and tell why. It is one for
/// the process, since addresses are, and takes memory only where something is marked. Nothing is mapped
/// before the first driver that needs it.
///
/// Source: devtest/kasan.
package enum ShadowMemory {
  /// The addresses that have a shadow.
  package static var covered: Range<UInt> { UserRange.end..<0x8000_0000_0000 }

  /// Where the shadow begins; 0 before it is mapped.
  private static let start = Atomic<UInt>(0)
  private static let mapping = Mutex<Void>(())

  /// Below all programs, where no other mapping comes; anywhere else will do too.
  private static let usualStart: UInt = 0x0200_0000_0000

  /// Whether a driver needs the shadow, so that it must tell the truth.
  package static var isMapped: Bool { start.load(ordering: .relaxed) != 0 }

  /// The shadow of address 0, which is not mapped: that of another one is an eighth of it further.
  package static var base: UInt { start.load(ordering: .relaxed) &- covered.lowerBound >> 3 }

  /// Maps the shadow, unless that is done.
  package static func map() throws(MachineError) {
    let code: Int32 = mapping.withLock { _ in
      if isMapped { return 0 }
      let byteCount = covered.count >> 3
      if Host.reserve(at: usualStart, byteCount) {
        let place = UnsafeMutableRawPointer(bitPattern: usualStart)
        if mprotect(place, byteCount, PROT_READ | PROT_WRITE) != 0 { return errno }
        start.store(usualStart, ordering: .releasing)
        return 0
      }
      guard let other = Host.map(byteCount) else { return errno }
      start.store(UInt(bitPattern: other), ordering: .releasing)
      return 0
    }
    if code != 0 {
      throw MachineError(action: "mapping 6 TiB of addresses for the address sanitizer", code: code)
    }
  }

  private static func cell(_ address: UInt) -> UnsafeMutablePointer<UInt8> {
    UnsafeMutablePointer(bitPattern: base &+ address >> 3).unsafelyUnwrapped
  }

  /// The shadow byte of an address; 0 where there is none.
  package static func code(of address: UInt) -> UInt8 {
    isMapped && covered.contains(address) ? cell(address).pointee : 0
  }

  /// The first byte of a range that must not be touched; nil when all may be.
  package static func firstBad(_ address: UInt, _ count: UInt) -> UInt? {
    guard isMapped, covered.contains(address) else { return nil }
    let end = address + min(count, covered.upperBound - address)
    var next = address
    while next < end {
      let code = cell(next).pointee
      if code >= 0x80 || code != 0 && next & 7 >= UInt(code) { return next }
      if code != 0, next & ~7 + UInt(code) < end { return next & ~7 + UInt(code) }
      next = (next | 7) + 1
    }
    return nil
  }

  /// Lets all of a range be touched.
  package static func clear(_ range: Range<UInt>) {
    guard isMapped else { return }
    let first = max(range.lowerBound, covered.lowerBound) >> 3
    let end = (min(range.upperBound, covered.upperBound) + 7) >> 3
    guard first < end else { return }
    let cells = UnsafeMutableRawPointer(cell(first << 3))
    let count = Int(end - first)
    guard count > 16 * pageSize else {
      memset(cells, 0, count)
      return
    }
    let head = -Int(bitPattern: cells) & Int(pageMask)
    let pages = (count - head) & ~Int(pageMask)
    memset(cells, 0, head)
    // Zeros again, and no memory.
    madvise(cells + head, pages, MADV_DONTNEED)
    memset(cells + head + pages, 0, count - head - pages)
  }

  /// Fences a block in: of `slot` only the block may be touched.
  ///
  /// Both ends of the slot, and the beginning of the block, are multiples of 8.
  package static func fence(_ address: UInt, _ byteCount: Int, in slot: Range<UInt>) {
    guard isMapped else { return }
    let end = address + UInt(byteCount)
    mark(slot.lowerBound..<address, 0x8D)
    clear(address..<end)
    if end & 7 != 0 { cell(end).pointee = UInt8(end & 7) }
    let redzone = (end + 7) & ~7
    if redzone < slot.upperBound { mark(redzone..<slot.upperBound, 0x86) }
  }

  /// Lets nothing of a range be touched: what is there is somebody else's from now on.
  ///
  /// Both ends are multiples of 8.
  package static func retire(_ range: Range<UInt>) {
    if isMapped { mark(range, 0x87) }
  }

  private static func mark(_ range: Range<UInt>, _ code: UInt8) {
    memset(cell(range.lowerBound), Int32(code), range.count >> 3)
  }
}
