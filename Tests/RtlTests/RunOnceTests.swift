import CRtlTestSupport
import NTTypes
import Rtl
import Testing

/// One-time initialisation and event tracing without a listener.
@Suite struct RunOnceTests {
  let memory = TestMemory()

  @Test("The routine runs once, and its context is kept")
  func executing() throws {
    try inMachine { _ in
      let (once, context) = (memory.cell(UInt64(0)), memory.cell(UInt64(0)))
      let count = memory.cell(UInt64(0))
      rtlRunOnceInitialize(once)
      for _ in 0..<3 {
        let status = rtlRunOnceExecuteOnce(once, rtl_test_run_once(), address(count), context)
        #expect(status == 0)
        #expect(context.pointee == 0x1000)
        context.pointee = 0
      }
      #expect(count.pointee == 1)
    }
  }

  @Test("Beginning and completing by hand, with failure and asynchronously")
  func byHand() throws {
    try inMachine { _ in
      let (once, context) = (memory.cell(UInt64(0)), memory.cell(UInt64(0)))
      func begin(_ flags: UInt32) -> NTStatus {
        NTStatus(code: rtlRunOnceBeginInitialize(once, flags, context))
      }
      func complete(_ flags: UInt32, _ value: UInt64) -> NTStatus {
        NTStatus(code: rtlRunOnceComplete(once, flags, value))
      }
      #expect(begin(1) == .unsuccessful)
      #expect(begin(0) == .pending)
      #expect(complete(4, 0) == .success)
      #expect(begin(2) == .pending)
      #expect(begin(2) == .pending)
      #expect(begin(0) == .invalidParameter)
      #expect(complete(2, 0x13) == .invalidParameter)
      #expect(complete(2, 0x40) == .success)
      #expect(complete(2, 0x80) == .unsuccessful)
      #expect(begin(0) == .success)
      #expect(context.pointee == 0x40)
    }
  }

  @Test("A provider registers and is never enabled")
  func tracing() {
    let handle = memory.cell(UInt64(0))
    #expect(etwRegister(memory.bytes(16), nil, nil, handle) == 0)
    #expect(etwEventEnabled(handle.pointee, nil) == 0)
    #expect(etwProviderEnabled(handle.pointee, 5, 0) == 0)
    #expect(etwWrite(handle.pointee, nil, nil, 0, nil) == 0)
    #expect(etwUnregister(handle.pointee) == 0)
    #expect(NTStatus(code: etwUnregister(0)) == .invalidHandle)
    #expect(NTStatus(code: etwRegister(nil, nil, nil, handle)) == .invalidParameter)
  }

  @Test("A mistake in code is no expected status")
  func expectedStatuses() {
    #expect(fsRtlIsNtstatusExpected(0xC000_0005) == 0)
    #expect(fsRtlIsNtstatusExpected(0xC000_0022) == 1)
    #expect(fsRtlNormalizeNtstatus(0xC000_0005, 0xC000_0001) == 0xC000_0001)
    #expect(fsRtlNormalizeNtstatus(0xC000_0022, 0xC000_0001) == 0xC000_0022)
  }
}
