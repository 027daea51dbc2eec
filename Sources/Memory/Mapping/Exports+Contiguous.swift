import Machine

@c(r3_MmAllocateContiguousMemory)
func mmAllocateContiguousMemory(_ count: UInt, _ highest: UInt64) -> UnsafeMutableRawPointer? {
  allocate(count, in: 0...highest)
}

@c(r3_MmAllocateContiguousMemorySpecifyCache)
func mmAllocateContiguousMemorySpecifyCache(
  _ count: UInt, _ lowest: UInt64, _ highest: UInt64, _ boundary: UInt64, _ caching: UInt32
) -> UnsafeMutableRawPointer? {
  guard lowest <= highest else { return nil }
  return allocate(count, in: lowest...highest, boundary: boundary)
}

@c(r3_MmAllocateContiguousMemorySpecifyCacheNode)
func mmAllocateContiguousMemorySpecifyCacheNode(
  _ count: UInt, _ lowest: UInt64, _ highest: UInt64, _ boundary: UInt64, _ caching: UInt32,
  _ node: UInt32
) -> UnsafeMutableRawPointer? {
  mmAllocateContiguousMemorySpecifyCache(count, lowest, highest, boundary, caching)
}

@c(r3_MmAllocateContiguousNodeMemory)
func mmAllocateContiguousNodeMemory(
  _ count: UInt, _ lowest: UInt64, _ highest: UInt64, _ boundary: UInt64, _ protection: UInt32,
  _ node: UInt32
) -> UnsafeMutableRawPointer? {
  mmAllocateContiguousMemorySpecifyCache(count, lowest, highest, boundary, 1)
}

@c(r3_MmFreeContiguousMemory)
func mmFreeContiguousMemory(_ base: UInt) {
  free(base, nil, name("MmFreeContiguousMemory"))
}

@c(r3_MmFreeContiguousMemorySpecifyCache)
func mmFreeContiguousMemorySpecifyCache(_ base: UInt, _ count: UInt, _ caching: UInt32) {
  free(base, count, name("MmFreeContiguousMemorySpecifyCache"))
}

@c(r3_MmAllocateNonCachedMemory)
func mmAllocateNonCachedMemory(_ count: UInt) -> UnsafeMutableRawPointer? {
  allocate(count, in: 0...UInt64.max)
}

@c(r3_MmFreeNonCachedMemory)
func mmFreeNonCachedMemory(_ base: UInt, _ count: UInt) {
  free(base, count, name("MmFreeNonCachedMemory"))
}

private func allocate(
  _ count: UInt, in range: ClosedRange<UInt64>, boundary: UInt64 = 0
) -> UnsafeMutableRawPointer? {
  let machine = Machine.current
  return machine.allocateContiguous(
    count, in: range, boundary: boundary, origin: machine.verifies ? machine.noteStack() : 0)
}

private func free(_ base: UInt, _ count: UInt?, _ routine: UnsafePointer<CChar>) {
  let machine = Machine.current
  if !machine.freeContiguous(base, byteCount: count) {
    // BAD_POOL_CALLER: an address that was not allocated so.
    machine.bugCheck(0xC2, 0x46, UInt64(base), UInt64(count ?? 0), 0, subject: routine)
  }
}
