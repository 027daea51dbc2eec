import CDriverKit
import CRing3
import Glibc
import IOManager
import Machine
import Memory
import Objects

/// What a driver answers when it is asked what it has.
struct WmiRegistrationAnswer {
  var flags: UInt32 = 0
  var name = UNICODE_STRING()
  var path: UnsafeMutablePointer<UNICODE_STRING>?
  var resource = UNICODE_STRING()
  var device: DevicePointer?
}

extension WmiCall {
  /// Answers IRP_MN_REGINFO: asks the driver, then writes its blocks as a WMIREGINFO.
  func describe() -> (status: Int32, count: Int) {
    var answer = WmiRegistrationAnswer()
    var status = PnpStatus.success
    guard let routine = library.pointee.QueryWmiRegInfo else {
      return (PnpStatus.invalidDeviceRequest, 0)
    }
    withUnsafeMutablePointer(to: &answer) { answer in
      let base = UnsafeMutableRawPointer(answer)
      func field(_ key: PartialKeyPath<WmiRegistrationAnswer>) -> UInt64 {
        bits(base + MemoryLayout<WmiRegistrationAnswer>.offset(of: key).unsafelyUnwrapped)
      }
      status = Int32(
        truncatingIfNeeded: r3_call6(
          routine, bits(device), field(\.flags), field(\.name), field(\.path), field(\.resource),
          field(\.device)))
    }
    guard status >= 0 else { return (status, 0) }
    let result = write(answer)
    // The library frees the name that the driver allocated for it.
    if answer.flags & UInt32(WMIREG_FLAG_INSTANCE_PDO) == 0, let name = answer.name.Buffer {
      Machine.current.pool.free(UnsafeMutableRawPointer(name), tag: 0)
    }
    return result
  }

  private func write(_ answer: WmiRegistrationAnswer) -> (status: Int32, count: Int) {
    let count = Int(library.pointee.GuidCount)
    let isPhysical = answer.flags & UInt32(WMIREG_FLAG_INSTANCE_PDO) != 0
    let pathCount = Int(answer.path?.pointee.Length ?? 0)
    var offset = WmiLayout.firstGuid + count * WmiLayout.guidSize
    let nameOffset = offset
    if !isPhysical { offset += 2 + Int(answer.name.Length) }
    let resourceOffset = offset
    offset += 2 + Int(answer.resource.Length)
    let pathOffset = offset
    offset += 2 + pathCount
    guard offset <= size else {
      buffer.storeBytes(of: UInt32(offset), as: UInt32.self)
      return (PnpStatus.bufferTooSmall, 4)
    }
    memset(buffer, 0, WmiLayout.firstGuid)
    buffer.storeBytes(of: UInt32(offset), as: UInt32.self)
    buffer.storeBytes(of: UInt32(pathOffset), toByteOffset: 8, as: UInt32.self)
    buffer.storeBytes(of: UInt32(resourceOffset), toByteOffset: 12, as: UInt32.self)
    buffer.storeBytes(of: UInt32(count), toByteOffset: WmiLayout.guidCount, as: UInt32.self)
    for index in 0..<count {
      let entry = library.pointee.GuidList[index]
      let place = buffer + WmiLayout.firstGuid + index * WmiLayout.guidSize
      if let guid = entry.Guid { place.storeBytes(of: guid.pointee, as: GUID.self) }
      place.storeBytes(of: entry.Flags | answer.flags, toByteOffset: 16, as: UInt32.self)
      place.storeBytes(of: entry.InstanceCount, toByteOffset: 20, as: UInt32.self)
      if isPhysical {
        // Who asks in this form lets the reference go.
        if minor == IRP_MN_REGINFO_EX, let physical = answer.device {
          Machine.current.objects.reference(UnsafeMutableRawPointer(physical))
        }
        place.storeBytes(of: bits(answer.device), toByteOffset: 24, as: UInt64.self)
      } else {
        place.storeBytes(of: UInt64(nameOffset), toByteOffset: 24, as: UInt64.self)
      }
    }
    if !isPhysical { put(answer.name, at: nameOffset) }
    put(answer.resource, at: resourceOffset)
    put(answer.path?.pointee ?? UNICODE_STRING(), at: pathOffset)
    return (PnpStatus.success, offset)
  }

  /// Writes a string with its length before it.
  private func put(_ string: UNICODE_STRING, at offset: Int) {
    buffer.storeBytes(of: string.Length, toByteOffset: offset, as: UInt16.self)
    if let source = string.Buffer { memcpy(buffer + offset + 2, source, Int(string.Length)) }
  }
}
