import CDriverKit
import CRing3
import Machine
import Memory
import Objects

/// The one-second timer of a device; `DEVICE_OBJECT.Timer` points to it.
struct DeviceTimer {
  let type: Int16 = 9
  var isRunning: UInt16 = 0
  let device: DevicePointer
  let routine: UnsafeRawPointer
  let context: UnsafeMutableRawPointer?
  var timer = KTIMER()
  var dpc = KDPC()
}

extension IOManager {
  static var timerTag: UInt32 { 0x6954_6F49 }  // IoTi

  private func timer(of device: DevicePointer) -> UnsafeMutablePointer<DeviceTimer>? {
    UnsafeMutableRawPointer(device.pointee.Timer)?.assumingMemoryBound(to: DeviceTimer.self)
  }

  /// Gives a device its timer: `IoInitializeTimer`.
  func makeTimer(
    of device: DevicePointer, _ routine: UnsafeRawPointer, _ context: UnsafeMutableRawPointer?
  ) -> Int32 {
    if timer(of: device) != nil { freeTimer(of: device) }
    guard
      let block = machine.pool.allocate(
        MemoryLayout<DeviceTimer>.size, kind: .nonpaged, tag: Self.timerTag)
    else { return IOStatus.insufficientResources }
    let record = block.bindMemory(to: DeviceTimer.self, capacity: 1)
    record.initialize(to: DeviceTimer(device: device, routine: routine, context: context))
    kernelTimer(record).initialize(isSynchronization: false)
    DPC.initialize(dpc(record), host: deviceTimerExpired, block)
    device.pointee.Timer = block
    return IOStatus.success
  }

  private func kernelTimer(_ record: UnsafeMutablePointer<DeviceTimer>) -> KernelTimer {
    KernelTimer(
      (UnsafeMutableRawPointer(record)
        + MemoryLayout<DeviceTimer>.offset(of: \.timer).unsafelyUnwrapped)
        .assumingMemoryBound(to: KTIMER.self))
  }

  private func dpc(_ record: UnsafeMutablePointer<DeviceTimer>) -> UnsafeMutablePointer<KDPC> {
    (UnsafeMutableRawPointer(record)
      + MemoryLayout<DeviceTimer>.offset(of: \.dpc).unsafelyUnwrapped)
      .assumingMemoryBound(to: KDPC.self)
  }

  /// Has the routine called once a second, from now on.
  func startTimer(of device: DevicePointer) {
    guard let record = timer(of: device) else { return }
    record.pointee.isRunning = 1
    kernelTimer(record).set(due: -10_000_000, period: 1000, dpc(record))
  }

  /// Stops the calls; one that is under way goes on.
  func stopTimer(of device: DevicePointer) {
    guard let record = timer(of: device) else { return }
    record.pointee.isRunning = 0
    kernelTimer(record).cancel()
  }

  func freeTimer(of device: DevicePointer) {
    guard let record = timer(of: device) else { return }
    stopTimer(of: device)
    _ = DPC.remove(dpc(record))
    device.pointee.Timer = nil
    machine.pool.free(UnsafeMutableRawPointer(record), tag: Self.timerTag)
  }

  /// Timers of devices that run now.
  package var runningTimerCount: Int {
    machine.objects.bodies(.device).count { body in
      timer(of: body.assumingMemoryBound(to: DEVICE_OBJECT.self))?.pointee.isRunning == 1
    }
  }
}

/// A second has passed; at DISPATCH_LEVEL.
private let deviceTimerExpired: DPC.Routine = { dpc in
  guard let context = dpc.pointee.DeferredContext else { return }
  let record = context.assumingMemoryBound(to: DeviceTimer.self)
  guard record.pointee.isRunning != 0 else { return }
  _ = r3_call2(record.pointee.routine, bits(record.pointee.device), bits(record.pointee.context))
}

@c(r3_IoInitializeTimer)
func ioInitializeTimer(
  _ device: DevicePointer, _ routine: UnsafeRawPointer, _ context: UnsafeMutableRawPointer?
) -> Int32 {
  Machine.current.io.makeTimer(of: device, routine, context)
}

@c(r3_IoStartTimer)
func ioStartTimer(_ device: DevicePointer) { Machine.current.io.startTimer(of: device) }

@c(r3_IoStopTimer)
func ioStopTimer(_ device: DevicePointer) { Machine.current.io.stopTimer(of: device) }
