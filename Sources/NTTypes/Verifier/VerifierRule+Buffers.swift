// Rules on the buffers of requests.
extension VerifierRule {
  static let buffers: [VerifierRule] = [
    VerifierRule(
      "OutputNotWritten", 0x5233_0003, [], .securityChecks,
      "The driver reported output bytes that it never wrote: kernel memory goes out to the program.",
      remedy: "Report only what was written, or clear the buffer before you fill it; mind padding.")
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
