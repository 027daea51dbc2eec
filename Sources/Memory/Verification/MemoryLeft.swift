import Machine
import NTTypes

// What drivers leave behind beside pool.
extension Machine {
  /// Memory that a driver has not given back.
  private struct Left {
    /// 1 adjacent pages, 3 a mapping of physical addresses: the first parameter of the bug check.
    var kind: UInt64
    var address: UInt64
    var byteCount: UInt64
    var origin: StackNumber
  }

  /// Finds the adjacent pages and the mappings of physical addresses that an unloaded driver left:
  /// 0x52330011, with `keepsGoing` a verdict for each stack.
  package func checkMemoryLeft(by range: Range<UInt>, name: UnsafePointer<CChar>?) {
    guard verifier.contains(.poolTracking) else { return }
    for left in memoryLeft(by: range) {
      report(
        Self.leftAtUnload, left.kind, left.address, left.byteCount, subject: name,
        causes: Causes(.allocated, left.origin))
    }
  }

  private func memoryLeft(by range: Range<UInt>) -> [Left] {
    var result: [Left] = []
    mdls.pointee.lock.lockStaying()
    var nextRun = mdls.pointee.runs
    while let run = nextRun {
      nextRun = run.pointee.next
      guard isPlace(run.pointee.origin, in: range) else { continue }
      result.append(
        Left(
          kind: 1,
          address: UInt64(UInt(bitPattern: state.pointee.memory.address(of: run.pointee.first))),
          byteCount: UInt64(run.pointee.byteCount), origin: run.pointee.origin))
    }
    var nextWindow = mdls.pointee.windows
    while let window = nextWindow {
      nextWindow = window.pointee.next
      guard isPlace(window.pointee.origin, in: range) else { continue }
      result.append(
        Left(
          kind: 3, address: UInt64(window.pointee.base),
          byteCount: UInt64(window.pointee.pageCount << pageShift), origin: window.pointee.origin))
    }
    mdls.pointee.lock.unlock()
    return result
  }

  private func isPlace(_ stack: StackNumber, in range: Range<UInt>) -> Bool {
    guard stack != 0, let verifier = verifierState else { return false }
    return range.contains(UInt(verifier.pointee.stacks.newestFrame(of: stack)))
  }
}
