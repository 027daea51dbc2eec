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
    switch (machine.injectsFailures, machine.verifier.contains(.wdf)) {
    case (false, false): plain
    case (true, false): fallible
    case (false, true): verified
    case (true, true): fallibleAndVerified
    }
  }

  private nonisolated(unsafe) static let plain = make(fallible: false, verified: false)
  /// For machines that refuse what may fail.
  private nonisolated(unsafe) static let fallible = make(fallible: true, verified: false)
  /// For machines that look at levels, locks and requests.
  private nonisolated(unsafe) static let verified = make(fallible: false, verified: true)
  private nonisolated(unsafe) static let fallibleAndVerified = make(fallible: true, verified: true)

  private static func make(fallible: Bool, verified: Bool) -> UnsafePointer<UnsafeRawPointer> {
    let stubSize = Int(R3_STUB_SIZE) + (verified ? FrameworkLevels.stubByteCount : 0)
    guard let code = Host.map(pages(count * stubSize)),
      let table = Host.map(pages(count * MemoryLayout<UnsafeRawPointer>.size))
    else { fatalError("The host gave no pages for the framework's functions.") }
    let addresses = table.bindMemory(to: UnsafeRawPointer.self, capacity: count)
    for slot in 0..<count {
      let stub = code.assumingMemoryBound(to: UInt8.self) + slot * stubSize
      write(slot, stub, fallible, verified)
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
      let checked =
        isVerified ? VerifiedFunctions.address(of: String(cString: entry.pointee.name)) : nil
      r3_make_stub(stub, checked ?? function, entry.pointee.argumentCount, 0)
    } else {
      r3_make_missing_stub(
        stub, unsafeBitCast(missingFunction, to: UnsafeRawPointer.self), entry.pointee.name)
    }
  }

  private static func pages(_ byteCount: Int) -> Int {
    (byteCount + pageSize - 1) & ~(pageSize - 1)
  }
}

/// A driver called a framework function that Ring3 does not have.
private let missingFunction: @convention(c) (UnsafePointer<CChar>?) -> UInt64 = { name in
  Machine.current.bugCheck(0x5233_0001, UInt64(UInt(bitPattern: name)), 0, 0, 0, subject: name)
}
