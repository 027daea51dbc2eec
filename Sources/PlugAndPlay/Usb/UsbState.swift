import CDriverKit
import CRing3
import IOManager
import Machine

/// What the bus knows of a plugged device: plain memory, kept until the machine ends.
struct UsbState {
  /// Guards everything here; neither drivers nor the device are called under it.
  var lock = MachineLock()
  /// Keeps the device.
  let plug: Unmanaged<UsbPlug>
  let descriptors: UsbDescriptors
  let speed: USBDescription.Speed
  /// The physical device object; nil when it has been removed for good.
  var device: DevicePointer?
  var isConnected = true
  /// The selected configuration and its handle; 0 for none.
  var configuration: UInt8 = 0
  var configurationHandle: UInt = 0
  var nextHandle: UInt = 0
  /// The selected settings by interface number.
  var interfaces = InlineArray<32, UsbInterface>(repeating: UsbInterface())
  /// Endpoints by number, those to the host behind the others; the first one is for control.
  var endpoints = InlineArray<32, UsbEndpoint>(repeating: UsbEndpoint())
  var wakeIsEnabled = false
  /// Runs the transfers.
  var dpc = KDPC()
  var timer = KTIMER()
  var isServing = false
  var isServedAgain = false
  /// The endpoint that is looked at first.
  var turn = 0
  /// A driver that waits for the device to be suspended, and what it gave.
  var idleRequest: IRPPointer?
  var isSuspended = false
  /// The device is to go and come again.
  var isCycling = false
  var next: UnsafeMutablePointer<UsbState>?

  init(plug: Unmanaged<UsbPlug>, descriptors: UsbDescriptors, speed: USBDescription.Speed) {
    self.plug = plug
    self.descriptors = descriptors
    self.speed = speed
  }
}

/// A selected setting of an interface.
struct UsbInterface {
  var handle: UInt = 0
  var setting: UInt8 = 0
}

/// An endpoint, and the transfers on it, oldest first.
struct UsbEndpoint {
  /// The pipe's handle; 0 while the endpoint is in no selected setting.
  var handle: UInt = 0
  var address: UInt8 = 0
  var kind = USBEndpoint.Kind.control
  var maximumPacketSize: UInt16 = 0
  var interval: UInt8 = 0
  var interface: UInt8 = 0
  var isHalted = false
  /// Whether it is worth asking the device again.
  var needsService = false
  var first: UsbTransferPointer?
  var last: UsbTransferPointer?
}

/// A transfer on its way; memory of the host.
struct UsbTransfer {
  let irp: IRPPointer
  let urb: UnsafeMutablePointer<URB>
  let setup: UsbSetup
  /// Whether the device is being asked: the one who asks ends it.
  var isActive = false
  var isAborted = false
  var next: UsbTransferPointer?
}

typealias UsbTransferPointer = UnsafeMutablePointer<UsbTransfer>

/// The device object of a test, kept by reference.
final class UsbPlug: Sendable {
  let device: any SimulatedUSBDevice

  init(_ device: any SimulatedUSBDevice) { self.device = device }
}

/// The device extension of a USB device's physical device object.
struct UsbDevice {
  var root: RootDevice
  let state: UnsafeMutablePointer<UsbState>
}

extension UnsafeMutablePointer where Pointee == UsbState {
  func field<T>(_ path: WritableKeyPath<UsbState, T>) -> UnsafeMutablePointer<T> {
    (UnsafeMutableRawPointer(self) + MemoryLayout<UsbState>.offset(of: path).unsafelyUnwrapped)
      .assumingMemoryBound(to: T.self)
  }

  func withLock<R>(_ body: () -> R) -> R {
    let lock = field(\.lock)
    lock.pointee.lock()
    let result = body()
    lock.pointee.unlock()
    return result
  }

  var dpc: UnsafeMutablePointer<KDPC> { field(\.dpc) }

  /// The endpoint of an address.
  func endpoint(_ address: UInt8) -> UnsafeMutablePointer<UsbEndpoint> {
    endpoint(index: Int(address & 0xF) + (address & 0x80 != 0 && address & 0xF != 0 ? 16 : 0))
  }

  func endpoint(index: Int) -> UnsafeMutablePointer<UsbEndpoint> {
    UnsafeMutableRawPointer(field(\.endpoints)).assumingMemoryBound(to: UsbEndpoint.self) + index
  }

  /// The endpoint of a pipe's handle; nil for a handle that is stale or wrong.
  ///
  /// Under the lock.
  func endpoint(pipe: UnsafeMutableRawPointer?) -> UnsafeMutablePointer<UsbEndpoint>? {
    let handle = UInt(bitPattern: pipe)
    guard handle != 0 else { return nil }
    for index in 0..<32 where endpoint(index: index).pointee.handle == handle {
      return endpoint(index: index)
    }
    return nil
  }

  /// A handle that was never given before; no address.
  func makeHandle() -> UInt {
    pointee.nextHandle += 1
    return 0x5542_0000_0000 | pointee.nextHandle << 4
  }

  func destroy() {
    for index in 0..<32 {
      while let transfer = endpoint(index: index).pointee.first {
        endpoint(index: index).pointee.first = transfer.pointee.next
        transfer.deallocate()
      }
    }
    pointee.descriptors.free()
    pointee.plug.release()
    deallocate()
  }
}

extension UnsafeMutablePointer where Pointee == UsbEndpoint {
  /// Puts a transfer behind the others; under the lock.
  func append(_ transfer: UsbTransferPointer) {
    if let last = pointee.last { last.pointee.next = transfer } else { pointee.first = transfer }
    pointee.last = transfer
    pointee.needsService = true
  }

  /// Takes a transfer out; under the lock.
  func remove(_ transfer: UsbTransferPointer) {
    var previous: UsbTransferPointer?
    var next = pointee.first
    while let candidate = next, candidate != transfer {
      previous = candidate
      next = candidate.pointee.next
    }
    guard next == transfer else { return }
    if let previous {
      previous.pointee.next = transfer.pointee.next
    } else {
      pointee.first = transfer.pointee.next
    }
    if pointee.last == transfer { pointee.last = previous }
  }
}

extension PlugAndPlay {
  /// What the bus knows of a USB device's physical device object.
  func usb(_ device: DevicePointer) -> UnsafeMutablePointer<UsbState> {
    device.pointee.DeviceExtension.unsafelyUnwrapped.assumingMemoryBound(to: UsbDevice.self)
      .pointee.state
  }
}
