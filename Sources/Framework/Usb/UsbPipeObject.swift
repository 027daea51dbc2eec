import CDriverKit
import CRing3
import Glibc
import IOManager
import Machine
import Memory

/// A WDFUSBPIPE: the target of an endpoint's transfers.
struct UsbPipeBody {
  /// First: the handle is that of an I/O target as well.
  var target: TargetBody
  let usb: UsbDevicePointer
  let interface: UsbInterfacePointer
  var information: USBD_PIPE_INFORMATION
  /// Whether the length of a read must be a multiple of the packet size.
  var checksPacketSize = true
  /// The continuous reader, in pool.
  var reader: UnsafeMutablePointer<UsbReader>?
}

typealias UsbPipePointer = UnsafeMutablePointer<UsbPipeBody>

extension UnsafeMutablePointer where Pointee == UsbPipeBody {
  var object: FrameworkObject { FrameworkObject(target) }
  var target: UnsafeMutablePointer<TargetBody> {
    UnsafeMutableRawPointer(self).assumingMemoryBound(to: TargetBody.self)
  }

  var isIn: Bool {
    pointee.information.EndpointAddress & UInt8(USB_ENDPOINT_DIRECTION_MASK) != 0
  }

  var type: WDF_USB_PIPE_TYPE {
    WDF_USB_PIPE_TYPE(rawValue: pointee.information.PipeType.rawValue + 1)
  }

  /// Whether transfers of any length go over it.
  var isBulkOrInterrupt: Bool {
    type == WdfUsbPipeTypeBulk || type == WdfUsbPipeTypeInterrupt
  }
}

extension UnsafeMutablePointer where Pointee == TargetBody {
  /// The continuous reader of a pipe; nil for other targets.
  var reader: UnsafeMutablePointer<UsbReader>? {
    guard object.kind == .usbPipe else { return nil }
    return UnsafeMutableRawPointer(self).assumingMemoryBound(to: UsbPipeBody.self).pointee.reader
  }
}

extension Framework {
  /// A pipe goes when nothing is under way on it, and its reader is done.
  static let usbPipeClass = ObjectClass(
    dispose: { address in
      let target = address.assumingMemoryBound(to: TargetBody.self)
      Framework.current.end(target)
      if let reader = target.reader { Framework.current.waitForRecovery(of: reader) }
    },
    destroy: { address in
      let pipe = address.assumingMemoryBound(to: UsbPipeBody.self)
      if let reader = pipe.pointee.reader { Framework.current.destroy(reader) }
    }, isPassive: true)

  func usbPipe(_ handle: UInt64) -> UsbPipePointer {
    body(handle, .usbPipe, as: UsbPipeBody.self)
  }

  /// Makes the pipes of a setting that was selected.
  func makePipes(
    of interface: UsbInterfacePointer,
    _ information: UnsafeMutablePointer<USBD_INTERFACE_INFORMATION>, _ attributes: ObjectAttributes
  ) -> Int32 {
    interface.pointee.setting = information.pointee.AlternateSetting
    let count = Int(information.pointee.NumberOfPipes)
    if count == 0 { return 0 }
    let globals = interface.pointee.head.globals
    guard
      let block = machine.pool.allocate(
        count * 8, kind: .nonpaged, tag: globals.pointee.visible.DriverTag)
    else { return FrameworkStatus.insufficientResources }
    interface.pointee.pipes = block.assumingMemoryBound(
      to: UnsafeMutablePointer<UsbPipeBody>.self)
    let pipes =
      (UnsafeMutableRawPointer(information)
      + MemoryLayout<USBD_INTERFACE_INFORMATION>.offset(of: \.Pipes).unsafelyUnwrapped)
      .assumingMemoryBound(to: USBD_PIPE_INFORMATION.self)
    for index in 0..<count {
      let status = makePipe(of: interface, pipes[index], attributes)
      if status < 0 {
        deletePipes(of: interface)
        return status
      }
    }
    return 0
  }

  private func makePipe(
    of interface: UsbInterfacePointer, _ information: USBD_PIPE_INFORMATION,
    _ attributes: ObjectAttributes
  ) -> Int32 {
    let usb = interface.pointee.device
    let target = usbTarget(usb.target.pointee.device, .usbPipe)
    let made = make(
      UsbPipeBody(target: target, usb: usb, interface: interface, information: information),
      attributes)
    guard let pipe = made else { return FrameworkStatus.insufficientResources }
    prepareUsbTarget(pipe.target)
    let status = attach(pipe.object, to: interface.object)
    if status < 0 {
      discard(pipe.object)
      return status
    }
    interface.pointee.pipes?[interface.pointee.pipeCount] = pipe
    interface.pointee.pipeCount += 1
    return 0
  }

  /// Deletes the pipes of a setting that is selected no longer; what was sent comes back before.
  func deletePipes(of interface: UsbInterfacePointer) {
    let list = interface.pointee.pipes
    let count = interface.pointee.pipeCount
    interface.pointee.pipes = nil
    interface.pointee.pipeCount = 0
    for index in 0..<count { list?[index].object.delete() }
    if let list { machine.pool.free(UnsafeMutableRawPointer(list)) }
  }

  func fill(
    _ result: UnsafeMutablePointer<WDF_USB_PIPE_INFORMATION>, _ pipe: UsbPipePointer
  ) {
    let information = pipe.pointee.information
    result.pointee.MaximumPacketSize = UInt32(information.MaximumPacketSize)
    result.pointee.EndpointAddress = information.EndpointAddress
    result.pointee.Interval = information.Interval
    result.pointee.SettingIndex = pipe.pointee.interface.pointee.setting
    result.pointee.PipeType = pipe.type
    result.pointee.MaximumTransferSize = information.MaximumTransferSize
  }
}
