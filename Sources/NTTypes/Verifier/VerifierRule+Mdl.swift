// Rules on memory descriptor lists and the pages that they lock.
extension VerifierRule {
  static let mdl: [VerifierRule] = [
    VerifierRule(
      "MdlLevel", 0xC4,
      [0x70, 0x71, 0x72, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78, 0x79, 0x7A, 0x7B, 0x7E],
      .ddiCompliance,
      "Pages were locked, mapped or released at a level that this routine does not allow.",
      remedy:
        "Lock and map at DISPATCH_LEVEL or below; user mappings and pageable pages at APC_LEVEL or below."
    ),
    VerifierRule(
      "MdlNotLocked", 0xC4, [0x7C, 0x85, 0xB3], .poolTracking,
      "An MDL was unlocked or mapped whose pages are not locked.",
      remedy: "Lock the pages first (MmProbeAndLockPages), and unlock them once."),
    VerifierRule(
      "MdlUnlocksPool", 0xC4, [0x7D], .poolTracking,
      "An MDL over nonpaged pool was unlocked.",
      remedy:
        "Only unlock what MmProbeAndLockPages locked; MmBuildMdlForNonPagedPool locks nothing."),
    VerifierRule(
      "MdlOverPagedPool", 0xC4, [0x7F, 0x140], .poolTracking,
      "An MDL for nonpaged pool was built over pageable memory.",
      remedy: "Lock pageable memory with MmProbeAndLockPages instead."),
    VerifierRule(
      "MdlWrongFlags", 0xC4, [0xB0, 0xB1], .poolTracking,
      "Pages were locked with an MDL that is locked, mapped or built already.",
      remedy: "Use a new MDL, or MmPrepareMdlForReuse after the pages were unlocked."),
    VerifierRule(
      "MdlMappedTwice", 0xC4, [0xB2], .poolTracking,
      "An MDL was mapped that is mapped already, or not locked.",
      remedy: "Map with MmGetSystemAddressForMdlSafe, which maps once."),
    VerifierRule(
      "MdlPartialUnlocked", 0xC4, [0xB4, 0xB5], .poolTracking,
      "A partial MDL was unlocked or unmapped; it has no lock of its own.",
      remedy: "Unlock the source MDL; release a partial one with IoFreeMdl."),
    VerifierRule(
      "MdlNotMapped", 0xC4, [0xB6], .poolTracking,
      "An MDL was unmapped that is not mapped.",
      remedy: "Unmap what you mapped with MmMapLockedPages*, once."),
    VerifierRule(
      "MdlFreedWhileMapped", 0xC4, [0xB8], .poolTracking,
      "An MDL was released while it was mapped.",
      remedy: "Unlock the pages, which unmaps them, before IoFreeMdl."),
    VerifierRule(
      "MdlBugCheckOnFailure", 0xC4, [0x81, 0x82], .poolTracking,
      "Pages were mapped in a way that ends the machine when there are no addresses left.",
      remedy:
        "Use MmGetSystemAddressForMdlSafe, or pass FALSE for BugCheckOnFailure, and look at the answer."
    ),
    VerifierRule(
      "MdlNotMemory", 0xC4, [0x6F, 0x89], .poolTracking,
      "Pages were locked or mapped as memory that are none: registers of a device.",
      remedy:
        "Map the registers of a device with MmMapIoSpace, and use no MDL for them."),
    VerifierRule(
      "MapIoSpaceNotLocked", 0xC4, [0x83], .poolTracking,
      "MmMapIoSpace was called for memory that nobody has allocated or locked.",
      remedy:
        "Take addresses of devices from the resources of the device, and memory from a routine that allocates it."
    ),
    VerifierRule(
      "MdlExecutable", 0xC4, [0x2002], .codeIntegrity,
      "Pages were mapped so that they may be executed.",
      remedy: "Add MdlMappingNoExecute to the priority of the mapping, or define POOL_NX_OPTIN."),
    VerifierRule(
      "MdlMadeExecutable", 0xC4, [0x2001], .codeIntegrity,
      "The pages of a mapping were made executable.",
      remedy: "Ask MmProtectMdlSystemAddress for a protection without execution."),
    VerifierRule(
      "LockedPagesLeft", 0xCB, [], .poolTracking,
      "Pages were still locked as the request, the process or the driver ended.",
      remedy: "Unlock in the completion and in each error path what was locked."),
  ]
}
