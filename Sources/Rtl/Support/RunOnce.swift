import CRing3
import Machine
import NTTypes

// One-time initialisation. The word holds a state in its two low bits - 0 nothing, 1 under way, 2 done,
// 3 under way by any number of threads - and, when done, the context in the others.

package typealias RunOnceWord = UnsafeMutablePointer<UInt64>

extension RunOnceWord {
  /// The half of the word that holds the state: what threads sleep on.
  fileprivate var lowWord: UnsafePointer<UInt32> {
    UnsafeRawPointer(self).assumingMemoryBound(to: UInt32.self)
  }
}

private enum RunOnceFlags {
  static var checkOnly: UInt32 { 1 }
  static var async: UInt32 { 2 }
  static var failed: UInt32 { 4 }
}

private var underWay: UInt64 { 1 }
private var done: UInt64 { 2 }
private var underWayAsync: UInt64 { 3 }

@c(r3_RtlRunOnceInitialize)
package func rtlRunOnceInitialize(_ once: RunOnceWord) { r3_store64(once, 0) }

/// Says whether it is done already (success), or to be done now by the caller (pending).
@c(r3_RtlRunOnceBeginInitialize)
package func rtlRunOnceBeginInitialize(
  _ once: RunOnceWord, _ flags: UInt32, _ context: UnsafeMutablePointer<UInt64>?
) -> Int32 {
  let isAsync = flags & RunOnceFlags.async != 0
  guard flags <= 2 else { return NTStatus.invalidParameter.code }
  while true {
    let word = r3_load64(once)
    switch word & 3 {
    case done:
      context?.pointee = word & ~3
      return NTStatus.success.code
    case _ where flags & RunOnceFlags.checkOnly != 0:
      return NTStatus.unsuccessful.code
    case 0:
      if r3_cas64(once, 0, isAsync ? underWayAsync : underWay) { return NTStatus.pending.code }
    case underWayAsync:
      return isAsync ? NTStatus.pending.code : NTStatus.invalidParameter.code
    default:
      guard !isAsync else { return NTStatus.invalidParameter.code }
      CurrentThread.leaveIfHalted()
      if Machine.current.schedule != nil {
        CurrentThread.lookWhileSpinning()
        continue
      }
      // Bounded: a thread that a bug check took away never wakes anybody.
      _ = r3_futex_wait(once.lowWord, UInt32(underWay), 10_000_000)
    }
  }
}

@c(r3_RtlRunOnceComplete)
package func rtlRunOnceComplete(
  _ once: RunOnceWord, _ flags: UInt32, _ context: UInt64
) -> Int32 {
  let failed = flags & RunOnceFlags.failed != 0
  guard flags & ~6 == 0, !failed || context == 0, context & 3 == 0 else {
    return NTStatus.invalidParameter.code
  }
  let expected = flags & RunOnceFlags.async != 0 ? underWayAsync : underWay
  guard r3_cas64(once, expected, failed ? 0 : context | done) else {
    return NTStatus.unsuccessful.code
  }
  r3_futex_wake(once.lowWord, Int32.max)
  return NTStatus.success.code
}

/// Calls the driver's routine once; other threads wait until it has returned.
@c(r3_RtlRunOnceExecuteOnce)
package func rtlRunOnceExecuteOnce(
  _ once: RunOnceWord, _ routine: UnsafeRawPointer, _ parameter: UInt64,
  _ context: UnsafeMutablePointer<UInt64>?
) -> Int32 {
  let status = rtlRunOnceBeginInitialize(once, 0, context)
  guard status == NTStatus.pending.code else { return status }
  let result = r3_call3(
    routine, UInt64(UInt(bitPattern: once)), parameter, UInt64(UInt(bitPattern: context)))
  guard UInt32(truncatingIfNeeded: result) != 0 else {
    _ = rtlRunOnceComplete(once, RunOnceFlags.failed, 0)
    return NTStatus.unsuccessful.code
  }
  return rtlRunOnceComplete(once, 0, context?.pointee ?? 0)
}
