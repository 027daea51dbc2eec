import Glibc
import Machine

/// Adjacent frames that a driver allocated as one block, by the address of the first.
struct FrameRun {
  let first: FrameNumber
  let count: Int
  /// What was asked for, and who asked, in a verified machine.
  let byteCount: UInt
  let origin: StackNumber
  var next: UnsafeMutablePointer<FrameRun>?
}

extension Machine {
  /// Adjacent frames whose physical addresses lie in `range` and cross no multiple of `boundary`.
  ///
  /// - Parameter origin: the driver's stack, when it is the driver that must give them back.
  /// - Returns: their system address, or nil when there is no such run.
  package func allocateContiguous(
    _ byteCount: UInt, in range: ClosedRange<UInt64>, boundary: UInt64 = 0,
    origin: StackNumber = 0
  ) -> UnsafeMutableRawPointer? {
    let limit = UInt64(state.pointee.memory.frameCount) << 12
    guard byteCount > 0, UInt64(byteCount) <= limit, range.lowerBound < limit else { return nil }
    let count = Int((byteCount + pageMask) >> 12)
    let low = FrameNumber((range.lowerBound + UInt64(pageMask)) >> 12)
    let high = FrameNumber((min(range.upperBound, limit - 1) + 1) >> 12)
    guard low < high, let first = takeRun(count, low..<high, boundary: boundary),
      let block = malloc(MemoryLayout<FrameRun>.size)
    else { return nil }
    let run = block.bindMemory(to: FrameRun.self, capacity: 1)
    mdls.pointee.lock.lockStaying()
    run.initialize(
      to: FrameRun(
        first: first, count: count, byteCount: byteCount, origin: origin, next: mdls.pointee.runs))
    mdls.pointee.runs = run
    mdls.pointee.lock.unlock()
    return state.pointee.memory.address(of: first)
  }

  private func takeRun(_ count: Int, _ range: Range<FrameNumber>, boundary: UInt64)
    -> FrameNumber?
  {
    let step = FrameNumber(clamping: boundary >> 12)
    guard step > 0 else { return takeFrames(count, zeroed: false, in: range) }
    guard count <= step else { return nil }
    var low = range.lowerBound
    while low < range.upperBound {
      let high = min((low / step + 1) * step, range.upperBound)
      if let first = takeFrames(count, zeroed: false, in: low..<high) { return first }
      low = high
    }
    return nil
  }

  /// Gives a run back; false when none begins at this address, or it is not so long.
  package func freeContiguous(_ address: UInt, byteCount: UInt? = nil) -> Bool {
    guard let first = state.pointee.memory.frame(of: address), address & pageMask == 0 else {
      return false
    }
    let expected = byteCount.map { Int(($0 + pageMask) >> 12) }
    mdls.pointee.lock.lockStaying()
    let found = withUnsafeMutablePointer(to: &mdls.pointee.runs) { head in
      var link = head
      while let run = link.pointee {
        if run.pointee.first == first, run.pointee.count == expected ?? run.pointee.count {
          link.pointee = run.pointee.next
          return Optional(run)
        }
        link = UnsafeMutableRawPointer(run)
          .advanced(by: MemoryLayout<FrameRun>.offset(of: \.next).unsafelyUnwrapped)
          .assumingMemoryBound(to: UnsafeMutablePointer<FrameRun>?.self)
      }
      return nil
    }
    mdls.pointee.lock.unlock()
    guard let found else { return false }
    for frame in first..<(first + found.pointee.count) { releaseFrame(frame) }
    free(found)
    return true
  }
}

extension MdlState {
  mutating func destroyRuns() {
    while let run = runs {
      runs = run.pointee.next
      free(run)
    }
  }
}
