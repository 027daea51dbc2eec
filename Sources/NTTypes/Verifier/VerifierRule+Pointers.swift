// Rules on pointers that lead nowhere, or too far.
extension VerifierRule {
  static let pointers: [VerifierRule] = [
    VerifierRule(
      "NullPointer", 0x5233_0008, [], .securityChecks,
      "The driver touched an address near zero, and its exception handler hides it: a pointer was NULL.",
      remedy:
        "Compare the pointer with NULL before you use it; handlers are for a program's memory."
    ),
    VerifierRule(
      "WildPointer", 0x5233_0008, [], .securityChecks,
      "The driver touched an address that no memory can have, and its exception handler hides it.",
      remedy:
        "See where the pointer comes from: a program's data must be probed, fields must be set before use."
    ),
    VerifierRule(
      "CallOutsideCode", 0x5233_0008, [], .securityChecks,
      "The driver called an address at which there is no code.",
      remedy:
        "See where the address comes from: set each function pointer before it is used, and take none from a program."
    ),
    VerifierRule(
      "StackBufferOverrun", 0x5233_0007, [], .securityChecks,
      "The driver copied more into a buffer on its stack than it holds, over the return address.",
      remedy: "Compare the length with the size of the buffer before you copy."),
  ]
}
