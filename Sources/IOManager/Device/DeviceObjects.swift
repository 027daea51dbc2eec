import CDriverKit
import CRing3
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
    let size = Self.deviceSize + Self.deviceExtensionSize + extensionByteCount
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
    if extensionByteCount > 0 {
      device.pointee.DeviceExtension = body + Self.deviceSize + Self.deviceExtensionSize
    }
    let own = (body + Self.deviceSize).assumingMemoryBound(to: DeviceRecord.self)
    own.initialize(to: DeviceRecord(device: device))
    device.pointee.DeviceObjectExtension = UnsafeMutableRawPointer(own)
      .assumingMemoryBound(to: _DEVOBJ_EXTENSION.self)

    status = name.map { machine.objects.insert(body, at: $0) } ?? NameStatus.success
    guard status == NameStatus.success else {
      machine.objects.dereference(body)
      return nil
    }
    machine.objects.reference(UnsafeMutableRawPointer(driver))
    withDevicesLocked {
      device.pointee.NextDevice = driver.pointee.DeviceObject
      driver.pointee.DeviceObject = device
    }
    return device
  }

  static var deviceSize: Int { (MemoryLayout<DEVICE_OBJECT>.size + 15) & ~15 }
  static var deviceExtensionSize: Int { (MemoryLayout<DeviceRecord>.size + 15) & ~15 }

  /// Deletes a device object: at once, or when the last file object on it is closed.
  package func deleteDevice(_ device: DevicePointer) {
    let record = deviceRecord(device)
    guard record.pointee.isDeleted == 0 else { return }
    record.pointee.isDeleted = 1
    unlink(device)
    machine.objects.removeName(of: device)
    machine.objects.dereference(device)
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

  /// Puts `device` on top of the stack that `target` belongs to; gives the device below it, or nil
  /// when that is being deleted or initialized.
  package func attach(_ device: DevicePointer, to target: DevicePointer) -> DevicePointer? {
    var result: DevicePointer?
    withDevicesLocked {
      let lower = top(of: target)
      guard deviceRecord(lower).pointee.isDeleted == 0,
        lower.pointee.Flags & UInt32(DO_DEVICE_INITIALIZING) == 0
      else { return }
      lower.pointee.AttachedDevice = device
      device.pointee.StackSize = lower.pointee.StackSize + 1
      device.pointee.AlignmentRequirement = max(
        device.pointee.AlignmentRequirement, lower.pointee.AlignmentRequirement)
      device.pointee.SectorSize = lower.pointee.SectorSize
      deviceRecord(device).pointee.attachedTo = lower
      result = lower
    }
    return result
  }

  /// Takes what is attached to `lower` off again.
  package func detach(above lower: DevicePointer) {
    withDevicesLocked {
      if let upper = lower.pointee.AttachedDevice {
        deviceRecord(upper).pointee.attachedTo = nil
        lower.pointee.AttachedDevice = nil
      }
    }
  }

  /// The device at the top of the stack.
  package func top(of device: DevicePointer) -> DevicePointer {
    var top = device
    while let upper = top.pointee.AttachedDevice { top = upper }
    return top
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

/// What the I/O manager keeps for a device: the DEVOBJ_EXTENSION of which drivers know the head.
package struct DeviceRecord {
  let type: Int16 = 13
  let size: UInt16 = 0
  package let device: DevicePointer
  package var attachedTo: DevicePointer?
  package var isDeleted: UInt32 = 0
  /// File objects open on the device.
  package var openCount: Int32 = 0
  package var extra: InlineArray<8, UInt64> = .init(repeating: 0)

  init(device: DevicePointer) { self.device = device }
}

/// The last reference of a device goes.
let deleteDeviceObject: @convention(c) (UnsafeMutableRawPointer) -> Void = { body in
  let device = body.assumingMemoryBound(to: DEVICE_OBJECT.self)
  if let driver = device.pointee.DriverObject {
    Machine.current.objects.dereference(UnsafeMutableRawPointer(driver))
  }
}
