import Machine

/// Which of many alike get guarded pages, where a guard for each would cost too much.
///
/// Guarding takes some ten microseconds, and a driver's mistake shows at every block of its kind: the
/// first ones of each site are guarded, then one in so many, and fewer with each power of ten.
@usableFromInline
package enum GuardSampling {
  /// So many of each site are all guarded.
  @inlinable package static var first: UInt32 { 64 }

  /// Whether the one of that number gets a guard; the first has the number 1.
  @inlinable
  package static func takes(_ number: UInt32) -> Bool {
    if number <= first { return true }
    if number % 64 != 0 { return false }
    return number < 4096 || number % (number < 65536 ? 1024 : 16384) == 0
  }
}

/// How often there was something at a site, in few places: another site begins anew at its place.
struct SiteCounts {
  private static let placeCount = 1024

  private let places: UnsafeMutablePointer<(site: UInt64, count: UInt32)>

  init() {
    places = .allocate(capacity: Self.placeCount)
    places.initialize(repeating: (0, 0), count: Self.placeCount)
  }

  func destroy() { places.deallocate() }

  /// Counts one more.
  func next(_ site: UInt64) -> UInt32 {
    let place = places + Int((site ^ site >> 17 ^ site >> 41) % UInt64(Self.placeCount))
    if place.pointee.site != site { place.pointee = (site, 0) }
    place.pointee.count &+= 1
    return place.pointee.count
  }
}

extension Pool {
  /// Whether a block that is one of many alike gets a guard this time.
  func isSampled(_ request: PoolRequest) -> Bool {
    guard let special else { return false }
    // Where a driver asked, which kind, and how long.
    let site = (Self.site &* 31 &+ UInt64(request.tag)) &* 31 &+ UInt64(request.byteCount)
    special.pointee.lock.lockStaying()
    let number = special.pointee.sites.next(site)
    special.pointee.lock.unlock()
    return GuardSampling.takes(number)
  }

  /// Whether a block lies beside guarded pages.
  package func isGuarded(_ block: UnsafeRawPointer) -> Bool {
    special != nil && specialPage(UInt(bitPattern: block)) != nil
  }

  /// Whether a block was beside guarded pages and is released: touching it is a fault.
  package func isGuardedNoMore(_ block: UnsafeRawPointer) -> Bool {
    guard let special, let page = specialPage(UInt(bitPattern: block)) else { return false }
    return special.pointee.records[page].state == .released
  }
}
