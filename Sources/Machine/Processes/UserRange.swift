/// Where user addresses lie, in every machine of the process.
package enum UserRange {
  /// Lowest user address that is ever given out.
  package static let lowest: UInt = 0x1000_0000_0000
  /// Where the system range begins: `MmSystemRangeStart`.
  package static let end: UInt = 0x5000_0000_0000
  /// `MmHighestUserAddress`.
  package static let highest: UInt = end - 0x10000 - 1
  /// First address that a probe refuses: `MmUserProbeAddress`.
  package static let probeEnd: UInt = highest + 1
  /// Bytes that one process has for itself.
  package static let spanByteCount: UInt = 1 << 36
  package static let spanCount = Int((end - lowest) / spanByteCount) - 1

  /// Whether `[address, address + count)` lies in the user range, without wrapping.
  @inlinable package static func contains(_ address: UInt, _ count: Int) -> Bool {
    let (last, overflow) = address.addingReportingOverflow(UInt(count))
    return !overflow && last <= probeEnd
  }
}
