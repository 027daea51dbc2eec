// Memory functions of the C runtime that are not leaves in assembly.

import Glibc

@c(r3_memchr)
package func crtMemchr(
  _ memory: UnsafePointer<UInt8>, _ byte: UInt32, _ count: UInt
) -> UnsafePointer<UInt8>? {
  var n: UInt = 0
  while n < count {
    let here = memory + Int(bitPattern: n)
    if here.pointee == byte.lowByte { return here }
    n &+= 1
  }
  return nil
}

@c(r3_memcpy_s)
package func crtMemcpyS(
  _ destination: UnsafeMutableRawPointer?, _ size: UInt, _ source: UnsafeRawPointer?,
  _ count: UInt
) -> Int32 {
  if count == 0 { return CrtError.none }
  guard let destination else { return CrtError.invalid }
  guard let source, count <= size else {
    memset(destination, 0, Int(bitPattern: size))
    return source == nil ? CrtError.invalid : CrtError.range
  }
  memmove(destination, source, Int(bitPattern: count))
  return CrtError.none
}

@c(r3_memmove_s)
package func crtMemmoveS(
  _ destination: UnsafeMutableRawPointer?, _ size: UInt, _ source: UnsafeRawPointer?,
  _ count: UInt
) -> Int32 {
  if count == 0 { return CrtError.none }
  guard let destination, let source else { return CrtError.invalid }
  guard count <= size else { return CrtError.range }
  memmove(destination, source, Int(bitPattern: count))
  return CrtError.none
}
