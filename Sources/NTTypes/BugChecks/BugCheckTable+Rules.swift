// Sub-codes of the bug checks that stand for many rules.
extension BugCheckTable {
  static let details: [UInt32: [UInt64: String]] = [
    0x19: badPoolHeader, 0x1A: memoryManagement, 0x7F: traps, 0xC1: specialPool,
    0xC2: badPoolCaller, 0xC4: verifierRules, 0xC7: timerOrDPC, 0xC9: ioRules, 0xE4: workItems,
    0xE6: dmaRules, 0x10D: wdfRules, 0x139: failFast, 0x5233_0011: leftAtUnload,
  ]

  static let badPoolHeader: [UInt64: String] = [
    0x02: "the mark behind a special-pool block was changed",
    0x03: "the free list of the pool is damaged",
    0x05: "the links of two neighboring headers do not agree",
    0x20: "the size in the block's header does not fit its neighbor",
    0x21: "the data behind the block was changed",
    0x22: "the released address lies inside no block",
    0x23: "the end of a released block was written to",
    0x25: "the size of the block was changed before its release",
  ]

  static let memoryManagement: [UInt64: String] = [
    0x1000: "a page of an MDL was unlocked that is not locked",
    0x1236: "the MDL to be unlocked was not locked",
    0x1233: "a driver tried to map a page that it had not locked",
  ]

  static let traps: [UInt64: String] = [
    0x00: "division by zero", 0x01: "debug trap", 0x03: "breakpoint", 0x04: "overflow",
    0x05: "bounds check", 0x06: "invalid opcode", 0x08: "double fault, often a stack overflow",
    0x0A: "invalid task state", 0x0B: "segment not present", 0x0C: "stack fault",
    0x0D: "general protection fault", 0x10: "floating-point fault", 0x11: "alignment check",
    0x13: "SIMD floating-point fault",
  ]

  static let specialPool: [UInt64: String] = [
    0x20: "the released address was never allocated",
    0x21: "the released address is not one that the allocation returned",
    0x22: "the released address is not one that the allocation returned",
    0x23: "bytes before the block were overwritten",
    0x24: "bytes behind the block were overwritten",
    0x30: "allocated at an IRQL that is too high",
    0x31: "released at an IRQL that is too high",
    0x32: "a single bit around the block changed",
  ]

  static let badPoolCaller: [UInt64: String] = [
    0x00: "zero bytes were asked for",
    0x01: "the header of the block is damaged",
    0x02: "the header of the block is damaged",
    0x04: "the header of the block is damaged",
    0x06: "the block is already released",
    0x07: "the block is already released",
    0x08: "allocated at an IRQL that is too high for this pool",
    0x09: "released at an IRQL that is too high for this pool",
    0x0A: "released with a tag that the block does not have",
    0x0B: "the block charged quota, and its process pointer is damaged",
    0x0C: "the block charged quota, and its process pointer is damaged",
    0x0D: "the block charged quota, and its process pointer is damaged",
    0x40: "a user address was released",
    0x41: "the released address was never allocated",
    0x42: "the released address was never allocated",
    0x43: "the released address was never allocated",
    0x44: "the released address was never allocated",
    0x46: "the released address was never allocated",
    0x47: "the released address was never allocated",
    0x48: "the released address was never allocated",
    0x50: "the released address was never allocated",
    0x60: "the released address lies inside contiguous memory",
    0x99: "the address is not one that can be released",
    0x9A: "a must-succeed pool type was asked for",
    0x9B: "the tag is zero",
    0x9C: "the tag is \"BIG\", which the system keeps to itself",
    0x9D: "the tag has no letter or digit",
    0x41286: "the released address lies in the middle of a block",
  ]

  static let timerOrDPC: [UInt64: String] = [
    0x00: "memory was released that holds a timer in use",
    0x01: "memory was released that holds a queued DPC",
    0x02: "memory was released that holds the routine of a queued DPC",
    0x03: "a routine changed its processor's state",
    0x04: "a DPC routine left the APC disable count changed",
    0x05: "a DPC routine left the APC disable count changed",
  ]

  static let leftAtUnload: [UInt64: String] = [
    0x01: "contiguous or noncached memory was not released",
    0x03: "a mapping of physical addresses was not ended",
    0x04: "a timer of ExAllocateTimer was not deleted",
  ]

  static let workItems: [UInt64: String] = [
    0x00: "memory was released that holds a queued work item, or the item itself",
    0x01: "a work item was queued that is queued already",
    0x02: "a work item was used that is released, or was never made",
  ]

  static let dmaRules: [UInt64: String] = [
    0x03: "a common buffer was released twice",
    0x04: "an adapter channel was released twice",
    0x05: "map registers were used that the adapter does not have",
    0x07: "an adapter was released with common buffers left",
    0x08: "an adapter was released with its channel taken",
    0x09: "an adapter was released with map registers left",
    0x0A: "an adapter was released with scatter/gather lists left",
    0x0E: "a transfer was started with a buffer that is not locked",
    0x0F: "the device wrote outside its buffer",
    0x13: "a routine was called at another level than it may be called at",
    0x18: "an adapter was used that was released",
    0x1B: "the transfer's address lies outside its MDL",
    0x1D: "a buffer was mapped twice",
    0x1F: "the buffer does not fit its MDL",
    0x21: "a transfer of no bytes was asked for",
    0x22: "the MDL has no system address",
    0x24: "the buffer for the scatter/gather list is too small",
  ]

  static let wdfRules: [UInt64: String] = [
    0x01: "a power routine took too long",
    0x02: "a thread asked for a framework lock that it holds",
    0x03: "a request was completed while its memory objects are still referenced",
    0x04: "a parameter that must be given is NULL",
    0x05: "a handle is of the wrong type or damaged",
    0x06: "a request was used wrongly",
    0x07: "the last reference of an object was dropped instead of deleting it",
    0x08: "a DMA transaction is in the wrong state",
    0x0A: "a queue met an error that it cannot go on from",
    0x0B: "a lock was used wrongly",
    0x0C: "a second Plug and Play request came while one is in hand",
    0x0D: "a power request came that nobody asked for",
    0x0E: "a callback returned at another IRQL",
    0x0F: "a callback returned inside a critical region",
  ]

  /// The second parameter of 0x10D when the first one is 6.
  static let wdfRequestErrors: [UInt64: String] = [
    0x01: "no stack location is left for the request",
    0x02: "a request was sent that has not been formatted",
    0x03: "a request was sent that is already on its way",
    0x04: "a request was completed with more bytes than its output buffer holds",
    0x05: "a request is not in the queue that it was looked for in",
  ]

  static let failFast: [UInt64: String] = [
    0x00: "a function found its security cookie changed",
    0x01: "a virtual call went to no valid table",
    0x02: "a function found its security cookie changed: a buffer on the stack was overrun",
    0x03: "the links of a list entry do not agree: it was removed twice or overwritten",
    0x04: "the stack pointer is outside the thread's stack",
    0x05: "a parameter is invalid and the failure is fatal",
    0x06: "the cookie was never initialized",
    0x07: "the program asked to end",
    0x08: "an array index is out of bounds",
    0x09: "the type of an object is not what it must be",
    0x0A: "an indirect call went to an address that control flow guard does not allow",
    0x0E: "the reference count of an object is invalid",
    0x12: "a jump buffer is invalid",
    0x13: "a structure that is read-only was changed",
    0x1D: "a balanced tree is damaged",
  ]
}
