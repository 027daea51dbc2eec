import CDriverKit
import CRing3

extension APC {
  /// Runs `body` at APC_LEVEL here and now, when that is where and when a special APC for `thread` would
  /// run: in its context, at PASSIVE_LEVEL, with none queued before it and none held back.
  ///
  /// - Returns: false when that is not so; an APC has to be queued.
  @inline(__always)
  package static func runAtOnce(in thread: Thread, _ body: () -> Void) -> Bool {
    let block = CurrentThread.pointer
    guard thread.block == block, block.pointee.irql == IRQL.passive,
      block.pointee.attention & Attention.kernelAPC == 0,
      thread.wait.pointee.specialAPCDisable == 0, r3_load32(thread.terminatedAddress) == 0
    else { return false }
    block.pointee.irql = IRQL.apc
    body()
    // IRQL_UNEXPECTED_VALUE
    if block.pointee.irql != IRQL.apc {
      Machine.current.bugCheck(
        0xC8, UInt64(block.pointee.irql) << 16 | UInt64(IRQL.apc) << 8, 0)
    }
    block.pointee.irql = IRQL.passive
    deliverIfPossible()
    return true
  }
}
