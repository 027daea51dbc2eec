import CDriverKit
import CRing3
import Machine
import Objects

/// The characters of a driver's UNICODE_STRING; empty for NULL.
func text(_ string: UnsafePointer<UNICODE_STRING>?) -> UTF16Text {
  guard let string, let buffer = string.pointee.Buffer else {
    return UTF16Text(start: nil, count: 0)
  }
  return UTF16Text(start: buffer, count: Int(string.pointee.Length) / 2)
}

@c(r3_IoCreateDevice)
func ioCreateDevice(
  _ driver: DriverPointer, _ extensionSize: UInt32, _ name: UnsafePointer<UNICODE_STRING>?,
  _ type: UInt32, _ characteristics: UInt32, _ exclusive: UInt8,
  _ result: UnsafeMutablePointer<DevicePointer?>
) -> Int32 {
  result.pointee = nil
  var status: UInt32 = 0
  let name = text(name)
  result.pointee = Machine.current.io.makeDevice(
    driver, extensionByteCount: Int(extensionSize), name: name.isEmpty ? nil : name, type: type,
    characteristics: characteristics, isExclusive: exclusive != 0, status: &status)
  return Int32(bitPattern: status)
}

@c(r3_IoDeleteDevice)
func ioDeleteDevice(_ device: DevicePointer) {
  Machine.current.io.deleteDevice(device)
}

@c(r3_IoCreateSymbolicLink)
func ioCreateSymbolicLink(
  _ link: UnsafePointer<UNICODE_STRING>?, _ target: UnsafePointer<UNICODE_STRING>?
) -> Int32 {
  Int32(bitPattern: Machine.current.objects.makeSymbolicLink(text(link), to: text(target)))
}

@c(r3_IoDeleteSymbolicLink)
func ioDeleteSymbolicLink(_ link: UnsafePointer<UNICODE_STRING>?) -> Int32 {
  let objects = Machine.current.objects
  var status: UInt32 = 0
  guard let found = objects.lookUp(text(link), followLast: false, status: &status) else {
    return Int32(bitPattern: status)
  }
  let isLink = objects.isObject(found.body, .symbolicLink)
  if isLink { objects.removeName(of: found.body) }
  objects.finish(found)
  objects.dereference(found.body)
  return isLink ? IOStatus.success : IOStatus.objectTypeMismatch
}

@c(r3_IoAttachDeviceToDeviceStack)
func ioAttachDeviceToDeviceStack(_ source: DevicePointer, _ target: DevicePointer)
  -> DevicePointer?
{
  Machine.current.io.attach(source, to: target)
}

@c(r3_IoDetachDevice)
func ioDetachDevice(_ lower: DevicePointer) {
  Machine.current.io.detach(above: lower)
}

@c(r3_IoGetAttachedDevice)
func ioGetAttachedDevice(_ device: DevicePointer) -> DevicePointer {
  Machine.current.io.top(of: device)
}

@c(r3_IoGetAttachedDeviceReference)
func ioGetAttachedDeviceReference(_ device: DevicePointer) -> DevicePointer {
  let top = Machine.current.io.top(of: device)
  Machine.current.objects.reference(UnsafeMutableRawPointer(top))
  return top
}

@c(r3_IoGetRelatedDeviceObject)
func ioGetRelatedDeviceObject(_ file: FilePointer) -> DevicePointer {
  Machine.current.io.relatedDevice(file)
}
