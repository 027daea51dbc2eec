/// A unit of a driver's text: a byte or a UTF-16 unit.
package protocol TextUnit: FixedWidthInteger, UnsignedInteger {}

extension UInt8: TextUnit {}
extension UInt16: TextUnit {}

extension TextUnit {
  @inline(__always)
  package var isUppercaseASCII: Bool { self >= 0x41 && self <= 0x5A }

  @inline(__always)
  package var isLowercaseASCII: Bool { self >= 0x61 && self <= 0x7A }

  @inline(__always)
  package var isDigitASCII: Bool { self >= 0x30 && self <= 0x39 }

  /// Whether the unit is a space, or one of tab, line feed, vertical tab, form feed, return.
  @inline(__always)
  package var isSpaceASCII: Bool { self == 0x20 || (self >= 0x09 && self <= 0x0D) }

  @inline(__always)
  package var lowercasedASCII: Self { isUppercaseASCII ? self | 0x20 : self }

  @inline(__always)
  package var uppercasedASCII: Self { isLowercaseASCII ? self & ~0x20 : self }

  /// The value of a digit in any base up to 36, or 255.
  package var digitValue: UInt8 {
    if isDigitASCII { return UInt8(truncatingIfNeeded: self &- 0x30) }
    let letter = lowercasedASCII
    return letter.isLowercaseASCII ? UInt8(truncatingIfNeeded: letter &- 0x61 &+ 10) : 255
  }
}

extension UnsafePointer where Pointee: TextUnit {
  /// The number of units before the terminating zero.
  package var textLength: Int {
    var n = 0
    while self[n] != 0 { n &+= 1 }
    return n
  }

  /// The number of units before the terminating zero, `limit` when there is none so far.
  package func textLength(atMost limit: UInt) -> Int {
    var n: UInt = 0
    while n < limit, self[Int(bitPattern: n)] != 0 { n &+= 1 }
    return Int(bitPattern: n)
  }

  /// The position of the first such unit; the terminating zero can be looked for as well.
  package func position(of unit: Pointee) -> Int? {
    var n = 0
    while true {
      if self[n] == unit { return n }
      if self[n] == 0 { return nil }
      n &+= 1
    }
  }

  /// The position of the last such unit; the terminating zero can be looked for as well.
  package func lastPosition(of unit: Pointee) -> Int? {
    var n = 0
    var last: Int?
    while true {
      if self[n] == unit { last = n }
      if self[n] == 0 { return last }
      n &+= 1
    }
  }

  /// The position where `text` occurs first; an empty text occurs at once.
  package func position(of text: UnsafePointer<Pointee>) -> Int? {
    var start = 0
    while true {
      var n = 0
      while text[n] != 0, self[start &+ n] == text[n] { n &+= 1 }
      if text[n] == 0 { return start }
      if self[start &+ n] == 0 { return nil }
      start &+= 1
    }
  }

  /// The number of units at the start that are (or are not) in `set`.
  package func span(of set: UnsafePointer<Pointee>, contained: Bool) -> Int {
    var n = 0
    while self[n] != 0, (set.position(of: self[n]) != nil) == contained { n &+= 1 }
    return n
  }

  /// Compares up to `limit` units: -1, 0 or 1.
  package func compare(
    to other: UnsafePointer<Pointee>, atMost limit: UInt = .max, ignoringCase: Bool = false
  ) -> Int32 {
    var n: UInt = 0
    while n < limit {
      let i = Int(bitPattern: n)
      let a = ignoringCase ? self[i].lowercasedASCII : self[i]
      let b = ignoringCase ? other[i].lowercasedASCII : other[i]
      if a != b { return a < b ? -1 : 1 }
      if a == 0 { return 0 }
      n &+= 1
    }
    return 0
  }
}

extension UnsafeMutablePointer where Pointee: TextUnit {
  /// The same text, to be read.
  @inline(__always)
  package var text: UnsafePointer<Pointee> { UnsafePointer(self) }

  /// Copies text and its terminating zero.
  package func copyText(_ source: UnsafePointer<Pointee>) {
    var n = 0
    while true {
      self[n] = source[n]
      if source[n] == 0 { return }
      n &+= 1
    }
  }

  /// Replaces each unit up to the terminating zero.
  package func mapText(_ transform: (Pointee) -> Pointee) {
    var n = 0
    while self[n] != 0 {
      self[n] = transform(self[n])
      n &+= 1
    }
  }

  /// Reverses the order of `count` units.
  package func reverse(count: Int) {
    var low = 0
    var high = count &- 1
    while low < high {
      let unit = self[low]
      self[low] = self[high]
      self[high] = unit
      low &+= 1
      high &-= 1
    }
  }
}
