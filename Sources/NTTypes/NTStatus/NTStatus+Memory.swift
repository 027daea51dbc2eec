// Errors of memory.

extension NTStatus {
  /// A page could not be read in.
  ///
  /// The corresponding Windows name is `STATUS_IN_PAGE_ERROR`.
  public static var inPageError: NTStatus { NTStatus(bits: 0xC000_0006) }

  /// There is not enough memory or quota.
  ///
  /// The corresponding Windows name is `STATUS_NO_MEMORY`.
  public static var noMemory: NTStatus { NTStatus(bits: 0xC000_0017) }

  /// The address range is in use.
  ///
  /// The corresponding Windows name is `STATUS_CONFLICTING_ADDRESSES`.
  public static var conflictingAddresses: NTStatus { NTStatus(bits: 0xC000_0018) }

  /// Nothing is mapped at that address.
  ///
  /// The corresponding Windows name is `STATUS_NOT_MAPPED_VIEW`.
  public static var notMappedView: NTStatus { NTStatus(bits: 0xC000_0019) }

  /// The memory could not be freed.
  ///
  /// The corresponding Windows name is `STATUS_UNABLE_TO_FREE_VM`.
  public static var unableToFreeVm: NTStatus { NTStatus(bits: 0xC000_001A) }

  /// The memory is reserved but not committed.
  ///
  /// The corresponding Windows name is `STATUS_NOT_COMMITTED`.
  public static var notCommitted: NTStatus { NTStatus(bits: 0xC000_002D) }

  /// The section is larger than the file.
  ///
  /// The corresponding Windows name is `STATUS_SECTION_TOO_BIG`.
  public static var sectionTooBig: NTStatus { NTStatus(bits: 0xC000_0040) }

  /// The quota of the process is used up.
  ///
  /// The corresponding Windows name is `STATUS_QUOTA_EXCEEDED`.
  public static var quotaExceeded: NTStatus { NTStatus(bits: 0xC000_0044) }

  /// The protection is not a valid one.
  ///
  /// The corresponding Windows name is `STATUS_INVALID_PAGE_PROTECTION`.
  public static var invalidPageProtection: NTStatus { NTStatus(bits: 0xC000_0045) }

  /// An index is out of bounds.
  ///
  /// The corresponding Windows name is `STATUS_ARRAY_BOUNDS_EXCEEDED`.
  public static var arrayBoundsExceeded: NTStatus { NTStatus(bits: 0xC000_008C) }

  /// No further paging file is allowed.
  ///
  /// The corresponding Windows name is `STATUS_TOO_MANY_PAGING_FILES`.
  public static var tooManyPagingFiles: NTStatus { NTStatus(bits: 0xC000_0097) }

  /// The system lacks a resource for the request.
  ///
  /// The corresponding Windows name is `STATUS_INSUFFICIENT_RESOURCES`.
  public static var insufficientResources: NTStatus { NTStatus(bits: 0xC000_009A) }

  /// Nothing is allocated at that address.
  ///
  /// The corresponding Windows name is `STATUS_MEMORY_NOT_ALLOCATED`.
  public static var memoryNotAllocated: NTStatus { NTStatus(bits: 0xC000_00A0) }

  /// The address is not a valid one.
  ///
  /// The corresponding Windows name is `STATUS_INVALID_ADDRESS`.
  public static var invalidAddress: NTStatus { NTStatus(bits: 0xC000_0141) }

  /// A heap is damaged.
  ///
  /// The corresponding Windows name is `STATUS_HEAP_CORRUPTION`.
  public static var heapCorruption: NTStatus { NTStatus(bits: 0xC000_0374) }
}
