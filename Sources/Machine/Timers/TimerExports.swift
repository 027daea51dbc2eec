import CDriverKit
import CRing3

@c(r3_KeInitializeTimer)
package func keInitializeTimer(_ timer: UnsafeMutablePointer<KTIMER>) {
  KernelTimer(timer).initialize(isSynchronization: false)
}

@c(r3_KeInitializeTimerEx)
package func keInitializeTimerEx(_ timer: UnsafeMutablePointer<KTIMER>, _ type: UInt32) {
  KernelTimer(timer).initialize(isSynchronization: type != 0)
}

// A LARGE_INTEGER by value comes as an integer.
@c(r3_KeSetTimer)
func keSetTimer(
  _ timer: UnsafeMutablePointer<KTIMER>, _ due: Int64, _ dpc: UnsafeMutablePointer<KDPC>?
) -> UInt8 {
  KernelTimer(timer).set(due: due, dpc) ? 1 : 0
}

@c(r3_KeSetTimerEx)
func keSetTimerEx(
  _ timer: UnsafeMutablePointer<KTIMER>, _ due: Int64, _ period: Int32,
  _ dpc: UnsafeMutablePointer<KDPC>?
) -> UInt8 {
  KernelTimer(timer).set(due: due, period: UInt32(max(period, 0)), dpc) ? 1 : 0
}

// The tolerable delay is an upper bound that an exact timer keeps.
@c(r3_KeSetCoalescableTimer)
func keSetCoalescableTimer(
  _ timer: UnsafeMutablePointer<KTIMER>, _ due: Int64, _ period: UInt32, _ tolerance: UInt32,
  _ dpc: UnsafeMutablePointer<KDPC>?
) -> UInt8 {
  KernelTimer(timer).set(due: due, period: period, dpc) ? 1 : 0
}

@c(r3_KeCancelTimer)
func keCancelTimer(_ timer: UnsafeMutablePointer<KTIMER>) -> UInt8 {
  KernelTimer(timer).cancel() ? 1 : 0
}

@c(r3_KeReadStateTimer)
func keReadStateTimer(_ timer: UnsafeMutablePointer<KTIMER>) -> UInt8 {
  KernelTimer(timer).isSignalled ? 1 : 0
}
