import CDriverKit
import NTTypes
import Rtl
import Testing

/// What version this is, and small things: byte order, patterns, random numbers.
@Suite struct VersionTests {
  let memory = TestMemory()

  @Test("RtlGetVersion fills what the size says")
  func version() {
    let memory = memory.bytes(284)
    for i in 0..<284 { memory[i] = 0xEE }
    let long = UnsafeMutableRawPointer(memory).assumingMemoryBound(to: OSVERSIONINFOEXW.self)
    let short = UnsafeMutableRawPointer(memory).assumingMemoryBound(to: OSVERSIONINFOW.self)
    short.pointee.dwOSVersionInfoSize = 276
    #expect(rtlGetVersion(short) == 0)
    #expect(short.pointee.dwMajorVersion == 10)
    #expect(short.pointee.dwBuildNumber == 19045)
    #expect(long.pointee.wProductType == 0xEE)
    short.pointee.dwOSVersionInfoSize = 284
    #expect(rtlGetVersion(short) == 0)
    #expect(long.pointee.wProductType == 1)
    #expect(long.pointee.wServicePackMajor == 0)
  }

  @Test("PsGetVersion gives what is asked for")
  func parts() {
    var (major, minor, build) = (UInt32(1), UInt32(2), UInt32(3))
    var text = UNICODE_STRING(Length: 2, MaximumLength: 4, Buffer: nil)
    #expect(psGetVersion(&major, &minor, &build, &text) == 0)
    #expect((major, minor, build) == (10, 0, 19045))
    #expect(text.Length == 0)
    #expect(psGetVersion(nil, nil, nil, nil) == 0)
  }

  @Test(
    "RtlVerifyVersionInfo compares parts as one number",
    arguments: [
      (UInt32(10), UInt32(0), UInt32(0), UInt8(3), UInt32(0b11), true),
      (6, 3, 0, 3, 0b11, true), (11, 0, 0, 3, 0b11, false), (10, 1, 0, 3, 0b11, false),
      (10, 0, 0, 2, 0b11, false), (9, 9, 0, 2, 0b11, true), (10, 0, 0, 1, 0b11, true),
      (10, 1, 0, 5, 0b11, true), (10, 0, 19045, 3, 0b111, true), (10, 0, 19046, 3, 0b111, false),
      (0, 0, 19045, 1, 0b100, true),
    ])
  func verifying(
    major: UInt32, minor: UInt32, build: UInt32, condition: UInt8, types: UInt32, holds: Bool
  ) {
    var information = OSVERSIONINFOEXW()
    (information.dwMajorVersion, information.dwMinorVersion) = (major, minor)
    information.dwBuildNumber = build
    var mask: UInt64 = 0
    for type in [UInt32(1), 2, 4] where types & type != 0 {
      mask = verSetConditionMask(mask, type, UInt32(condition))
    }
    let status = NTStatus(code: rtlVerifyVersionInfo(memory.cell(information), types, mask))
    #expect(status == (holds ? .success : NTStatus(bits: 0xC000_0059)))
  }

  @Test("Product type and suites can be asked for")
  func product() {
    var information = OSVERSIONINFOEXW()
    information.wProductType = 1
    let mask = verSetConditionMask(0, 0x80, 1)
    #expect(mask == 1 << 21)
    #expect(rtlVerifyVersionInfo(memory.cell(information), 0x80, mask) == 0)
    information.wProductType = 3
    #expect(rtlVerifyVersionInfo(memory.cell(information), 0x80, mask) != 0)
    #expect(rtlVerifyVersionInfo(memory.cell(information), 0, mask) != 0)
  }

  @Test(
    "NTDDI versions up to that of Windows 10 are available",
    arguments: [
      (UInt32(0x0501_0000), UInt8(1)), (0x0A00_0000, 1), (0x0A00_0001, 0), (0x0B00_0000, 0),
    ])
  func ddi(version: UInt32, isAvailable: UInt8) {
    #expect(rtlIsNtDdiVersionAvailable(version) == isAvailable)
  }

  @Test("Patterns and byte order")
  func patterns() {
    let words = UnsafeMutableRawPointer(memory.bytes(16)).assumingMemoryBound(to: UInt32.self)
    rtlFillMemoryUlong(words, 14, 0xDEAD_BEEF)
    #expect((0..<4).map { words[$0] } == [0xDEAD_BEEF, 0xDEAD_BEEF, 0xDEAD_BEEF, 0])
    #expect(rtlCompareMemoryUlong(words, 16, 0xDEAD_BEEF) == 12)
    #expect(rtlCompareMemoryUlong(words, 7, 0xDEAD_BEEF) == 4)
    #expect(rtlUlongByteSwap(0x1234_5678) == 0x7856_3412)
    #expect(rtlUshortByteSwap(0xFFFF_1234) == 0x3412)
    #expect(rtlUlonglongByteSwap(1) == 1 << 56)
    #expect(rtlCrc32(memory.narrow("123456789"), 9, 0) == 0xCBF4_3926)
  }

  @Test("RtlRandomEx depends on the seed alone and stays below MAXLONG")
  func random() {
    let (a, b) = (memory.cell(UInt32(42)), memory.cell(UInt32(42)))
    var seen: Set<UInt32> = []
    for _ in 0..<1000 {
      let value = rtlRandomEx(a)
      #expect(value == rtlRandomEx(b))
      #expect(value < 0x7FFF_FFFF)
      seen.insert(value)
    }
    #expect(seen.count > 990)
  }
}
