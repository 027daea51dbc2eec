import CDriverKit
import CRing3
import CRing3Exports
import Glibc
import Machine
import Memory
import Objects

// Functions that a driver asks for by name while it runs.

/// The stubs of a machine that were made while drivers ran, in pool: they live as long as it.
struct RoutineList {
  struct Routine {
    let next: UnsafeMutablePointer<Routine>?
    let export: UnsafePointer<R3Export>
    let stub: UnsafeMutableRawPointer
  }

  var lock = MachineLock()
  var first: UnsafeMutablePointer<Routine>?

  func stub(of export: UnsafePointer<R3Export>) -> UnsafeMutableRawPointer? {
    var next = first
    while let routine = next {
      if routine.pointee.export == export { return routine.pointee.stub }
      next = routine.pointee.next
    }
    return nil
  }
}

extension Images {
  /// The address of an export for a driver; nil when there is none of that name.
  fileprivate static func routine(_ name: UnsafePointer<CChar>, in machine: Machine)
    -> UnsafeMutableRawPointer?
  {
    guard let plain = r3_export_find(name) else { return nil }
    let export = verified(plain, machine)
    let fallible = machine.injectsFailures ? r3_fallible_find(name) : nil
    let kind = machine.schedule == nil ? export.pointee.kind : r3_export_usual(export).pointee.kind
    switch fallible == nil ? kind : .function {
    case .data:
      let name = String(cString: name)
      let address = try? DataExports.address(of: name, in: machine, for: name)
      return address.map { UnsafeMutableRawPointer(mutating: $0) }
    case .leaf: return export.pointee.function.map { UnsafeMutableRawPointer(mutating: $0) }
    case .function, .variadic:
      if strcmp(name, "MmProtectMdlSystemAddress") == 0 { machine.separateMappings() }
      let list = state(of: machine).routines
      list.pointee.lock.lock()
      let stub = list.pointee.stub(of: export) ?? makeStub(export, fallible, list, machine)
      list.pointee.lock.unlock()
      return stub
    }
  }

  private static func makeStub(
    _ export: UnsafePointer<R3Export>, _ fallible: UnsafePointer<R3Fallible>?,
    _ list: UnsafeMutablePointer<RoutineList>, _ machine: Machine
  ) -> UnsafeMutableRawPointer? {
    let size = MemoryLayout<RoutineList.Routine>.size
    guard let function = export.pointee.function,
      let stub = machine.pool.allocate(
        Int(R3_STUB_SIZE), kind: .nonpagedExecutable, tag: Pool.stubTag),
      let block = machine.pool.allocate(size, kind: .nonpaged, tag: Pool.stubTag)
    else { return nil }
    let place = stub.assumingMemoryBound(to: UInt8.self)
    if machine.schedule != nil {
      guard
        let record = machine.pool.allocate(
          ScheduledExport.byteCount, kind: .nonpaged, tag: Pool.stubTag),
        let exported = Images.scheduled(
          export, String(cString: export.pointee.name), in: machine, at: record)
      else { return nil }
      ScheduledExport.makeStub(at: place, exported)
    } else if let fallible {
      r3_make_fallible_stub(place, fallible)
    } else {
      r3_make_stub(
        place, function, export.pointee.argumentCount, export.pointee.kind == .variadic ? 1 : 0)
    }
    let routine = block.bindMemory(to: RoutineList.Routine.self, capacity: 1)
    routine.initialize(
      to: RoutineList.Routine(next: list.pointee.first, export: export, stub: stub))
    list.pointee.first = routine
    return stub
  }
}

/// Longest name that is looked for, in characters.
private let longestRoutineName = 256

@c(r3_MmGetSystemRoutineAddress)
func mmGetSystemRoutineAddress(_ name: UnsafePointer<UNICODE_STRING>) -> UnsafeMutableRawPointer? {
  let count = Int(name.pointee.Length) / 2
  guard count > 0, count <= longestRoutineName, let buffer = name.pointee.Buffer else {
    return nil
  }
  // Read before anything is held: the characters are the driver's.
  return withUnsafeTemporaryAllocation(of: CChar.self, capacity: count + 1) { characters in
    for index in 0..<count {
      guard let character = CChar(exactly: buffer[index]), character > 0 else { return nil }
      characters[index] = character
    }
    characters[count] = 0
    return characters.baseAddress.flatMap { Images.routine($0, in: Machine.current) }
  }
}
