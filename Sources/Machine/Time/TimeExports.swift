import CDriverKit
import CRing3
import Glibc

private var machine: Machine { Machine.current }

@c(r3_KeQuerySystemTime)
func keQuerySystemTime(_ time: UnsafeMutablePointer<UInt64>) { time.pointee = machine.systemTime }

@c(r3_KeQuerySystemTimePrecise)
func keQuerySystemTimePrecise(_ time: UnsafeMutablePointer<UInt64>) {
  time.pointee = machine.systemTime
}

@c(r3_KeQueryInterruptTime)
func keQueryInterruptTime() -> UInt64 { machine.interruptTime }

@c(r3_KeQueryInterruptTimePrecise)
func keQueryInterruptTimePrecise(_ counter: UnsafeMutablePointer<UInt64>?) -> UInt64 {
  let time = machine.interruptTime
  counter?.pointee = time
  return time
}

// The machine never sleeps: its interrupt time has no bias.
@c(r3_KeQueryUnbiasedInterruptTime)
func keQueryUnbiasedInterruptTime() -> UInt64 { machine.interruptTime }

@c(r3_KeQueryTickCount)
func keQueryTickCount(_ count: UnsafeMutablePointer<UInt64>) { count.pointee = machine.tickCount }

@c(r3_KeQueryTimeIncrement)
func keQueryTimeIncrement() -> UInt32 { UInt32(Clock.unitsPerTick) }

@c(r3_KeQueryPerformanceCounter)
func keQueryPerformanceCounter(_ frequency: UnsafeMutablePointer<UInt64>?) -> UInt64 {
  frequency?.pointee = Clock.unitsPerSecond
  return machine.interruptTime
}

@c(r3_KeStallExecutionProcessor)
func keStallExecutionProcessor(_ microseconds: UInt32) {
  if let schedule = machine.schedule, schedule.state.pointee.movesTime {
    return schedule.moveTime(to: machine.interruptTime + UInt64(microseconds) * 10)
  }
  let end = Clock.host(CLOCK_MONOTONIC) + UInt64(microseconds) * 10
  while Clock.host(CLOCK_MONOTONIC) < end {
    CurrentThread.lookWhileSpinning()
    r3_pause()
  }
}

// The machine's time zone is UTC.

@c(r3_ExSystemTimeToLocalTime)
func exSystemTimeToLocalTime(
  _ system: UnsafePointer<UInt64>, _ local: UnsafeMutablePointer<UInt64>
) {
  local.pointee = system.pointee
}

@c(r3_ExLocalTimeToSystemTime)
func exLocalTimeToSystemTime(
  _ local: UnsafePointer<UInt64>, _ system: UnsafeMutablePointer<UInt64>
) {
  system.pointee = local.pointee
}

// Timers are exact whatever the resolution.

@c(r3_ExSetTimerResolution)
func exSetTimerResolution(_ desired: UInt32, _ isSet: UInt32) -> UInt32 {
  UInt32(Clock.unitsPerTick)
}

@c(r3_ExQueryTimerResolution)
func exQueryTimerResolution(
  _ maximum: UnsafeMutablePointer<UInt32>, _ minimum: UnsafeMutablePointer<UInt32>,
  _ current: UnsafeMutablePointer<UInt32>
) {
  maximum.pointee = UInt32(Clock.unitsPerTick)
  minimum.pointee = 5000
  current.pointee = UInt32(Clock.unitsPerTick)
}
