import CDriverKit
import Framework
import NTTypes

/// A device as it is being described: what a C driver knows as PWDFDEVICE_INIT.
///
/// It cannot be copied: ``makeDevice()`` uses it up, and one that is dropped gives back what
/// it took.
public struct DeviceInit: ~Copyable {
  let address: UnsafeMutableRawPointer
  let globals: UnsafeMutableRawPointer
  /// Whether it must be freed when no device comes of it: that of a control device.
  let isMine: Bool
  /// The handlers; a reference of its own.
  private let handlers = Unmanaged.passRetained(DeviceBox())

  init(_ address: UnsafeMutableRawPointer, _ globals: UnsafeMutableRawPointer, isMine: Bool) {
    self.address = address
    self.globals = globals
    self.isMine = isMine
  }

  deinit {
    handlers.release()
    if isMine { wdfDeviceInitFree(globals, address) }
  }

  /// What the driver does about events of the device.
  var box: DeviceBox { handlers._withUnsafeGuaranteedRef { $0 } }

  /// Gives the device a name, such as `\Device\Echo`.
  ///
  /// - Throws: STATUS_INSUFFICIENT_RESOURCES.
  public mutating func setName(_ name: String) throws(NTStatus) {
    let (globals, address) = (globals, address)
    try checkRefusal(of: "WdfDeviceInitAssignName")
    try check(withUnicodeString(name) { wdfDeviceInitAssignName(globals, address, $0) })
  }

  /// Says what kind of device it is; FILE_DEVICE_UNKNOWN unless it is set.
  public mutating func setType(_ type: DeviceType) {
    wdfDeviceInitSetDeviceType(globals, address, UInt32(type.rawValue))
  }

  /// Says how reads and writes come by their buffers; ``BufferAccess/buffered`` unless it is set.
  public mutating func setBufferAccess(_ access: BufferAccess) {
    wdfDeviceInitSetIoType(globals, address, access.rawValue)
  }

  /// Lets only one handle be open at a time.
  public mutating func setExclusive() { wdfDeviceInitSetExclusive(globals, address, 1) }

  /// Says that it is a filter: what it does not handle goes to the device below.
  public mutating func setFilter() { wdfFdoInitSetFilter(globals, address) }

  /// Makes the device.
  ///
  /// - Returns: the device, a child of the driver; the framework deletes it, but for a control device.
  /// - Throws: an `NTStatus`, such as STATUS_OBJECT_NAME_COLLISION.
  public consuming func makeDevice() throws(NTStatus) -> DeviceObject {
    let globals = globals
    let box = handlers.takeRetainedValue()
    box.describe(to: address, globals)
    var place: UnsafeMutableRawPointer? = address
    var attributes = Attachment.attributes()
    var handle: UInt64 = 0
    var status = box.describeFlush(to: address, globals)
    if isRefused("WdfDeviceCreate") { status = NTStatus.insufficientResources.code }
    if status >= 0 { status = wdfDeviceCreate(globals, &place, &attributes, &handle) }
    // The framework has freed it, or it is freed here.
    if status < 0, isMine { wdfDeviceInitFree(globals, place) }
    discard self
    try check(status)
    // Nobody has called it yet: it is not started.
    Attachment.attach(box, to: handle)
    return DeviceObject(handle: Handle(globals: globals, bits: handle))
  }
}

/// How reads and writes come by their buffers: `WDF_DEVICE_IO_TYPE`.
public enum BufferAccess: UInt32, Sendable, CaseIterable {
  /// Neither: the driver sees user addresses.
  case neither = 1
  /// In a system buffer that the I/O manager copies.
  case buffered = 2
  /// In the user's own pages, locked and described by an MDL.
  case direct = 3
}
