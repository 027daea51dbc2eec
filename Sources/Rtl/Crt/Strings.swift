// Text functions of the C runtime that read: lengths, comparisons, searches.

@c(r3_strlen)
package func crtStrlen(_ text: UnsafePointer<UInt8>) -> UInt { UInt(bitPattern: text.textLength) }

@c(r3_wcslen)
package func crtWcslen(_ text: UnsafePointer<UInt16>) -> UInt { UInt(bitPattern: text.textLength) }

@c(r3_strnlen)
package func crtStrnlen(_ text: UnsafePointer<UInt8>?, _ limit: UInt) -> UInt {
  guard let text else { return 0 }
  return UInt(bitPattern: text.textLength(atMost: limit))
}

@c(r3_wcsnlen)
package func crtWcsnlen(_ text: UnsafePointer<UInt16>?, _ limit: UInt) -> UInt {
  guard let text else { return 0 }
  return UInt(bitPattern: text.textLength(atMost: limit))
}

@c(r3_strcmp)
package func crtStrcmp(_ a: UnsafePointer<UInt8>, _ b: UnsafePointer<UInt8>) -> Int32 {
  a.compare(to: b)
}

@c(r3_wcscmp)
package func crtWcscmp(_ a: UnsafePointer<UInt16>, _ b: UnsafePointer<UInt16>) -> Int32 {
  a.compare(to: b)
}

@c(r3_strncmp)
package func crtStrncmp(
  _ a: UnsafePointer<UInt8>, _ b: UnsafePointer<UInt8>, _ limit: UInt
) -> Int32 {
  a.compare(to: b, atMost: limit)
}

@c(r3_wcsncmp)
package func crtWcsncmp(
  _ a: UnsafePointer<UInt16>, _ b: UnsafePointer<UInt16>, _ limit: UInt
) -> Int32 {
  a.compare(to: b, atMost: limit)
}

@c(r3__stricmp)
package func crtStricmp(_ a: UnsafePointer<UInt8>, _ b: UnsafePointer<UInt8>) -> Int32 {
  a.compare(to: b, ignoringCase: true)
}

@c(r3__wcsicmp)
package func crtWcsicmp(_ a: UnsafePointer<UInt16>, _ b: UnsafePointer<UInt16>) -> Int32 {
  a.compare(to: b, ignoringCase: true)
}

@c(r3__strnicmp)
package func crtStrnicmp(
  _ a: UnsafePointer<UInt8>, _ b: UnsafePointer<UInt8>, _ limit: UInt
) -> Int32 {
  a.compare(to: b, atMost: limit, ignoringCase: true)
}

@c(r3__wcsnicmp)
package func crtWcsnicmp(
  _ a: UnsafePointer<UInt16>, _ b: UnsafePointer<UInt16>, _ limit: UInt
) -> Int32 {
  a.compare(to: b, atMost: limit, ignoringCase: true)
}

@c(r3_strchr)
package func crtStrchr(
  _ text: UnsafePointer<UInt8>, _ unit: UInt32
) -> UnsafePointer<UInt8>? {
  text.position(of: UInt8(truncatingIfNeeded: unit)).map { text + $0 }
}

@c(r3_wcschr)
package func crtWcschr(
  _ text: UnsafePointer<UInt16>, _ unit: UInt32
) -> UnsafePointer<UInt16>? {
  text.position(of: UInt16(truncatingIfNeeded: unit)).map { text + $0 }
}

@c(r3_strrchr)
package func crtStrrchr(
  _ text: UnsafePointer<UInt8>, _ unit: UInt32
) -> UnsafePointer<UInt8>? {
  text.lastPosition(of: UInt8(truncatingIfNeeded: unit)).map { text + $0 }
}

@c(r3_wcsrchr)
package func crtWcsrchr(
  _ text: UnsafePointer<UInt16>, _ unit: UInt32
) -> UnsafePointer<UInt16>? {
  text.lastPosition(of: UInt16(truncatingIfNeeded: unit)).map { text + $0 }
}

@c(r3_strstr)
package func crtStrstr(
  _ text: UnsafePointer<UInt8>, _ part: UnsafePointer<UInt8>
) -> UnsafePointer<UInt8>? {
  text.position(of: part).map { text + $0 }
}

@c(r3_wcsstr)
package func crtWcsstr(
  _ text: UnsafePointer<UInt16>, _ part: UnsafePointer<UInt16>
) -> UnsafePointer<UInt16>? {
  text.position(of: part).map { text + $0 }
}

@c(r3_strspn)
package func crtStrspn(_ text: UnsafePointer<UInt8>, _ set: UnsafePointer<UInt8>) -> UInt {
  UInt(bitPattern: text.span(of: set, contained: true))
}

@c(r3_wcsspn)
package func crtWcsspn(_ text: UnsafePointer<UInt16>, _ set: UnsafePointer<UInt16>) -> UInt {
  UInt(bitPattern: text.span(of: set, contained: true))
}

@c(r3_strcspn)
package func crtStrcspn(_ text: UnsafePointer<UInt8>, _ set: UnsafePointer<UInt8>) -> UInt {
  UInt(bitPattern: text.span(of: set, contained: false))
}

@c(r3_wcscspn)
package func crtWcscspn(_ text: UnsafePointer<UInt16>, _ set: UnsafePointer<UInt16>) -> UInt {
  UInt(bitPattern: text.span(of: set, contained: false))
}

@c(r3_strpbrk)
package func crtStrpbrk(
  _ text: UnsafePointer<UInt8>, _ set: UnsafePointer<UInt8>
) -> UnsafePointer<UInt8>? {
  let found = text + text.span(of: set, contained: false)
  return found.pointee == 0 ? nil : found
}

@c(r3_wcspbrk)
package func crtWcspbrk(
  _ text: UnsafePointer<UInt16>, _ set: UnsafePointer<UInt16>
) -> UnsafePointer<UInt16>? {
  let found = text + text.span(of: set, contained: false)
  return found.pointee == 0 ? nil : found
}
