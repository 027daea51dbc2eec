// The rules of strcpy_s and its kin, for bytes and for UTF-16 units: nothing is written beyond the
// size, a failure leaves an empty string and an error number.

extension Optional {
  /// Copies text with its terminator; `limit` bounds how much of it.
  func copyChecked<Unit: TextUnit>(
    size: UInt, _ source: UnsafePointer<Unit>?, atMost limit: UInt = .max, truncates: Bool = false
  ) -> Int32 where Wrapped == UnsafeMutablePointer<Unit> {
    if limit == 0, self == nil, size == 0 { return CrtError.none }
    guard let destination = self, size > 0 else { return CrtError.invalid }
    if limit == 0 {
      destination[0] = 0
      return CrtError.none
    }
    guard let source else {
      destination[0] = 0
      return CrtError.invalid
    }
    return destination.fill(
      from: 0, size: size, source, atMost: limit, truncates: truncates)
  }

  /// Appends text with its terminator; `limit` bounds how much of it.
  func appendChecked<Unit: TextUnit>(
    size: UInt, _ source: UnsafePointer<Unit>?, atMost limit: UInt = .max, truncates: Bool = false
  ) -> Int32 where Wrapped == UnsafeMutablePointer<Unit> {
    if limit == 0, self == nil, size == 0 { return CrtError.none }
    guard let destination = self, size > 0 else { return CrtError.invalid }
    guard source != nil || limit == 0 else {
      destination[0] = 0
      return CrtError.invalid
    }
    let used = UInt(bitPattern: destination.text.textLength(atMost: size))
    guard used < size else {
      destination[0] = 0
      return CrtError.invalid
    }
    guard let source, limit > 0 else { return CrtError.none }
    return destination.fill(
      from: used, size: size, source, atMost: limit, truncates: truncates)
  }
}

extension UnsafeMutablePointer where Pointee: TextUnit {
  /// Copies units behind the `used` first ones until the source or the limit ends.
  fileprivate func fill(
    from used: UInt, size: UInt, _ source: UnsafePointer<Pointee>, atMost limit: UInt,
    truncates: Bool
  ) -> Int32 {
    var n: UInt = 0
    while used &+ n < size {
      let at = Int(bitPattern: used &+ n)
      guard n < limit, source[Int(bitPattern: n)] != 0 else {
        self[at] = 0
        return CrtError.none
      }
      self[at] = source[Int(bitPattern: n)]
      n &+= 1
    }
    if truncates {
      self[Int(bitPattern: size &- 1)] = 0
      return CrtError.truncated
    }
    self[0] = 0
    return CrtError.range
  }
}
