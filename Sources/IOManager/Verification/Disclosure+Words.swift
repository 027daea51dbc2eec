// The pattern of a request: a word of eight bytes that repeats from index 0 on, 32 bytes at a time.

/// Writes the pattern over a range of bytes.
func fillPattern(_ buffer: UnsafeMutableRawPointer, _ range: Range<Int>, _ word: UInt64) {
  let end = range.upperBound
  var index = range.lowerBound
  while index < end, index & 7 != 0 {
    buffer.storeBytes(of: patternByte(word, index), toByteOffset: index, as: UInt8.self)
    index &+= 1
  }
  let words = SIMD4<UInt64>(repeating: word)
  while index &+ 32 <= end {
    buffer.storeBytes(of: words, toByteOffset: index, as: SIMD4<UInt64>.self)
    index &+= 32
  }
  while index &+ 8 <= end {
    buffer.storeBytes(of: word, toByteOffset: index, as: UInt64.self)
    index &+= 8
  }
  while index < end {
    buffer.storeBytes(of: patternByte(word, index), toByteOffset: index, as: UInt8.self)
    index &+= 1
  }
}

/// The index of the first byte that is the pattern's at its place; `end` when there is none.
func firstUntouched(
  _ bytes: UnsafeMutablePointer<UInt8>, from start: Int, to end: Int, _ word: UInt64
) -> Int {
  let buffer = UnsafeRawPointer(bytes)
  var index = start
  while index < end {
    if index & 7 == 0 {
      index = skipTouched(buffer, from: index, to: end, word)
      if index >= end { break }
    }
    if bytes[index] == patternByte(word, index) { return index }
    index &+= 1
  }
  return end
}

/// Goes on from `start`, a multiple of 8, over words without any byte of the pattern.
@inline(__always)
private func skipTouched(
  _ buffer: UnsafeRawPointer, from start: Int, to end: Int, _ word: UInt64
) -> Int {
  let words = SIMD4<UInt64>(repeating: word)
  var index = start
  while index &+ 64 <= end {
    let first = buffer.loadUnaligned(fromByteOffset: index, as: SIMD4<UInt64>.self) ^ words
    let second = buffer.loadUnaligned(fromByteOffset: index &+ 32, as: SIMD4<UInt64>.self) ^ words
    let found = zeroBytes(first) | zeroBytes(second)
    if found[0] | found[1] | found[2] | found[3] != 0 { break }
    index &+= 64
  }
  while index &+ 8 <= end {
    let difference = buffer.loadUnaligned(fromByteOffset: index, as: UInt64.self) ^ word
    let found = (difference &- 0x0101_0101_0101_0101) & ~difference & 0x8080_8080_8080_8080
    if found != 0 { break }
    index &+= 8
  }
  return index
}

/// Not 0 where one of the eight bytes is.
@inline(__always)
private func zeroBytes(_ words: SIMD4<UInt64>) -> SIMD4<UInt64> {
  (words &- SIMD4(repeating: 0x0101_0101_0101_0101)) & ~words
    & SIMD4(repeating: 0x8080_8080_8080_8080)
}

@inline(__always)
func patternByte(_ word: UInt64, _ index: Int) -> UInt8 {
  UInt8(truncatingIfNeeded: word >> UInt64((index & 7) &* 8))
}
