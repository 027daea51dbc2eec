import CDriverKit
import Framework
import IOManager
import Machine
import NTTypes

extension DeviceInit {
  /// Writes back what the device holds, when a program flushes its file: IRP_MJ_FLUSH_BUFFERS.
  ///
  /// No queue gets these requests. What the handler throws is the answer; without a handler it is
  /// STATUS_INVALID_DEVICE_REQUEST, or that of the device below a filter.
  ///
  /// At PASSIVE_LEVEL. Source: WdfDeviceInitAssignWdmIrpPreprocessCallback.
  public mutating func onFlush(_ handler: @escaping Handler) { box.flush = handler }
}

extension DeviceBox {
  func describeFlush(
    to setup: UnsafeMutableRawPointer, _ globals: UnsafeMutableRawPointer
  ) -> Int32 {
    guard flush != nil else { return 0 }
    return wdfDeviceInitAssignWdmIrpPreprocessCallback(
      globals, setup, DriverEntries.flush.address, UInt32(IRP_MJ_FLUSH_BUFFERS), nil, 0)
  }
}

/// EvtDeviceWdmIrpPreprocess for flushes.
let flushEntry: @convention(c) (UInt64, UnsafeMutablePointer<IRP>) -> Int32 = { device, irp in
  let status = callDevice(device) { try $0.flush.unsafelyUnwrapped($1) }
  irp.pointee.IoStatus.Status = status
  irp.pointee.IoStatus.Information = 0
  Machine.current.io.complete(irp, boost: 0)
  return status
}
