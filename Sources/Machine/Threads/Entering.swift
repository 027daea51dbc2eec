import CRing3
import Glibc

/// Thrown out of a call into a machine that a bug check has ended.
package struct MachineHalted: Error {}

extension Machine {
  /// Runs `body(argument)` on the kernel stack of this host thread's thread in `process`.
  ///
  /// - Throws: ``MachineHalted`` when a bug check has ended the machine, before or during the call.
  @inlinable
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
      let result = r3_enter(thread, body, argument)
      if isHalted { throw MachineHalted() }
      if process.pointer.pointee.space.opened.count != 0 { process.closeAll() }
      return result
    }
    return try enterSlowly(process, argument, body)
  }

  @usableFromInline @inline(never)
  func enterSlowly(
    _ process: Process, _ argument: UnsafeMutableRawPointer?,
    _ body: @convention(c) (UnsafeMutableRawPointer?) -> UInt64
  ) throws(MachineHalted) -> UInt64 {
    let binding = r3_host_binding()
    let outer = binding.pointee
    let isNested = outer.thread.map { $0.pointee.hostStack != 0 } ?? false
    guard let thread = try? HostThreads.thread(of: process, in: self) else { throw MachineHalted() }
    bind(thread, process)
    let result = r3_enter(thread.block, body, argument)
    if isNested {
      binding.pointee.thread = outer.thread
      binding.pointee.machineNumber = outer.machineNumber
      binding.pointee.processNumber = outer.processNumber
      r3_bind(outer.thread)
    }
    if isHalted { throw MachineHalted() }
    if process.pointer.pointee.space.opened.count != 0 { process.closeAll() }
    return result
  }

  private func bind(_ thread: Thread, _ process: Process) {
    let binding = r3_host_binding()
    binding.pointee.thread = thread.block
    binding.pointee.machineNumber = state.pointee.number
    binding.pointee.processNumber = process.number
    r3_bind(thread.block)
  }

  /// Runs a closure inside the kernel; for calls whose cost does not matter.
  ///
  /// A bug check abandons the closure: what it captures is not released.
  package func inside<R>(_ process: Process, _ body: @escaping () -> R) throws(MachineHalted) -> R {
    var result: R?
    var box = EnteredClosure { result = body() }
    try withUnsafeMutablePointer(to: &box) { (pointer) throws(MachineHalted) in
      _ = try enter(process, UnsafeMutableRawPointer(pointer)) { argument in
        argument?.assumingMemoryBound(to: EnteredClosure.self).pointee.body()
        return 0
      }
    }
    guard let result else { throw MachineHalted() }
    return result
  }
}

private struct EnteredClosure {
  let body: () -> Void
}
