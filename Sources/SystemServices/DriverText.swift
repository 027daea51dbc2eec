import CDriverKit
import Glibc
import Machine
import Memory
import Objects

extension Machine {
  /// Tag of what the services keep for the length of one call.
  static var serviceTag: UInt32 { 0x6376_5353 }  // SSvc

  /// Calls `body` with a copy of bytes of a driver, which may fault: no lock is held meanwhile.
  func withCopy(
    of start: UnsafeRawPointer?, _ byteCount: Int, _ body: (UnsafeRawBufferPointer) -> UInt32
  ) -> UInt32 {
    guard byteCount > 0 else { return body(UnsafeRawBufferPointer(start: nil, count: 0)) }
    guard let start else { return ServiceStatus.invalidParameter }
    guard let block = pool.allocate(byteCount, kind: .nonpaged, tag: Self.serviceTag) else {
      return ServiceStatus.insufficientResources
    }
    memcpy(block, start, byteCount)
    let status = body(UnsafeRawBufferPointer(start: block, count: byteCount))
    pool.free(block, tag: Self.serviceTag)
    return status
  }

  /// Calls `body` with a copy of the characters of a counted string of a driver.
  func withCopy(of string: UnsafePointer<UNICODE_STRING>?, _ body: (UTF16Text) -> UInt32) -> UInt32
  {
    let byteCount = Int(string?.pointee.Length ?? 0) & ~1
    return withCopy(of: string?.pointee.Buffer, byteCount) { bytes in
      body(bytes.bindMemory(to: UInt16.self))
    }
  }
}

/// The characters of a string of a driver that ends with 0.
func terminated(_ text: UnsafePointer<UInt16>?) -> UTF16Text {
  guard let text else { return UTF16Text(start: nil, count: 0) }
  var count = 0
  while text[count] != 0 { count += 1 }
  return UTF16Text(start: text, count: count)
}
