import CDriverKit
import CRing3
import Glibc
import Machine
import NTTypes

/// What a lookaside list is made with.
package struct LookasideParameters {
  /// Addresses of the driver's own routines; 0 for those of the pool.
  var allocate: UInt
  var free: UInt
  /// The pool type that the Allocate routine gets, with its modifier bits.
  var type: UInt32
  var size: UInt64
  var tag: UInt32

  package init(allocate: UInt = 0, free: UInt = 0, type: UInt32, size: UInt64, tag: UInt32) {
    self.allocate = allocate
    self.free = free
    self.type = type
    self.size = size
    self.tag = tag
  }
}

extension LookasideLists {
  /// Sets up a head and takes it into the set of lists.
  package func initialize(_ list: LookasideList, _ parameters: LookasideParameters) {
    let verifies = machine.verifier.contains(.miscellaneous)
    checkLevel(list.address, isPaged: parameters.type & 1 != 0)
    // The list would be corrupted at its first use otherwise.
    if list.address & 15 != 0 { machine.raise(status: 0x8000_0002) }
    if verifies, parameters.size < UInt64(LookasideList.minimumByteCount) {
      machine.bugCheck(
        0xC4, 0xCD, UInt64(list.address), parameters.size,
        UInt64(LookasideList.minimumByteCount))
    }
    if verifies, contains(list.address) {
      machine.bugCheck(0xC4, 0xCA, UInt64(list.address))
    }
    list.reset(parameters, machine.driverStubs)
    if guardsEntries(of: list) { list.keepsNothing() }
    let stack = machine.verifier.isEmpty ? 0 : machine.noteStack()
    withLocked { registry in
      _ = registry.pointee.remove(list.address)
      registry.pointee.insert(list.address, stack)
    }
  }

  /// Whether special pool takes the entries of a list: then it keeps none, and each is a block by itself.
  private func guardsEntries(of list: LookasideList) -> Bool {
    guard machine.pool.guardsDrivers else { return false }
    let type = LegacyPoolType(list.head.pointee.Type.rawValue)
    var request = PoolRequest(Int(list.head.pointee.Size), type.kind, list.head.pointee.Tag)
    request.isDriver = true
    return machine.pool.isChosen(request)
  }

  /// Frees what a list keeps and takes it out of the set; its head may be set up again.
  package func delete(_ list: LookasideList) {
    checkKnown(list)
    checkLevel(list.address, isPaged: list.isPaged)
    withLocked { _ = $0.pointee.remove(list.address) }
    list.flush()
  }

  /// Whether a list is in the set.
  package func contains(_ list: UInt) -> Bool {
    withLocked { $0.pointee.addresses.contains(list) }
  }

  /// Bug check 0xC4/0xCB when `list` was not set up: following its links would lead anywhere.
  func checkKnown(_ list: LookasideList) {
    if !contains(list.address) { machine.bugCheck(0xC4, 0xCB, UInt64(list.address)) }
  }

  /// Bug check when a list is used at too high a level.
  func checkLevel(_ list: UInt, isPaged: Bool) {
    let irql = CurrentThread.irql
    guard irql > (isPaged ? 1 : 2) else { return }
    if machine.verifier.contains(.ddiCompliance) {
      // The rules IrqlExApcLte2 and IrqlDispatch.
      machine.bugCheck(0xC4, isPaged ? 0x20006 : 0x20003, UInt64(list), UInt64(irql))
    }
    machine.bugCheck(0x0A, UInt64(list), UInt64(irql), 1, Pool.site)
  }
}

extension LookasideList {
  /// Has every entry come from the Allocate routine and go to the Free routine.
  fileprivate func keepsNothing() {
    head.pointee.Depth = 0
    head.pointee.MaximumDepth = 0
  }

  fileprivate func reset(_ parameters: LookasideParameters, _ stubs: DriverStubs) {
    memset(head, 0, MemoryLayout<GENERAL_LOOKASIDE_POOL>.size)
    head.pointee.Depth = Self.minimumDepth
    head.pointee.MaximumDepth = Self.maximumDepth
    head.pointee.Type = POOL_TYPE(rawValue: parameters.type)
    head.pointee.Tag = parameters.tag
    // The link of a free entry needs its room.
    head.pointee.Size = max(
      UInt32(truncatingIfNeeded: parameters.size), Self.minimumByteCount)
    head.pointee.AllocateEx =
      UnsafeMutableRawPointer(bitPattern: parameters.allocate)
      ?? UnsafeMutableRawPointer(mutating: stubs.allocate)
    head.pointee.FreeEx =
      UnsafeMutableRawPointer(bitPattern: parameters.free)
      ?? UnsafeMutableRawPointer(mutating: stubs.free)
  }
}
