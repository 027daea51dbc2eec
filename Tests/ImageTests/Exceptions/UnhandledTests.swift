import CRing3
import DriverBuild
import Image
import Machine
import Testing

private let levels = DriverBuilder.Optimization.allCases
private let bad: UInt64 = 0x1230
/// A system address that nothing is mapped at.
private let unmapped: UInt64 = 0xFFFF_8000_1234_5000

@Suite("Faults that end the machine")
struct UnhandledTests {
  @Test("An exception without a handler is bug check 0x1E", arguments: levels)
  func unhandled(optimization: DriverBuilder.Optimization) throws {
    let test = try TestMachine(TestImage.seh(optimization))
    let record = try test.bugCheck("unhandled", bad)
    #expect(record.code == 0x1E)
    #expect(record.parameters.0 == 0xC000_0005)
    #expect(test.image.code.base <= record.parameters.1)
    #expect(record.parameters.2 == 0)
    #expect(record.parameters.3 == bad)
    #expect(test.names(record).first == "touch")
    if optimization == .none { #expect(test.names(record) == ["touch", "unhandled"]) }
  }

  @Test("A raised status without a handler is bug check 0x1E with the status")
  func unhandledStatus() throws {
    let test = try TestMachine(TestImage.seh(.none))
    let record = try test.bugCheck("unhandledStatus", 0xC000_009A)
    #expect(record.code == 0x1E)
    #expect(record.parameters.0 == 0xC000_009A)
    #expect(test.names(record) == ["unhandledStatus"])
  }

  @Test("A bad system address is bug check 0x50, whatever handlers there are")
  func systemAddress() throws {
    let read = try TestMachine(TestImage.seh(.speed)).bugCheck("functionFilter", unmapped)
    #expect(read.code == 0x50)
    #expect(read.parameters.0 == unmapped)
    #expect(read.parameters.1 == 0)
    let write = try TestMachine(TestImage.seh(.speed)).bugCheck("constantFilter", unmapped)
    #expect(write.code == 0x50)
    #expect(write.parameters.1 == 2)
  }

  @Test("A bad address at DISPATCH_LEVEL is bug check 0xD1, whatever handlers there are")
  func raisedLevel() throws {
    for address in [bad, unmapped] {
      let record = try TestMachine(TestImage.seh(.speed)).bugCheck("touchesRaised", address)
      #expect(record.code == 0xD1)
      #expect(record.parameters.0 == address)
      #expect(record.parameters.1 == 2)
      #expect(record.parameters.2 == 0)
      #expect(record.irql == 2)
    }
  }

  @Test("A write to code is bug check 0xBE")
  func writesCode() throws {
    let test = try TestMachine(TestImage.seh(.speed))
    let record = try test.bugCheck("writesCode", 0)
    #expect(record.code == 0xBE)
    #expect(record.parameters.0 == (try test.image.address("unhandled")))
  }

  @Test("A call of data is bug check 0xFC")
  func callsData() throws {
    let test = try TestMachine(TestImage.seh(.speed))
    let seen = try test.image.address("seen")
    let record = try test.bugCheck("badCall", seen)
    #expect(record.code == 0xFC)
    #expect(record.parameters.0 == seen)
  }

  @Test("A kernel stack that is used up is bug check 0x7F", arguments: levels)
  func overflow(optimization: DriverBuilder.Optimization) throws {
    let test = try TestMachine(TestImage.seh(optimization))
    let record = try test.bugCheck("overflowsStack", bad)
    #expect(record.code == 0x7F)
    #expect(record.parameters.0 == 8)
    #expect(test.names(record).contains("descend"))
    #expect(record.stackCount == BugCheckRecord.stackCapacity)
  }

  @Test("Going on from an exception that forbids it is a bug check")
  func noncontinuable() throws {
    let record = try TestMachine(TestImage.seh(.speed)).bugCheck("goesOnAgainstTheRule")
    #expect(record.code == 0x1E)
    #expect(record.parameters.0 == 0xC000_0025)
  }

  @Test("A fast failure is bug check 0x139 with its code")
  func fastFail() throws {
    let record = try TestMachine(TestImage.seh(.speed)).bugCheck("failsFast", 7)
    #expect(record.code == 0x139)
    #expect(record.parameters.0 == 41)
  }
}
