import CDriverKit
import CRing3
import Glibc
import IOManager
import Machine
import Memory
import Objects
import PlugAndPlay

/// What a remote target was opened with, for the next opening, and whom it tells of its device's end.
struct TargetOpening {
  /// Whether it is open; the state may be stopped or purged then.
  var isOpen = false
  /// Whether a thread is opening it; `opened` is set when it has.
  var isUnderWay = false
  var opened = KEVENT()
  /// The name, when it was opened by name; pool of the framework.
  var name = PoolText()
  var extendedAttributes: UnsafeMutableRawPointer?
  var extendedAttributeCount: UInt32 = 0
  var access: UInt32 = 0
  var share: UInt32 = 0
  var fileAttributes: UInt32 = 0
  var disposition: UInt32 = 0
  var options: UInt32 = 0
  /// EvtIoTargetQueryRemove, EvtIoTargetRemoveCanceled, EvtIoTargetRemoveComplete.
  var queryRemove: UnsafeMutableRawPointer?
  var removeCanceled: UnsafeMutableRawPointer?
  var removeComplete: UnsafeMutableRawPointer?
  /// The entry by which the Plug and Play manager tells of the device.
  var watch: UnsafeMutableRawPointer?

  /// Frees the name and the extended attributes.
  mutating func free() {
    name.free()
    if let block = extendedAttributes {
      Machine.current.pool.free(block, tag: DeviceInit.tag)
    }
    extendedAttributes = nil
    extendedAttributeCount = 0
  }

  /// Keeps what names a device and how it is opened; false without memory.
  mutating func set(_ parameters: WDF_IO_TARGET_OPEN_PARAMS) -> Bool {
    free()
    let isNamed = withUnsafePointer(to: parameters.TargetDeviceName) { name.set($0) }
    guard isNamed else { return false }
    if let given = parameters.EaBuffer, parameters.EaBufferLength > 0 {
      let count = Int(parameters.EaBufferLength)
      let block = Machine.current.pool.allocate(count, kind: .nonpaged, tag: DeviceInit.tag)
      guard let block else {
        free()
        return false
      }
      DriverMemory.copy(to: block, from: given, count)
      extendedAttributes = block
      extendedAttributeCount = parameters.EaBufferLength
    }
    access = parameters.DesiredAccess
    share = parameters.ShareAccess
    fileAttributes = parameters.FileAttributes
    disposition = parameters.CreateDisposition
    options = parameters.CreateOptions
    return true
  }
}

@c(r3_WdfIoTargetOpen)
package func wdfIoTargetOpen(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64,
  _ given: UnsafeMutablePointer<WDF_IO_TARGET_OPEN_PARAMS>?
) -> Int32 {
  let framework = Framework.current
  let target = framework.remoteTarget(handle)
  let given = framework.require(given)
  guard framework.isLevel(atMost: IRQL.passive) else { return FrameworkStatus.invalidDeviceRequest }
  let nameSize = MemoryLayout<UNICODE_STRING>.size
  let parameters = framework.read(
    UnsafePointer(given), MemoryLayout<WDF_IO_TARGET_OPEN_PARAMS>.size - nameSize,
    zero: WDF_IO_TARGET_OPEN_PARAMS())
  guard let parameters else { return FrameworkStatus.infoLengthMismatch }
  let status = framework.check(parameters)
  if status < 0 { return status }
  return framework.open(target, parameters, given)
}

extension Framework {
  fileprivate func check(_ parameters: WDF_IO_TARGET_OPEN_PARAMS) -> Int32 {
    let isTold =
      parameters.EvtIoTargetQueryRemove != nil || parameters.EvtIoTargetRemoveCanceled != nil
      || parameters.EvtIoTargetRemoveComplete != nil
    switch parameters.`Type` {
    case WdfIoTargetOpenUseExistingDevice:
      // Without a file nobody tells of the device's end.
      guard parameters.TargetDeviceObject != nil, parameters.TargetFileObject != nil || !isTold
      else { return FrameworkStatus.invalidParameter }
    case WdfIoTargetOpenByName:
      let name = parameters.TargetDeviceName
      guard name.Buffer != nil, name.Length != 0, name.MaximumLength != 0 else {
        return FrameworkStatus.invalidParameter
      }
    case WdfIoTargetOpenReopen: break
    // Opening by file is for drivers in user mode.
    default: return FrameworkStatus.invalidParameter
    }
    return 0
  }

  func open(
    _ target: UnsafeMutablePointer<TargetBody>, _ parameters: WDF_IO_TARGET_OPEN_PARAMS,
    _ given: UnsafeMutablePointer<WDF_IO_TARGET_OPEN_PARAMS>?
  ) -> Int32 {
    let opening = target.field(\.opening)
    let isReopening = parameters.`Type` == WdfIoTargetOpenReopen
    if isReopening, opening.pointee.name.count == 0 { return FrameworkStatus.invalidDeviceRequest }
    let isFree = target.withLock {
      guard target.pointee.state != .deleted, !opening.pointee.isOpen,
        !opening.pointee.isUnderWay
      else { return false }
      opening.pointee.isUnderWay = true
      return true
    }
    guard isFree else { return FrameworkStatus.invalidDeviceState }
    Event(target.field(\.opening.opened)).reset()
    endWatch(takeWatch(target))
    var status: Int32 = 0
    if !isReopening {
      opening.pointee.free()
      setCallbacks(opening, parameters)
      if parameters.`Type` == WdfIoTargetOpenByName, !opening.pointee.set(parameters) {
        status = FrameworkStatus.insufficientResources
      }
    }
    if status >= 0 { status = find(target, parameters, given) }
    if status < 0, !isReopening { opening.pointee.free() }
    finishOpening(target, isOpen: status >= 0)
    return status
  }

  private func setCallbacks(
    _ opening: UnsafeMutablePointer<TargetOpening>, _ parameters: WDF_IO_TARGET_OPEN_PARAMS
  ) {
    opening.pointee.queryRemove = UnsafeMutableRawPointer(parameters.EvtIoTargetQueryRemove)
    opening.pointee.removeCanceled = UnsafeMutableRawPointer(parameters.EvtIoTargetRemoveCanceled)
    opening.pointee.removeComplete = UnsafeMutableRawPointer(parameters.EvtIoTargetRemoveComplete)
  }

  /// Finds the device, its file and the physical device behind it.
  private func find(
    _ target: UnsafeMutablePointer<TargetBody>, _ parameters: WDF_IO_TARGET_OPEN_PARAMS,
    _ given: UnsafeMutablePointer<WDF_IO_TARGET_OPEN_PARAMS>?
  ) -> Int32 {
    if parameters.`Type` == WdfIoTargetOpenUseExistingDevice {
      target.pointee.wdmDevice = parameters.TargetDeviceObject
      target.pointee.file = parameters.TargetFileObject
      if let file = target.pointee.file {
        machine.objects.reference(UnsafeMutableRawPointer(file))
      }
    } else {
      var information: UInt = 0
      let status = openByName(target, &information)
      given?.pointee.FileInformation = UInt32(truncatingIfNeeded: information)
      if status < 0 { return status }
    }
    guard let device = target.pointee.wdmDevice else { return FrameworkStatus.invalidParameter }
    target.pointee.physicalDevice = machine.plugAndPlay.physicalDevice(ofStack: device)
    if let file = target.pointee.file { watch(target, file) }
    return 0
  }

  private func openByName(_ target: UnsafeMutablePointer<TargetBody>, _ information: inout UInt)
    -> Int32
  {
    let opening = target.field(\.opening)
    var call = OpenCall(
      machine: machine, process: machine.systemProcess,
      path: UTF16Text(start: opening.pointee.name.start, count: opening.pointee.name.count),
      access: opening.pointee.access)
    call.isUser = false
    call.handleAttributes = UInt32(OBJ_KERNEL_HANDLE)
    call.shareAccess = UInt16(truncatingIfNeeded: opening.pointee.share)
    call.options = opening.pointee.options
    call.disposition = opening.pointee.disposition
    call.attributes = opening.pointee.fileAttributes
    call.extendedAttributes = opening.pointee.extendedAttributes
    call.extendedAttributeCount = opening.pointee.extendedAttributeCount
    withUnsafeMutablePointer(to: &call) { machine.io.open($0) }
    information = call.information
    guard call.status >= 0, call.handle != 0,
      let entry = machine.objects.entry(call.handle, in: machine.systemProcess),
      let body = entry.body
    else { return call.status < 0 ? call.status : FrameworkStatus.unsuccessful }
    machine.objects.reference(body)
    let file = body.assumingMemoryBound(to: FILE_OBJECT.self)
    target.pointee.fileHandle = call.handle
    target.pointee.file = file
    target.pointee.wdmDevice = machine.io.relatedDevice(file)
    return 0
  }

  /// The target is started, or nothing has happened; whoever waits for that goes on.
  private func finishOpening(_ target: UnsafeMutablePointer<TargetBody>, isOpen: Bool) {
    target.withLock {
      target.pointee.opening.isUnderWay = false
      target.pointee.opening.isOpen = isOpen
      if isOpen, let device = target.pointee.wdmDevice {
        target.pointee.stackCount = Int(device.pointee.StackSize)
        target.pointee.state = .started
      }
    }
    Event(target.field(\.opening.opened)).set()
    if isOpen { sendPended(of: target) }
  }
}
