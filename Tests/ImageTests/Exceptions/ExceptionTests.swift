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
      ("dynamicFrames", 8), ("ownHandlers", 13322), ("jumpsBack", 123_237),
    ] as [(String, UInt64)])
  func handled(optimization: DriverBuilder.Optimization, expected: (String, UInt64)) throws {
    let test = try TestMachine(TestImage.seh(optimization))
    #expect(
      try test.call(expected.0, bad) == expected.1, "\(expected.0) -O\(optimization.rawValue)")
  }
}

@Suite("State over exceptions")
struct ExceptionStateTests {
  @Test("Registers of the handling function survive", arguments: levels)
  func registers(optimization: DriverBuilder.Optimization) throws {
    let test = try TestMachine(TestImage.seh(optimization))
    #expect(try test.call("keepsRegisters", bad, 12345) == 12)
    #expect(try test.call("keepsDoubles", bad, 12345) == 20)
  }

  @Test(
    "Registers of the caller of a handling function survive", arguments: levels,
    ["largeCopyFault", "largeSetFault", "constantFilter", "dynamicFrames", "faultInFinally"])
  func callersRegisters(optimization: DriverBuilder.Optimization, name: String) throws {
    let test = try TestMachine(TestImage.seh(optimization))
    let address = try test.image.address(name)
    let changed = try test.machine.inside(try test.system()) {
      UnsafeRawPointer(bitPattern: UInt(address)).map { test_countChangedRegisters($0, bad) } ?? 99
    }
    #expect(changed == 0)
  }

  @Test("A thousand faults and statuses leave nothing behind", arguments: levels)
  func repeats(optimization: DriverBuilder.Optimization) throws {
    let test = try TestMachine(TestImage.seh(optimization))
    #expect(try test.call("repeats", bad, 1000) == 1000)
    #expect(try test.call("raisesOften", bad, 1000) == 1000)
    #expect(try test.call("raisesStatus", 0xC000_009A) == 0xC000_009A)
    #expect(try test.call("deep", bad, 200) == 5)
  }

  @Test("A driver walks its own stack", arguments: levels)
  func walks(optimization: DriverBuilder.Optimization) throws {
    let test = try TestMachine(TestImage.seh(optimization))
    let frames = try test.call("walks", 0)
    let traced = try test.call("traces", 0)
    // Calls that the compiler turns into loops or jumps have no frame.
    #expect(frames >= 1 && frames <= 7)
    #expect(traced / 100 >= 1 && traced / 100 <= 5)
    #expect(traced % 100 == max(traced / 100, 2) - 2)
    guard optimization == .none else { return }
    #expect(frames == 7)
    #expect(traced == 503)
  }
}
