import CDriverKit
import CRing3
import Machine
import Objects

@c(r3_IoAttachDeviceToDeviceStack)
func ioAttachDeviceToDeviceStack(_ source: DevicePointer, _ target: DevicePointer)
  -> DevicePointer?
{
  Machine.current.io.attach(source, to: target)
}

@c(r3_IoAttachDeviceToDeviceStackSafe)
func ioAttachDeviceToDeviceStackSafe(
  _ source: DevicePointer, _ target: DevicePointer,
  _ attached: UnsafeMutablePointer<DevicePointer?>
) -> Int32 {
  Machine.current.io.attach(source, to: target, storing: attached) == nil
    ? IOStatus.noSuchDevice : IOStatus.success
}

@c(r3_IoAttachDevice)
func ioAttachDevice(
  _ source: DevicePointer, _ target: UnsafePointer<UNICODE_STRING>?,
  _ attached: UnsafeMutablePointer<DevicePointer?>
) -> Int32 {
  let io = Machine.current.io
  attached.pointee = nil
  var status = IOStatus.success
  guard let file = io.openByName(text(target), access: UInt32(FILE_READ_ATTRIBUTES), &status)
  else { return status }
  let device = io.relatedDevice(file)
  if io.attach(source, to: device, storing: attached) == nil { status = IOStatus.noSuchDevice }
  io.machine.objects.dereference(UnsafeMutableRawPointer(file))
  return status
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
  Machine.current.io.referencedTop(of: device)
}

@c(r3_IoGetLowerDeviceObject)
func ioGetLowerDeviceObject(_ device: DevicePointer) -> DevicePointer? {
  Machine.current.io.referencedLower(of: device)
}

@c(r3_IoGetRelatedDeviceObject)
func ioGetRelatedDeviceObject(_ file: FilePointer) -> DevicePointer {
  Machine.current.io.relatedDevice(file)
}

@c(r3_IoGetDeviceObjectPointer)
func ioGetDeviceObjectPointer(
  _ name: UnsafePointer<UNICODE_STRING>?, _ access: UInt32,
  _ file: UnsafeMutablePointer<FilePointer?>, _ device: UnsafeMutablePointer<DevicePointer?>
) -> Int32 {
  let io = Machine.current.io
  var status = IOStatus.success
  guard let opened = io.openByName(text(name), access: access, &status) else { return status }
  file.pointee = opened
  device.pointee = io.relatedDevice(opened)
  return status
}

@c(r3_IoEnumerateDeviceObjectList)
func ioEnumerateDeviceObjectList(
  _ driver: DriverPointer, _ list: UnsafeMutablePointer<DevicePointer>?, _ byteCount: UInt32,
  _ actual: UnsafeMutablePointer<UInt32>
) -> Int32 {
  let io = Machine.current.io
  let capacity = list == nil ? 0 : Int(byteCount) / 8
  var count = 0
  io.withDevicesLocked {
    var next = driver.pointee.DeviceObject
    while let device = next {
      if count < capacity, let list {
        io.machine.objects.reference(UnsafeMutableRawPointer(device))
        list[count] = device
      }
      count += 1
      next = device.pointee.NextDevice
    }
  }
  actual.pointee = UInt32(count)
  return count <= capacity ? IOStatus.success : IOStatus.bufferTooSmall
}

extension IOManager {
  /// Opens a device for the kernel and closes the handle again: the file object keeps it open.
  ///
  /// The driver gets IRP_MJ_CREATE and IRP_MJ_CLEANUP now, IRP_MJ_CLOSE with the last reference.
  func openByName(_ name: UTF16Text, access: UInt32, _ status: inout Int32) -> FilePointer? {
    var call = OpenCall(
      machine: machine, process: machine.systemProcess, path: name, access: access)
    call.isUser = false
    let file = withUnsafeMutablePointer(to: &call) { openFile($0) }
    status = call.status
    if let file { sendCleanup(file) }
    return file
  }
}
