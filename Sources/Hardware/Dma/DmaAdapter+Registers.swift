import Glibc
import Machine
import Memory

// Taking map registers and giving them back.
extension DmaAdapter {
  /// Makes map registers, with their pages; they are not counted yet.
  ///
  /// Nil without memory.
  func makeRegisters(_ count: Int) -> UnsafeMutablePointer<MapRegisters>? {
    var first: FrameNumber = 0
    if state.pointee.hasPages, count > 0 {
      let limit = FrameNumber(clamping: state.pointee.limits.highestAddress >> 12)
      let end = state.pointee.limits.highestAddress == .max ? FrameNumber.max : limit + 1
      guard let frame = machine.takeFrames(count, zeroed: true, in: 1..<max(end, 2)) else {
        return nil
      }
      first = frame
    }
    let pieceOffset = MemoryLayout<MapRegisters>.stride
    let byteCount = pieceOffset + (first == 0 ? 0 : count * MemoryLayout<MapRegisters.Piece>.stride)
    guard let block = malloc(byteCount) else { return nil }
    let registers = block.bindMemory(to: MapRegisters.self, capacity: 1)
    registers.initialize(
      to: MapRegisters(
        adapter: state, count: count, countedCount: state.pointee.countsRegisters ? count : 0,
        firstFrame: first,
        pieces: first == 0
          ? nil : (block + pieceOffset).assumingMemoryBound(to: MapRegisters.Piece.self)))
    state.pointee.lock.lockStaying()
    registers.pointee.next = state.pointee.registers
    state.pointee.registers?.pointee.previous = registers
    state.pointee.registers = registers
    state.pointee.lock.unlock()
    return registers
  }

  /// Frees map registers; those that were counted are free for others, whom the caller starts.
  func freeRegisters(_ registers: UnsafeMutablePointer<MapRegisters>, wereCounted: Bool) {
    state.pointee.lock.lockStaying()
    if let previous = registers.pointee.previous {
      previous.pointee.next = registers.pointee.next
    } else {
      state.pointee.registers = registers.pointee.next
    }
    registers.pointee.next?.pointee.previous = registers.pointee.previous
    if wereCounted { state.pointee.freeCount += registers.pointee.countedCount }
    state.pointee.lock.unlock()
    if registers.pointee.firstFrame != 0 {
      for index in 0..<registers.pointee.count {
        machine.releaseFrame(registers.pointee.firstFrame + index)
      }
    }
    free(registers)
  }

  /// Map registers that are free now; for tests.
  package var freeRegisterCount: Int {
    state.pointee.lock.lockStaying()
    defer { state.pointee.lock.unlock() }
    return state.pointee.freeCount
  }
}
