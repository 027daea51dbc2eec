import CDriverKit
import CRing3
import Glibc
import Machine
import Memory

/// The volume on which drivers find the images of programs.
private let volume: StaticString = #"\Device\HarddiskVolume1\"#

/// A UNICODE_STRING and its characters in one block of pool, which the driver frees.
///
/// That of the system process is empty.
@c(r3_SeLocateProcessImageName)
func seLocateProcessImageName(
  _ body: UnsafeMutableRawPointer?,
  _ result: UnsafeMutablePointer<UnsafeMutablePointer<UNICODE_STRING>?>
) -> UInt32 {
  let machine = Machine.current
  guard let process = Process(body) else { return ServiceStatus.invalidParameter }
  let name =
    UnsafeRawPointer(process.pointer) + MemoryLayout<ProcessState>.offset(of: \.name)!
  let nameCount = strnlen(name.assumingMemoryBound(to: CChar.self), 15)
  let count = process.isSystem ? 0 : volume.utf8CodeUnitCount + nameCount
  let size = MemoryLayout<UNICODE_STRING>.size
  guard
    let block = machine.pool.allocate(size + (count + 1) * 2, kind: .paged, tag: 0x6150_6553)
  else { return ServiceStatus.insufficientResources }
  let text = (block + size).assumingMemoryBound(to: UInt16.self)
  for index in 0..<count {
    let place = index - volume.utf8CodeUnitCount
    text[index] = UInt16(
      place < 0 ? volume.utf8Start[index] : name.load(fromByteOffset: place, as: UInt8.self))
  }
  text[count] = 0
  let string = block.assumingMemoryBound(to: UNICODE_STRING.self)
  string.pointee = UNICODE_STRING(
    Length: UInt16(count * 2), MaximumLength: UInt16((count + 1) * 2), Buffer: text)
  result.pointee = string
  return ServiceStatus.success
}
