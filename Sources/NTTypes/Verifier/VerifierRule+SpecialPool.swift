// Rules that special pool looks for.
extension VerifierRule {
  static let specialPool: [VerifierRule] = [
    VerifierRule(
      "SpecialPoolOverrun", 0xD6, [], .specialPool,
      "The driver touched memory outside its block.",
      remedy: "Compare offset and length with the size of the block before the access."),
    VerifierRule(
      "SpecialPoolUsedAfterFree", 0xD5, [], .specialPool,
      "The driver touched a block that it had released.",
      remedy:
        "Release a block when nobody can use it any more: after the last timer, DPC, request and thread."
    ),
    VerifierRule(
      "SpecialPoolOverrunBySystem", 0xCD, [], .specialPool,
      "The system, asked by the driver, touched memory outside a block.",
      remedy: "Pass the routine a length that the block has."),
    VerifierRule(
      "SpecialPoolUsedAfterFreeBySystem", 0xCC, [], .specialPool,
      "The system, asked by the driver, touched a block that was released.",
      remedy: "Pass routines only memory that stays until they are done."),
    VerifierRule(
      "SpecialPoolCorrupted", 0xC1, [0x23, 0x24, 0x32], selector: 4, .specialPool,
      "Bytes beside a block were found changed as it was released.",
      remedy: "Compare offset and length with the size of the block before the access."),
    VerifierRule(
      "SpecialPoolBadFree", 0xC1, [0x20, 0x21, 0x22, 0x30, 0x31], selector: 4, .specialPool,
      "A block was released wrongly: it is none, is released already, or the level is too high.",
      remedy:
        "Release exactly the pointer that the allocation returned, once, at DISPATCH_LEVEL or below."
    ),
  ]
}
