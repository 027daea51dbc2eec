import NTTypes
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

  /// The addresses for the drivers of a machine, in read-only memory.
  static func addresses(for machine: Machine) -> UnsafePointer<UnsafeRawPointer> {
    let isVerified = machine.verifier.contains(.wdf)
    switch (machine.injectsFailures, isVerified, machine.schedule != nil) {
    case (false, false, false): return plain
    case (true, false, false): return fallible
    case (false, true, false): return verified
    case (true, true, false): return fallibleAndVerified
    case (false, false, true): return scheduled
    case (true, false, true): return scheduledAndFallible
    case (false, true, true): return scheduledAndVerified
    case (true, true, true): return all
    }
  }

  private nonisolated(unsafe) static let plain = make()
  /// For machines that refuse what may fail.
  private nonisolated(unsafe) static let fallible = make(fallible: true)
  /// For machines that look at levels, locks and requests.
  private nonisolated(unsafe) static let verified = make(verified: true)
  private nonisolated(unsafe) static let fallibleAndVerified = make(fallible: true, verified: true)
  /// For machines whose threads run one at a time.
  private nonisolated(unsafe) static let scheduled = make(scheduled: true)
  private nonisolated(unsafe) static let scheduledAndFallible = make(
    fallible: true, scheduled: true)
  private nonisolated(unsafe) static let scheduledAndVerified = make(
    verified: true, scheduled: true)
  private nonisolated(unsafe) static let all = make(fallible: true, verified: true, scheduled: true)

  private static func make(
    fallible: Bool = false, verified: Bool = false, scheduled: Bool = false
  ) -> UnsafePointer<UnsafeRawPointer> {
    let stubSize = Int(R3_STUB_SIZE) + (verified ? FrameworkLevels.stubByteCount : 0)
    guard let code = Host.map(pages(count * stubSize)),
      let table = Host.map(pages(count * MemoryLayout<UnsafeRawPointer>.size))
    else { fatalError("The host gave no pages for the framework's functions.") }
    let addresses = table.bindMemory(to: UnsafeRawPointer.self, capacity: count)
    for slot in 0..<count {
      let stub = code.assumingMemoryBound(to: UInt8.self) + slot * stubSize
      if !scheduled || !writeScheduled(slot, stub, fallible, verified) {
        write(slot, stub, fallible, verified)
      }
      addresses[slot] = UnsafeRawPointer(stub)
      if verified, let name = r3_wdf_function(slot)?.pointee.name {
        addresses[slot] = FrameworkLevels.checked(
          UnsafeRawPointer(stub), name,
          stub: UnsafeMutableRawPointer(stub) + Int(R3_STUB_SIZE))
      }
    }
    mprotect(code, pages(count * stubSize), PROT_READ | PROT_EXEC)
    mprotect(table, pages(count * MemoryLayout<UnsafeRawPointer>.size), PROT_READ)
    return UnsafePointer(addresses)
  }

  private static func write(
    _ slot: Int, _ stub: UnsafeMutablePointer<UInt8>, _ isFallible: Bool, _ isVerified: Bool
  ) {
    guard let entry = r3_wdf_function(slot) else { return }
    if isFallible, entry.pointee.function != nil,
      let fallible = r3_fallible_find(entry.pointee.name)
    {
      r3_make_fallible_stub(stub, fallible)
    } else if let function = entry.pointee.function {
      r3_make_stub(
        stub, isVerified ? verified(function, entry.pointee.name) : function,
        entry.pointee.argumentCount, 0)
    } else {
      r3_make_missing_stub(
        stub, unsafeBitCast(missingFunction, to: UnsafeRawPointer.self), entry.pointee.name)
    }
  }

  /// False for a function that there is not.
  private static func writeScheduled(
    _ slot: Int, _ stub: UnsafeMutablePointer<UInt8>, _ isFallible: Bool, _ isVerified: Bool
  ) -> Bool {
    guard let entry = r3_wdf_function(slot), let function = entry.pointee.function else {
      return false
    }
    let export = UnsafeMutablePointer<ScheduledExport>.allocate(capacity: 1)
    export.initialize(
      to: ScheduledExport(
        entry.pointee.name, isVerified ? verified(function, entry.pointee.name) : function,
        argumentCount: entry.pointee.argumentCount,
        fallible: isFallible ? r3_fallible_find(entry.pointee.name) : nil))
    ScheduledExport.makeStub(at: stub, export)
    return true
  }

  /// The function that also checks, when there is one.
  private static func verified(_ function: UnsafeRawPointer, _ name: UnsafePointer<CChar>)
    -> UnsafeRawPointer
  {
    VerifiedFunctions.address(of: String(cString: name)) ?? function
  }

  private static func pages(_ byteCount: Int) -> Int {
    (byteCount + pageSize - 1) & ~(pageSize - 1)
  }
}

/// A driver called a framework function that Ring3 does not have.
private let missingFunction: @convention(c) (UnsafePointer<CChar>?) -> UInt64 = { name in
  Machine.current.bugCheck(0x5233_0001, UInt64(UInt(bitPattern: name)), 0, 0, 0, subject: name)
}
