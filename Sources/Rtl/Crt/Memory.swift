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

/// Compares bytes, ASCII letters without their case: -1, 0 or 1.
@c(r3__memicmp)
package func crtMemicmp(
  _ a: UnsafePointer<UInt8>, _ b: UnsafePointer<UInt8>, _ count: UInt
) -> Int32 {
  var n: UInt = 0
  while n < count {
    let (x, y) = (a[Int(bitPattern: n)].lowercasedASCII, b[Int(bitPattern: n)].lowercasedASCII)
    if x != y { return x < y ? -1 : 1 }
    n &+= 1
  }
  return 0
}

/// Copies up to and with a byte; gives the place behind it, NULL when it is not there.
@c(r3__memccpy)
package func crtMemccpy(
  _ destination: UnsafeMutablePointer<UInt8>, _ source: UnsafePointer<UInt8>, _ byte: UInt32,
  _ count: UInt
) -> UnsafeMutablePointer<UInt8>? {
  var n: UInt = 0
  while n < count {
    let at = Int(bitPattern: n)
    destination[at] = source[at]
    n &+= 1
    if destination[at] == byte.lowByte { return destination + at + 1 }
  }
  return nil
}
