import CRing3
import Machine

@c(r3_ExFreePool)
func exFreePool(_ address: UnsafeMutableRawPointer?) {
  let address = UInt(bitPattern: address)
  guard let cache = Pool.currentCache else { return Pool.current.freeOtherwise(address, 0) }
  if address & 0xFFF == 0 { return Pool(state: cache.pointee.pool).freePages(cache, address, 0) }
  guard cache.free(address, nil) else { return Pool.current.freeOtherwise(address, 0) }
}

@c(r3_ExFreePoolWithTag)
func exFreePoolWithTag(_ address: UnsafeMutableRawPointer?, _ tag: UInt32) {
  let address = UInt(bitPattern: address)
  guard let cache = Pool.currentCache else { return Pool.current.freeOtherwise(address, tag) }
  if address & 0xFFF == 0 { return Pool(state: cache.pointee.pool).freePages(cache, address, tag) }
  guard cache.free(address, tag) else { return Pool.current.freeOtherwise(address, tag) }
}

@c(r3_ExFreePool2)
func exFreePool2(
  _ address: UnsafeMutableRawPointer?, _ tag: UInt32, _ parameters: UnsafeRawPointer?,
  _ count: UInt32
) {
  // Secure pool is the only thing that parameters could name, and there is none.
  exFreePoolWithTag(address, tag)
}
