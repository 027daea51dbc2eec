import CRing3
import CRing3TestSupport
import DriverBuild
import Image
import Machine
import Testing

private let levels = DriverBuilder.Optimization.allCases
/// In the user range, and mapped in no process.
private let bad: UInt64 = 0x1230

@Suite("Structured exceptions in a driver")
struct ExceptionTests {
  @Test(
    "A fault is handled as the source says",
    arguments: levels,
    [
      ("constantFilter", 0xC000_0005), ("functionFilter", 77), ("writeParameter", 101),
      ("nested", 1234), ("finallyOrder", 12345), ("finallyNormally", 12), ("leaves", 12),
      ("jumpsOutOfTry", 122_251_221_263), ("faultInFilter", 12_3), ("handledInFilter", 12),
      ("faultInFinally", 4156), ("collides", 1234), ("handledInFinally", 123), ("faultInBlock", 12),
      ("divides", 0xC000_0094), ("overflows", 0xC000_0095), ("badCall", 8 + 0x1230 + 5),
      ("notCanonical", 0), ("illegal", 0xC000_001D), ("breakpoint", 0x8000_0003),
      ("assertion", 0xC000_0420), ("copyFault", 0x1231), ("largeSetFault", 0xC000_0005),
      ("raisesException", 33001), ("raisesAndGoesOn", 1), ("goesOn", 2001), ("largeFrames", 43),
      ("dynamicFrames", 8), ("ownHandlers", 13322),
    ] as [(String, UInt64)])
  func handled(optimization: DriverBuilder.Optimization, expected: (String, UInt64)) throws {
    let test = try TestMachine(TestImage.seh(optimization))
    #expect(
      try test.call(expected.0, bad) == expected.1, "\(expected.0) -O\(optimization.rawValue)")
  }
}
