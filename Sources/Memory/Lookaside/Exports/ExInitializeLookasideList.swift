import CRing3
import Machine

@c(r3_ExInitializeNPagedLookasideList)
func exInitializeNPagedLookasideList(
  _ list: UnsafeMutableRawPointer, _ allocate: UInt, _ free: UInt, _ flags: UInt32, _ size: UInt64,
  _ tag: UInt32, _ depth: UInt16
) {
  // Depth is reserved: the system finds it.
  Machine.current.lookaside.initialize(
    LookasideList(list),
    LookasideParameters(
      allocate: allocate, free: free, type: flags & 528, size: size, tag: tag))
}

@c(r3_ExInitializePagedLookasideList)
func exInitializePagedLookasideList(
  _ list: UnsafeMutableRawPointer, _ allocate: UInt, _ free: UInt, _ flags: UInt32, _ size: UInt64,
  _ tag: UInt32, _ depth: UInt16
) {
  Machine.current.lookaside.initialize(
    LookasideList(list),
    LookasideParameters(
      allocate: allocate, free: free, type: 1 | flags & 16, size: size, tag: tag))
}

@c(r3_ExInitializeLookasideListEx)
func exInitializeLookasideListEx(
  _ list: UnsafeMutableRawPointer, _ allocate: UInt, _ free: UInt, _ type: UInt32, _ flags: UInt32,
  _ size: UInt64, _ tag: UInt32, _ depth: UInt16
) -> Int32 {
  // Kinds, cache alignment, sessions and no-execute; nothing that must succeed.
  guard type & ~(1 | 4 | 32 | 512) == 0 else { return statusInvalidParameter4 }
  let raises = flags & 1 != 0
  let failsQuietly = flags & 2 != 0
  guard flags & ~3 == 0, !(raises && failsQuietly), !failsQuietly || allocate != 0 else {
    return statusInvalidParameter5
  }
  Machine.current.lookaside.initialize(
    LookasideList(list),
    LookasideParameters(
      allocate: allocate, free: free, type: type | (raises ? 16 : 0) | (failsQuietly ? 8 : 0),
      size: size, tag: tag))
  return 0
}

private let statusInvalidParameter4 = Int32(bitPattern: 0xC000_00F2)
private let statusInvalidParameter5 = Int32(bitPattern: 0xC000_00F3)

@c(r3_ExDeleteLookasideListEx)
func exDeleteLookasideListEx(_ list: UnsafeMutableRawPointer) {
  Machine.current.lookaside.delete(LookasideList(list))
}

@c(r3_ExFlushLookasideListEx)
func exFlushLookasideListEx(_ list: UnsafeMutableRawPointer) {
  let list = LookasideList(list)
  Machine.current.lookaside.checkKnown(list)
  list.flush()
}
