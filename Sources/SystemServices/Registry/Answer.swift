import Glibc
import Machine
import Memory
import Objects

/// What a query gives: a fixed part and what follows, built in memory of the system.
///
/// A driver's buffer is written when the registry is not locked any more.
struct Answer {
  let block: UnsafeMutableRawPointer
  /// Bytes without which the query fails.
  let fixedCount: Int
  let count: Int

  /// Room for an answer; nil without pool.
  static func make(_ machine: Machine, fixed: Int, count: Int) -> Answer? {
    let room = max(fixed, count)
    guard let block = machine.pool.allocate(room, kind: .nonpaged, tag: Machine.serviceTag) else {
      return nil
    }
    memset(block, 0, room)
    return Answer(block: block, fixedCount: fixed, count: count)
  }

  func put(_ value: Int, at offset: Int) {
    block.storeBytes(of: UInt32(truncatingIfNeeded: value), toByteOffset: offset, as: UInt32.self)
  }

  func put(_ time: UInt64, at offset: Int) {
    block.storeBytes(of: time, toByteOffset: offset, as: UInt64.self)
  }

  func put(_ text: UTF16Text, at offset: Int) { copy(text, to: block + offset) }

  func put(_ bytes: UnsafeRawPointer?, _ count: Int, at offset: Int) {
    if let bytes, count > 0 { memcpy(block + offset, bytes, count) }
  }

  /// Copies what fits to a driver's buffer and frees the answer.
  func deliver(
    _ machine: Machine, to buffer: UnsafeMutableRawPointer?, _ length: UInt32,
    _ resultLength: UnsafeMutablePointer<UInt32>?
  ) -> UInt32 {
    defer { machine.pool.free(block, tag: Machine.serviceTag) }
    resultLength?.pointee = UInt32(count)
    guard Int(length) >= fixedCount else { return ServiceStatus.bufferTooSmall }
    if let buffer { memcpy(buffer, block, min(Int(length), count)) }
    return Int(length) < count ? ServiceStatus.bufferOverflow : ServiceStatus.success
  }
}
