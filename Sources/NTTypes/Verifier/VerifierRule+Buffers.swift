// Rules on the buffers of requests.
extension VerifierRule {
  static let buffers: [VerifierRule] = [
    VerifierRule(
      "OutputNotWritten", 0x5233_0003, [], .securityChecks,
      "The driver reported output bytes that it never wrote: kernel memory goes out to the program.",
      remedy: "Report only what was written, or clear the buffer before you fill it; mind padding."),
    VerifierRule(
      "DoubleFetch", 0x5233_0004, [], .securityChecks,
      "The driver read the same bytes of a program's memory twice: another thread can change them between.",
      remedy: "Copy what you need into memory of your own once; check and use only the copy."),
    VerifierRule(
      "UserPointerNotProbed", 0x5233_0005, [], .securityChecks,
      "The driver touched a program's address that nobody has probed in this request: it may be any address.",
      remedy:
        "Call ProbeForRead or ProbeForWrite with the whole range first, or lock the pages with MmProbeAndLockPages."
    ),
    VerifierRule(
      "UserPointerWithoutTry", 0x5233_0005, [], .securityChecks,
      "The driver touched a program's memory without an exception handler: the program can take the memory away at any time.",
      remedy:
        "Put each access, and the probe, into __try and __except, and fail the request in the handler."
    ),
    VerifierRule(
      "UserPointerWrongProcess", 0x5233_0005, [], .securityChecks,
      "The driver used an address of a program in the context of another process, where it means something else or nothing.",
      remedy:
        "Use the address in the dispatch routine of the request, or lock the pages there and map them with MmGetSystemAddressForMdlSafe."
    ),
    VerifierRule(
      "WriteBufferChanged", 0xC4, [0x1010], .invariantMDL,
      "The buffer of a write was changed while drivers had the request.",
      remedy:
        "Copy the data into a buffer of your own and change it there; the caller's is only read."),
    VerifierRule(
      "ReadBufferChanged", 0xC4, [0x1011], .invariantMDL,
      "The buffer of a read was changed before the request was passed on.",
      remedy:
        "Leave the buffer alone on the way down; fill it before you complete the request, or in a completion routine."
    ),
  ]

  static let afterCompletion: [VerifierRule] = [
    after("BufAfterReqCompletedRead", "the system buffer of a read"),
    after("BufAfterReqCompletedWrite", "the system buffer of a write"),
    after("BufAfterReqCompletedIoctl", "the system buffer of a control request"),
    after("BufAfterReqCompletedIntIoctl", "the system buffer of an internal control request"),
    after("MdlAfterReqCompletedRead", "the mapped pages of a read"),
    after("MdlAfterReqCompletedWrite", "the mapped pages of a write"),
    after("MdlAfterReqCompletedIoctl", "the mapped pages of a control request"),
    after("MdlAfterReqCompletedIntIoctl", "the mapped pages of an internal control request"),
  ]

  private static func after(_ name: String, _ memory: String) -> VerifierRule {
    VerifierRule(
      name, 0xD5, [], .ioVerification,
      "The driver touched \(memory) after the request was completed.",
      remedy:
        "Take what you need before the completion; the memory belongs to somebody else after it.")
  }
}
