import CDriverKit
import Glibc
import IOManager
import Machine
import Memory
import Objects

/// A property that a driver gave a device or an interface, under a key of its own; plain memory.
struct StoredProperty {
  var next: UnsafeMutablePointer<StoredProperty>?
  /// What it is a property of: the instance path of a device, the link of an interface.
  let owner: StoredText
  let key: DEVPROPKEY
  let locale: UInt32
  var type: UInt32
  var data: UnsafeMutableRawPointer?
  var count: Int

  mutating func set(_ type: UInt32, _ bytes: UnsafeRawBufferPointer) {
    data?.deallocate()
    self.type = type
    count = bytes.count
    data = .allocate(byteCount: max(1, count), alignment: 16)
    if let data, let source = bytes.baseAddress { memcpy(data, source, count) }
  }
}

extension UnsafeMutablePointer where Pointee == StoredProperty {
  func destroy() {
    pointee.owner.free()
    pointee.data?.deallocate()
    deallocate()
  }
}

extension PlugAndPlay {
  private func find(_ owner: UTF16Text, _ key: DEVPROPKEY, _ locale: UInt32)
    -> UnsafeMutablePointer<StoredProperty>?
  {
    var next = state.pointee.firstProperty
    while let property = next {
      if property.pointee.key.pid == key.pid, property.pointee.locale == locale,
        isSame(property.pointee.key.fmtid, key.fmtid), isSame(property.pointee.owner.text, owner)
      {
        return property
      }
      next = property.pointee.next
    }
    return nil
  }

  /// Sets a property; no bytes of the type DEVPROP_TYPE_EMPTY take it away.
  fileprivate func set(
    _ owner: UTF16Text, _ key: DEVPROPKEY, _ locale: UInt32, _ type: UInt32,
    _ data: UnsafeRawPointer?, _ count: Int
  ) -> Int32 {
    guard count == 0 || data != nil else { return PnpStatus.invalidParameter }
    // A driver's memory is read before the lock is taken.
    let copy = UnsafeMutableRawPointer.allocate(byteCount: max(1, count), alignment: 16)
    if let data { memcpy(copy, data, count) }
    let bytes = UnsafeRawBufferPointer(start: copy, count: count)
    locked {
      if let property = find(owner, key, locale) {
        property.pointee.set(type, bytes)
        return
      }
      let property = UnsafeMutablePointer<StoredProperty>.allocate(capacity: 1)
      property.initialize(
        to: StoredProperty(
          owner: StoredText(owner), key: key, locale: locale, type: type, count: 0))
      property.pointee.set(type, bytes)
      property.pointee.next = state.pointee.firstProperty
      state.pointee.firstProperty = property
    }
    copy.deallocate()
    return PnpStatus.success
  }

  fileprivate func get(
    _ owner: UTF16Text, _ key: DEVPROPKEY, _ locale: UInt32, _ size: UInt32,
    _ data: UnsafeMutableRawPointer?, _ required: UnsafeMutablePointer<UInt32>,
    _ type: UnsafeMutablePointer<UInt32>
  ) -> Int32 {
    var copy: UnsafeMutableRawPointer?
    var count = 0
    var kind: UInt32 = 0
    locked {
      guard let property = find(owner, key, locale), property.pointee.type != 0 else { return }
      count = property.pointee.count
      kind = property.pointee.type
      copy = .allocate(byteCount: max(1, count), alignment: 16)
      if let copy, let source = property.pointee.data { memcpy(copy, source, count) }
    }
    guard let copy else { return PnpStatus.objectNameNotFound }
    defer { copy.deallocate() }
    required.pointee = UInt32(count)
    type.pointee = kind
    guard Int(size) >= count else { return PnpStatus.bufferTooSmall }
    if let data { memcpy(data, copy, count) }
    return PnpStatus.success
  }
}

/// `IoSetDevicePropertyData`, for drivers and for the layers above.
@c(r3_IoSetDevicePropertyData)
package func ioSetDevicePropertyData(
  _ device: DevicePointer, _ key: UnsafePointer<DEVPROPKEY>, _ locale: UInt32, _ flags: UInt32,
  _ type: UInt32, _ size: UInt32, _ data: UnsafeRawPointer?
) -> Int32 {
  let manager = Machine.current.plugAndPlay
  guard let node = manager.node(of: device) else { return PnpStatus.invalidDeviceRequest }
  return manager.set(
    node.pointee.instancePath.text, key.pointee, locale, type, data, Int(size))
}

/// `IoGetDevicePropertyData`, for drivers and for the layers above.
@c(r3_IoGetDevicePropertyData)
package func ioGetDevicePropertyData(
  _ device: DevicePointer, _ key: UnsafePointer<DEVPROPKEY>, _ locale: UInt32, _ flags: UInt32,
  _ size: UInt32, _ data: UnsafeMutableRawPointer?, _ required: UnsafeMutablePointer<UInt32>,
  _ type: UnsafeMutablePointer<UInt32>
) -> Int32 {
  let manager = Machine.current.plugAndPlay
  guard let node = manager.node(of: device) else { return PnpStatus.invalidDeviceRequest }
  return manager.get(
    node.pointee.instancePath.text, key.pointee, locale, size, data, required, type)
}

@c(r3_IoSetDeviceInterfacePropertyData)
func ioSetDeviceInterfacePropertyData(
  _ link: UnsafePointer<UNICODE_STRING>, _ key: UnsafePointer<DEVPROPKEY>, _ locale: UInt32,
  _ flags: UInt32, _ type: UInt32, _ size: UInt32, _ data: UnsafeRawPointer?
) -> Int32 {
  let manager = Machine.current.plugAndPlay
  let link = stored(link)
  defer { link.free() }
  guard manager.isInterface(link) else { return PnpStatus.objectNameNotFound }
  return manager.set(link.text, key.pointee, locale, type, data, Int(size))
}

@c(r3_IoGetDeviceInterfacePropertyData)
func ioGetDeviceInterfacePropertyData(
  _ link: UnsafePointer<UNICODE_STRING>, _ key: UnsafePointer<DEVPROPKEY>, _ locale: UInt32,
  _ flags: UInt32, _ size: UInt32, _ data: UnsafeMutableRawPointer?,
  _ required: UnsafeMutablePointer<UInt32>, _ type: UnsafeMutablePointer<UInt32>
) -> Int32 {
  let manager = Machine.current.plugAndPlay
  let link = stored(link)
  defer { link.free() }
  guard manager.isInterface(link) else { return PnpStatus.objectNameNotFound }
  return manager.get(link.text, key.pointee, locale, size, data, required, type)
}
