import CRing3
import Glibc
import Machine

/// Makes pages of RAM untouchable, and usable again.
///
/// Where the host's kernel can mark pages in a shared mapping (Linux 6.15), the marks need no mapping of
/// their own. Elsewhere each run of guarded pages is a mapping, of which the host allows a number.
struct GuardPages {
  private static let install: Int32 = 102  // MADV_GUARD_INSTALL
  private static let remove: Int32 = 103  // MADV_GUARD_REMOVE

  /// Whether pages are marked; else they are protected.
  let marks: Bool

  /// Tries what the host can do, on a page that nobody uses.
  init(trying page: UInt) {
    let pointer = UnsafeMutableRawPointer(bitPattern: page)
    marks = madvise(pointer, pageSize, Self.install) == 0
    if marks { madvise(pointer, pageSize, Self.remove) }
  }

  init(marks: Bool) { self.marks = marks }

  /// What the host runs out of when ``close(_:_:)`` or ``open(_:_:isExecutable:)`` is false.
  static var limit: StaticString { "vm.max_map_count" }

  /// Has every access to the pages fault; false when the host refuses.
  func close(_ address: UInt, _ byteCount: Int) -> Bool {
    let pointer = UnsafeMutableRawPointer(bitPattern: address)
    if !marks { return mprotect(pointer, byteCount, PROT_NONE) == 0 }
    return Self.advise(pointer, byteCount, Self.install)
  }

  /// Has the pages used again; false when the host refuses.
  func open(_ address: UInt, _ byteCount: Int, isExecutable: Bool) -> Bool {
    let pointer = UnsafeMutableRawPointer(bitPattern: address)
    if marks { return Self.advise(pointer, byteCount, Self.remove) }
    let protection = PROT_READ | PROT_WRITE | (isExecutable ? PROT_EXEC : 0)
    return mprotect(pointer, byteCount, protection) == 0
  }

  /// The host asks to try again when it is disturbed by a fault in the same pages.
  private static func advise(
    _ pointer: UnsafeMutableRawPointer?, _ byteCount: Int, _ advice: Int32
  ) -> Bool {
    while madvise(pointer, byteCount, advice) != 0 {
      guard errno == EINTR || errno == EAGAIN else { return false }
    }
    return true
  }
}
