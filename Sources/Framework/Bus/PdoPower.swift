import CDriverKit
import CRing3
import IOManager
import Machine
import Memory

// IRP_MJ_POWER for the children of a bus: the requests end here.
extension Framework {
  func dispatchPower(
    ofChild device: UnsafeMutablePointer<DeviceBody>, _ pnp: UnsafeMutablePointer<PnpState>,
    _ pdo: UnsafeMutablePointer<PdoState>, _ irp: IRPPointer
  ) -> Int32 {
    let location = irp.pointee.Tail.Overlay.CurrentStackLocation.unsafelyUnwrapped
    switch Int32(location.pointee.MinorFunction) {
    case IRP_MN_QUERY_POWER: return complete(irp, FrameworkStatus.success)
    case IRP_MN_WAIT_WAKE:
      return keepWaitWake(device, pnp, pdo, irp, location.pointee.Parameters.WaitWake.PowerState)
    default: return keep(irp)
    }
  }

  /// A driver above waits for the child to wake: the bus arms it.
  private func keepWaitWake(
    _ device: UnsafeMutablePointer<DeviceBody>, _ pnp: UnsafeMutablePointer<PnpState>,
    _ pdo: UnsafeMutablePointer<PdoState>, _ irp: IRPPointer, _ state: SYSTEM_POWER_STATE
  ) -> Int32 {
    guard pdo.pointee.waitWake == nil else { return complete(irp, FrameworkStatus.deviceBusy) }
    let status = device.call(pnp.pointee.pdoCallbacks.EvtDeviceEnableWakeAtBus, state.rawValue)
    guard status >= 0 else { return complete(irp, status) }
    markPending(irp)
    irp.pointee.Tail.Overlay.DriverContext.0 = UnsafeMutableRawPointer(device)
    pdo.pointee.waitWake = irp
    _ = machine.io.swapCancelRoutine(irp, PnpRoutines.cancelWake)
    if irp.pointee.Cancel != 0, machine.io.swapCancelRoutine(irp, nil) != nil {
      endWaitWake(device, pdo, irp, FrameworkStatus.cancelled)
    }
    return FrameworkStatus.pending
  }

  fileprivate func endWaitWake(
    _ device: UnsafeMutablePointer<DeviceBody>, _ pdo: UnsafeMutablePointer<PdoState>,
    _ irp: IRPPointer, _ status: Int32
  ) {
    pdo.pointee.waitWake = nil
    _ = device.call(device.pnp?.pointee.pdoCallbacks.EvtDeviceDisableWakeAtBus)
    _ = complete(irp, status)
  }

  /// Ends the wait of the drivers above a child.
  ///
  /// - Returns: STATUS_INVALID_DEVICE_REQUEST when nobody waits.
  func indicateWake(_ device: UnsafeMutablePointer<DeviceBody>, _ status: Int32) -> Int32 {
    guard let pdo = device.pdo, let irp = pdo.pointee.waitWake,
      machine.io.swapCancelRoutine(irp, nil) != nil
    else { return FrameworkStatus.invalidDeviceRequest }
    endWaitWake(device, pdo, irp, status)
    return 0
  }

  /// The drivers above do not wait any more; at the level that the cancel lock was taken at.
  fileprivate func cancelWake(_ irp: IRPPointer) {
    machine.io.releaseCancelLock(irp.pointee.CancelIrql)
    guard let address = irp.pointee.Tail.Overlay.DriverContext.0 else { return }
    guard CurrentThread.irql > IRQL.passive else { return finishCancel(irp, address) }
    machine.workers.queue(
      { context in
        guard let context else { return }
        let irp = context.assumingMemoryBound(to: IRP.self)
        guard let address = irp.pointee.Tail.Overlay.DriverContext.0 else { return }
        Framework.current.finishCancel(irp, address)
      }, UnsafeMutableRawPointer(irp))
  }

  private func finishCancel(_ irp: IRPPointer, _ address: UnsafeMutableRawPointer) {
    let device = address.assumingMemoryBound(to: DeviceBody.self)
    if let pdo = device.pdo { endWaitWake(device, pdo, irp, FrameworkStatus.cancelled) }
  }
}

let cancelWakeRoutine: @convention(c) (DevicePointer?, IRPPointer) -> Void = { _, irp in
  Framework.current.cancelWake(irp)
}

/// A bus says how the wait for a child's signal ends: STATUS_SUCCESS when it woke.
@c(r3_WdfDeviceIndicateWakeStatus)
package func wdfDeviceIndicateWakeStatus(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ status: UInt32
) -> Int32 {
  let framework = Framework.current
  let status = Int32(bitPattern: status)
  // STATUS_PENDING would end nothing, and a cancelled wait is the framework's to end.
  guard status != FrameworkStatus.pending, status != FrameworkStatus.cancelled else {
    return FrameworkStatus.invalidParameter
  }
  let device = framework.device(handle)
  if device.pdo != nil { return framework.indicateWake(device, status) }
  // A bus that wakes itself wakes its children.
  var result = FrameworkStatus.invalidDeviceRequest
  framework.forEachList(of: device) { list in
    list.forEach { entry in
      if let child = entry.pointee.pdo, framework.indicateWake(child, status) >= 0 { result = 0 }
    }
  }
  return result
}
