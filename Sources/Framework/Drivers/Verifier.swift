import CRing3
import Machine
import Rtl

/// Breaks under verification; else it is noted only.
@c(r3_WdfVerifierDbgBreakPoint)
package func wdfVerifierDbgBreakPoint(_ globals: UnsafeMutableRawPointer) {
  let framework = Framework.current
  if framework.verifies {
    dbgBreakPoint()
  } else {
    framework.note("WdfVerifierDbgBreakPoint: the driver would break under verification")
  }
}

@c(r3_WdfVerifierKeBugCheck)
package func wdfVerifierKeBugCheck(
  _ globals: UnsafeMutableRawPointer, _ code: UInt32, _ p1: UInt64, _ p2: UInt64, _ p3: UInt64,
  _ p4: UInt64
) {
  Framework.current.machine.bugCheck(code, p1, p2, p3, p4)
}
