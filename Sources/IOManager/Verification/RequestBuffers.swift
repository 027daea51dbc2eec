import CDriverKit
import CRing3
import NTTypes
import Glibc
import Machine
import Memory

// The system buffers that the I/O manager made, for programs' requests and for those that drivers had made,
// while drivers have the request and after they completed it.
//
// The drivers get a system buffer of their own, whose pages are taken away as the request is completed,
// and whose output part is filled with bytes that nobody writes by chance. Of each routine and control code
// ``GuardSampling`` chooses the requests that get one: taking pages away costs a few microseconds.
extension IOManager {
  /// Bytes of the largest buffer that is guarded.
  private static var guardedByteCount: Int { 64 << 10 }

  var ledger: UnsafeMutablePointer<RequestLedger> {
    (UnsafeMutableRawPointer(state)
      + MemoryLayout<IOManagerState>.offset(of: \.ledger).unsafelyUnwrapped)
      .assumingMemoryBound(to: RequestLedger.self)
  }

  /// A program's request goes to its first driver.
  func watchBuffers(_ irp: IRPPointer, _ device: DevicePointer) {
    let classes = machine.verifier
    if classes.contains(.securityChecks), irp.pointee.RequestorMode == 0 { checkAddresses(irp) }
    guard
      irp.pointee.Flags & UInt32(IRP_BUFFERED_IO | IRP_DEALLOCATE_BUFFER)
        == UInt32(IRP_BUFFERED_IO | IRP_DEALLOCATE_BUFFER),
      irp.pointee.AllocationFlags & IRPAllocation.prefixed != 0,
      let buffer = irp.pointee.AssociatedIrp.SystemBuffer
    else { return }
    let watch = IRPWatch.of(irp)
    // A driver that skips its own location sends the request on as if it were the first.
    if watch.pointee.isWatched { return }
    let location = nextLocation(irp)
    let function = location.pointee.MajorFunction
    let output = irp.pointee.Flags & UInt32(IRP_INPUT_OPERATION) != 0
    let reported = output ? IRPPrefix.of(irp).pointee.outputCapacity : 0
    var input = 0
    switch Int32(function) {
    case IRP_MJ_DEVICE_CONTROL, IRP_MJ_INTERNAL_DEVICE_CONTROL:
      input = Int(location.pointee.Parameters.DeviceIoControl.InputBufferLength)
    case IRP_MJ_WRITE: input = Int(location.pointee.Parameters.Write.Length)
    case IRP_MJ_READ: break
    default: return
    }
    let capacity = max(input, reported)
    let site = site(device, location)
    let seen = RequestLedger.count(ledger.pointee.sites, site)
    // What an internal request brings goes to a driver, not out to a program.
    let isFilled =
      classes.contains(.securityChecks) && reported > input
      && Int32(function) != IRP_MJ_INTERNAL_DEVICE_CONTROL
    let isGuarded =
      classes.contains(.ioVerification) && capacity <= Self.guardedByteCount
      && GuardSampling.takes(seen)
    var drivers = buffer
    if isGuarded, let guarded = guardedBuffer(capacity) {
      memcpy(guarded, buffer, input)
      drivers = guarded
    } else if !isFilled {
      return
    }
    watch.pointee.isWatched = true
    watch.pointee.kind = RetiredKind(majorFunction: function)
    watch.pointee.pattern =
      isFilled ? ledger.pointee.pattern(UInt(bitPattern: irp), seen) : 0
    watch.pointee.start = input
    watch.pointee.capacity = capacity
    watch.pointee.site = site
    watch.pointee.guarded = drivers == buffer ? nil : drivers
    watch.pointee.original = buffer
    if isFilled { fillPattern(drivers, input..<reported, watch.pointee.pattern) }
    irp.pointee.AssociatedIrp.SystemBuffer = drivers
  }

  /// A request of the kernel is not probed: its buffer is not a program's.
  private func checkAddresses(_ irp: IRPPointer) {
    let buffer = UInt(bitPattern: irp.pointee.UserBuffer)
    if UserRange.lowest..<UserRange.end ~= buffer {
      machine.report(0xC4, 0xE2, bits(irp), UInt64(buffer))
    }
  }

  /// What tells requests of one kind from others.
  func site(_ device: DevicePointer, _ location: StackPointer) -> UInt64 {
    let function = location.pointee.MajorFunction
    var site = bits(device.pointee.DriverObject) &* 31 &+ UInt64(function)
    if Int32(function) == IRP_MJ_DEVICE_CONTROL || Int32(function) == IRP_MJ_INTERNAL_DEVICE_CONTROL
    {
      site = site &* 31 &+ UInt64(location.pointee.Parameters.DeviceIoControl.IoControlCode)
    }
    return site
  }

  // MARK: After the completion

  /// The drivers are done with a request.
  ///
  /// In the completing thread; nobody but the I/O manager has the IRP from here on.
  func settleBuffers(_ irp: IRPPointer) {
    if irp.pointee.MdlAddress != nil { retireMdls(irp) }
    guard irp.pointee.AllocationFlags & IRPAllocation.prefixed != 0 else { return }
    let watch = IRPWatch.of(irp)
    guard watch.pointee.isWatched else { return }
    watch.pointee.isWatched = false
    let drivers = irp.pointee.AssociatedIrp.SystemBuffer
    let guarded = watch.pointee.guarded
    if let guarded {
      ledger.pointee.lock.lock()
      ledger.pointee.leave(guarded)
      ledger.pointee.lock.unlock()
      // The driver put another buffer there; it is in charge.
      if drivers != guarded { return }
    }
    if watch.pointee.pattern != 0, let drivers { checkOutput(irp, watch.pointee, drivers) }
    guard let guarded, let original = watch.pointee.original else { return }
    memcpy(original, guarded, watch.pointee.capacity)
    irp.pointee.AssociatedIrp.SystemBuffer = original
    retire(guarded, watch.pointee)
  }

  private func retire(_ buffer: UnsafeMutableRawPointer, _ record: IRPWatch) {
    checkSurroundings(of: buffer, record.capacity)
    let slot = slot(of: buffer, record.capacity)
    let stack = machine.noteStack()
    close(slot)
    retire(
      RequestLedger.Retired(
        start: slot.start, end: slot.end, kind: record.kind, stack: stack,
        pageCount: slot.pageCount))
  }

  /// Enters memory of a completed request; what was entered longest ago is kept for another.
  private func retire(_ entry: RequestLedger.Retired) {
    ledger.pointee.lock.lock()
    let old = ledger.pointee.retire(entry)
    ledger.pointee.lock.unlock()
    if old.pageCount > 0 { keep(GuardedSlot(start: old.start, pageCount: old.pageCount)) }
  }

  /// Takes the mappings of a request's pages away, and remembers where they were.
  @inline(never)
  private func retireMdls(_ irp: IRPPointer) {
    guard machine.verifier.contains(.ioVerification) else { return }
    var kind = RetiredKind()
    kind.isMdl = true
    kind.majorFunction = topFunction(irp)
    var next = Mdl(irp.pointee.MdlAddress)
    while let mdl = next {
      if mdl.flags.contains(.mappedToSystem), let start = mdl.pointer.pointee.MappedSystemVa {
        let first = UInt(bitPattern: start)
        retire(
          RequestLedger.Retired(
            start: first, end: first + UInt(mdl.byteCount), kind: kind, stack: machine.noteStack()))
      }
      next = mdl.next
    }
    unlockMdls(of: irp)
  }

  func topFunction(_ irp: IRPPointer) -> UInt8 {
    guard irp.pointee.StackCount > 0 else { return 0 }
    return (stackLocations(irp) + Int(irp.pointee.StackCount) - 1).pointee.MajorFunction
  }
}

/// The rule that an access to the memory of a completed request breaks; for the fault handler.
let judgeRetiredAccess: @convention(c) (UnsafeMutableRawPointer, UInt) -> Bool = { state, address in
  let machine = Machine(state: state.assumingMemoryBound(to: MachineState.self))
  guard machine[.io] != nil, let verifier = machine.verifierState,
    let entry = machine.io.ledger.pointee.retired(at: address)
  else { return false }
  verifier.pointee.faultRule = entry.kind.rule
  verifier.pointee.faultCauses = Causes(.completed, entry.stack)
  return true
}
