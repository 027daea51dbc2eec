// Rules on pool, lookaside lists and memory descriptor lists.
extension VerifierRule {
  static let pool: [VerifierRule] = [
    VerifierRule(
      "PoolZeroBytes", 0xC4, [0x00], .poolTracking,
      "Zero bytes of pool were asked for.",
      remedy:
        "Check the size before the allocation; a size of zero is mostly a length that was not checked."
    ),
    VerifierRule(
      "IrqlExAllocatePool", 0xC4, [0x01, 0x02, 0x0002_0004], .ddiCompliance,
      "Pool was allocated at a level at which it cannot be had.",
      remedy: "Allocate paged pool at APC_LEVEL or below, nonpaged pool at DISPATCH_LEVEL or below."
    ),
    VerifierRule(
      "IrqlExFreePool", 0xC4, [0x11, 0x12], .ddiCompliance,
      "Pool was released at a level at which it cannot be taken back.",
      remedy: "Release paged pool at APC_LEVEL or below, nonpaged pool at DISPATCH_LEVEL or below."),
    VerifierRule(
      "PoolLevel", 0xC2, [0x08, 0x09], [],
      "Pool was allocated or released at a level that its kind does not allow.",
      remedy: "Use paged pool at APC_LEVEL or below, nonpaged pool at DISPATCH_LEVEL or below."),
    VerifierRule(
      "PoolFreedTwice", 0xC2, [0x06, 0x07], [],
      "Pool was released that is released already.",
      remedy: "Set the pointer to NULL as you release the block, and release it at one place."),
    VerifierRule(
      "PoolWrongTag", 0xC2, [0x0A], [],
      "Pool was released with another tag than it was allocated with.",
      remedy:
        "Pass the tag of the allocation to ExFreePoolWithTag; the block may be another one than you think."
    ),
    VerifierRule(
      "PoolQuota", 0xC4, [0x10A, 0x10B], .poolTracking,
      "Pool was charged to a process from a place that has none: a DPC, or the idle process.",
      remedy: "Allocate without quota where the current process is not the one that asked."),
    VerifierRule(
      "PoolBadTag", 0xC2, [0x9B, 0x9C, 0x9D], .poolTracking,
      "Pool was asked for with a tag of zero, \"BIG\", or without a letter or digit.",
      remedy: "Give each kind of block a tag of one to four letters."),
    VerifierRule(
      "PoolBadAddress", 0xC2, [0x40, 0x41, 0x42, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x50, 0x99],
      [], "An address was released that no allocation returned.",
      remedy: "Release exactly the pointer that the allocation returned."),
    VerifierRule(
      "PoolMiddle", 0xC2, [0x41286], [],
      "An address in the middle of a block was released.",
      remedy: "Keep the pointer that the allocation returned; do not advance it."),
    VerifierRule(
      "PoolOverrun", 0x19, [0x21], [],
      "Bytes behind the end of a pool block were written.",
      remedy:
        "Compare lengths with the size of the block before you copy; with special pool the write itself is caught."
    ),
    VerifierRule(
      "PoolUsedAfterFree", 0xC6, [], [],
      "Pool was changed after it had been released.",
      remedy:
        "Release a block when nobody can use it any more: after the last timer, DPC, request and thread."
    ),
    VerifierRule(
      "UnsafeAllocatePool", 0xC4, [0x2000, 0x2001], .securityChecks,
      "Executable pool was asked for.",
      remedy:
        "Ask for NonPagedPoolNx, or use ExAllocatePool2, whose nonpaged pool is never executable."),
    VerifierRule(
      "PoolHoldsActiveTimer", 0xC4, [0x15], .miscellaneous,
      "Pool was released that holds a timer which is set.",
      remedy:
        "Cancel the timer and wait for its DPC (KeFlushQueuedDpcs) before you release its memory."),
    VerifierRule(
      "PoolHoldsActiveResource", 0xC4, [0x17, 0xD2], .miscellaneous,
      "Pool was released that holds an ERESOURCE in use.",
      remedy: "Call ExDeleteResourceLite before you release its memory."),
  ]

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
  ]

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
      "MdlNotLocked", 0xC4, [0x7C, 0x83, 0x85, 0xB3], .poolTracking,
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
      "LockedPagesLeft", 0xCB, [], .poolTracking,
      "Pages were still locked as the request, the process or the driver ended.",
      remedy: "Unlock in the completion and in each error path what was locked."),
  ]
}
