/// What a memory descriptor list is, and what has been done with it.
package struct MdlFlags: OptionSet, Sendable {
  package let rawValue: UInt16

  package init(rawValue: UInt16) { self.rawValue = rawValue }

  /// The pages have a system address: `MDL_MAPPED_TO_SYSTEM_VA`.
  package static let mappedToSystem = MdlFlags(rawValue: 0x1)
  /// The pages are locked: `MDL_PAGES_LOCKED`.
  package static let pagesLocked = MdlFlags(rawValue: 0x2)
  /// The buffer is nonpaged system memory: `MDL_SOURCE_IS_NONPAGED_POOL`.
  package static let sourceIsNonpagedPool = MdlFlags(rawValue: 0x4)
  /// The list came out of a list of blocks of one size: `MDL_ALLOCATED_FIXED_SIZE`.
  package static let allocatedFixedSize = MdlFlags(rawValue: 0x8)
  /// The list is a part of another: `MDL_PARTIAL`.
  package static let partial = MdlFlags(rawValue: 0x10)
  /// The part has a system address of its own: `MDL_PARTIAL_HAS_BEEN_MAPPED`.
  package static let partialHasBeenMapped = MdlFlags(rawValue: 0x20)
  /// The pages are locked for writing: `MDL_WRITE_OPERATION`.
  package static let writeOperation = MdlFlags(rawValue: 0x80)
  /// The pages are no RAM: `MDL_IO_SPACE`.
  package static let ioSpace = MdlFlags(rawValue: 0x800)
}
