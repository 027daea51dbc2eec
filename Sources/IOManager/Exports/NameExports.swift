import CDriverKit
import CRing3
import Glibc
import Machine
import Memory
import Objects

extension IOManager {
  /// The path of an object in pool, and its length in characters; nil without memory.
  ///
  /// That of a file is the path of its device and the name behind it.
  fileprivate func copyPath(
    of object: UnsafeMutableRawPointer
  ) -> (text: UnsafeMutablePointer<UInt16>, count: Int)? {
    let objects = machine.objects
    var path: [UInt16] = []
    if objects.isObject(object, .file) {
      let file = object.assumingMemoryBound(to: FILE_OBJECT.self)
      if let device = file.pointee.DeviceObject {
        path = objects.path(of: UnsafeMutableRawPointer(device))
      }
      let name = file.pointee.FileName
      path += UTF16Text(start: name.Buffer, count: Int(name.Length) / 2)
    } else {
      path = objects.path(of: object)
    }
    guard
      let block = machine.pool.allocate(
        max(2, path.count * 2), kind: .nonpaged, tag: Self.nameTag)
    else { return nil }
    let text = block.assumingMemoryBound(to: UInt16.self)
    path.withUnsafeBufferPointer { copy($0, to: text) }
    return (text, path.count)
  }
}

@c(r3_ObQueryNameString)
func obQueryNameString(
  _ object: UnsafeMutableRawPointer,
  _ information: UnsafeMutablePointer<OBJECT_NAME_INFORMATION>?, _ length: UInt32,
  _ needed: UnsafeMutablePointer<UInt32>
) -> Int32 {
  let machine = Machine.current
  guard let path = machine.io.copyPath(of: object) else { return IOStatus.insufficientResources }
  let status = store(path.text, path.count, information, Int(length), needed)
  machine.pool.free(UnsafeMutableRawPointer(path.text), tag: IOManager.nameTag)
  return status
}

/// Writes the name, terminated, behind its UNICODE_STRING; one of no characters has no buffer.
private func store(
  _ text: UnsafeMutablePointer<UInt16>, _ count: Int,
  _ information: UnsafeMutablePointer<OBJECT_NAME_INFORMATION>?, _ length: Int,
  _ needed: UnsafeMutablePointer<UInt32>
) -> Int32 {
  let head = MemoryLayout<OBJECT_NAME_INFORMATION>.size
  let size = head + (count == 0 ? 0 : (count + 1) * 2)
  needed.pointee = UInt32(size)
  guard let information, length >= size else { return IOStatus.infoLengthMismatch }
  guard count > 0, count * 2 + 2 <= Int(UInt16.max) else {
    information.pointee.Name = UNICODE_STRING()
    return count == 0 ? IOStatus.success : IOStatus.objectNameInvalid
  }
  let buffer = (UnsafeMutableRawPointer(information) + head).assumingMemoryBound(to: UInt16.self)
  memcpy(buffer, text, count * 2)
  buffer[count] = 0
  information.pointee.Name = UNICODE_STRING(
    Length: UInt16(count * 2), MaximumLength: UInt16(count * 2 + 2), Buffer: buffer)
  return IOStatus.success
}
