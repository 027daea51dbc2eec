// Rules that code built with the address sanitizer looks for itself.
extension VerifierRule {
  static let sanitizer: [VerifierRule] = [
    access(
      "StackOutOfBounds", [0xF1, 0xF2, 0xF3], [],
      "The driver touched memory beside a variable on its stack.",
      remedy: "Compare index and length with the size of the variable before the access."),
    access(
      "StackOutOfScope", [0xF8], [],
      "The driver touched a variable on its stack by a pointer, after the block that declares it was left.",
      remedy: "Declare the variable where it lives as long as pointers to it are used."),
    access(
      "AllocaOutOfBounds", [0x81, 0x82, 0x83], [],
      "The driver touched memory beside a block that it took from its stack with _alloca.",
      remedy: "Compare index and length with the size that was asked for before the access."),
    access(
      "GlobalOutOfBounds", [0x84], [],
      "The driver touched memory beside one of its global variables.",
      remedy: "Compare index and length with the size of the variable before the access."),
    access(
      "PoolOutOfBounds", [0x86, 0x8D], .specialPool,
      "The driver touched bytes between its block and the guard beside it.",
      remedy: "Compare offset and length with the size of the block before the access."),
    VerifierRule(
      "UninitializedVariable", 0x5233_0008, [], .securityChecks,
      "The driver followed a pointer in a variable of its stack that it had never set.",
      remedy: "Set variables where they are declared, or on every way that leads to their use."),
  ]

  /// A rule of 0x1F2: parameter 4 is the shadow byte, and 0x100 for a write.
  private static func access(
    _ name: String, _ codes: [UInt64], _ classes: VerifierClasses, _ mistake: String,
    remedy: String
  ) -> VerifierRule {
    VerifierRule(
      name, 0x1F2, codes + codes.map { $0 | 0x100 }, selector: 4, classes, mistake, remedy: remedy)
  }
}
