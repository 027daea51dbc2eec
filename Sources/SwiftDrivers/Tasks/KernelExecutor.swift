import CRing3
import Glibc
import Machine
import Synchronization

/// Runs the jobs of a driver's tasks in worker threads of its kernel, at PASSIVE_LEVEL on their kernel
/// stacks.
///
/// A job that becomes ready inside the kernel, as when a request comes back, is queued there. One that
/// the host makes ready, as after `Task.sleep`, enters the kernel to be queued. In a kernel that has
/// ended nothing runs any more: its jobs are dropped, and the memory of their tasks is not given back.
final class KernelExecutor: TaskExecutor, @unchecked Sendable {
  private let machine: Machine
  /// Who enters from outside, against the end of the machine; never taken inside.
  private let gate = Mutex(Gate())

  private struct Gate {
    var isOpen = true
    var users = 0
  }

  /// Drivers of several machines may be loaded at once, and of one as well.
  private static let registration = Mutex<Void>(())

  init(_ machine: Machine) {
    self.machine = machine
    Self.registration.withLock { _ in
      machine.state.pointee.teardown.append { [self] _ in close() }
    }
  }

  /// Lets nobody in any more, and waits for those who are.
  private func close() {
    gate.withLock { $0.isOpen = false }
    while gate.withLock({ $0.users > 0 }) { usleep(100) }
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let entry = UnsafeMutablePointer<JobEntry>.allocate(capacity: 1)
    entry.initialize(to: JobEntry(job: UnownedJob(job), executor: self))
    queue(runJob, UnsafeMutableRawPointer(entry))
  }

  /// Has a routine called in a worker thread.
  ///
  /// From inside the kernel up to DISPATCH_LEVEL, or from outside. After the end of the kernel it is not
  /// called.
  func queue(_ routine: @escaping Machine.ThreadRoutine, _ context: UnsafeMutableRawPointer) {
    if isInside { return machine.workers.queue(routine, context) }
    let isOpen = gate.withLock { gate in
      if gate.isOpen { gate.users += 1 }
      return gate.isOpen
    }
    guard isOpen else { return }
    _ = try? machine.inside(machine.systemProcess) { machine.workers.queue(routine, context) }
    gate.withLock { $0.users -= 1 }
  }

  /// Whether this thread is in the kernel of the machine.
  private var isInside: Bool {
    guard let thread = r3_current(), thread.pointee.hostStack != 0 else { return false }
    return UnsafeRawPointer(thread.pointee.machine) == UnsafeRawPointer(machine.state)
  }
}

/// A job that waits for a worker thread.
private struct JobEntry {
  let job: UnownedJob
  let executor: KernelExecutor
}

/// Runs a job as a call of the driver: what stops there is the driver's mistake.
private let runJob: Machine.ThreadRoutine = { context in
  _ = r3_call1(DriverEntries.job.address, UInt64(UInt(bitPattern: context)))
}

let jobEntry: @convention(c) (UnsafeMutableRawPointer) -> Void = { context in
  let entry = context.assumingMemoryBound(to: JobEntry.self)
  let job = entry.pointee.job
  let executor = entry.pointee.executor
  entry.deinitialize(count: 1)
  entry.deallocate()
  job.runSynchronously(on: executor.asUnownedTaskExecutor())
}
