// Looking for bytes of a pattern, eight at a time.

/// The index of the first byte that is the pattern's at its place; `end` when there is none.
///
/// The pattern's word repeats from index 0 on.
func firstUntouched(
  _ bytes: UnsafeMutablePointer<UInt8>, from start: Int, to end: Int, _ word: UInt64
) -> Int {
  var index = start
  while index < end {
    if index & 7 == 0, index + 8 <= end {
      let difference = UnsafeRawPointer(bytes + index).loadUnaligned(as: UInt64.self) ^ word
      // Whether one of the eight bytes is 0.
      if (difference &- 0x0101_0101_0101_0101) & ~difference & 0x8080_8080_8080_8080 == 0 {
        index += 8
        continue
      }
    }
    if bytes[index] == UInt8(truncatingIfNeeded: word >> UInt64((index & 7) * 8)) { return index }
    index += 1
  }
  return end
}
