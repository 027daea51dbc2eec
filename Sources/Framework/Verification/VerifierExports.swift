import CRing3
import Machine
import Rtl

/// A breakpoint under verification; else nothing.
@c(r3_WdfVerifierDbgBreakPoint)
func wdfVerifierDbgBreakPoint(_ globals: UnsafeMutableRawPointer) {
  if Framework.current.verifies { dbgBreakPoint() }
}

@c(r3_WdfVerifierKeBugCheck)
func wdfVerifierKeBugCheck(
  _ globals: UnsafeMutableRawPointer, _ code: UInt32, _ p1: UInt64, _ p2: UInt64, _ p3: UInt64,
  _ p4: UInt64
) {
  Machine.current.bugCheck(code, p1, p2, p3, p4)
}
