import CDriverKit
import CRing3
import IOManager
import Machine
import Memory

/// Callbacks of a driver that get IRPs before the framework has chosen their queue, by type.
struct DispatchCallbacks {
  struct Entry {
    var routine: UnsafeMutableRawPointer?
    var context: UInt64 = 0
  }

  private var entries = InlineArray<4, Entry>(repeating: Entry())

  /// Read, write and both kinds of control requests; nil for other types.
  static func index(of major: UInt8) -> Int? {
    switch Int32(major) {
    case IRP_MJ_READ: 0
    case IRP_MJ_WRITE: 1
    case IRP_MJ_DEVICE_CONTROL: 2
    case IRP_MJ_INTERNAL_DEVICE_CONTROL: 3
    default: nil
    }
  }

  func entry(for major: UInt8) -> Entry {
    Self.index(of: major).map { entries[$0] } ?? Entry()
  }

  mutating func set(_ entry: Entry, at index: Int) { entries[index] = entry }

  /// What a callback gets to give the IRP back with.
  static let returnContext: UInt64 = 0x5233_4453
}

extension Framework {
  /// Has a driver's dispatch callback take an IRP.
  func dispatch(
    _ device: UnsafeMutablePointer<DeviceBody>, _ irp: IRPPointer,
    by routine: UnsafeMutableRawPointer, _ context: UInt64
  ) -> Int32 {
    let location = irp.pointee.Tail.Overlay.CurrentStackLocation.unsafelyUnwrapped
    let major = location.pointee.MajorFunction
    let minor = location.pointee.MinorFunction
    let code = location.pointee.Parameters.DeviceIoControl.IoControlCode
    let arguments: [7 of UInt64] = [
      device.handle, UInt64(major), UInt64(minor), UInt64(code), context, bits(irp),
      DispatchCallbacks.returnContext,
    ]
    return withUnsafeBytes(of: arguments) { arguments in
      guard let first = arguments.assumingMemoryBound(to: UInt64.self).baseAddress else { return 0 }
      return Int32(truncatingIfNeeded: r3_callN(routine, first, 7))
    }
  }

  fileprivate func setDispatchCallback(
    _ device: UnsafeMutablePointer<DeviceBody>, _ major: UInt8, _ entry: DispatchCallbacks.Entry
  ) -> Int32 {
    guard let index = DispatchCallbacks.index(of: major) else {
      return FrameworkStatus.invalidParameter
    }
    if device.pointee.dispatchCallbacks == nil {
      guard
        let block = machine.pool.allocate(
          MemoryLayout<DispatchCallbacks>.size, kind: .nonpaged, tag: DeviceInit.tag)
      else { return FrameworkStatus.insufficientResources }
      let callbacks = block.bindMemory(to: DispatchCallbacks.self, capacity: 1)
      callbacks.initialize(to: DispatchCallbacks())
      device.pointee.dispatchCallbacks = callbacks
    }
    guard let callbacks = device.pointee.dispatchCallbacks,
      callbacks.pointee.entry(for: major).routine == nil
    else { return FrameworkStatus.invalidParameter }
    callbacks.pointee.set(entry, at: index)
    return FrameworkStatus.success
  }

  /// Goes back to the stack location that a driver has skipped or copied for the framework.
  fileprivate func enterNextLocation(_ irp: IRPPointer) {
    irp.pointee.CurrentLocation -= 1
    irp.pointee.Tail.Overlay.CurrentStackLocation -= 1
  }
}

/// Goes on with an IRP that a preprocessing callback got, whose stack location it has skipped or copied.
@c(r3_WdfDeviceWdmDispatchPreprocessedIrp)
package func wdfDeviceWdmDispatchPreprocessedIrp(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ irp: UnsafeMutablePointer<IRP>?
) -> Int32 {
  let framework = Framework.current
  let device = framework.device(handle)
  let irp = framework.require(irp)
  framework.enterNextLocation(irp)
  let location = irp.pointee.Tail.Overlay.CurrentStackLocation.unsafelyUnwrapped
  return framework.dispatch(device, irp, location.pointee.MajorFunction)
}

/// Says which routine sees the IRPs of a type before their queue is chosen.
@c(r3_WdfDeviceConfigureWdmIrpDispatchCallback)
package func wdfDeviceConfigureWdmIrpDispatchCallback(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ driver: UInt64, _ major: UInt32,
  _ routine: UnsafeMutableRawPointer?, _ context: UInt64
) -> Int32 {
  let framework = Framework.current
  let device = framework.device(handle)
  _ = framework.optionalObject(driver, .driver)
  let routine = framework.require(routine)
  return framework.setDispatchCallback(
    device, UInt8(truncatingIfNeeded: major),
    DispatchCallbacks.Entry(routine: routine, context: context))
}

/// Gives an IRP back that a dispatch callback got.
@c(r3_WdfDeviceWdmDispatchIrp)
package func wdfDeviceWdmDispatchIrp(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ irp: UnsafeMutablePointer<IRP>?,
  _ context: UInt64
) -> Int32 {
  let framework = Framework.current
  let device = framework.device(handle)
  let irp = framework.require(irp)
  guard context == DispatchCallbacks.returnContext else {
    return framework.complete(irp, FrameworkStatus.invalidParameter)
  }
  let location = irp.pointee.Tail.Overlay.CurrentStackLocation.unsafelyUnwrapped
  return framework.dispatchPastCallbacks(device, irp, location.pointee.MajorFunction)
}

/// Puts an IRP that a dispatch or preprocessing callback got into a queue of the driver's choice.
@c(r3_WdfDeviceWdmDispatchIrpToIoQueue)
package func wdfDeviceWdmDispatchIrpToIoQueue(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ irp: UnsafeMutablePointer<IRP>?,
  _ queueHandle: UInt64, _ flags: UInt32
) -> Int32 {
  let framework = Framework.current
  let device = framework.device(handle)
  let queue = framework.queue(queueHandle)
  let irp = framework.require(irp)
  if flags & UInt32(WDF_DISPATCH_IRP_TO_IO_QUEUE_PREPROCESSED_IRP.rawValue) != 0 {
    framework.enterNextLocation(irp)
  }
  guard queue.pointee.device == device else {
    return framework.complete(irp, FrameworkStatus.invalidDeviceRequest)
  }
  let seesCaller = UInt32(WDF_DISPATCH_IRP_TO_IO_QUEUE_INVOKE_INCALLERCTX_CALLBACK.rawValue)
  if flags & seesCaller != 0, let routine = device.pointee.inCallerContext {
    return framework.presentInCallerContext(device, irp, queue: queue, routine)
  }
  return framework.dispatch(device, irp, to: queue)
}
