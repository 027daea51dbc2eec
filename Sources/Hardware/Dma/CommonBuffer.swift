import Machine
import Memory

// Memory that driver and device share.
extension DmaAdapter {
  /// Adjacent memory that the device reaches, below `highest`: `AllocateCommonBuffer`; nil without.
  ///
  /// Begins at a page; its contents are not promised. PASSIVE_LEVEL by contract.
  package func allocateCommonBuffer(_ byteCount: Int, highest: UInt64 = .max)
    -> (address: UnsafeMutableRawPointer, logical: UInt64)?
  {
    guard byteCount > 0 else { return nil }
    let limit = min(highest, state.pointee.limits.highestAddress)
    guard let address = machine.allocateContiguous(UInt(byteCount), in: 0...limit),
      let logical = machine.state.pointee.memory.physicalAddress(of: UInt(bitPattern: address))
    else { return nil }
    countCommonBuffers(1)
    return (address, logical)
  }

  /// Gives a common buffer back: `FreeCommonBuffer`.
  ///
  /// One that is none, or not so long, or at another logical address is bug check 0xE6.
  package func freeCommonBuffer(
    _ address: UnsafeMutableRawPointer?, logical: UInt64, _ byteCount: Int
  ) {
    let start = UInt(bitPattern: address)
    let isOne =
      machine.state.pointee.memory.physicalAddress(of: start) == logical
      && machine.freeContiguous(start, byteCount: UInt(byteCount))
    if isOne {
      countCommonBuffers(-1)
      return
    }
    machine.bugCheck(
      0xE6, 3, bits(state), UInt64(start), UInt64(byteCount), subject: name("FreeCommonBuffer"))
  }

  private func countCommonBuffers(_ difference: Int) {
    state.pointee.lock.lockStaying()
    state.pointee.commonBufferCount += difference
    state.pointee.lock.unlock()
  }
}
