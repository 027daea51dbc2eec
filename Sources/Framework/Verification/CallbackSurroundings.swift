import CRing3
import Machine

/// What a callback of a driver must leave as it found it.
struct CallbackSurroundings {
  private let level = CurrentThread.irql
  private let areAPCsDisabled = CurrentThread.pointer.pointee.apcsDisabled
  private let spinLockCount: Int
  private let waitLockCount: Int

  init(_ machine: Machine) {
    spinLockCount = machine.heldLocks(.frameworkSpin).count
    waitLockCount = machine.heldLocks(.frameworkWait).count
  }

  /// Ends the machine when something is different now.
  ///
  /// - Parameter routine: the callback; nil when it is one of several.
  func check(_ framework: Framework, _ routine: UnsafeRawPointer?) {
    let callback = UInt64(UInt(bitPattern: routine))
    var returned: Causes {
      Causes(.returned, framework.machine.noteRoutine(UnsafeMutableRawPointer(mutating: routine)))
    }
    let spin = framework.machine.heldLocks(.frameworkSpin)
    if spin.count > spinLockCount {
      framework.violation(
        .irqlMismatch, callback, UInt64(level), UInt64(CurrentThread.irql), rule: "WdfSpinlock",
        causes: Causes(.acquired, spin.stack))
    }
    let wait = framework.machine.heldLocks(.frameworkWait)
    if wait.count > waitLockCount {
      framework.violation(
        .criticalRegion, callback, rule: "WdfWaitlock", causes: Causes(.acquired, wait.stack))
    }
    if CurrentThread.irql != level {
      framework.violation(
        .irqlMismatch, callback, UInt64(level), UInt64(CurrentThread.irql), causes: returned)
    }
    if CurrentThread.pointer.pointee.apcsDisabled != areAPCsDisabled {
      framework.violation(.criticalRegion, callback, UInt64(areAPCsDisabled), causes: returned)
    }
  }
}

extension Framework {
  /// Calls a driver by `body`; under verification it must leave level, regions and locks as they were.
  @inline(__always)
  func callingBack<Result>(_ routine: UnsafeRawPointer?, _ body: () -> Result) -> Result {
    guard verifies else { return body() }
    let before = CallbackSurroundings(machine)
    let result = body()
    before.check(self, routine)
    return result
  }
}
