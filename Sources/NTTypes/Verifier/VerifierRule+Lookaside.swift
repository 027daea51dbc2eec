// Rules on lookaside lists.
extension VerifierRule {
  static let lookaside: [VerifierRule] = [
    VerifierRule(
      "LookasideInitializedTwice", 0xC4, [0xCA], .miscellaneous,
      "A lookaside list was initialized that is in use.",
      remedy: "Initialize it once, and delete it before it is initialized again."),
    VerifierRule(
      "LookasideNotInitialized", 0xC4, [0xCB], .miscellaneous,
      "A lookaside list was deleted that is not initialized.",
      remedy: "Delete a list only after its initialization, once."),
    VerifierRule(
      "PoolHoldsLookasideList", 0xC4, [0xCC], .miscellaneous,
      "Pool was released that holds a lookaside list in use.",
      remedy: "Delete the list before you release its memory."),
    VerifierRule(
      "LookasideBlockTooSmall", 0xC4, [0xCD], .miscellaneous,
      "The entries of a lookaside list are smaller than the link that free ones carry.",
      remedy: "Give entries the size of a list entry or more."),
    VerifierRule(
      "LookasideListLeft", 0xC7, [], .poolTracking,
      "The driver was unloaded without deleting a lookaside list in its image.",
      remedy: "Delete each list that was initialized, on each way out of DriverEntry and at unload."
    ),
  ]
}
