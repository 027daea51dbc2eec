import Machine

// Released blocks that somebody changed: found as they are given again, by what they were filled with.
extension Pool {
  /// Looks at a slot that is to be a block again: bug check 0xC6 when the released one was changed.
  ///
  /// - Parameters:
  ///   - plain: where a block lies that nothing moves.
  ///   - address: where the new one will lie.
  func checkUnchanged(_ plain: UInt, movingTo address: UInt) {
    let block = Block(plain)
    let header = block.header.pointee
    let difference = header.check ^ BlockHeader.seal(plain, state.pointee.cookie, header.word)
    if difference == BlockWord.live || difference == BlockWord.live ^ BlockHeader.special {
      checkFill(plain, header.word.byteCount)
    }
    // It would pass for a released block when the moved one is released.
    if address != plain { block.header.pointee.check = 0 }
  }

  /// Looks at a run of pages that is to be a block again.
  func checkRunUnchanged(_ address: UInt) {
    let word = state.pointee.words[Int((address - state.pointee.base) >> UInt(pageShift))]
    if word.state == PageWord.cachedRun { checkFill(address, word.byteCount) }
  }

  private func checkFill(_ address: UInt, _ byteCount: Int) {
    guard
      let wrong = FillPattern.firstOther(
        than: PoolLayout.freedByte, address..<(address + UInt(byteCount)))
    else { return }
    machine.report(0xC6, UInt64(wrong), 1, 0, 0, causes: causes(ofFreed: address))
  }
}
