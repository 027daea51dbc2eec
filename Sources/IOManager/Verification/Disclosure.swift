import CDriverKit
import CRing3
import Machine

// Output that a driver reported and never wrote: what lay in kernel memory goes out to the program.
extension IOManager {
  /// Ranges of bytes that still hold the pattern of the request.
  private struct Unwritten {
    var first = 0
    var firstCount = 0
    var total = 0
  }

  /// Looks through the bytes that the driver reports.
  ///
  /// Four bytes in a row that still hold the pattern were not written by anybody. Fewer may be chance:
  /// they count when they are found again at the same place, under another pattern, in a request of the
  /// same kind.
  func checkOutput(
    _ irp: IRPPointer, _ record: IRPWatch, _ buffer: UnsafeMutableRawPointer
  ) {
    let status = irp.pointee.IoStatus.Status
    guard !IOStatus.isError(status), status != IOStatus.verifyRequired else { return }
    let capacity = IRPPrefix.of(irp).pointee.outputCapacity
    let end = min(capacity, Int(clamping: irp.pointee.IoStatus.Information))
    let bytes = buffer.assumingMemoryBound(to: UInt8.self)
    var unwritten = Unwritten()
    var index = record.start
    while true {
      index = firstUntouched(bytes, from: index, to: end, record.pattern)
      if index >= end { break }
      var count = 0
      while index + count < end, isUntouched(bytes, index + count, record.pattern) { count += 1 }
      if count > 0, count >= 4 || isFoundAgain(record.site, index, count) {
        if unwritten.total == 0 { (unwritten.first, unwritten.firstCount) = (index, count) }
        unwritten.total += count
      }
      index += max(count, 1)
    }
    if unwritten.total == 0 { return }
    machine.report(
      0x5233_0003, bits(irp), UInt64(unwritten.first), UInt64(unwritten.firstCount),
      UInt64(unwritten.total))
  }

  @inline(__always)
  private func isUntouched(_ bytes: UnsafeMutablePointer<UInt8>, _ index: Int, _ word: UInt64)
    -> Bool
  {
    bytes[index] == patternByte(word, index)
  }

  /// Whether a short run was there before: three times for one byte, twice for more.
  private func isFoundAgain(_ site: UInt64, _ index: Int, _ count: Int) -> Bool {
    let seen = RequestLedger.count(
      ledger.pointee.suspects, (site &* 1_000_003 &+ UInt64(index)) << 2 | UInt64(count))
    return seen >= (count == 1 ? 3 : 2)
  }
}
