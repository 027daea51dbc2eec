/// Where user addresses lie, in every machine of the process.
public enum UserRange {
  /// Lowest user address that is ever given out.
  @inlinable public static var lowest: UInt { 0x1000_0000_0000 }
  /// Where the system range begins: `MmSystemRangeStart`.
  @inlinable public static var end: UInt { 0x5000_0000_0000 }
  /// `MmHighestUserAddress`.
  @inlinable public static var highest: UInt { end - 0x10000 - 1 }
  /// First address that a probe refuses: `MmUserProbeAddress`.
  @inlinable public static var probeEnd: UInt { highest + 1 }
  /// Bytes that one process has for itself.
  package static let spanByteCount: UInt = 1 << 36
  package static let spanCount = Int((end - lowest) / spanByteCount) - 1

  /// Whether `[address, address + count)` lies in the user range, without wrapping.
  @inlinable public static func contains(_ address: UInt, _ count: Int) -> Bool {
    let (last, overflow) = address.addingReportingOverflow(UInt(count))
    return !overflow && last <= probeEnd
  }
}
