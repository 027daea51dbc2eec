import CDriverKit
import CRing3
import NTTypes

// The exports of a verified machine for resources.

private func address(_ resource: UnsafeMutablePointer<ERESOURCE>) -> UInt {
  UInt(bitPattern: resource)
}

/// A resource is used in interlocked operations on words of eight bytes.
private func checkAlignment(_ resource: UnsafeMutablePointer<ERESOURCE>) {
  if address(resource) & 7 != 0 {
    Machine.current.report(0xC4, 0x3D, 0, 0, UInt64(address(resource)))
  }
}

/// Whether a resource was initialized, and not deleted since.
private func check(_ resource: UnsafeMutablePointer<ERESOURCE>) {
  let machine = Machine.current
  guard machine.verifier.contains(.deadlockDetection) else { return }
  checkAlignment(resource)
  let state = machine.state
  let isKnown =
    state.pointee.dispatcher.resources.first(in: address(resource)..<address(resource) + 1) != nil
  if !isKnown { machine.lockNotInitialized(address(resource)) }
}

@c(r3_verified_ExInitializeResourceLite)
func verifiedExInitializeResourceLite(_ resource: UnsafeMutablePointer<ERESOURCE>) -> Int32 {
  let machine = Machine.current
  let state = machine.state
  if machine.verifier.contains(.deadlockDetection) {
    checkAlignment(resource)
    let isKnown =
      state.pointee.dispatcher.resources.first(in: address(resource)..<address(resource) + 1) != nil
    if isKnown { machine.report(0xC4, 0xD0, UInt64(address(resource))) }
  }
  machine.lockInitialized(address(resource), .resource)
  return exInitializeResourceLite(resource)
}

@c(r3_verified_ExDeleteResourceLite)
func verifiedExDeleteResourceLite(_ resource: UnsafeMutablePointer<ERESOURCE>) -> Int32 {
  let start = address(resource)
  Machine.current.memoryWithLocksGoes(start..<start + 1)
  return exDeleteResourceLite(resource)
}

@c(r3_verified_ExAcquireResourceExclusiveLite)
func verifiedExAcquireResourceExclusiveLite(
  _ resource: UnsafeMutablePointer<ERESOURCE>, _ wait: UInt32
) -> UInt8 {
  check(resource)
  if wait & 0xFF != 0 { Machine.current.lockWanted(address(resource), .resource) }
  let isTaken = exAcquireResourceExclusiveLite(resource, wait)
  if isTaken != 0 { Machine.current.lockTaken(address(resource), .resource) }
  return isTaken
}

@c(r3_verified_ExAcquireResourceSharedLite)
func verifiedExAcquireResourceSharedLite(
  _ resource: UnsafeMutablePointer<ERESOURCE>, _ wait: UInt32
) -> UInt8 {
  check(resource)
  if wait & 0xFF != 0 { Machine.current.lockWanted(address(resource), .resource) }
  let isTaken = exAcquireResourceSharedLite(resource, wait)
  if isTaken != 0 { Machine.current.lockTaken(address(resource), .resource) }
  return isTaken
}

@c(r3_verified_ExReleaseResourceLite)
func verifiedExReleaseResourceLite(_ resource: UnsafeMutablePointer<ERESOURCE>) {
  let isMine = Resource(resource).acquiredCount != 0
  Machine.current.lockReleased(address(resource), .resource, isMine ? .mine : .nobodys)
  exReleaseResourceLite(resource)
}
