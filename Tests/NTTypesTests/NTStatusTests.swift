import NTTypes
import Testing

@Suite struct NTStatusTests {
  @Test(
    "a status is judged and printed as Windows does",
    arguments: [
      (NTStatus.success, true, "STATUS_SUCCESS (0x00000000)"),
      (.pending, true, "STATUS_PENDING (0x00000103)"),
      (.objectNameExists, true, "STATUS_OBJECT_NAME_EXISTS (0x40000000)"),
      (.bufferOverflow, false, "STATUS_BUFFER_OVERFLOW (0x80000005)"),
      (.bufferTooSmall, false, "STATUS_BUFFER_TOO_SMALL (0xC0000023)"),
      (.wdfRequestInvalidState, false, "STATUS_WDF_REQUEST_INVALID_STATE (0xC0200208)"),
      (NTStatus(bits: 0xE0FF_1234), false, "NTSTATUS 0xE0FF1234"),
    ])
  func printing(status: NTStatus, isSuccess: Bool, text: String) {
    #expect(status.isSuccess == isSuccess)
    #expect(status.description == text)
  }

  @Test("severity, facility and the customer bit are read from the bits")
  func parts() {
    #expect(NTStatus.wdfBusy.facility == 0x20)
    #expect(NTStatus.alerted.severity == .success)
    #expect(NTStatus.objectNameExists.isInformation)
    #expect(NTStatus.bufferOverflow.isWarning)
    #expect(NTStatus.accessDenied.isError)
    #expect(NTStatus(bits: 0xE012_3456).isCustomer)
    #expect(NTStatus(code: -1_073_741_823) == .unsuccessful)
    #expect(NTStatus.unsuccessful.code == -1_073_741_823)
  }

  @Test("every name leads back to its value")
  func roundTrip() {
    let all = NTStatus.named
    #expect(all.count > 1200)
    for status in all {
      #expect(status.name.flatMap { NTStatus(name: $0) } == status)
    }
  }

  @Test("a name is found with and without its prefix, in any case; second names too")
  func names() {
    #expect(NTStatus(name: "STATUS_INVALID_PARAMETER") == .invalidParameter)
    #expect(NTStatus(name: "invalid_parameter") == .invalidParameter)
    #expect(NTStatus(name: "STATUS_WAIT_0") == .success)
    #expect(NTStatus(name: "STATUS_ABANDONED") == NTStatus(bits: 0x80))
    #expect(NTStatus(name: "STATUS_NO_SUCH_THING_AT_ALL") == nil)
    #expect(NTStatus(name: "") == nil)
    #expect(NTStatus("0xC0000023") == .bufferTooSmall)
    #expect(NTStatus("259") == .pending)
    #expect(NTStatus("-1") == nil)
    #expect(NTStatus("0x1C0000023") == nil)
  }

  @Test("an error status is thrown and matched; a success is not thrown")
  func throwing() throws {
    try NTStatus.pending.check()
    #expect(throws: NTStatus.cancelled) { try NTStatus.cancelled.check() }
    do {
      try NTStatus.cancelled.check()
    } catch NTStatus.cancelled {
      return
    }
    Issue.record("the pattern did not match")
  }
}
