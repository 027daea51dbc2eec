// Rules on pool.
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
      "PoolUsedAfterFree", 0xC6, [], .poolTracking,
      "Pool was changed after it had been released.",
      remedy:
        "Release a block when nobody can use it any more: after the last timer, DPC, request and thread."
    ),
    VerifierRule(
      "UnsafeAllocatePool", 0xC4, [0x2000], .codeIntegrity,
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
    VerifierRule(
      "PoolHoldsQueuedDpc", 0xC7, [1], .miscellaneous,
      "Pool was released that holds a DPC which is queued.",
      remedy: "Call KeRemoveQueueDpc or KeFlushQueuedDpcs before you release its memory."),
    VerifierRule(
      "PoolHoldsWorkItem", 0xE4, [0], .miscellaneous,
      "Pool was released that holds a work item which is queued.",
      remedy:
        "Release it in the work routine or later; with IoAllocateWorkItem the system keeps it."),
    VerifierRule(
      "PoolMustSucceed", 0xC2, [0x9A], [],
      "Pool was asked for that must not fail.",
      remedy: "Drop the flag for it, and look at the answer."),
    VerifierRule(
      "PoolQuotaDamaged", 0xC2, [0x0B, 0x0C, 0x0D], [],
      "The note of who pays for a pool block was overwritten.",
      remedy: "Compare lengths with the size of the block, and of the one before it."),
    VerifierRule(
      "PoolHeaderDamaged", 0x19, [0x20], [],
      "The header before a pool block was overwritten.",
      remedy: "Look for what writes before the block, or behind the one before it."),
    VerifierRule(
      "CopyOverlaps", 0xC4, [0xF0], .miscellaneous,
      "Bytes were copied between ranges that overlap, with a routine for ranges that do not.",
      remedy:
        "Use RtlMoveMemory or memmove; where the ranges are two variables, look whether the count is beyond the end of one."
    ),
    VerifierRule(
      "IrpFreedAsPool", 0xC4, [0x105], [],
      "An IRP was released as pool.",
      remedy: "Release requests with IoFreeIrp, and only those of IoAllocateIrp."),
  ]
}
