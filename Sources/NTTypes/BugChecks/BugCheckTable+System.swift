extension BugCheckTable {
  /// Threads, locks, objects, IRQL.
  static let threads: [UInt32: Entry] = [
    0x0F: Entry(
      "SPIN_LOCK_ALREADY_OWNED",
      "A spin lock was asked for by the processor that holds it.", "the spin lock"),
    0x10: Entry(
      "SPIN_LOCK_NOT_OWNED", "A spin lock was released that was not held.", "the spin lock"),
    0x153: Entry(
      "KERNEL_LOCK_ENTRY_LEAKED_ON_THREAD_TERMINATION",
      "A thread ended that has a push lock.",
      "the thread", "the entry of the lock", "the state of the entry: 1 it names a lock",
      "reserved"),
    0x18: Entry(
      "REFERENCE_BY_POINTER",
      "The reference count of an object is wrong: it was dereferenced too often, or still used.",
      "the type of the object", "the object", "which check failed", "reserved"),
    0x20: Entry(
      "KERNEL_APC_PENDING_DURING_EXIT",
      "A thread ended with a kernel APC waiting, or with APCs disabled.",
      "the APC", "the thread's APC disable count", "the IRQL", "reserved"),
    0x4000_008A: Entry(
      "THREAD_TERMINATE_HELD_MUTEX", "A thread ended while it owned a mutex of the kernel.",
      "the thread", "the mutex", "reserved", "reserved"),
    0x21: Entry(
      "QUOTA_UNDERFLOW", "More quota was given back than had been charged.",
      "the process", "the kind of quota", "the quota charged", "the quota given back"),
    0x4A: Entry(
      "IRQL_GT_ZERO_AT_SYSTEM_SERVICE",
      "A system service returned to user mode above PASSIVE_LEVEL.",
      "the system service", "the IRQL"),
    0x93: Entry(
      "INVALID_KERNEL_HANDLE", "Kernel code closed or used a handle that is not valid.",
      "the handle", "0 the handle is protected from close, 1 it is not open", "reserved",
      "reserved"),
    0xB8: Entry(
      "ATTEMPTED_SWITCH_FROM_DPC", "Code in a DPC tried to wait.",
      "the thread that was running", "the thread to switch to", "the stack of the former",
      "reserved"),
    0xBF: Entry(
      "MUTEX_ALREADY_OWNED", "A thread asked for a fast mutex that it owns.", "the mutex",
      "the thread"),
    0xC7: Entry(
      "TIMER_OR_DPC_INVALID",
      "A timer or DPC lies in memory that was released, or a DPC left the thread's state changed.",
      "which check failed", "the timer, DPC or routine", "the start of the released memory",
      "its end"),
    0xC8: Entry(
      "IRQL_UNEXPECTED_VALUE", "The IRQL is not the one that it must be here.",
      "bits 16 to 23 the IRQL found, bits 8 to 15 the one expected", "depends on the check",
      "depends on the check", "depends on the check"),
    0xE1: Entry(
      "WORKER_THREAD_RETURNED_AT_BAD_IRQL",
      "A work item's routine returned at another IRQL than PASSIVE_LEVEL.",
      "the routine", "the IRQL", "its context", "the work item"),
    0xE3: Entry(
      "RESOURCE_NOT_OWNED", "A thread released a resource that it does not own.",
      "the resource", "the thread", "the table of owners", "reserved"),
    0xE4: Entry(
      "WORKER_INVALID", "A work item was released or queued again while it is queued.",
      "which check failed", "the work item", "the start of the released memory", "its end"),
    0xEF: Entry(
      "CRITICAL_PROCESS_DIED", "A process that the system cannot do without ended.",
      "the process", "0 a process ended, 1 a thread", "reserved", "reserved"),
    0x162: Entry(
      "KERNEL_AUTO_BOOST_INVALID_LOCK_RELEASE",
      "A thread released a lock that it does not hold.",
      "the thread", "the lock", "the session of the thread", "reserved"),
    0x192: Entry(
      "KERNEL_AUTO_BOOST_LOCK_ACQUISITION_WITH_RAISED_IRQL",
      "A thread asked for a lock at DISPATCH_LEVEL or above.",
      "the thread", "the lock", "the IRQL", "reserved"),
  ]

  /// Requests and devices.
  static let io: [UInt32: Entry] = [
    0x2A: Entry(
      "INCONSISTENT_IRP", "A request that the I/O manager met is in a state that cannot be.",
      "the request"),
    0x35: Entry(
      "NO_MORE_IRP_STACK_LOCATIONS",
      "A request was passed to more drivers than it has stack locations for.", "the request"),
    0x36: Entry(
      "DEVICE_REFERENCE_COUNT_NOT_ZERO",
      "A driver deleted a device object that is still referenced.", "the device object"),
    0x44: Entry(
      "MULTIPLE_IRP_COMPLETE_REQUESTS", "A request was completed that is completed already.",
      "the request", "reserved", "reserved", "reserved"),
    0x48: Entry(
      "CANCEL_STATE_IN_COMPLETED_IRP",
      "A request was completed that still has a cancel routine.",
      "the request", "the cancel routine"),
    0x9F: Entry(
      "DRIVER_POWER_STATE_FAILURE", "A power request is in a wrong state or takes too long.",
      "which check failed", "the device object", "depends on the check", "the request"),
    0xA0: Entry(
      "INTERNAL_POWER_ERROR", "The power manager met an error that it cannot go on from.",
      "which check failed", "depends on the check", "depends on the check",
      "depends on the check"),
    0xCA: Entry(
      "PNP_DETECTED_FATAL_ERROR", "A driver gave the Plug and Play manager something impossible.",
      "1 a device was reported twice, 2 an object is no bus-created device, 3 an id is malformed,"
        + " 4 a deleted device was reported, 5 a device was freed while still listed",
      "the device object", "depends on the check", "depends on the check"),
    0x11B: Entry(
      "DRIVER_RETURNED_HOLDING_CANCEL_LOCK",
      "A driver came back from a routine with the cancel spin lock held.",
      "the request", "the routine"),
  ]

  /// What Driver Verifier finds.
  static let verifier: [UInt32: Entry] = [
    0xC4: Entry(
      "DRIVER_VERIFIER_DETECTED_VIOLATION", "A driver broke a rule that Driver Verifier checks.",
      "the rule that was broken", "depends on the rule", "depends on the rule",
      "depends on the rule"),
    0xC9: Entry(
      "DRIVER_VERIFIER_IOMANAGER_VIOLATION",
      "A driver handled a request in a way that the I/O rules forbid.",
      "the rule that was broken", "depends on the rule", "depends on the rule",
      "depends on the rule"),
    0xE6: Entry(
      "DRIVER_VERIFIER_DMA_VIOLATION", "A driver used DMA in a way that its rules forbid.",
      "the rule that was broken", "depends on the rule", "depends on the rule",
      "depends on the rule"),
  ]

  /// Devices.
  static let devices: [UInt32: Entry] = [
    0xF2: Entry(
      "HARDWARE_INTERRUPT_STORM",
      "An interrupt came again and again: no service routine made its device take it back.",
      "the service routine", "its context", "the interrupt object", "how often it came")
  ]

  /// Drivers as images, and the driver framework.
  static let driver: [UInt32: Entry] = [
    0xCE: Entry(
      "DRIVER_UNLOADED_WITHOUT_CANCELLING_PENDING_OPERATIONS",
      "Execution went into a driver that is unloaded: a timer, DPC, work item or thread was left.",
      "the address that was touched", "0 read, 1 write, 8 execute",
      "the instruction that touched it", "reserved"),
    0xD1: Entry(
      "DRIVER_IRQL_NOT_LESS_OR_EQUAL",
      "A driver touched memory that is pageable or not valid at an IRQL at which it cannot be paged in.",
      "the address that was touched", "the IRQL at that time", "0 read, 1 write, 8 execute",
      "the instruction that touched it"),
    0x10D: Entry(
      "WDF_VIOLATION", "A driver used the driver framework wrongly.",
      "the rule that was broken", "depends on the rule", "depends on the rule",
      "depends on the rule"),
  ]

  /// Bug checks that Windows does not have.
  static let own: [UInt32: Entry] = [
    0x5233_0001: Entry(
      "RING3_UNIMPLEMENTED_FUNCTION",
      "The driver called a function that Ring3 does not implement.",
      "the address of the function's name"),
    0x5233_0002: Entry(
      "RING3_LOST_REQUEST",
      "A driver in Swift let go of a request that it neither completed nor gave away.",
      "the handle of the request"),
    0x5233_0003: Entry(
      "RING3_OUTPUT_NOT_WRITTEN",
      "A driver reported output bytes that it never wrote.",
      "the IRP", "offset of the first range of such bytes", "length of that range",
      "number of such bytes in all"),
    0x5233_0004: Entry(
      "RING3_DOUBLE_FETCH",
      "A driver read the same bytes of a program's memory twice in one request.",
      "the IRP", "the address that was read again", "bytes of that read",
      "the instruction that read them before"),
    0x5233_0005: Entry(
      "RING3_DEADLOCK",
      "No thread can go on: each waits for something that only another one could do.",
      "the number of threads that wait", "what one of them waits for",
      "what a second one waits for", "what a third one waits for"),
    0x5233_0006: Entry(
      "RING3_USER_POINTER",
      "A driver used an address of a program in a way that the program can abuse.",
      "the address", "the IRP, or the process whose address it is", "the instruction", "reserved"),
    0x5233_0007: Entry(
      "RING3_STACK_OVERRUN",
      "A driver was about to write over the return address of one of its functions.",
      "the buffer on the stack", "bytes that were to be copied",
      "where the return address lies"),
    0x5233_0008: Entry(
      "RING3_BAD_POINTER", "A driver used a pointer that leads nowhere.",
      "the address", "0 read or not known, 1 write, 8 execute", "the instruction"),
    0x5233_0009: Entry(
      "RING3_RUN_NOT_ENDED",
      "A run took longer than it may, and was given up."),
    0x5233_0010: Entry(
      "RING3_SPECIAL_POOL_EXHAUSTED",
      "Special pool ran into the named limit: raise it, or have special pool take fewer blocks.",
      "the bytes of the block", "bytes that are out of use after their release"),
    0x5233_0011: Entry(
      "RING3_LEFT_AT_UNLOAD",
      "A driver was unloaded and left something that it had asked for.",
      "what was left", "its address", "its bytes, of memory"),
  ]

  /// Codes that only have a name here.
  static let furtherNames: [UInt32: String] = [
    0x01: "APC_INDEX_MISMATCH", 0x02: "DEVICE_QUEUE_NOT_BUSY", 0x03: "INVALID_AFFINITY_SET",
    0x04: "INVALID_DATA_ACCESS_TRAP", 0x05: "INVALID_PROCESS_ATTACH_ATTEMPT",
    0x06: "INVALID_PROCESS_DETACH_ATTEMPT", 0x07: "INVALID_SOFTWARE_INTERRUPT",
    0x08: "IRQL_NOT_DISPATCH_LEVEL", 0x09: "IRQL_NOT_GREATER_OR_EQUAL",
    0x0B: "NO_EXCEPTION_HANDLING_SUPPORT", 0x0C: "MAXIMUM_WAIT_OBJECTS_EXCEEDED",
    0x0D: "MUTEX_LEVEL_NUMBER_VIOLATION", 0x0E: "NO_USER_MODE_CONTEXT",
    0x11: "THREAD_NOT_MUTEX_OWNER", 0x12: "TRAP_CAUSE_UNKNOWN",
    0x13: "EMPTY_THREAD_REAPER_LIST", 0x14: "CREATE_DELETE_LOCK_NOT_LOCKED",
    0x15: "LAST_CHANCE_CALLED_FROM_KMODE", 0x16: "CID_HANDLE_CREATION",
    0x17: "CID_HANDLE_DELETION", 0x1B: "PFN_SHARE_COUNT", 0x1C: "PFN_REFERENCE_COUNT",
    0x1D: "NO_SPIN_LOCK_AVAILABLE", 0x1F: "SHARED_RESOURCE_CONV_ERROR", 0x22: "FILE_SYSTEM",
    0x28: "CORRUPT_ACCESS_TOKEN", 0x29: "SECURITY_SYSTEM", 0x2C: "PORT_DRIVER_INTERNAL",
    0x2E: "DATA_BUS_ERROR", 0x2F: "INSTRUCTION_BUS_ERROR", 0x30: "SET_OF_INVALID_CONTEXT",
    0x33: "UNEXPECTED_INITIALIZATION_CALL", 0x34: "CACHE_MANAGER",
    0x39: "SYSTEM_EXIT_OWNED_MUTEX", 0x3A: "SYSTEM_UNWIND_PREVIOUS_USER",
    0x3C: "INTERRUPT_UNWIND_ATTEMPTED", 0x3F: "NO_MORE_SYSTEM_PTES",
    0x40: "TARGET_MDL_TOO_SMALL", 0x45: "INSUFFICIENT_SYSTEM_MAP_REGS",
    0x49: "PAGE_FAULT_WITH_INTERRUPTS_OFF", 0x4C: "FATAL_UNHANDLED_HARD_ERROR",
    0x51: "REGISTRY_ERROR", 0x56: "INSTRUCTION_COHERENCY_EXCEPTION",
    0x5A: "CRITICAL_SERVICE_FAILED",
  ]
}
