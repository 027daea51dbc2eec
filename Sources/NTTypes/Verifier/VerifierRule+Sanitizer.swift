// Rules that code built with the address sanitizer looks for itself.
//
// Parameter 4 of 0x1F2 is the shadow byte, with 0x100 for a write.
extension VerifierRule {
  /// Whether only drivers are held to the rule that are built with the address sanitizer.
  public var needsSanitizer: Bool { Self.sanitizer.contains { $0.name == name } }

  static let sanitizer: [VerifierRule] = [
    VerifierRule(
      "StackOutOfBounds", 0x1F2, [0xF1, 0xF2, 0xF3, 0x1F1, 0x1F2, 0x1F3], selector: 4, [],
      "The driver touched memory beside a variable on its stack.",
      remedy: "Compare index and length with the size of the variable before the access."),
    VerifierRule(
      "StackOutOfScope", 0x1F2, [0xF8, 0x1F8], selector: 4, [],
      "The driver touched a variable on its stack by a pointer, after the block that declares it was left.",
      remedy: "Declare the variable where it lives as long as pointers to it are used."),
    VerifierRule(
      "AllocaOutOfBounds", 0x1F2, [0x81, 0x82, 0x83, 0x181, 0x182, 0x183], selector: 4, [],
      "The driver touched memory beside a block that it took from its stack with _alloca.",
      remedy: "Compare index and length with the size that was asked for before the access."),
    VerifierRule(
      "GlobalOutOfBounds", 0x1F2, [0x84, 0x184], selector: 4, [],
      "The driver touched memory beside one of its global variables.",
      remedy: "Compare index and length with the size of the variable before the access."),
    VerifierRule(
      "PoolOutOfBounds", 0x1F2, [0x86, 0x8D, 0x186, 0x18D], selector: 4, .specialPool,
      "The driver touched bytes between its block and the guard beside it.",
      remedy: "Compare offset and length with the size of the block before the access."),
    VerifierRule(
      "IrpAfterReqCompleted", 0x1F2, [0x87, 0x187], selector: 4, .ioVerification,
      "The driver touched an IRP after it had completed the request.",
      remedy:
        "Take what you need of an IRP, such as its status, into variables before IoCompleteRequest."
    ),
    VerifierRule(
      "UninitializedVariable", 0x5233_0008, [], .securityChecks,
      "The driver followed a pointer in a variable of its stack that it had never set.",
      remedy: "Set variables where they are declared, or on every way that leads to their use."),
  ]
}
