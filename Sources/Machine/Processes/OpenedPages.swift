import Glibc

/// User pages that the host maps at their user addresses, because a driver touched them directly.
struct OpenedPages {
  static let capacity = 4096

  /// Made with the address space: a fault handler must not allocate.
  private let pages: UnsafeMutablePointer<UInt>
  private(set) var count = 0

  init() { pages = .allocate(capacity: Self.capacity) }

  func destroy() { pages.deallocate() }

  var isFull: Bool { count == Self.capacity }

  mutating func append(_ page: UInt) {
    pages[count] = page
    count += 1
  }

  mutating func removeLast() -> UInt {
    count -= 1
    return pages[count]
  }

  mutating func remove(_ page: UInt) {
    guard let index = (0..<count).first(where: { pages[$0] == page }) else { return }
    pages[index] = pages[count - 1]
    count -= 1
  }
}
