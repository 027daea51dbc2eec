/// A driver's format or argument: bytes or UTF-16 units, read one at a time where they are.
package struct FormatText {
  package let address: UnsafeRawPointer
  package let isWide: Bool

  package init(bytes: UnsafePointer<UInt8>) {
    address = UnsafeRawPointer(bytes)
    isWide = false
  }

  package init(units: UnsafePointer<UInt16>) {
    address = UnsafeRawPointer(units)
    isWide = true
  }

  package init(address: UnsafeRawPointer, isWide: Bool) {
    self.address = address
    self.isWide = isWide
  }

  package subscript(index: Int) -> UInt16 {
    if isWide {
      return (address + (index &* 2)).loadUnaligned(as: UInt16.self)
    }
    return UInt16((address + index).load(as: UInt8.self))
  }

  /// The number of units before the terminating zero, `limit` when there is none so far.
  func length(atMost limit: Int) -> Int {
    var n = 0
    while n < limit, self[n] != 0 { n &+= 1 }
    return n
  }
}

/// Where formatted text goes: a buffer that is never exceeded, and a count of what it would take.
package struct FormatOutput {
  package enum Encoding {
    /// Bytes of the ANSI code page.
    case ansi
    /// Bytes; UTF-16 text becomes UTF-8, bytes stay as they are.
    case utf8
    /// UTF-16 units.
    case utf16
  }

  let address: UnsafeMutableRawPointer?
  let encoding: Encoding
  let capacity: Int
  /// The units written or, beyond the capacity, counted.
  package private(set) var count = 0
  private var highSurrogate: UInt32 = 0

  package init(
    _ address: UnsafeMutableRawPointer?, capacity: UInt, encoding: Encoding
  ) {
    self.address = address
    self.capacity = Int(min(capacity, UInt(Int32.max)))
    self.encoding = encoding
  }

  /// Appends a unit as it is.
  package mutating func append(_ unit: UInt16) {
    if count < capacity, let address {
      if encoding == .utf16 {
        (address + (count &* 2)).storeBytes(of: unit, as: UInt16.self)
      } else {
        (address + count).storeBytes(of: UInt8(truncatingIfNeeded: unit), as: UInt8.self)
      }
    }
    count &+= 1
  }

  /// Appends a unit many times, at no cost beyond the capacity.
  package mutating func append(_ unit: UInt16, times: Int) {
    guard times > 0 else { return }
    let stored = min(times, max(0, capacity &- count))
    for _ in 0..<stored { append(unit) }
    count &+= times &- stored
  }

  /// Appends ASCII text that the engine itself made.
  mutating func append(_ text: StaticString) {
    for i in 0..<text.utf8CodeUnitCount { append(UInt16(text.utf8Start[i])) }
  }

  /// Appends a unit of an argument, converted from bytes or from UTF-16.
  mutating func append(_ unit: UInt16, fromWide isWide: Bool) {
    switch (encoding, isWide) {
    case (.utf16, false): append(CodePage.ansi.unit(of: UInt8(truncatingIfNeeded: unit)))
    case (.ansi, true): append(UInt16(CodePage.ansi.byteOrDefault(of: unit)))
    case (.utf8, true): appendAsUTF8(unit)
    default: append(unit)
    }
  }

  private mutating func appendAsUTF8(_ unit: UInt16) {
    var scalar = UInt32(unit)
    if unit & 0xFC00 == 0xD800 {
      highSurrogate = scalar
      return
    }
    if unit & 0xFC00 == 0xDC00 {
      let high = highSurrogate
      scalar = high == 0 ? 0xFFFD : 0x10000 &+ ((high & 0x3FF) << 10 | scalar & 0x3FF)
    }
    highSurrogate = 0
    let encoded = EncodedUTF8(scalar)
    for i in 0..<encoded.count { append(UInt16(encoded[i])) }
  }

  /// Writes a terminating zero at a position.
  package func terminate(at position: Int) {
    guard let address else { return }
    if encoding == .utf16 {
      (address + (position &* 2)).storeBytes(of: 0, as: UInt16.self)
    } else {
      (address + position).storeBytes(of: 0, as: UInt8.self)
    }
  }
}

/// The arguments of a variadic call, or a Microsoft `va_list`: slots of 8 bytes.
package struct FormatArguments {
  private var next: UnsafePointer<UInt64>

  package init(_ first: UnsafePointer<UInt64>) { next = first }

  package mutating func take() -> UInt64 {
    let value = next.pointee
    next += 1
    return value
  }
}
