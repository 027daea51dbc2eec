// Conversions of the C runtime between bytes of the ANSI code page and UTF-16.

@c(r3_mbstowcs)
package func crtMbstowcs(
  _ destination: UnsafeMutablePointer<UInt16>?, _ source: UnsafePointer<UInt8>, _ limit: UInt
) -> UInt {
  guard let destination else { return UInt(bitPattern: source.textLength) }
  var n: UInt = 0
  while n < limit {
    let at = Int(bitPattern: n)
    destination[at] = CodePage.ansi.unit(of: source[at])
    if source[at] == 0 { break }
    n &+= 1
  }
  return n
}

@c(r3_wcstombs)
package func crtWcstombs(
  _ destination: UnsafeMutablePointer<UInt8>?, _ source: UnsafePointer<UInt16>, _ limit: UInt
) -> UInt {
  var n: UInt = 0
  while destination == nil || n < limit {
    let at = Int(bitPattern: n)
    guard let byte = CodePage.ansi.byte(of: source[at]) else { return .max }
    destination?[at] = byte
    if byte == 0 { break }
    n &+= 1
  }
  return n
}

@c(r3_mbtowc)
package func crtMbtowc(
  _ destination: UnsafeMutablePointer<UInt16>?, _ source: UnsafePointer<UInt8>?, _ limit: UInt
) -> Int32 {
  guard let source, limit > 0 else { return 0 }
  destination?.pointee = CodePage.ansi.unit(of: source.pointee)
  return source.pointee == 0 ? 0 : 1
}

@c(r3_wctomb)
package func crtWctomb(
  _ destination: UnsafeMutablePointer<UInt8>?, _ character: ShortArgument
) -> Int32 {
  guard let destination else { return 0 }
  guard let byte = CodePage.ansi.byte(of: character.lowShort) else { return -1 }
  destination.pointee = byte
  return 1
}
