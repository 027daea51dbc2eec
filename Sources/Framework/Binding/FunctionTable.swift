import CRing3
import CRing3Exports
import Glibc
import Machine

/// The table of functions that drivers call, by slot: stubs in the Microsoft convention.
///
/// One for the whole process, never freed: the functions find their machine by the running thread.
/// A slot whose function Ring3 does not have ends the machine by name when it is called.
enum FunctionTable {
  static let count = r3_wdf_function_count()

  /// The addresses, in read-only memory.
  nonisolated(unsafe) static let addresses = make(fallible: false)

  /// The same for machines that refuse what may fail.
  nonisolated(unsafe) static let fallibleAddresses = make(fallible: true)

  /// The same for machines whose threads run one at a time, and for those of them that refuse.
  nonisolated(unsafe) static let scheduledAddresses = make(fallible: false, scheduled: true)
  nonisolated(unsafe) static let scheduledFallibleAddresses = make(fallible: true, scheduled: true)

  /// The table that a machine's drivers use.
  static func addresses(for machine: Machine) -> UnsafePointer<UnsafeRawPointer> {
    if machine.schedule != nil {
      return machine.injectsFailures ? scheduledFallibleAddresses : scheduledAddresses
    }
    return machine.injectsFailures ? fallibleAddresses : addresses
  }

  private static func make(fallible: Bool, scheduled: Bool = false)
    -> UnsafePointer<UnsafeRawPointer>
  {
    let stubSize = Int(R3_STUB_SIZE)
    guard let code = Host.map(pages(count * stubSize)),
      let table = Host.map(pages(count * MemoryLayout<UnsafeRawPointer>.size))
    else { fatalError("The host gave no pages for the framework's functions.") }
    let addresses = table.bindMemory(to: UnsafeRawPointer.self, capacity: count)
    for slot in 0..<count {
      let stub = code.assumingMemoryBound(to: UInt8.self) + slot * stubSize
      if !scheduled || !writeScheduled(slot, stub, fallible) { write(slot, stub, fallible) }
      addresses[slot] = UnsafeRawPointer(stub)
    }
    mprotect(code, pages(count * stubSize), PROT_READ | PROT_EXEC)
    mprotect(table, pages(count * MemoryLayout<UnsafeRawPointer>.size), PROT_READ)
    return UnsafePointer(addresses)
  }

  private static func write(_ slot: Int, _ stub: UnsafeMutablePointer<UInt8>, _ isFallible: Bool) {
    guard let entry = r3_wdf_function(slot) else { return }
    if isFallible, entry.pointee.function != nil,
      let fallible = r3_fallible_find(entry.pointee.name)
    {
      r3_make_fallible_stub(stub, fallible)
    } else if let function = entry.pointee.function {
      r3_make_stub(stub, function, entry.pointee.argumentCount, 0)
    } else {
      r3_make_missing_stub(
        stub, unsafeBitCast(missingFunction, to: UnsafeRawPointer.self), entry.pointee.name)
    }
  }

  /// False for a function that there is not.
  private static func writeScheduled(
    _ slot: Int, _ stub: UnsafeMutablePointer<UInt8>, _ isFallible: Bool
  ) -> Bool {
    guard let entry = r3_wdf_function(slot), let function = entry.pointee.function else {
      return false
    }
    let export = UnsafeMutablePointer<ScheduledExport>.allocate(capacity: 1)
    export.initialize(
      to: ScheduledExport(
        entry.pointee.name, function, argumentCount: entry.pointee.argumentCount,
        fallible: isFallible ? r3_fallible_find(entry.pointee.name) : nil))
    ScheduledExport.makeStub(at: stub, export)
    return true
  }

  private static func pages(_ byteCount: Int) -> Int {
    (byteCount + pageSize - 1) & ~(pageSize - 1)
  }
}

/// A driver called a framework function that Ring3 does not have.
private let missingFunction: @convention(c) (UnsafePointer<CChar>?) -> UInt64 = { name in
  Machine.current.bugCheck(0x5233_0001, UInt64(UInt(bitPattern: name)), 0, 0, 0, subject: name)
}
