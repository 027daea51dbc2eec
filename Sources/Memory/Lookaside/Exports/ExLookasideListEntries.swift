import CRing3
import Machine

// The driver kit has these as macros over the head; drivers that were built to call them find them
// here.

@c(r3_ExAllocateFromLookasideListEx)
func exAllocateFromLookasideListEx(_ list: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
  let list = LookasideList(list)
  if CurrentThread.irql >= 2 {
    Machine.current.lookaside.checkLevel(list.address, isPaged: list.isPaged)
  }
  return list.allocate()
}

@c(r3_ExFreeToLookasideListEx)
func exFreeToLookasideListEx(
  _ list: UnsafeMutableRawPointer, _ entry: UnsafeMutableRawPointer
) {
  let list = LookasideList(list)
  if CurrentThread.irql >= 2 {
    Machine.current.lookaside.checkLevel(list.address, isPaged: list.isPaged)
  }
  list.free(entry)
}
