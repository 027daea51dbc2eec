import CRing3
import Glibc

/// The kernel threads that a host thread has: one for each process that it entered with.
enum HostThreads {
  /// One entry of the list that hangs on the host thread.
  ///
  /// A machine may end before the host thread, or the host thread before the machine; the numbers
  /// are never used again, so an entry of an ended machine matches nothing and is dropped later.
  private struct Attachment {
    let machineNumber: UInt64
    let processNumber: UInt64
    let thread: Thread
    var next: UnsafeMutablePointer<Attachment>?
  }

  /// This host thread's thread in `process`, made at the first call.
  static func thread(of process: Process, in machine: Machine) throws(MachineError) -> Thread {
    let binding = r3_host_binding()
    var next = binding.pointee.attachments?.assumingMemoryBound(to: Attachment.self)
    while let entry = next {
      if entry.pointee.machineNumber == machine.state.pointee.number,
        entry.pointee.processNumber == process.number
      {
        return entry.pointee.thread
      }
      next = entry.pointee.next
    }
    let thread = try machine.makeThread(in: process, for: r3_host_thread_identifier())
    let entry = UnsafeMutablePointer<Attachment>.allocate(capacity: 1)
    entry.initialize(
      to: Attachment(
        machineNumber: machine.state.pointee.number, processNumber: process.number, thread: thread,
        next: binding.pointee.attachments?.assumingMemoryBound(to: Attachment.self)))
    binding.pointee.attachments = UnsafeMutableRawPointer(entry)
    r3_host_on_exit(hostThreadEnded, binding.pointee.attachments)
    return thread
  }

  /// Ends this host thread's thread in `process`; the next entry is by a new one.
  ///
  /// Outside the kernel; does nothing when there is none.
  static func endThread(of process: Process, in machine: Machine) {
    let binding = r3_host_binding()
    guard let entry = remove(process, machine) else { return }
    defer { entry.deallocate() }
    binding.pointee.thread = nil
    binding.pointee.machineNumber = 0
    let thread = entry.pointee.thread
    thread.pointer.pointee.isHostThread = false
    if (try? thread.comeInside()) != nil, !machine.isHalted { _ = thread.endNow() }
    r3_bind(nil)
  }

  /// Takes the entry of a process out of the list.
  private static func remove(_ process: Process, _ machine: Machine)
    -> UnsafeMutablePointer<Attachment>?
  {
    let binding = r3_host_binding()
    var previous: UnsafeMutablePointer<Attachment>?
    var next = binding.pointee.attachments?.assumingMemoryBound(to: Attachment.self)
    while let entry = next {
      if entry.pointee.machineNumber == machine.state.pointee.number,
        entry.pointee.processNumber == process.number
      {
        if let previous {
          previous.pointee.next = entry.pointee.next
        } else {
          binding.pointee.attachments = UnsafeMutableRawPointer(entry.pointee.next)
          r3_host_on_exit(hostThreadEnded, binding.pointee.attachments)
        }
        return entry
      }
      previous = entry
      next = entry.pointee.next
    }
    return nil
  }

  /// Ends the threads of an ending host thread, or hands them over to their machines.
  fileprivate static func dropAll(_ first: UnsafeMutableRawPointer?) {
    var next = first?.assumingMemoryBound(to: Attachment.self)
    r3_host_binding().pointee = R3Binding()
    r3_bind(nil)
    while let entry = next {
      next = entry.pointee.next
      LiveMachines.with(entry.pointee.machineNumber) { _ in
        let schedule = entry.pointee.thread.machine.schedule
        entry.pointee.thread.loseHost()
        schedule?.forget(host: r3_host_thread_identifier())
      }
      entry.deallocate()
    }
    ThreadBlocks.release(from: r3_host_thread_identifier())
  }
}

extension Machine {
  /// Ends the calling host thread's thread in `process`: its requests are cancelled and awaited.
  ///
  /// Outside the kernel.
  package func endHostThread(of process: Process) {
    HostThreads.endThread(of: process, in: self)
  }
}

private let hostThreadEnded: @convention(c) (UnsafeMutableRawPointer?) -> Void = {
  HostThreads.dropAll($0)
}
