// Text functions of the C runtime that write, unchecked: the caller promises the room.

@c(r3_strcpy)
package func crtStrcpy(
  _ destination: UnsafeMutablePointer<UInt8>, _ source: UnsafePointer<UInt8>
) -> UnsafeMutablePointer<UInt8> {
  destination.copyText(source)
  return destination
}

@c(r3_wcscpy)
package func crtWcscpy(
  _ destination: UnsafeMutablePointer<UInt16>, _ source: UnsafePointer<UInt16>
) -> UnsafeMutablePointer<UInt16> {
  destination.copyText(source)
  return destination
}

@c(r3_strcat)
package func crtStrcat(
  _ destination: UnsafeMutablePointer<UInt8>, _ source: UnsafePointer<UInt8>
) -> UnsafeMutablePointer<UInt8> {
  (destination + destination.text.textLength).copyText(source)
  return destination
}

@c(r3_wcscat)
package func crtWcscat(
  _ destination: UnsafeMutablePointer<UInt16>, _ source: UnsafePointer<UInt16>
) -> UnsafeMutablePointer<UInt16> {
  (destination + destination.text.textLength).copyText(source)
  return destination
}

@c(r3_strncpy)
package func crtStrncpy(
  _ destination: UnsafeMutablePointer<UInt8>, _ source: UnsafePointer<UInt8>, _ count: UInt
) -> UnsafeMutablePointer<UInt8> {
  destination.copyPadded(source, count: count)
  return destination
}

@c(r3_wcsncpy)
package func crtWcsncpy(
  _ destination: UnsafeMutablePointer<UInt16>, _ source: UnsafePointer<UInt16>, _ count: UInt
) -> UnsafeMutablePointer<UInt16> {
  destination.copyPadded(source, count: count)
  return destination
}

@c(r3_strncat)
package func crtStrncat(
  _ destination: UnsafeMutablePointer<UInt8>, _ source: UnsafePointer<UInt8>, _ count: UInt
) -> UnsafeMutablePointer<UInt8> {
  let end = destination + destination.text.textLength
  let length = source.textLength(atMost: count)
  for i in 0..<length { end[i] = source[i] }
  end[length] = 0
  return destination
}

@c(r3_wcsncat)
package func crtWcsncat(
  _ destination: UnsafeMutablePointer<UInt16>, _ source: UnsafePointer<UInt16>, _ count: UInt
) -> UnsafeMutablePointer<UInt16> {
  let end = destination + destination.text.textLength
  let length = source.textLength(atMost: count)
  for i in 0..<length { end[i] = source[i] }
  end[length] = 0
  return destination
}

@c(r3__strupr)
package func crtStrupr(_ text: UnsafeMutablePointer<UInt8>) -> UnsafeMutablePointer<UInt8> {
  text.mapText(\.uppercasedASCII)
  return text
}

@c(r3__wcsupr)
package func crtWcsupr(_ text: UnsafeMutablePointer<UInt16>) -> UnsafeMutablePointer<UInt16> {
  text.mapText(\.uppercasedASCII)
  return text
}

@c(r3__strlwr)
package func crtStrlwr(_ text: UnsafeMutablePointer<UInt8>) -> UnsafeMutablePointer<UInt8> {
  text.mapText(\.lowercasedASCII)
  return text
}

@c(r3__wcslwr)
package func crtWcslwr(_ text: UnsafeMutablePointer<UInt16>) -> UnsafeMutablePointer<UInt16> {
  text.mapText(\.lowercasedASCII)
  return text
}

@c(r3__strrev)
package func crtStrrev(_ text: UnsafeMutablePointer<UInt8>) -> UnsafeMutablePointer<UInt8> {
  text.reverse(count: text.text.textLength)
  return text
}

@c(r3__wcsrev)
package func crtWcsrev(_ text: UnsafeMutablePointer<UInt16>) -> UnsafeMutablePointer<UInt16> {
  text.reverse(count: text.text.textLength)
  return text
}

@c(r3__strset)
package func crtStrset(
  _ text: UnsafeMutablePointer<UInt8>, _ unit: UInt32
) -> UnsafeMutablePointer<UInt8> {
  let value = UInt8(truncatingIfNeeded: unit)
  let count = text.text.textLength
  for i in 0..<count { text[i] = value }
  return text
}

@c(r3__wcsset)
package func crtWcsset(
  _ text: UnsafeMutablePointer<UInt16>, _ unit: UInt32
) -> UnsafeMutablePointer<UInt16> {
  let value = UInt16(truncatingIfNeeded: unit)
  let count = text.text.textLength
  for i in 0..<count { text[i] = value }
  return text
}

@c(r3__strnset)
package func crtStrnset(
  _ text: UnsafeMutablePointer<UInt8>, _ unit: UInt32, _ limit: UInt
) -> UnsafeMutablePointer<UInt8> {
  let value = UInt8(truncatingIfNeeded: unit)
  let count = text.text.textLength(atMost: limit)
  for i in 0..<count { text[i] = value }
  return text
}

@c(r3__wcsnset)
package func crtWcsnset(
  _ text: UnsafeMutablePointer<UInt16>, _ unit: UInt32, _ limit: UInt
) -> UnsafeMutablePointer<UInt16> {
  let value = UInt16(truncatingIfNeeded: unit)
  let count = text.text.textLength(atMost: limit)
  for i in 0..<count { text[i] = value }
  return text
}

extension UnsafeMutablePointer where Pointee: TextUnit {
  /// Copies up to `count` units and fills what is left of them with zeros.
  fileprivate func copyPadded(_ source: UnsafePointer<Pointee>, count: UInt) {
    var n: UInt = 0
    while n < count, source[Int(bitPattern: n)] != 0 {
      self[Int(bitPattern: n)] = source[Int(bitPattern: n)]
      n &+= 1
    }
    while n < count {
      self[Int(bitPattern: n)] = 0
      n &+= 1
    }
  }
}
