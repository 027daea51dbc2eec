import CDriverKit
import CRing3
import Glibc
import Machine
import Memory
import Objects

extension IOManager {
  /// Makes a driver object named `\Driver\name`, with every dispatch slot refusing requests.
  ///
  /// - Parameter name: UTF-16 of the service name.
  package func makeDriver(_ name: UTF16Text, status: inout UInt32) -> DriverPointer? {
    let bodySize = MemoryLayout<DRIVER_OBJECT>.size + MemoryLayout<DRIVER_EXTENSION>.size + 16
    let prefix = Array("\\Driver\\".utf16)
    let byteCount = (prefix.count + name.count) * 2
    guard let body = machine.objects.create(.driver, byteCount: bodySize),
      let text = machine.pool.allocate(byteCount, kind: .nonpaged, tag: Self.driverTag)
    else {
      status = NameStatus.insufficientResources
      return nil
    }
    prefix.withUnsafeBytes { _ = memcpy(text, $0.baseAddress!, $0.count) }
    copy(name, to: text + prefix.count * 2)

    let driver = body.assumingMemoryBound(to: DRIVER_OBJECT.self)
    let characters = text.assumingMemoryBound(to: UInt16.self)
    driver.pointee.Type = 4
    driver.pointee.Size = Int16(MemoryLayout<DRIVER_OBJECT>.size)
    driver.pointee.DriverName = UNICODE_STRING(
      Length: UInt16(byteCount), MaximumLength: UInt16(byteCount), Buffer: characters)
    let extensionAddress = body + MemoryLayout<DRIVER_OBJECT>.size
    driver.pointee.DriverExtension = extensionAddress.assumingMemoryBound(to: DRIVER_EXTENSION.self)
    driver.pointee.DriverExtension.pointee.DriverObject = driver
    driver.pointee.DriverExtension.pointee.ServiceKeyName = UNICODE_STRING(
      Length: UInt16(name.count * 2), MaximumLength: UInt16(name.count * 2),
      Buffer: characters + prefix.count)
    forEachMajorFunction(driver) { $0.pointee = state.pointee.invalidRequest }

    status = machine.objects.insert(
      body, at: UTF16Text(start: characters, count: byteCount / 2))
    guard status == NameStatus.success else {
      freeDriver(driver)
      return nil
    }
    return driver
  }

  static var driverTag: UInt32 { 0x7244_6F49 }  // IoDr

  func forEachMajorFunction(
    _ driver: DriverPointer, _ body: (UnsafeMutablePointer<UnsafeMutableRawPointer?>) -> Void
  ) {
    let first = dispatchTable(driver)
    for index in 0...Int(IRP_MJ_MAXIMUM_FUNCTION) { body(first + index) }
  }

  /// Clears DO_DEVICE_INITIALIZING of what DriverEntry made, as the system does.
  package func finishInitializing(_ driver: DriverPointer) {
    var next = driver.pointee.DeviceObject
    while let device = next {
      device.pointee.Flags &= ~UInt32(DO_DEVICE_INITIALIZING)
      next = device.pointee.NextDevice
    }
  }

  /// Frees a driver object: it is unloaded.
  package func freeDriver(_ driver: DriverPointer) {
    let name = driver.pointee.DriverName.Buffer
    machine.objects.removeName(of: driver)
    freeDriverExtensions(driver)
    machine.objects.dereference(driver)
    if let name { machine.pool.free(UnsafeMutableRawPointer(name), tag: Self.driverTag) }
  }

  private func freeDriverExtensions(_ driver: DriverPointer) {
    var next = driverExtensions(driver).pointee
    while let record = next {
      next = record.pointee.next
      machine.pool.free(UnsafeMutableRawPointer(record), tag: Self.driverTag)
    }
    driverExtensions(driver).pointee = nil
  }

  /// First of the blocks that IoAllocateDriverObjectExtension made; kept behind the driver extension.
  package func driverExtensions(_ driver: DriverPointer)
    -> UnsafeMutablePointer<UnsafeMutablePointer<DriverExtensionRecord>?>
  {
    (UnsafeMutableRawPointer(driver) + MemoryLayout<DRIVER_OBJECT>.size
      + MemoryLayout<DRIVER_EXTENSION>.size)
      .assumingMemoryBound(to: UnsafeMutablePointer<DriverExtensionRecord>?.self)
  }
}

/// A block that a driver keeps with its driver object; its bytes follow.
package struct DriverExtensionRecord {
  package var next: UnsafeMutablePointer<DriverExtensionRecord>?
  package let identifier: UnsafeMutableRawPointer?
}

/// The dispatch table of a driver object.
package func dispatchTable(_ driver: DriverPointer)
  -> UnsafeMutablePointer<UnsafeMutableRawPointer?>
{
  (UnsafeMutableRawPointer(driver) + 0x70)
    .assumingMemoryBound(to: UnsafeMutableRawPointer?.self)
}
