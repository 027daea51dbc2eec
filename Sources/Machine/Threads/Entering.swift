import CRing3
import Glibc

/// Thrown out of a call into a machine that a bug check has ended.
package struct MachineHalted: Error {}

extension Machine {
  /// Runs `body(argument)` on the kernel stack of this host thread's thread in `process`.
  ///
  /// - Throws: ``MachineHalted`` when a bug check has ended the machine, before or during the call.
  package func enter(
    _ process: Process, _ argument: UnsafeMutableRawPointer?,
    _ body: @convention(c) (UnsafeMutableRawPointer?) -> UInt64
  ) throws(MachineHalted) -> UInt64 {
    if isHalted { throw MachineHalted() }
    let binding = r3_host_binding()
    if binding.pointee.machineNumber == state.pointee.number,
      binding.pointee.processNumber == process.number,
      let thread = binding.pointee.thread
    {
      return try run(thread, process, argument, body)
    }
    return try enterSlowly(process, argument, body)
  }

  /// Enters with a thread that is bound to this host thread, and sees to what waits for it as it leaves.
  @inline(__always)
  func run(
    _ thread: UnsafeMutablePointer<R3Thread>, _ process: Process,
    _ argument: UnsafeMutableRawPointer?,
    _ body: @convention(c) (UnsafeMutableRawPointer?) -> UInt64
  ) throws(MachineHalted) -> UInt64 {
    if thread.pointee.attention != 0 { return try runCarefully(thread, process, argument, body) }
    let isOuter = thread.pointee.hostStack == 0
    let result = r3_enter(thread, body, argument)
    if isHalted { throw MachineHalted() }
    if isOuter {
      if thread.exitWord != 0 { try finish(Thread(of: thread)) }
      if process.pointer.pointee.space.opened.count != 0 { process.closeAll() }
    }
    return result
  }

  @inline(never)
  func runCarefully(
    _ block: UnsafeMutablePointer<R3Thread>, _ process: Process,
    _ argument: UnsafeMutableRawPointer?,
    _ body: @convention(c) (UnsafeMutableRawPointer?) -> UInt64
  ) throws(MachineHalted) -> UInt64 {
    let thread = Thread(of: block)
    let isFirst = schedule?.begin() ?? false
    defer { if isFirst { schedule?.leave(isPoint: !process.isSystem) } }
    if isFirst, isHalted { throw MachineHalted() }
    let isOuter = try thread.comeInside()
    let result = r3_enter(block, body, argument)
    if isHalted { throw MachineHalted() }
    if isOuter {
      try finish(thread)
      if process.pointer.pointee.space.opened.count != 0 { process.closeAll() }
    }
    return result
  }

  @inline(never)
  func enterSlowly(
    _ process: Process, _ argument: UnsafeMutableRawPointer?,
    _ body: @convention(c) (UnsafeMutableRawPointer?) -> UInt64
  ) throws(MachineHalted) -> UInt64 {
    let binding = r3_host_binding()
    let outer = binding.pointee
    // What the thread is bound to, which for a thread of a machine's own - service, worker, system
    // thread - is not what it entered with: it stays bound for its life.
    let outerBlock = r3_current()
    let isNested = outerBlock.map { $0.pointee.hostStack != 0 } ?? false
    let isMachines = outerBlock != nil && outerBlock != outer.thread
    guard let thread = try? HostThreads.thread(of: process, in: self) else { throw MachineHalted() }
    bind(thread, process)
    defer {
      if isNested || isMachines {
        binding.pointee.thread = outer.thread
        binding.pointee.machineNumber = outer.machineNumber
        binding.pointee.processNumber = outer.processNumber
        r3_bind(outerBlock)
      }
    }
    if thread.pointer.pointee.isStartTold == 0 { try tellStart(of: thread, process) }
    return try run(thread.block, process, argument, body)
  }

  private func bind(_ thread: Thread, _ process: Process) {
    let binding = r3_host_binding()
    binding.pointee.thread = thread.block
    binding.pointee.machineNumber = state.pointee.number
    binding.pointee.processNumber = process.number
    r3_bind(thread.block)
  }

  /// Runs a closure inside the kernel; for calls whose cost does not matter.
  package func inside<R>(_ process: Process, _ body: () -> R) throws(MachineHalted) -> R {
    var result: R?
    try withoutActuallyEscaping({ result = body() }) { (escaping) throws(MachineHalted) in
      var box = EnteredClosure(body: escaping)
      try withUnsafeMutablePointer(to: &box) { (pointer) throws(MachineHalted) in
        let references = ClosureReferences(pointer)
        defer { references.restore() }
        _ = try enter(process, UnsafeMutableRawPointer(pointer)) { argument in
          argument?.assumingMemoryBound(to: EnteredClosure.self).pointee.body()
          return 0
        }
      }
    }
    guard let result else { throw MachineHalted() }
    return result
  }
}

private struct EnteredClosure {
  let body: () -> Void
}

/// The references to the captures of a closure, of which an abandoned stack may hold some for ever.
private struct ClosureReferences {
  private let context: UnsafeMutableRawPointer?
  private let count: Int

  init(_ closure: UnsafeMutablePointer<EnteredClosure>) {
    // A closure is a function and the object that holds its captures.
    context = UnsafeRawPointer(closure).load(
      fromByteOffset: 8, as: UnsafeMutableRawPointer?.self)
    count = context.map { retainCount($0) } ?? 0
  }

  func restore() {
    guard let context else { return }
    for _ in 0..<max(0, retainCount(context) - count) {
      Unmanaged<AnyObject>.fromOpaque(context).release()
    }
  }
}

@_silgen_name("swift_retainCount")
private func retainCount(_ object: UnsafeMutableRawPointer) -> Int
