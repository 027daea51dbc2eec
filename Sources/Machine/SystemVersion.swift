/// The version of Windows that the machine says it is, wherever a driver asks.
package enum SystemVersion {
  package static var major: UInt32 { 10 }
  package static var minor: UInt32 { 0 }
  package static var build: UInt32 { 19045 }
  /// A workstation (`VER_NT_WORKSTATION`).
  package static var productType: UInt8 { 1 }
  /// A single user at a time (`VER_SUITE_SINGLEUSERTS`).
  package static var suites: UInt16 { 0x0100 }
  /// The number for `RtlIsNtDdiVersionAvailable` (`NTDDI_WIN10`), without what lies below a release.
  package static var ddi: UInt32 { 0x0A00_0000 }
}
