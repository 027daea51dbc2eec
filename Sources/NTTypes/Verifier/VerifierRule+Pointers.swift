// Rules on pointers that lead nowhere, or too far.
extension VerifierRule {
  static let pointers: [VerifierRule] = [
    VerifierRule(
      "NullPointer", 0x5233_0008, [], .securityChecks,
      "The driver touched an address near zero: a pointer was NULL.",
      remedy:
        "Compare the pointer with NULL before you use it; an exception handler is for a program's memory, and only hides this."
    ),
    VerifierRule(
      "WildPointer", 0x5233_0008, [], .securityChecks,
      "The driver touched an address at which there is no memory.",
      remedy:
        "See where the pointer comes from: a program's data must be probed, fields must be set before use; an exception handler only hides this."
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
    VerifierRule(
      "StackCookieOverwritten", 0xF7, [], [],
      "A function wrote beyond a buffer on its stack, and over the security cookie behind it.",
      remedy:
        "Look at the arrays of that function and at what is written into them, by it and by those it passes them to; compare each length and index with the size of the array."
    ),
  ]
}
