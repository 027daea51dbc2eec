import CDriverKit
import CRing3
import Machine
import Objects

extension IOManager {
  /// Puts `device` on top of the stack that `target` belongs to; gives the device below it, or nil
  /// when that is being deleted or initialized.
  ///
  /// - Parameter result: where the device below is stored before requests can come.
  package func attach(
    _ device: DevicePointer, to target: DevicePointer,
    storing result: UnsafeMutablePointer<DevicePointer?>? = nil
  ) -> DevicePointer? {
    var below: DevicePointer?
    withDevicesLocked {
      let lower = top(of: target)
      guard deviceRecord(lower).pointee.isDeleted == 0,
        lower.pointee.Flags & UInt32(DO_DEVICE_INITIALIZING) == 0, lower != device,
        lower.pointee.StackSize < 126
      else { return }
      device.pointee.StackSize = lower.pointee.StackSize + 1
      device.pointee.AlignmentRequirement = lower.pointee.AlignmentRequirement
      device.pointee.SectorSize = lower.pointee.SectorSize
      deviceRecord(device).pointee.head.AttachedTo = lower
      result?.pointee = lower
      lower.pointee.AttachedDevice = device
      below = lower
    }
    return below
  }

  /// Takes what is attached to `lower` off again.
  package func detach(above lower: DevicePointer) {
    var isDue = false
    withDevicesLocked {
      guard let upper = lower.pointee.AttachedDevice else { return }
      deviceRecord(upper).pointee.head.AttachedTo = nil
      lower.pointee.AttachedDevice = nil
      isDue = deviceRecord(lower).pointee.isDeleted == DeviceRecord.awaitsDetaching
      if isDue { deviceRecord(lower).pointee.isDeleted = 1 }
    }
    // The device was deleted before: only now does its object go.
    if isDue { machine.objects.dereference(lower) }
  }

  /// The device at the top of the stack.
  @inline(__always)
  package func top(of device: DevicePointer) -> DevicePointer {
    var top = device
    while let upper = top.pointee.AttachedDevice { top = upper }
    return top
  }

  /// The device at the bottom of the stack.
  package func bottom(of device: DevicePointer) -> DevicePointer {
    var bottom = device
    while let lower = deviceRecord(bottom).pointee.head.AttachedTo { bottom = lower }
    return bottom
  }

  /// The device below, referenced; nil for the bottom.
  func referencedLower(of device: DevicePointer) -> DevicePointer? {
    var lower: DevicePointer?
    withDevicesLocked {
      lower = deviceRecord(device).pointee.head.AttachedTo
      if let lower { machine.objects.reference(UnsafeMutableRawPointer(lower)) }
    }
    return lower
  }

  /// The top of the stack, referenced.
  package func referencedTop(of device: DevicePointer) -> DevicePointer {
    var top = device
    withDevicesLocked {
      top = self.top(of: device)
      machine.objects.reference(UnsafeMutableRawPointer(top))
    }
    return top
  }
}
