// Text functions of the C runtime that check the room (`_s`) and return an error number.

@c(r3_strcpy_s)
package func crtStrcpyS(
  _ destination: UnsafeMutablePointer<UInt8>?, _ size: UInt, _ source: UnsafePointer<UInt8>?
) -> Int32 {
  destination.copyChecked(size: size, source)
}

@c(r3_wcscpy_s)
package func crtWcscpyS(
  _ destination: UnsafeMutablePointer<UInt16>?, _ size: UInt, _ source: UnsafePointer<UInt16>?
) -> Int32 {
  destination.copyChecked(size: size, source)
}

@c(r3_strncpy_s)
package func crtStrncpyS(
  _ destination: UnsafeMutablePointer<UInt8>?, _ size: UInt, _ source: UnsafePointer<UInt8>?,
  _ count: UInt
) -> Int32 {
  destination.copyChecked(
    size: size, source, atMost: count, truncates: count == CrtError.truncate)
}

@c(r3_wcsncpy_s)
package func crtWcsncpyS(
  _ destination: UnsafeMutablePointer<UInt16>?, _ size: UInt, _ source: UnsafePointer<UInt16>?,
  _ count: UInt
) -> Int32 {
  destination.copyChecked(
    size: size, source, atMost: count, truncates: count == CrtError.truncate)
}

@c(r3_strcat_s)
package func crtStrcatS(
  _ destination: UnsafeMutablePointer<UInt8>?, _ size: UInt, _ source: UnsafePointer<UInt8>?
) -> Int32 {
  destination.appendChecked(size: size, source)
}

@c(r3_wcscat_s)
package func crtWcscatS(
  _ destination: UnsafeMutablePointer<UInt16>?, _ size: UInt, _ source: UnsafePointer<UInt16>?
) -> Int32 {
  destination.appendChecked(size: size, source)
}

@c(r3_strncat_s)
package func crtStrncatS(
  _ destination: UnsafeMutablePointer<UInt8>?, _ size: UInt, _ source: UnsafePointer<UInt8>?,
  _ count: UInt
) -> Int32 {
  destination.appendChecked(
    size: size, source, atMost: count, truncates: count == CrtError.truncate)
}

@c(r3_wcsncat_s)
package func crtWcsncatS(
  _ destination: UnsafeMutablePointer<UInt16>?, _ size: UInt, _ source: UnsafePointer<UInt16>?,
  _ count: UInt
) -> Int32 {
  destination.appendChecked(
    size: size, source, atMost: count, truncates: count == CrtError.truncate)
}

@c(r3__strupr_s)
package func crtStruprS(_ text: UnsafeMutablePointer<UInt8>?, _ size: UInt) -> Int32 {
  text.mapChecked(size: size, \.uppercasedASCII)
}

@c(r3__wcsupr_s)
package func crtWcsuprS(_ text: UnsafeMutablePointer<UInt16>?, _ size: UInt) -> Int32 {
  text.mapChecked(size: size, \.uppercasedASCII)
}

@c(r3__strlwr_s)
package func crtStrlwrS(_ text: UnsafeMutablePointer<UInt8>?, _ size: UInt) -> Int32 {
  text.mapChecked(size: size, \.lowercasedASCII)
}

@c(r3__wcslwr_s)
package func crtWcslwrS(_ text: UnsafeMutablePointer<UInt16>?, _ size: UInt) -> Int32 {
  text.mapChecked(size: size, \.lowercasedASCII)
}

@c(r3__strset_s)
package func crtStrsetS(
  _ text: UnsafeMutablePointer<UInt8>?, _ size: UInt, _ unit: UInt32
) -> Int32 {
  text.mapChecked(size: size) { _ in UInt8(truncatingIfNeeded: unit) }
}

@c(r3__wcsset_s)
package func crtWcssetS(
  _ text: UnsafeMutablePointer<UInt16>?, _ size: UInt, _ unit: UInt32
) -> Int32 {
  text.mapChecked(size: size) { _ in UInt16(truncatingIfNeeded: unit) }
}

@c(r3_strtok_s)
package func crtStrtokS(
  _ text: UnsafeMutablePointer<UInt8>?, _ delimiters: UnsafePointer<UInt8>?,
  _ context: UnsafeMutablePointer<UnsafeMutablePointer<UInt8>?>?
) -> UnsafeMutablePointer<UInt8>? {
  guard let delimiters, let context, let start = text ?? context.pointee else { return nil }
  return start.nextToken(delimiters, rest: context)
}

@c(r3_wcstok_s)
package func crtWcstokS(
  _ text: UnsafeMutablePointer<UInt16>?, _ delimiters: UnsafePointer<UInt16>?,
  _ context: UnsafeMutablePointer<UnsafeMutablePointer<UInt16>?>?
) -> UnsafeMutablePointer<UInt16>? {
  guard let delimiters, let context, let start = text ?? context.pointee else { return nil }
  return start.nextToken(delimiters, rest: context)
}

extension Optional {
  /// Replaces each unit of a text that must end within the size.
  fileprivate func mapChecked<Unit: TextUnit>(
    size: UInt, _ transform: (Unit) -> Unit
  ) -> Int32 where Wrapped == UnsafeMutablePointer<Unit> {
    guard let text = self else { return CrtError.invalid }
    guard UInt(bitPattern: text.text.textLength(atMost: size)) < size else {
      if size > 0 { text[0] = 0 }
      return CrtError.invalid
    }
    text.mapText(transform)
    return CrtError.none
  }
}

extension UnsafeMutablePointer where Pointee: TextUnit {
  /// Cuts off the next token and keeps the place behind it.
  fileprivate func nextToken(
    _ delimiters: UnsafePointer<Pointee>,
    rest: UnsafeMutablePointer<UnsafeMutablePointer<Pointee>?>
  ) -> UnsafeMutablePointer<Pointee>? {
    let token = self + text.span(of: delimiters, contained: true)
    let end = token + token.text.span(of: delimiters, contained: false)
    if end.pointee == 0 {
      rest.pointee = end
    } else {
      end.pointee = 0
      rest.pointee = end + 1
    }
    return token == end ? nil : token
  }
}
