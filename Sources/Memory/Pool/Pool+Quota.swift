import CRing3
import Machine

/// Bytes of one process's quota that a thread has taken in advance, so that a request need not
/// touch the process.
///
/// A process whose limit is below ``smallestLimit`` is charged exactly, byte for byte.
struct QuotaCredit {
  var process: UnsafeMutablePointer<ProcessState>?
  var nonpaged = 0
  var paged = 0

  static let chunk = 32 << 10
  static let smallestLimit: UInt64 = 1 << 20

  @inline(__always)
  subscript(isPaged isPaged: Bool) -> Int {
    get { isPaged ? paged : nonpaged }
    set { if isPaged { paged = newValue } else { nonpaged = newValue } }
  }
}

extension Pool {
  /// Charges a process; false when its quota does not allow it.
  @inline(__always)
  func charge(
    _ cache: UnsafeMutablePointer<PoolCache>, _ process: Process, _ byteCount: Int, isPaged: Bool
  ) -> Bool {
    if cache.pointee.credit.process == process.pointer,
      cache.pointee.credit[isPaged: isPaged] >= byteCount
    {
      cache.pointee.credit[isPaged: isPaged] -= byteCount
      return true
    }
    return chargeSlowly(cache, process, byteCount, isPaged)
  }

  @inline(never)
  private func chargeSlowly(
    _ cache: UnsafeMutablePointer<PoolCache>, _ process: Process, _ byteCount: Int, _ isPaged: Bool
  ) -> Bool {
    let quota = process.quota(isPaged: isPaged)
    if quota.pointee.limit >= QuotaCredit.smallestLimit {
      if cache.pointee.credit.process != process.pointer {
        giveBackCredit(cache)
        cache.pointee.credit.process = process.pointer
      }
      let extra = UInt64(QuotaCredit.chunk)
      if quota.add(UInt64(byteCount) + extra, upTo: quota.pointee.limit / 2) {
        cache.pointee.credit[isPaged: isPaged] += QuotaCredit.chunk
        return true
      }
    }
    if quota.add(UInt64(byteCount), upTo: quota.pointee.limit) { return true }
    guard cache.pointee.credit.process == process.pointer else { return false }
    giveBackCredit(cache)
    return quota.add(UInt64(byteCount), upTo: quota.pointee.limit)
  }

  /// Returns a charge to the process that was charged.
  @inline(__always)
  func giveBack(
    _ cache: UnsafeMutablePointer<PoolCache>, _ process: Process, _ byteCount: Int, isPaged: Bool
  ) {
    if cache.pointee.credit.process == process.pointer {
      let credit = cache.pointee.credit[isPaged: isPaged] + byteCount
      cache.pointee.credit[isPaged: isPaged] = credit
      if credit > 2 * QuotaCredit.chunk { lowerCredit(cache, process, isPaged) }
    } else {
      process.quota(isPaged: isPaged).subtract(UInt64(byteCount))
    }
  }

  @inline(never)
  private func lowerCredit(
    _ cache: UnsafeMutablePointer<PoolCache>, _ process: Process, _ isPaged: Bool
  ) {
    let excess = cache.pointee.credit[isPaged: isPaged] - QuotaCredit.chunk
    cache.pointee.credit[isPaged: isPaged] = QuotaCredit.chunk
    process.quota(isPaged: isPaged).subtract(UInt64(excess))
  }

  func giveBackCredit(_ cache: UnsafeMutablePointer<PoolCache>) {
    guard let pointer = cache.pointee.credit.process else { return }
    let credit = cache.pointee.credit
    cache.pointee.credit = QuotaCredit()
    Process(pointer).quota(isPaged: false).subtract(UInt64(credit.nonpaged))
    Process(pointer).quota(isPaged: true).subtract(UInt64(credit.paged))
  }

  /// Bytes of live blocks that a process is charged for.
  package func chargedByteCount(_ process: Process, isPaged: Bool) -> Int {
    state.pointee.registryLock.lockStaying()
    var result = Int(process.quota(isPaged: isPaged).pointee.used)
    var next = state.pointee.firstCache
    while let cache = next {
      if cache.pointee.credit.process == process.pointer {
        result -= cache.pointee.credit[isPaged: isPaged]
      }
      next = cache.pointee.next
    }
    state.pointee.registryLock.unlock()
    return result
  }
}

extension Process {
  func quota(isPaged: Bool) -> UnsafeMutablePointer<Quota> {
    isPaged
      ? withUnsafeMutablePointer(to: &pointer.pointee.pagedQuota) { $0 }
      : withUnsafeMutablePointer(to: &pointer.pointee.nonpagedQuota) { $0 }
  }
}

// `used` is the first word of a Quota.
extension UnsafeMutablePointer where Pointee == Quota {
  fileprivate func add(_ byteCount: UInt64, upTo limit: UInt64) -> Bool {
    while true {
      let used = r3_load64(self)
      guard byteCount <= limit, used <= limit - byteCount else { return false }
      if r3_cas64(self, used, used + byteCount) {
        if used + byteCount > pointee.peak { pointee.peak = used + byteCount }
        return true
      }
    }
  }

  fileprivate func subtract(_ byteCount: UInt64) {
    if byteCount != 0 { _ = r3_add64(self, 0 &- byteCount) }
  }
}
