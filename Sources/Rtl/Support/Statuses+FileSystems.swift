import NTTypes

// What file system drivers ask about a status that they caught as an exception.

/// Whether a status is one that a request may end with: not a mistake in the driver's own code.
@c(r3_FsRtlIsNtstatusExpected)
package func fsRtlIsNtstatusExpected(_ status: UInt32) -> UInt8 {
  switch status {
  // Misaligned data, access violation, illegal instruction, misaligned instruction.
  case 0x8000_0002, 0xC000_0005, 0xC000_001D, 0xC000_00AA: 0
  default: 1
  }
}

/// The status itself when it is expected, a general one otherwise.
@c(r3_FsRtlNormalizeNtstatus)
package func fsRtlNormalizeNtstatus(_ status: UInt32, _ general: UInt32) -> UInt32 {
  fsRtlIsNtstatusExpected(status) != 0 ? status : general
}
