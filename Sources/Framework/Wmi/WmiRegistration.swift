import CDriverKit
import CRing3
import Glibc
import IOManager
import Machine
import Objects

// The answer to IRP_MN_REGINFO: what a device offers, as a WMIREGINFO.
extension Framework {
  private static var firstGuid: Int { 24 }
  private static var guidSize: Int { 32 }

  func describe(_ request: WmiRequest) -> Int32 {
    let driver = request.device.pointee.head.globals.driverObject.body(as: DriverBody.self)
    let path = driver.pointee.registryPath
    var pathCount = 0
    if let path { while path[pathCount] != 0 { pathCount += 1 } }
    let mof = request.wmi.pointee.mofName
    request.wmi.pointee.lock.lock()
    let count = request.wmi.pointee.providerCount
    let mofOffset = Self.firstGuid + count * Self.guidSize
    let pathOffset = mofOffset + 2 + mof.count * 2
    let needed = pathOffset + 2 + pathCount * 2
    if needed <= request.byteCount { list(request) }
    request.wmi.pointee.lock.unlock()
    guard needed <= request.byteCount else {
      request.put(needed, at: 0)
      return complete(request.irp, 0, information: 4)
    }
    request.put(needed, at: 0)
    request.put(0, at: 4)
    request.put(pathOffset, at: 8)
    request.put(mofOffset, at: 12)
    request.put(count, at: 16)
    put(mof.start, mof.count, request.buffer + mofOffset)
    put(path, pathCount, request.buffer + pathOffset)
    return complete(request.irp, 0, information: UInt(needed))
  }

  /// Writes the providers one behind the other; under the lock.
  private func list(_ request: WmiRequest) {
    let physical = request.device.pointee.physicalDevice
    var place = request.buffer + Self.firstGuid
    var next = request.wmi.pointee.first
    while let provider = next {
      place.storeBytes(of: provider.pointee.guid, as: GUID.self)
      place.storeBytes(of: provider.registrationFlags, toByteOffset: 16, as: UInt32.self)
      place.storeBytes(of: provider.pointee.instanceCount, toByteOffset: 20, as: UInt32.self)
      place.storeBytes(of: bits(physical), toByteOffset: 24, as: UInt64.self)
      // Who asks in this form lets the reference go.
      if request.minor == IRP_MN_REGINFO_EX, let physical {
        machine.objects.reference(UnsafeMutableRawPointer(physical))
      }
      place += Self.guidSize
      next = provider.pointee.next
    }
  }

  /// Writes a text with its length in bytes before it.
  private func put(
    _ text: UnsafeMutablePointer<UInt16>?, _ count: Int, _ place: UnsafeMutableRawPointer
  ) {
    place.storeBytes(of: UInt16(count * 2), as: UInt16.self)
    if let text { memcpy(place + 2, text, count * 2) }
  }
}
