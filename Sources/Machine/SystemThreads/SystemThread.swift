import CRing3
import Glibc

/// What a thread that the machine made for itself or a driver begins with.
package struct SystemThreadStart {
  /// What runs in the thread: a driver's routine, or with `isHost` one of the system.
  package var routine: UnsafeMutableRawPointer?
  package var context: UnsafeMutableRawPointer?
  package var isHost = false
  /// Who made the thread, in a verified machine.
  package var stack: StackNumber = 0
}

extension Machine {
  /// A routine of the system that runs as a thread.
  package typealias ThreadRoutine = @convention(c) (UnsafeMutableRawPointer?) -> Void

  /// Starts a system thread in a driver's routine: what `PsCreateSystemThread` does without a handle.
  ///
  /// - Throws: ``MachineError`` when the host gives no thread or stack.
  package func startSystemThread(
    _ routine: UnsafeMutableRawPointer, _ context: UnsafeMutableRawPointer?,
    in process: Process? = nil
  ) throws(MachineError) -> Thread {
    let stack = verifier.isEmpty ? 0 : noteStack()
    let start = SystemThreadStart(routine: routine, context: context, stack: stack)
    return try startSystemThread(start, process ?? systemProcess)
  }

  /// Starts a system thread in a routine of the system.
  package func startSystemThread(
    host routine: @escaping ThreadRoutine, _ context: UnsafeMutableRawPointer?
  ) throws(MachineError) -> Thread {
    let address = unsafeBitCast(routine, to: UnsafeMutableRawPointer.self)
    let start = SystemThreadStart(routine: address, context: context, isHost: true)
    return try startSystemThread(start, systemProcess)
  }

  private func startSystemThread(_ start: SystemThreadStart, _ process: Process)
    throws(MachineError) -> Thread
  {
    ensureService()
    let thread = try makeThread(in: process)
    thread.pointer.pointee.isSystem = true
    thread.pointer.pointee.start = start
    r3_add32(systemThreadCount, 1)
    // Drivers make threads at PASSIVE_LEVEL; the system may make its own anywhere.
    if !start.isHost { thread.tellStart() }
    schedule?.join(thread.pointer)
    let code = HostThread.startDetached(UnsafeMutableRawPointer(thread.pointer)) { argument in
      SystemThread.main(Thread(argument.assumingMemoryBound(to: ThreadState.self)))
    }
    if code != 0 {
      thread.tellEnd()
      r3_store32(thread.terminatedAddress, 1)
      schedule?.end(thread.pointer)
      systemThreadEnded()
      throw MachineError(action: "starting a system thread", code: code)
    }
    return thread
  }

  /// Host threads of system threads that have not gone.
  fileprivate var systemThreadCount: UnsafeMutablePointer<UInt32> {
    system.field(\.threadCount)
  }

  /// The last that a system thread does to its machine.
  fileprivate func systemThreadEnded() {
    let count = systemThreadCount
    if r3_add32(count, .max) == 1 { r3_futex_wake(count, .max) }
  }

  /// The system threads that have not ended.
  package var runningSystemThreads: [Thread] {
    var threads: [Thread] = []
    var next = state.pointee.threads.first
    while let pointer = next {
      if pointer.pointee.isSystem, !Thread(pointer).isEnded { threads.append(Thread(pointer)) }
      next = pointer.pointee.next
    }
    return threads
  }

  /// Ends all system threads, those of drivers by force, and waits for them.
  ///
  /// Outside the kernel.
  func stopSystemThreads() {
    stopWorkers()
    // Nobody is to be inside but them: they leave as after a bug check, without one.
    r3_store32(state, 1)
    if r3_load32(systemThreadCount) == 0 { return }
    wakeEveryThread()
    service.wakeWatchdog()
    while true {
      let seen = r3_load32(systemThreadCount)
      if seen == 0 { return }
      r3_futex_wait(systemThreadCount, seen, 10_000_000)
    }
  }
}

/// The life of a system thread on its host thread.
enum SystemThread {
  static func main(_ thread: Thread) {
    let machine = thread.machine
    thread.pointer.pointee.hostIdentifier = r3_host_thread_identifier()
    r3_bind(thread.block)
    let mayRun = machine.schedule?.start(thread.pointer) ?? true
    if mayRun, !machine.isHalted {
      let run: @convention(c) (UnsafeMutableRawPointer?) -> UInt64 = { _ in SystemThread.run() }
      _ = r3_enter(thread.block, run, nil)
    }
    thread.giveBackEverything()
    machine.schedule?.end(thread.pointer)
    machine.systemThreadEnded()
  }

  private static func run() -> UInt64 {
    let start = CurrentThread.thread.pointer.pointee.start
    if let routine = start.routine {
      if start.isHost {
        unsafeBitCast(routine, to: Machine.ThreadRoutine.self)(start.context)
      } else {
        _ = r3_call1(routine, bits(start.context))
      }
    }
    CurrentThread.thread.runDown(0)
    return 0
  }

  /// Ends the current system thread: `PsTerminateSystemThread`.
  static func terminate(_ status: Int32) -> Never {
    let thread = CurrentThread.thread
    thread.runDown(status)
    r3_leave(thread.block, 0)
    fatalError("A thread that had ended went on.")
  }
}
