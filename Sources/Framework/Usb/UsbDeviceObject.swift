import CDriverKit
import CRing3
import IOManager
import Machine
import Memory
import PlugAndPlay

/// A WDFUSBDEVICE: the target of a USB device's requests, and what is known of the device.
struct UsbDeviceBody {
  /// First: the handle is that of an I/O target as well.
  var target: TargetBody
  var descriptor = USB_DEVICE_DESCRIPTOR()
  /// The first configuration with all that belongs to it, in pool.
  var configuration: UnsafeMutablePointer<UInt8>?
  var configurationByteCount = 0
  var traits: UInt32 = 0
  var version = USBD_VERSION_INFORMATION()
  var portCapabilities: UInt32 = 0
  /// The handle of the selected configuration.
  var configurationHandle: UnsafeMutableRawPointer?
  /// The interfaces by their index, in pool.
  var interfaces: UnsafeMutablePointer<UnsafeMutablePointer<UsbInterfaceBody>>?
  var interfaceCount = 0
  /// The USBD_HANDLE of a driver that named its contract version.
  var client: UnsafeMutableRawPointer?
  /// The interface of the bus; referenced while it has a context.
  var bus = USB_BUS_INTERFACE_USBDI_V1()
}

typealias UsbDevicePointer = UnsafeMutablePointer<UsbDeviceBody>

extension UnsafeMutablePointer where Pointee == UsbDeviceBody {
  var object: FrameworkObject { FrameworkObject(target) }
  var target: UnsafeMutablePointer<TargetBody> {
    UnsafeMutableRawPointer(self).assumingMemoryBound(to: TargetBody.self)
  }
  var globals: UnsafeMutablePointer<DriverGlobals> { target.pointee.head.globals }

  /// The interface of a number in the descriptors.
  func interface(number: UInt8) -> UnsafeMutablePointer<UsbInterfaceBody>? {
    for index in 0..<pointee.interfaceCount {
      guard let interface = pointee.interfaces?[index] else { continue }
      if interface.pointee.number == number { return interface }
    }
    return nil
  }
}

extension Framework {
  /// A USB device goes when nothing is under way on it.
  static let usbDeviceClass = ObjectClass(
    dispose: { address in
      Framework.current.end(address.assumingMemoryBound(to: TargetBody.self))
    },
    destroy: { address in
      Framework.current.destroy(address.assumingMemoryBound(to: UsbDeviceBody.self))
    }, isPassive: true)

  func usbDevice(_ handle: UInt64) -> UsbDevicePointer {
    body(handle, .usbDevice, as: UsbDeviceBody.self)
  }

  private func destroy(_ device: UsbDevicePointer) {
    if let bytes = device.pointee.configuration {
      machine.pool.free(UnsafeMutableRawPointer(bytes))
    }
    if let list = device.pointee.interfaces { machine.pool.free(UnsafeMutableRawPointer(list)) }
    if let client = device.pointee.client { usbdCloseHandle(client) }
    if let routine = UnsafeMutableRawPointer(device.pointee.bus.InterfaceDereference) {
      _ = r3_call1(routine, bits(device.pointee.bus.BusContext))
    }
  }

  /// The target inside a USB device or pipe, which leads to the next lower driver.
  func usbTarget(_ device: UnsafeMutablePointer<DeviceBody>, _ kind: ObjectKind) -> TargetBody {
    let head = ObjectHead(kind: kind, globals: device.pointee.head.globals)
    var target = TargetBody(head: head, role: .local, device: device, state: .started)
    target.physicalDevice = device.pointee.physicalDevice
    target.wdmDevice = device.pointee.attachedTo
    target.stackCount = Int(device.pointee.attachedTo?.pointee.StackSize ?? 0)
    return target
  }

  /// Makes the events of such a target ready.
  func prepareUsbTarget(_ target: UnsafeMutablePointer<TargetBody>) {
    target.object.head.pointee.device = target.pointee.device.object.head
    target.drained.initialize(.notification, isSet: true)
    target.idle.initialize(.notification, isSet: false)
    Event(target.field(\.opening.opened)).initialize(.notification, isSet: true)
  }
}
