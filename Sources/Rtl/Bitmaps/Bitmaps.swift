import CDriverKit

// RTL_BITMAP: single bits, ranges and counts. Searches are in BitmapSearch.

extension UnsafeMutablePointer<RTL_BITMAP> {
  /// The bits as a view.
  var bits: BitSequence {
    BitSequence(words: faulting(pointee.Buffer), count: pointee.SizeOfBitMap)
  }
}

@c(r3_RtlInitializeBitMap)
package func rtlInitializeBitMap(
  _ bitmap: UnsafeMutablePointer<RTL_BITMAP>, _ buffer: UnsafeMutablePointer<UInt32>?,
  _ size: UInt32
) {
  bitmap.pointee.SizeOfBitMap = size
  bitmap.pointee.Buffer = buffer
}

@c(r3_RtlClearBit)
package func rtlClearBit(_ bitmap: UnsafeMutablePointer<RTL_BITMAP>, _ index: UInt32) {
  bitmap.bits[index] = false
}

@c(r3_RtlSetBit)
package func rtlSetBit(_ bitmap: UnsafeMutablePointer<RTL_BITMAP>, _ index: UInt32) {
  bitmap.bits[index] = true
}

@c(r3_RtlTestBit)
package func rtlTestBit(_ bitmap: UnsafeMutablePointer<RTL_BITMAP>, _ index: UInt32) -> UInt8 {
  bitmap.bits[index].boolean
}

@c(r3_RtlClearAllBits)
package func rtlClearAllBits(_ bitmap: UnsafeMutablePointer<RTL_BITMAP>) {
  fillWords(bitmap, 0)
}

@c(r3_RtlSetAllBits)
package func rtlSetAllBits(_ bitmap: UnsafeMutablePointer<RTL_BITMAP>) {
  fillWords(bitmap, .max)
}

/// Whole words are written, the bits behind the last one included.
private func fillWords(_ bitmap: UnsafeMutablePointer<RTL_BITMAP>, _ word: UInt32) {
  let words = faulting(bitmap.pointee.Buffer)
  let wordCount =
    bitmap.pointee.SizeOfBitMap / 32 &+ (bitmap.pointee.SizeOfBitMap % 32 == 0 ? 0 : 1)
  for i in 0..<Int(wordCount) { words[i] = word }
}

@c(r3_RtlClearBits)
package func rtlClearBits(
  _ bitmap: UnsafeMutablePointer<RTL_BITMAP>, _ start: UInt32, _ length: UInt32
) {
  bitmap.bits.set(start, length, to: false)
}

@c(r3_RtlSetBits)
package func rtlSetBits(
  _ bitmap: UnsafeMutablePointer<RTL_BITMAP>, _ start: UInt32, _ length: UInt32
) {
  bitmap.bits.set(start, length, to: true)
}

@c(r3_RtlAreBitsClear)
package func rtlAreBitsClear(
  _ bitmap: UnsafeMutablePointer<RTL_BITMAP>, _ start: UInt32, _ length: UInt32
) -> UInt8 {
  bitmap.bits.isUniform(start, length, false).boolean
}

@c(r3_RtlAreBitsSet)
package func rtlAreBitsSet(
  _ bitmap: UnsafeMutablePointer<RTL_BITMAP>, _ start: UInt32, _ length: UInt32
) -> UInt8 {
  bitmap.bits.isUniform(start, length, true).boolean
}

@c(r3_RtlNumberOfSetBits)
package func rtlNumberOfSetBits(_ bitmap: UnsafeMutablePointer<RTL_BITMAP>) -> UInt32 {
  bitmap.bits.ones(0, .max)
}

@c(r3_RtlNumberOfClearBits)
package func rtlNumberOfClearBits(_ bitmap: UnsafeMutablePointer<RTL_BITMAP>) -> UInt32 {
  bitmap.pointee.SizeOfBitMap &- bitmap.bits.ones(0, .max)
}

@c(r3_RtlNumberOfSetBitsInRange)
package func rtlNumberOfSetBitsInRange(
  _ bitmap: UnsafeMutablePointer<RTL_BITMAP>, _ start: UInt32, _ length: UInt32
) -> UInt32 {
  bitmap.bits.ones(start, length)
}

@c(r3_RtlNumberOfClearBitsInRange)
package func rtlNumberOfClearBitsInRange(
  _ bitmap: UnsafeMutablePointer<RTL_BITMAP>, _ start: UInt32, _ length: UInt32
) -> UInt32 {
  let bits = bitmap.bits
  guard start < bits.count else { return 0 }
  return min(length, bits.count &- start) &- bits.ones(start, length)
}

@c(r3_RtlNumberOfSetBitsUlongPtr)
package func rtlNumberOfSetBitsUlongPtr(_ value: UInt64) -> UInt32 {
  UInt32(value.nonzeroBitCount)
}

/// Copies a bitmap into another from a bit on, as much as fits.
@c(r3_RtlCopyBitMap)
package func rtlCopyBitMap(
  _ source: UnsafeMutablePointer<RTL_BITMAP>, _ destination: UnsafeMutablePointer<RTL_BITMAP>,
  _ target: UInt32
) {
  let from = source.bits
  let to = destination.bits
  guard target < to.count else { return }
  for i in 0..<min(from.count, to.count &- target) { to[target &+ i] = from[i] }
}

/// Copies a part of a bitmap to the beginning of another.
@c(r3_RtlExtractBitMap)
package func rtlExtractBitMap(
  _ source: UnsafeMutablePointer<RTL_BITMAP>, _ destination: UnsafeMutablePointer<RTL_BITMAP>,
  _ start: UInt32, _ length: UInt32
) {
  let from = source.bits
  let to = destination.bits
  guard start < from.count else { return }
  for i in 0..<min(length, from.count &- start, to.count) { to[i] = from[start &+ i] }
}

// MARK: Bits of a number

/// The highest one of a number, -1 for zero.
@c(r3_RtlFindMostSignificantBit)
package func rtlFindMostSignificantBit(_ value: UInt64) -> Int8 {
  Int8(63 - value.leadingZeroBitCount)
}

/// The lowest one of a number, -1 for zero.
@c(r3_RtlFindLeastSignificantBit)
package func rtlFindLeastSignificantBit(_ value: UInt64) -> Int8 {
  value == 0 ? -1 : Int8(value.trailingZeroBitCount)
}
