import CDriverKit
import CRing3
import IOManager
import Machine
import Objects

/// The cancel routine of a request to be told of idleness.
let cancelUsbIdle: RootDispatch = { device, irp in
  let manager = Machine.current.plugAndPlay
  manager.io.releaseCancelLock(irp.pointee.CancelIrql)
  let usb = manager.usb(device)
  usb.withLock { if usb.pointee.idleRequest == irp { usb.pointee.idleRequest = nil } }
  manager.end(irp, PnpStatus.cancelled)
  return 0
}

/// Tells a driver that its device may be suspended; in a worker thread.
private let tellIdle: Machine.ThreadRoutine = { context in
  guard let context else { return }
  let usb = context.assumingMemoryBound(to: UsbState.self)
  let information = usb.withLock { () -> UnsafeMutablePointer<USB_IDLE_CALLBACK_INFO>? in
    guard let irp = usb.pointee.idleRequest else { return nil }
    return irp.pointee.Tail.Overlay.CurrentStackLocation.pointee.Parameters.DeviceIoControl
      .Type3InputBuffer?.assumingMemoryBound(to: USB_IDLE_CALLBACK_INFO.self)
  }
  guard let information, let routine = UnsafeMutableRawPointer(information.pointee.IdleCallback)
  else { return }
  _ = r3_call1(routine, bits(information.pointee.IdleContext))
}

extension PlugAndPlay {
  /// Keeps a request to be told when the device may be suspended; here that is at once.
  ///
  /// It ends when the device works again, is gone, or the driver cancels it.
  func keepIdle(
    _ usb: UnsafeMutablePointer<UsbState>, _ irp: IRPPointer, _ location: StackPointer
  ) -> Int32 {
    let length = location.pointee.Parameters.DeviceIoControl.InputBufferLength
    guard length >= UInt32(MemoryLayout<USB_IDLE_CALLBACK_INFO>.size),
      location.pointee.Parameters.DeviceIoControl.Type3InputBuffer != nil
    else { return end(irp, PnpStatus.invalidParameter) }
    let (isConnected, isKept) = usb.withLock {
      guard usb.pointee.isConnected, usb.pointee.idleRequest == nil else {
        return (usb.pointee.isConnected, false)
      }
      usb.pointee.idleRequest = irp
      location.pointee.Control |= UInt8(SL_PENDING_RETURNED)
      return (true, true)
    }
    guard isKept else {
      return end(irp, isConnected ? PnpStatus.deviceBusy : PnpStatus.deviceNotConnected)
    }
    _ = io.swapCancelRoutine(irp, UsbRoutines.cancelIdle)
    if irp.pointee.Cancel != 0, io.swapCancelRoutine(irp, nil) != nil {
      usb.withLock { usb.pointee.idleRequest = nil }
      end(irp, PnpStatus.cancelled)
      return PnpStatus.pending
    }
    machine.workers.queue(tellIdle, UnsafeMutableRawPointer(usb))
    return PnpStatus.pending
  }

  /// Ends a request that was kept, unless it is being cancelled.
  func endIdle(_ usb: UnsafeMutablePointer<UsbState>, _ status: Int32) {
    let irp = usb.withLock { () -> IRPPointer? in
      guard let irp = usb.pointee.idleRequest, io.swapCancelRoutine(irp, nil) != nil else {
        return nil
      }
      usb.pointee.idleRequest = nil
      return irp
    }
    if let irp { end(irp, status) }
  }
}
