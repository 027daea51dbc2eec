/// What is known of bug checks, in our words: names, meanings, parameters.
enum BugCheckTable {
  struct Entry: Sendable {
    let name: String
    let meaning: String
    let parameters: [String]

    init(_ name: String, _ meaning: String, _ parameters: String...) {
      (self.name, self.meaning, self.parameters) = (name, meaning, parameters)
    }
  }

  static let entries: [UInt32: Entry] = [
    machine, memory, pool, threads, io, verifier, devices, driver, own,
  ].reduce(into: [:]) { all, part in all.merge(part) { first, _ in first } }

  static let codes: [String: UInt32] = Dictionary(
    entries.map { ($0.value.name, $0.key) } + furtherNames.map { ($0.value, $0.key) },
    uniquingKeysWith: { first, _ in first })
}

// The order of the parameters is that of the documented bug check.
extension BugCheckTable {
  /// Faults and exceptions in kernel mode.
  static let machine: [UInt32: Entry] = [
    0x0A: Entry(
      "IRQL_NOT_LESS_OR_EQUAL",
      "Kernel code touched memory that is not resident or not valid at an IRQL at which it cannot be paged in.",
      "the address that was touched", "the IRQL at that time",
      "the access: 0 read, bit 0 write, bit 3 execute", "the instruction that touched it"),
    0x1E: Entry(
      "KMODE_EXCEPTION_NOT_HANDLED",
      "Kernel code raised an exception that no handler took.",
      "the exception code", "the instruction at which it happened",
      "the first parameter of the exception", "the second parameter of the exception"),
    0x2B: Entry(
      "PANIC_STACK_SWITCH", "The kernel stack overflowed.", "the trap frame"),
    0x3B: Entry(
      "SYSTEM_SERVICE_EXCEPTION",
      "An exception left the code of a system service without being handled.",
      "the exception code", "the instruction at which it happened", "the context record"),
    0x3D: Entry(
      "INTERRUPT_EXCEPTION_NOT_HANDLED", "An interrupt routine raised an exception.",
      "the exception record", "the context record"),
    0x7E: Entry(
      "SYSTEM_THREAD_EXCEPTION_NOT_HANDLED",
      "A system thread raised an exception that no handler took.",
      "the exception code", "the instruction at which it happened", "the exception record",
      "the context record"),
    0x7F: Entry(
      "UNEXPECTED_KERNEL_MODE_TRAP",
      "The processor trapped in kernel code where no trap may happen.",
      "the trap: 0 division by zero, 6 invalid opcode, 8 double fault (often a stack overflow)"),
    0x8E: Entry(
      "KERNEL_MODE_EXCEPTION_NOT_HANDLED",
      "Kernel code raised an exception that no handler took.",
      "the exception code", "the instruction at which it happened", "the trap frame"),
    0xBE: Entry(
      "ATTEMPTED_WRITE_TO_READONLY_MEMORY", "A driver wrote to memory that is read-only.",
      "the address that was written to", "the page table entry", "reserved", "reserved"),
    0xFC: Entry(
      "ATTEMPTED_EXECUTE_OF_NOEXECUTE_MEMORY",
      "Execution went to memory that holds data, not code.",
      "the address that was to be executed", "the page table entry", "reserved", "reserved"),
    0xE2: Entry("MANUALLY_INITIATED_CRASH", "The crash was asked for."),
    0x133: Entry(
      "DPC_WATCHDOG_VIOLATION",
      "A DPC, or all code at DISPATCH_LEVEL and above together, ran for too long.",
      "0 one DPC took too long, 1 the processor stayed too long at DISPATCH_LEVEL or above",
      "the time taken, in ticks", "the time allowed, in ticks", "reserved"),
    0x139: Entry(
      "KERNEL_SECURITY_CHECK_FAILURE",
      "Code found one of its own structures damaged and failed fast.",
      "which check failed", "the trap frame", "the exception record", "reserved"),
    0xF7: Entry(
      "DRIVER_OVERRAN_STACK_BUFFER",
      "A function found its security cookie changed: a buffer on the stack was overrun.",
      "the cookie found on the stack", "the cookie expected", "the complement of that cookie"),
  ]

  /// Paging, page frames, locked pages.
  static let memory: [UInt32: Entry] = [
    0x1A: Entry(
      "MEMORY_MANAGEMENT", "The memory manager found its structures damaged.",
      "which check failed"),
    0x41: Entry(
      "MUST_SUCCEED_POOL_EMPTY", "An allocation that may not fail could not be served.",
      "the size asked for", "pages of that pool in use", "requests that were too large",
      "pages still free"),
    0x4D: Entry("NO_PAGES_AVAILABLE", "No free page is left for the system to go on."),
    0x4E: Entry(
      "PFN_LIST_CORRUPT",
      "The list of page frames is damaged, often by an MDL that was unlocked or freed twice.",
      "2 a list entry is damaged, 7 a page was unlocked too often, 0x99 the state of a frame is wrong",
      "the page frame or list entry", "the state, or the highest frame", "the reference count"),
    0x50: Entry(
      "PAGE_FAULT_IN_NONPAGED_AREA",
      "Kernel code touched a system address that nothing is mapped at.",
      "the address that was touched", "the access: 0 read, 1 or 2 write, 0x10 execute",
      "the instruction that touched it", "the kind of fault"),
    0x76: Entry(
      "PROCESS_HAS_LOCKED_PAGES",
      "A process ended while pages of it were still locked by a driver.",
      "0 pages are locked, 1 pages are mapped", "the process",
      "the number of locked pages", "the drivers that locked them, when they are tracked"),
    0xCB: Entry(
      "DRIVER_LEFT_LOCKED_PAGES_IN_PROCESS",
      "A driver did not unlock pages before the process or the request ended.",
      "the code that locked the pages", "the caller of that code", "the MDL",
      "the number of pages"),
    0xDA: Entry(
      "SYSTEM_PTE_MISUSE", "A driver gave back a mapping that it does not have.",
      "which check failed", "depends on the check, mostly the MDL",
      "depends on the check, mostly the address that was mapped",
      "depends on the check, mostly the address that was given back"),
    0xD9: Entry(
      "LOCKED_PAGES_TRACKER_CORRUPTION", "The list of locked pages does not agree with the MDLs.",
      "1 or 2 an MDL is entered twice, 3 found twice, 4 found after it was removed",
      "the tracking entry", "the MDL", "the number of pages"),
  ]

  /// Pool.
  static let pool: [UInt32: Entry] = [
    0x19: Entry(
      "BAD_POOL_HEADER",
      "The header of a pool block is damaged: the block before it was overrun, or it was used after its release.",
      "which check failed; 0x20 the sizes of neighbors disagree", "the block", "the next block",
      "what the header held"),
    0xC1: Entry(
      "SPECIAL_POOL_DETECTED_MEMORY_CORRUPTION",
      "A driver wrote outside its special-pool block or released it wrongly.",
      "the address that was released", "the address of the damage, or the size", "unused",
      "which check failed"),
    0xC2: Entry(
      "BAD_POOL_CALLER", "A driver called a pool routine wrongly.",
      "which check failed", "depends on the check", "depends on the check",
      "depends on the check, mostly the address of the block"),
    0xC5: Entry(
      "DRIVER_CORRUPTED_EXPOOL",
      "A pool routine met an invalid address at raised IRQL: a driver damaged the pool.",
      "the address that was touched", "the IRQL at that time", "0 read, 1 write",
      "the instruction that touched it"),
    0xC6: Entry(
      "DRIVER_CAUGHT_MODIFYING_FREED_POOL", "A driver touched pool that it had released.",
      "the address that was touched", "0 read, 1 write", "the mode: 0 kernel, 1 user",
      "the kind of pool"),
    0xCC: Entry(
      "PAGE_FAULT_IN_FREED_SPECIAL_POOL", "The system touched special pool that was released.",
      "the address that was touched", "0 read, 1 write", "the instruction that touched it",
      "reserved"),
    0xCD: Entry(
      "PAGE_FAULT_BEYOND_END_OF_ALLOCATION",
      "The system touched memory behind the end of a special-pool block.",
      "the address that was touched", "0 read, 1 write", "the instruction that touched it",
      "reserved"),
    0xD0: Entry(
      "DRIVER_CORRUPTED_MMPOOL",
      "The memory manager met an invalid address at raised IRQL: a driver damaged the pool.",
      "the address that was touched", "the IRQL at that time", "0 read, 1 write",
      "the instruction that touched it"),
    0xD5: Entry(
      "DRIVER_PAGE_FAULT_IN_FREED_SPECIAL_POOL", "A driver touched pool that it had released.",
      "the address that was touched", "0 read, 1 write", "the instruction that touched it",
      "reserved"),
    0xD6: Entry(
      "DRIVER_PAGE_FAULT_BEYOND_END_OF_ALLOCATION",
      "A driver touched memory behind the end of its pool block.",
      "the address that was touched", "0 read, 1 write", "the instruction that touched it",
      "reserved"),
    0x13A: Entry(
      "KERNEL_MODE_HEAP_CORRUPTION", "A kernel heap is damaged.",
      "the kind of damage", "the heap", "where it was found", "unused"),
    0x1F2: Entry(
      "KASAN_ILLEGAL_ACCESS",
      "The address sanitizer caught an access outside a block or after its release.",
      "the address that was touched", "the size of the access",
      "the instruction that touched it", "bits 0 to 7 the shadow code, bit 8 set for a write"),
  ]
}
