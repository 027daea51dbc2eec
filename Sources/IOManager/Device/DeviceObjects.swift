import CDriverKit
import CRing3
import NTTypes
import Glibc
import Machine
import Memory
import Objects

extension IOManager {
  /// Makes a device object of `driver` with a zeroed extension of `extensionByteCount` bytes.
  package func makeDevice(
    _ driver: DriverPointer, extensionByteCount: Int, name: UTF16Text?, type: UInt32,
    characteristics: UInt32, isExclusive: Bool, status: inout UInt32
  ) -> DevicePointer? {
    let size = Self.deviceSize + Self.deviceRecordSize + extensionByteCount
    guard let body = machine.objects.create(.device, byteCount: size) else {
      status = NameStatus.insufficientResources
      return nil
    }
    let device = body.assumingMemoryBound(to: DEVICE_OBJECT.self)
    device.pointee.Type = 3
    device.pointee.Size = UInt16(
      truncatingIfNeeded: MemoryLayout<DEVICE_OBJECT>.size + extensionByteCount)
    device.pointee.DriverObject = driver
    device.pointee.Flags = UInt32(DO_DEVICE_INITIALIZING)
    if isExclusive { device.pointee.Flags |= UInt32(DO_EXCLUSIVE) }
    if name != nil { device.pointee.Flags |= UInt32(DO_DEVICE_HAS_NAME) }
    device.pointee.Characteristics = characteristics
    device.pointee.DeviceType = type
    device.pointee.StackSize = 1
    device.pointee.AlignmentRequirement = 63
    if type == UInt32(FILE_DEVICE_DISK) { device.pointee.SectorSize = 512 }
    if type == UInt32(FILE_DEVICE_CD_ROM) { device.pointee.SectorSize = 2048 }
    // Behind everything else: what is written past it meets the guard of the block.
    if extensionByteCount > 0 {
      device.pointee.DeviceExtension = body + Self.deviceSize + Self.deviceRecordSize
    }
    DeviceQueue(Self.queue(of: device)).initialize()
    Event(Self.lock(of: device)).initialize(.synchronization, isSet: true)
    let record = (body + Self.deviceSize).assumingMemoryBound(to: DeviceRecord.self)
    record.initialize(to: DeviceRecord(device: device))
    if !machine.verifier.isEmpty { record.pointee.maker = machine.noteStack() }
    device.pointee.DeviceObjectExtension = UnsafeMutableRawPointer(record)
      .assumingMemoryBound(to: DEVOBJ_EXTENSION.self)
    machine.objects.reference(UnsafeMutableRawPointer(driver))

    status = name.map { machine.objects.insert(body, at: $0) } ?? NameStatus.success
    guard status == NameStatus.success else {
      machine.objects.dereference(body)
      return nil
    }
    withDevicesLocked {
      device.pointee.NextDevice = driver.pointee.DeviceObject
      driver.pointee.DeviceObject = device
    }
    return device
  }

  static var deviceSize: Int { (MemoryLayout<DEVICE_OBJECT>.size + 15) & ~15 }
  static var deviceRecordSize: Int { (MemoryLayout<DeviceRecord>.size + 15) & ~15 }

  static func queue(of device: DevicePointer) -> UnsafeMutablePointer<KDEVICE_QUEUE> {
    (UnsafeMutableRawPointer(device) + 0xA0).assumingMemoryBound(to: KDEVICE_QUEUE.self)
  }

  private static func lock(of device: DevicePointer) -> UnsafeMutablePointer<KEVENT> {
    (UnsafeMutableRawPointer(device) + 0x118).assumingMemoryBound(to: KEVENT.self)
  }

  /// Deletes a device object: at once, or when the last file object on it is closed.
  ///
  /// One with another device attached to it stays until that is detached.
  package func deleteDevice(_ device: DevicePointer) {
    let record = deviceRecord(device)
    guard record.pointee.isDeleted == 0 else {
      if machine.verifier.contains(.ioVerification) {
        violation(0x240, bits(device), causes: Causes(.deleted, record.pointee.deleter))
      }
      return
    }
    record.pointee.isDeleted = 1
    if !machine.verifier.isEmpty { record.pointee.deleter = machine.noteStack() }
    stopTimer(of: device)
    forgetShutdown(of: device)
    unlink(device)
    machine.objects.removeName(of: device)
    var isAttached = false
    withDevicesLocked {
      isAttached = device.pointee.AttachedDevice != nil
      if isAttached { record.pointee.isDeleted = DeviceRecord.awaitsDetaching }
    }
    if !isAttached { machine.objects.dereference(device) }
  }

  private func unlink(_ device: DevicePointer) {
    guard let driver = device.pointee.DriverObject else { return }
    withDevicesLocked {
      if driver.pointee.DeviceObject == device {
        driver.pointee.DeviceObject = device.pointee.NextDevice
        return
      }
      var next = driver.pointee.DeviceObject
      while let candidate = next {
        if candidate.pointee.NextDevice == device {
          candidate.pointee.NextDevice = device.pointee.NextDevice
          return
        }
        next = candidate.pointee.NextDevice
      }
    }
  }

  package func deviceRecord(_ device: DevicePointer) -> UnsafeMutablePointer<DeviceRecord> {
    UnsafeMutableRawPointer(device.pointee.DeviceObjectExtension)
      .assumingMemoryBound(to: DeviceRecord.self)
  }

  func withDevicesLocked(_ body: () -> Void) {
    state.pointee.deviceLock.lock()
    body()
    state.pointee.deviceLock.unlock()
  }
}

/// What the I/O manager keeps for a device, behind the DEVOBJ_EXTENSION that drivers know.
package struct DeviceRecord {
  package var head = DEVOBJ_EXTENSION()
  /// Nonzero once it is deleted: no more opens.
  package var isDeleted: UInt32 = 0
  /// Nonzero while the driver is to be unloaded: no more opens.
  package var isUnloading: UInt32 = 0
  /// File objects open on the device.
  package var openCount: Int32 = 0
  /// What the Plug and Play manager keeps for the bottom device of a stack.
  package var node: UnsafeMutableRawPointer?
  /// Who made it and who deleted it, in a verified machine.
  package var maker: StackNumber = 0
  var deleter: StackNumber = 0

  /// Bits of `ExtensionFlags`, as Windows names them: DOE_REMOVE_PENDING and its kin.
  package static let removePending: UInt32 = 0x04
  package static let removeProcessed: UInt32 = 0x08
  package static let startPending: UInt32 = 0x10
  /// In `isDeleted`: the object goes when the device above it is detached.
  static let awaitsDetaching: UInt32 = 2
  static let notOpenable = removePending | removeProcessed | startPending

  init(device: DevicePointer) {
    head.Type = 13
    head.DeviceObject = device
  }
}

/// The last reference of a device goes.
let deleteDeviceObject: @convention(c) (UnsafeMutableRawPointer) -> Void = { body in
  let io = Machine.current.io
  let device = body.assumingMemoryBound(to: DEVICE_OBJECT.self)
  io.freeTimer(of: device)
  if let descriptor = device.pointee.SecurityDescriptor {
    io.machine.pool.free(descriptor, tag: IOManager.securityTag)
  }
  if let driver = device.pointee.DriverObject {
    io.machine.objects.dereference(UnsafeMutableRawPointer(driver))
  }
}
