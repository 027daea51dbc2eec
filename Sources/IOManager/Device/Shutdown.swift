import CDriverKit
import CRing3
import Machine
import Objects

// Drivers that want to know when the system goes down.
extension IOManager {
  /// Notes that a driver wants IRP_MJ_SHUTDOWN for a device; the last-chance ones come after the others.
  package func registerShutdown(of device: DevicePointer, isLast: Bool) -> Int32 {
    device.pointee.Flags |= UInt32(DO_SHUTDOWN_REGISTERED)
    withRecords { records in
      if isLast {
        records.lastShutdownDevices.append(device)
      } else {
        records.shutdownDevices.append(device)
      }
    }
    return IOStatus.success
  }

  func forgetShutdown(of device: DevicePointer) {
    guard device.pointee.Flags & UInt32(DO_SHUTDOWN_REGISTERED) != 0 else { return }
    device.pointee.Flags &= ~UInt32(DO_SHUTDOWN_REGISTERED)
    withRecords { records in
      records.shutdownDevices.removeAll { $0 == device }
      records.lastShutdownDevices.removeAll { $0 == device }
    }
  }

  /// Sends IRP_MJ_SHUTDOWN to every device that registered, the newest first; last-chance ones last.
  package func shutDown() {
    while let device = takeShutdown() {
      device.pointee.Flags &= ~UInt32(DO_SHUTDOWN_REGISTERED)
      let top = referencedTop(of: device)
      let irp = allocateIRPAlways(Int(top.pointee.StackSize))
      nextLocation(irp).pointee.MajorFunction = UInt8(IRP_MJ_SHUTDOWN)
      var information: UInt = 0
      _ = sendAndWait(irp, to: top, &information)
      machine.objects.dereference(UnsafeMutableRawPointer(top))
    }
  }

  private func takeShutdown() -> DevicePointer? {
    withRecords { records in
      records.shutdownDevices.popLast() ?? records.lastShutdownDevices.popLast()
    }
  }
}

@c(r3_IoRegisterShutdownNotification)
func ioRegisterShutdownNotification(_ device: DevicePointer) -> Int32 {
  Machine.current.io.registerShutdown(of: device, isLast: false)
}

@c(r3_IoRegisterLastChanceShutdownNotification)
func ioRegisterLastChanceShutdownNotification(_ device: DevicePointer) -> Int32 {
  Machine.current.io.registerShutdown(of: device, isLast: true)
}

@c(r3_IoUnregisterShutdownNotification)
func ioUnregisterShutdownNotification(_ device: DevicePointer) {
  Machine.current.io.forgetShutdown(of: device)
}
