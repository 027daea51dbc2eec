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
    let location = nextLocation(irp)
    let function = location.pointee.MajorFunction
    var record = RequestLedger.Watched(irp: UInt(bitPattern: irp))
    record.kind.majorFunction = function
    record.site = site(device, location)
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
    record.capacity = max(input, reported)
    ledger.pointee.lock.lock()
    ledger.pointee.prepare()
    // A driver that skips its own location sends the request on as if it were the first.
    if ledger.pointee.watches(record.irp) {
      ledger.pointee.lock.unlock()
      return
    }
    let seen = RequestLedger.count(ledger.pointee.sites, record.site)
    // What an internal request brings goes to a driver, not out to a program.
    if classes.contains(.securityChecks), reported > input,
      Int32(function) != IRP_MJ_INTERNAL_DEVICE_CONTROL
    {
      record.pattern = ledger.pointee.nextPattern()
      record.start = input
    }
    ledger.pointee.lock.unlock()
    let isGuarded =
      classes.contains(.ioVerification) && record.capacity <= Self.guardedByteCount
      && GuardSampling.takes(seen)
    var drivers = buffer
    if isGuarded, let guarded = guardedBuffer(record.capacity) {
      memcpy(guarded, buffer, input)
      record.guarded = guarded
      record.original = buffer
      drivers = guarded
    }
    if record.pattern == 0, record.guarded == nil { return }
    fill(drivers, from: record.start, to: record.pattern == 0 ? 0 : reported, record.pattern)
    ledger.pointee.lock.lock()
    let place = ledger.pointee.place()
    place?.pointee = record
    ledger.pointee.lock.unlock()
    if place == nil {
      if let guarded = record.guarded {
        let slot = slot(of: guarded, record.capacity)
        close(slot)
        keep(slot)
      }
    } else {
      irp.pointee.AssociatedIrp.SystemBuffer = drivers
    }
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

  /// Writes the pattern over the bytes from `start` on, each word of eight at its place.
  private func fill(_ buffer: UnsafeMutableRawPointer, from start: Int, to end: Int, _ word: UInt64)
  {
    var index = start
    while index < end, index & 7 != 0 {
      buffer.storeBytes(of: patternByte(word, index), toByteOffset: index, as: UInt8.self)
      index += 1
    }
    while index + 8 <= end {
      buffer.storeBytes(of: word, toByteOffset: index, as: UInt64.self)
      index += 8
    }
    while index < end {
      buffer.storeBytes(of: patternByte(word, index), toByteOffset: index, as: UInt8.self)
      index += 1
    }
  }

  private func patternByte(_ word: UInt64, _ index: Int) -> UInt8 {
    UInt8(truncatingIfNeeded: word >> UInt64((index & 7) * 8))
  }

  // MARK: After the completion

  /// The drivers are done with a request.
  ///
  /// In the completing thread; nobody but the I/O manager has the IRP from here on.
  func settleBuffers(_ irp: IRPPointer) {
    retireMdls(irp)
    guard ledger.pointee.watched != nil else { return }
    ledger.pointee.lock.lock()
    let found = ledger.pointee.take(UInt(bitPattern: irp))
    ledger.pointee.lock.unlock()
    guard let record = found else { return }
    let drivers = irp.pointee.AssociatedIrp.SystemBuffer
    if record.guarded != nil, drivers != record.guarded {
      // The driver put another buffer there; it is in charge.
      return
    }
    if record.pattern != 0, let drivers { checkOutput(irp, record, drivers) }
    guard let guarded = record.guarded, let original = record.original else { return }
    memcpy(original, guarded, record.capacity)
    irp.pointee.AssociatedIrp.SystemBuffer = original
    retire(guarded, record)
  }

  private func retire(_ buffer: UnsafeMutableRawPointer, _ record: RequestLedger.Watched) {
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
    ledger.pointee.prepare()
    let old = ledger.pointee.retire(entry)
    ledger.pointee.lock.unlock()
    if old.pageCount > 0 { keep(GuardedSlot(start: old.start, pageCount: old.pageCount)) }
  }

  /// Takes the mappings of a request's pages away, and remembers where they were.
  private func retireMdls(_ irp: IRPPointer) {
    guard machine.verifier.contains(.ioVerification), irp.pointee.MdlAddress != nil else { return }
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
