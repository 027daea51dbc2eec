import CDriverKit
import CRing3
import Machine
import Memory
import NTTypes
import Objects

// What all the ways of making a request do with buffers.
extension IOManager {
  static var bufferTag: UInt32 { 0x2020_6F49 }  // Io

  /// Takes a system buffer, charged to the requester; nil with the status that says why.
  @inline(__always)
  func systemBuffer(_ count: Int, for process: Process, _ status: inout Int32)
    -> UnsafeMutableRawPointer?
  {
    takeSystemBuffer(count, for: process) ?? systemBufferAgain(count, for: process, &status)
  }

  /// Takes a system buffer of at least one byte; nil without memory.
  @inline(__always)
  func takeSystemBuffer(_ count: Int, for process: Process) -> UnsafeMutableRawPointer? {
    state.pointee.isWatched
      ? machine.pool.allocateVerified(count, tag: Self.bufferTag, to: process)
      : machine.pool.allocateCharged(count, tag: Self.bufferTag, to: process)
  }

  @inline(__always)
  func releaseSystemBuffer(_ buffer: UnsafeMutableRawPointer) {
    if state.pointee.isWatched {
      machine.pool.freeVerified(buffer)
    } else {
      machine.pool.freeCharged(buffer)
    }
  }

  @inline(never)
  private func systemBufferAgain(_ count: Int, for process: Process, _ status: inout Int32)
    -> UnsafeMutableRawPointer?
  {
    var request = PoolRequest(count, .nonpaged, Self.bufferTag)
    request.process = process
    var failure = PoolFailure.none
    if let buffer = machine.pool.allocate(request, failure: &failure) { return buffer }
    status = Int32(bitPattern: failure.status)
    return nil
  }

  /// Gives the IRP a system buffer of `capacity` bytes with `count` bytes of the requester at its start.
  func attachSystemBuffer(
    _ irp: IRPPointer, _ process: Process, capacity: Int, from address: UInt, _ count: Int,
    isUser: Bool
  ) -> Int32 {
    var status = IOStatus.success
    guard let buffer = systemBuffer(capacity, for: process, &status) else { return status }
    irp.pointee.AssociatedIrp.SystemBuffer = buffer
    irp.pointee.Flags |= UInt32(IRP_BUFFERED_IO | IRP_DEALLOCATE_BUFFER)
    trace(.bufferAllocated, irp, UInt(bitPattern: buffer), capacity)
    guard count > 0 else { return IOStatus.success }
    guard copyIn(from: address, count, to: buffer, in: process, isUser: isUser) else {
      return IOStatus.accessViolation
    }
    trace(.copiedIn, irp, UInt(bitPattern: buffer), count)
    return IOStatus.success
  }

  /// Describes and locks a buffer for direct I/O.
  func attachMdl(
    _ irp: IRPPointer, _ process: Process, _ address: UInt, _ count: Int, forWriting: Bool,
    isUser: Bool
  ) -> Int32 {
    do throws(NTStatus) {
      irp.pointee.MdlAddress = try lockedMdl(
        process, address, count, forWriting: forWriting, isUser: isUser
      ).pointer
    } catch {
      return Int32(bitPattern: error.bits)
    }
    trace(.pagesLocked, irp, address, count)
    return IOStatus.success
  }

  private func lockedMdl(
    _ process: Process, _ address: UInt, _ count: Int, forWriting: Bool, isUser: Bool
  ) throws(NTStatus) -> Mdl {
    if isUser {
      return try machine.lockedMdl(process, address, count, forWriting: forWriting)
    }
    guard let mdl = machine.allocateMdl(address, count) else { throw .insufficientResources }
    do throws(NTStatus) {
      try mdl.lock(in: process, isUser: false, forWriting: forWriting)
    } catch {
      machine.freeMdl(mdl)
      throw error
    }
    return mdl
  }

  /// Undoes the preparation of an IRP that is not sent.
  @inline(never)
  func discard(_ irp: IRPPointer) {
    if irp.pointee.Flags & UInt32(IRP_DEALLOCATE_BUFFER) != 0,
      let buffer = irp.pointee.AssociatedIrp.SystemBuffer
    {
      releaseSystemBuffer(buffer)
    }
    freeMdls(of: irp)
    freeIRP(irp)
  }
}
