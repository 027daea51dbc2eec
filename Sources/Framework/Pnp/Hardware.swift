import CDriverKit
import CRing3
import IOManager
import Machine
import Memory

// How a device comes to work and how that ends, for function, filter and physical devices alike.
extension Framework {
  /// Starts a device, first or again: hardware, working state, interfaces.
  ///
  /// - Returns: why it does not work; what was done is undone then.
  func bringUp(
    _ device: UnsafeMutablePointer<DeviceBody>, _ pnp: UnsafeMutablePointer<PnpState>,
    _ location: StackPointer
  ) -> Int32 {
    pnp.pointee.deviceState.Failed = WdfUseDefault
    pnp.pointee.deviceState.Removed = WdfUseDefault
    pnp.pointee.deviceState.ResourcesChanged = WdfUseDefault
    enter(device, pnp, pnp: WdfDevStatePnpInitStarting)
    reopenQueues(of: device)
    var status = takeResources(device, pnp, location)
    enter(device, pnp, pnp: WdfDevStatePnpHardwareAvailable)
    if status >= 0 { status = prepareHardware(device, pnp) }
    // Why the driver could not power its device up stays between the two.
    if status >= 0, powerUp(device, pnp) < 0 { status = FrameworkStatus.devicePowerFailure }
    guard status >= 0 else {
      releaseHardware(device, pnp)
      cleanUp(device, pnp)
      pnp.pointee.stage = .failed
      enter(device, pnp, pnp: WdfDevStatePnpFailed)
      return status
    }
    pnp.pointee.stage = .started
    enter(device, pnp, pnp: WdfDevStatePnpEnableInterfaces)
    setInterfaces(of: pnp, isEnabled: true)
    registerWmi(device)
    enter(device, pnp, pnp: WdfDevStatePnpStarted)
    enter(device, pnp, policy: WdfDevStatePwrPolStarted)
    beginIdle(device, pnp)
    return status
  }

  private func prepareHardware(
    _ device: UnsafeMutablePointer<DeviceBody>, _ pnp: UnsafeMutablePointer<PnpState>
  ) -> Int32 {
    // Release follows also when preparing fails.
    pnp.pointee.isHardwarePrepared = true
    guard let routine = pnp.pointee.callbacks.EvtDevicePrepareHardware else { return 0 }
    return Int32(
      truncatingIfNeeded: r3_call3(
        routine, device.handle, handle(pnp.pointee.rawResources),
        handle(pnp.pointee.translatedResources)))
  }

  private func handle(_ list: UnsafeMutablePointer<ResourceListBody>?) -> UInt64 {
    list?.pointee.head.handle ?? 0
  }

  private func releaseHardware(
    _ device: UnsafeMutablePointer<DeviceBody>, _ pnp: UnsafeMutablePointer<PnpState>
  ) {
    guard pnp.pointee.isHardwarePrepared else { return }
    pnp.pointee.isHardwarePrepared = false
    if let routine = pnp.pointee.callbacks.EvtDeviceReleaseHardware {
      _ = r3_call2(routine, device.handle, handle(pnp.pointee.translatedResources))
    }
    dropResources(pnp)
  }

  /// Stops a device that is to be started again with other resources.
  func rest(
    _ device: UnsafeMutablePointer<DeviceBody>, _ pnp: UnsafeMutablePointer<PnpState>
  ) {
    endIdle(pnp)
    powerDown(device, pnp, to: WdfPowerDeviceD3Final)
    releaseHardware(device, pnp)
    pnp.pointee.stage = .stopped
    enter(device, pnp, pnp: WdfDevStatePnpStopped)
    enter(device, pnp, policy: WdfDevStatePwrPolStopped)
  }

  /// Takes a device out of its working state for good.
  func takeDown(
    _ device: UnsafeMutablePointer<DeviceBody>, _ pnp: UnsafeMutablePointer<PnpState>
  ) {
    guard pnp.pointee.stage == .started || pnp.pointee.stage == .stopped else { return }
    endIdle(pnp)
    enter(device, pnp, pnp: WdfDevStatePnpRemovingDisableInterfaces)
    powerDown(device, pnp, to: WdfPowerDeviceD3Final)
    releaseHardware(device, pnp)
    cleanUp(device, pnp)
  }

  /// Ends what others see of a device: its interfaces, and the requests in its power-managed queues.
  private func cleanUp(
    _ device: UnsafeMutablePointer<DeviceBody>, _ pnp: UnsafeMutablePointer<PnpState>
  ) {
    // Who waits for D0 waits in vain.
    pnp.working.set()
    deregisterWmi(device)
    setInterfaces(of: pnp, isEnabled: false)
    purgeQueues(of: device, powerManaged: true)
    if pnp.pointee.selfManaged.hasBegun {
      _ = device.call(pnp.pointee.callbacks.EvtDeviceSelfManagedIoFlush)
    }
    // Who waits for a child to wake waits in vain.
    if device.pdo?.pointee.waitWake != nil {
      _ = indicateWake(device, FrameworkStatus.noSuchDevice)
    }
  }

  /// The last that a driver hears of a device before it is deleted, or started anew by its bus.
  func finish(
    _ device: UnsafeMutablePointer<DeviceBody>, _ pnp: UnsafeMutablePointer<PnpState>
  ) {
    enter(device, pnp, pnp: WdfDevStatePnpRemoved)
    purgeQueues(of: device, powerManaged: false)
    if pnp.pointee.selfManaged.hasBegun {
      pnp.pointee.selfManaged = SelfManagedIo()
      _ = device.call(pnp.pointee.callbacks.EvtDeviceSelfManagedIoCleanup)
    }
    pnp.pointee.stage = .removed
  }
}
