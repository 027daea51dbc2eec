import CRing3
import NTTypes

// Moves of the level in a verified machine: only up when it is raised, only down when it is lowered.

private func checkRaise(to level: UInt8) {
  let machine = Machine.current
  let now = CurrentThread.irql
  if machine.verifier.contains(.ddiCompliance), level < now || level > IRQL.high {
    machine.bugCheck(0xC4, 0x30, UInt64(now), UInt64(level))
  }
}

private func checkLower(to level: UInt8) {
  let machine = Machine.current
  let now = CurrentThread.irql
  guard machine.verifier.contains(.ddiCompliance) else { return }
  if level > now { machine.bugCheck(0xC4, 0x31, UInt64(now), UInt64(level), 0) }
  if now >= IRQL.dispatch, level < IRQL.dispatch,
    CurrentThread.pointer.home.pointee.dpcRunning != 0
  {
    machine.bugCheck(0xC4, 0x31, UInt64(now), UInt64(level), 1)
  }
}

@c(r3_verified_KfRaiseIrql)
func verifiedKfRaiseIrql(_ level: UInt32) -> UInt8 {
  checkRaise(to: UInt8(truncatingIfNeeded: level))
  return kfRaiseIrql(level)
}

@c(r3_verified_KeRaiseIrql)
func verifiedKeRaiseIrql(_ level: UInt32, _ old: UnsafeMutablePointer<UInt8>) {
  checkRaise(to: UInt8(truncatingIfNeeded: level))
  keRaiseIrql(level, old)
}

@c(r3_verified_KeRaiseIrqlToDpcLevel)
func verifiedKeRaiseIrqlToDpcLevel() -> UInt8 {
  checkRaise(to: IRQL.dispatch)
  return keRaiseIrqlToDpcLevel()
}

@c(r3_verified_KeLowerIrql)
func verifiedKeLowerIrql(_ level: UInt32) {
  checkLower(to: UInt8(truncatingIfNeeded: level))
  keLowerIrql(level)
}
