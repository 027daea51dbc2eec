import CRing3
import NTTypes

/// Normal kernel APCs have to be off around a push lock or a resource: found by the class `ddiCompliance`.
///
/// `rule` is the first parameter of the bug check: which routine of which lock it is.
func checkAPCsAreOff(_ rule: UInt64, _ lock: UnsafeMutablePointer<some Any>) {
  let machine = Machine.current
  guard machine.verifier.contains(.ddiCompliance) else { return }
  let thread = CurrentThread.pointer
  if thread.pointee.irql == IRQL.passive, thread.pointee.apcsDisabled == 0,
    !CurrentThread.thread.pointer.pointee.isSystem
  {
    machine.bugCheck(0xC4, rule, 0, 0, bits(lock))
  }
}
