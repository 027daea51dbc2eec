import CDriverKit
import Machine
import Memory
import NTTypes

// One transfer with map registers: the logical address of the next adjacent bytes, and the end.
extension DmaAdapter {
  /// Gives the logical address of the bytes that begin a range, and how many are adjacent: `MapTransfer`.
  func map(
    _ walk: BufferWalk, _ registers: UnsafeMutablePointer<MapRegisters>, isWrite: Bool
  ) -> (logical: UInt64, byteCount: Int) {
    let isBounced = needsBounce(walk)
    return isBounced && !state.pointee.limits.hasScatterGather
      ? mapLinear(walk, registers, isWrite: isWrite)
      : mapRun(walk, registers, isWrite: isWrite)
  }

  /// Everything, as far as there are registers, in adjacent ones.
  private func mapLinear(
    _ walk: BufferWalk, _ registers: UnsafeMutablePointer<MapRegisters>, isWrite: Bool
  ) -> (logical: UInt64, byteCount: Int) {
    var walk = walk
    var logical: UInt64 = 0
    var count = 0
    let start = registers.pointee.usedCount << pageShift
    var position: Int?
    while registers.pointee.usedCount < registers.pointee.count, let piece = walk.next() {
      let place = position ?? start + Int(piece.physical & 0xFFF)
      guard let address = registers.place(piece, at: place, isWrite: isWrite) else {
        refuseBuffer(piece)
      }
      if count == 0 { logical = address }
      registers.pointee.usedCount += 1
      position = place + piece.byteCount
      count += piece.byteCount
    }
    if count == 0 { refuseMapping(registers) }
    return (logical, count)
  }

  /// The first bytes that are adjacent for the device, in memory or in registers.
  private func mapRun(
    _ walk: BufferWalk, _ registers: UnsafeMutablePointer<MapRegisters>, isWrite: Bool
  ) -> (logical: UInt64, byteCount: Int) {
    var walk = walk
    var logical: UInt64 = 0
    var count = 0
    while true {
      var ahead = walk
      guard let piece = ahead.next() else { break }
      var address = piece.physical
      if !reaches(address) {
        let used = registers.pointee.usedCount
        guard used < registers.pointee.count else { break }
        address =
          UInt64(registers.pointee.firstFrame + used) << 12 + (piece.physical & 0xFFF)
        if count > 0, address != logical + UInt64(count) { break }
        let offset = used << pageShift + Int(piece.physical & 0xFFF)
        guard registers.place(piece, at: offset, isWrite: isWrite) != nil else {
          refuseBuffer(piece)
        }
        registers.pointee.usedCount = used + 1
      } else if count > 0, address != logical + UInt64(count) {
        break
      }
      if count == 0 { logical = address }
      count += piece.byteCount
      walk = ahead
    }
    if count == 0, walk.left > 0 { refuseMapping(registers) }
    return (logical, count)
  }

  /// The driver maps more than it has map registers for.
  private func refuseMapping(_ registers: UnsafeMutablePointer<MapRegisters>) -> Never {
    machine.bugCheck(
      0xE6, 0, bits(state), bits(registers), UInt64(registers.pointee.count),
      subject: name("MapTransfer"))
  }

  /// Fills a list with what fits: `MapTransferEx`; gives the number of bytes.
  func map(
    _ walk: BufferWalk, _ registers: UnsafeMutablePointer<MapRegisters>, isWrite: Bool,
    into list: UnsafeMutableRawBufferPointer
  ) throws(NTStatus) -> Int {
    let room = (list.count - Self.headByteCount) / Self.elementByteCount
    guard room > 0, let base = list.baseAddress else { throw .invalidParameter }
    let target = base.assumingMemoryBound(to: SCATTER_GATHER_LIST.self)
    target.pointee.Reserved = 0
    var writer = ElementWriter(target)
    var walk = walk
    var count = 0
    let wanted = state.pointee.limits.hasScatterGather ? room : 1
    for _ in 0..<wanted where walk.left > 0 {
      let (logical, byteCount) = map(walk, registers, isWrite: isWrite)
      writer.add(logical, byteCount)
      count += byteCount
      walk.skip(byteCount)
    }
    return count
  }
}

extension BufferWalk {
  /// Goes over so many bytes.
  mutating func skip(_ byteCount: Int) {
    var rest = byteCount
    while rest > 0 {
      var ahead = self
      guard let piece = ahead.next() else { return }
      if piece.byteCount > rest {
        shorten(by: rest)
        return
      }
      self = ahead
      rest -= piece.byteCount
    }
  }
}
