import CDriverKit
import CRing3
import Glibc
import Machine
import Memory
import NTTypes
import Objects
import Rtl

// Who may open a device.
extension IOManager {
  static var securityTag: UInt32 { 0x6453_6F49 }  // IoSd

  /// Whether the caller may open the device, or a name below it, with the rights that it asks for.
  ///
  /// Without FILE_DEVICE_SECURE_OPEN names below the device are the driver's to judge.
  func isAllowed(
    _ device: DevicePointer, rest: UTF16Text, _ call: UnsafeMutablePointer<OpenCall>
  ) -> Bool {
    guard call.pointee.isUser else { return true }
    let isSecure = device.pointee.Characteristics & UInt32(FILE_DEVICE_SECURE_OPEN) != 0
    if !rest.isEmpty, !isSecure { return true }
    let identity = Identity(of: call.pointee.process)
    // An administrator gets what the default descriptor has: everything.
    if device.pointee.SecurityDescriptor == nil, identity.isAdministrator { return true }
    return descriptor(of: device)
      .access(AccessMask(rawValue: call.pointee.access), for: identity.identifiers) != nil
  }

  /// The descriptor of a device: its own, or what every device has.
  private func descriptor(of device: DevicePointer) -> SecurityDescriptor {
    guard let address = device.pointee.SecurityDescriptor else { return .deviceDefault }
    let count = rtlLengthSecurityDescriptor(
      address.assumingMemoryBound(to: SECURITY_DESCRIPTOR.self))
    let bytes = Array(UnsafeRawBufferPointer(start: address, count: Int(count)))
    // A descriptor that cannot be read lets nobody in.
    return SecurityDescriptor(selfRelative: bytes) ?? SecurityDescriptor(dacl: [])
  }

  /// Gives a device its own descriptor; false when there is no memory.
  func setSecurity(of device: DevicePointer, _ descriptor: SecurityDescriptor) -> Bool {
    let bytes = descriptor.selfRelativeBytes
    guard
      let block = machine.pool.allocate(bytes.count, kind: .nonpaged, tag: Self.securityTag)
    else { return false }
    bytes.withUnsafeBytes { source in
      if let start = source.baseAddress { memcpy(block, start, source.count) }
    }
    if let old = device.pointee.SecurityDescriptor {
      machine.pool.free(old, tag: Self.securityTag)
    }
    device.pointee.SecurityDescriptor = block
    return true
  }
}
