import CDriverKit
import IOManager
import Machine
import Objects

/// IRP_MJ_POWER of the devices below the root: every state is fine; one request to wake is kept.
let rootPower: RootDispatch = { device, irp in
  let manager = Machine.current.plugAndPlay
  guard let location = irp.pointee.Tail.Overlay.CurrentStackLocation else {
    return returned(PnpStatus.invalidParameter)
  }
  var status = irp.pointee.IoStatus.Status
  switch Int32(location.pointee.MinorFunction) {
  case IRP_MN_SET_POWER, IRP_MN_QUERY_POWER: status = PnpStatus.success
  case IRP_MN_WAIT_WAKE:
    status = manager.keepWaitWake(device, irp, location)
    if status == PnpStatus.pending { return returned(status) }
  default: break
  }
  irp.pointee.IoStatus.Status = status
  manager.io.complete(irp, boost: 0)
  return returned(status)
}

/// The cancel routine of a request to wake that a root device keeps.
let cancelWaitWake: RootDispatch = { device, irp in
  let manager = Machine.current.plugAndPlay
  manager.io.releaseCancelLock(irp.pointee.CancelIrql)
  manager.locked {
    if manager.rootDevice(device).pointee.waitWake == irp {
      manager.rootDevice(device).pointee.waitWake = nil
    }
  }
  irp.pointee.IoStatus.Status = PnpStatus.cancelled
  manager.io.complete(irp, boost: 0)
  return 0
}

extension PlugAndPlay {
  /// Keeps a request to wake until the device wakes or the request is cancelled.
  fileprivate func keepWaitWake(
    _ device: DevicePointer, _ irp: IRPPointer, _ location: StackPointer
  ) -> Int32 {
    let isKept = locked {
      guard rootDevice(device).pointee.waitWake == nil else { return false }
      rootDevice(device).pointee.waitWake = irp
      location.pointee.Control |= UInt8(SL_PENDING_RETURNED)
      return true
    }
    guard isKept else { return PnpStatus.deviceBusy }
    _ = io.swapCancelRoutine(irp, RootRoutines.waitWakeCancel)
    if irp.pointee.Cancel != 0, io.swapCancelRoutine(irp, nil) != nil {
      locked { rootDevice(device).pointee.waitWake = nil }
      end(irp, PnpStatus.cancelled)
    }
    return PnpStatus.pending
  }

  /// Completes a request; gives its status.
  @discardableResult
  func end(_ irp: IRPPointer, _ status: Int32) -> Int32 {
    irp.pointee.IoStatus.Status = status
    io.complete(irp, boost: 0)
    return status
  }

  /// Takes the kept request to wake; nil when there is none, or it is being cancelled.
  private func takeWaitWake(_ device: DevicePointer) -> IRPPointer? {
    let irp = locked { () -> IRPPointer? in
      let irp = rootDevice(device).pointee.waitWake
      rootDevice(device).pointee.waitWake = nil
      return irp
    }
    guard let irp, io.swapCancelRoutine(irp, nil) != nil else { return nil }
    return irp
  }

  /// A device below the root gives its signal to wake.
  ///
  /// - Returns: whether a driver waits for that.
  package func signalWake(_ node: NodePointer) -> Bool {
    guard let device = node.pointee.device, let driver = device.pointee.DriverObject,
      driver == state.pointee.rootDriver || driver == state.pointee.usbDriver,
      let irp = takeWaitWake(device)
    else { return false }
    end(irp, PnpStatus.success)
    return true
  }

  /// The device goes: nobody will be woken.
  func dropWaitWake(_ device: DevicePointer) {
    if let irp = takeWaitWake(device) { end(irp, PnpStatus.noSuchDevice) }
  }
}
