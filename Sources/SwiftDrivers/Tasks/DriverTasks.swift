import CDriverKit
import Framework
import Machine

/// The tasks of a driver that have not ended.
final class DriverTasks: @unchecked Sendable {
  private struct State {
    /// How each running task is cancelled; nil for one that is just being started.
    var running: [UInt64: (@Sendable () -> Void)?] = [:]
    var next: UInt64 = 0
    var isFinishing = false
    var executor: KernelExecutor?
  }

  private let state = SpinLocked(State())
  /// Set while no task is running.
  private let idle = UnsafeMutablePointer<KEVENT>.allocate(capacity: 1)

  init() {
    idle.initialize(to: KEVENT())
    Event(idle).initialize(.notification, isSet: true)
  }

  deinit { idle.deallocate() }

  /// Those of the driver that an object belongs to.
  static func of(_ handle: Handle) -> DriverTasks {
    let driver = handle.globals.assumingMemoryBound(to: WDF_DRIVER_GLOBALS.self).pointee.Driver
    let bits = UInt64(UInt(bitPattern: driver))
    return Attachment.of(bits, as: DriverBox.self)._withUnsafeGuaranteedRef { $0.tasks }
  }

  /// Where the tasks run; made when it is first asked for.
  var executor: KernelExecutor {
    state.withLock { state in
      if let executor = state.executor { return executor }
      let executor = KernelExecutor(.current)
      state.executor = executor
      return executor
    }
  }

  /// Starts a task, which is cancelled at once when the driver is being unloaded.
  func start<Success: Sendable>(
    _ priority: TaskPriority?, _ body: @escaping @Sendable () async throws -> Success
  ) -> Task<Success, any Error> {
    let number = begin()
    let task = Task.detached(executorPreference: executor, priority: priority) { [self] in
      defer { end(number) }
      return try await body()
    }
    let mustCancel = state.withLock { state in
      // It may have ended already.
      if state.running[number] != nil { state.running[number] = .some { task.cancel() } }
      return state.isFinishing
    }
    if mustCancel { task.cancel() }
    return task
  }

  private func begin() -> UInt64 {
    state.withLock { state in
      state.next += 1
      if state.running.isEmpty { Event(idle).reset() }
      state.running.updateValue(nil, forKey: state.next)
      return state.next
    }
  }

  private func end(_ number: UInt64) {
    state.withLock { state in
      state.running.removeValue(forKey: number)
      if state.running.isEmpty { Event(idle).set() }
    }
  }

  /// Cancels the tasks and waits for their end.
  ///
  /// At PASSIVE_LEVEL.
  func finish() {
    let tasks = state.withLock { state in
      state.isFinishing = true
      return state.running.values.compactMap { $0 }
    }
    for cancel in tasks { cancel() }
    Event(idle).wait()
  }
}

extension DriverObject {
  /// Starts a task of the driver: code that can `await`.
  ///
  /// The task runs in worker threads of the kernel, at PASSIVE_LEVEL, and so do the tasks that it makes
  /// with `async let` and task groups. Code that it calls on a global actor, and tasks that are made by
  /// `Task { }`, run outside the kernel and may ask nothing of it.
  ///
  /// A driver is unloaded when all its tasks have ended: after ``SwiftDriver/unload()`` those that still
  /// run are cancelled and awaited. When the kernel ends by a bug check its tasks stop where they are:
  /// what awaits them in the program waits for ever, and their memory is not given back.
  ///
  /// - Parameters:
  ///   - priority: of the task; the worker threads do not heed it.
  ///   - body: what it does.
  /// - Returns: the task, to cancel it; its value is for other tasks of the driver.
  ///
  /// Up to DISPATCH_LEVEL.
  @discardableResult
  public func task<Success: Sendable>(
    priority: TaskPriority? = nil, _ body: @escaping @Sendable () async throws -> Success
  ) -> Task<Success, any Error> {
    DriverTasks.of(handle).start(priority, body)
  }
}
