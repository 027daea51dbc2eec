// What is in use of a machine, for reports on leaks. To be asked for while no thread is inside.
extension Machine {
  /// Timers that are set.
  package var runningTimerCount: Int { state.pointee.dispatcher.timers.count }

  /// The driver stacks that set the timers which run; 0 for those of the system.
  package var runningTimerStacks: [StackNumber] { state.pointee.dispatcher.timers.stacks }

  /// Work items that are queued.
  package var queuedWorkItemCount: Int { system.pointee.workQueue.queuedCount }

  /// The ranges of user pages that are locked, each with the newest callers that locked it.
  package var pageLockCallers: [(callers: [UInt64], count: Int)] {
    var result: [(callers: [UInt64], count: Int)] = []
    var next = state.pointee.processes.first
    while let process = next {
      process.pointee.space.locks.forEach {
        result.append((callers: [$0.callers.0, $0.callers.1], count: $0.count))
      }
      next = process.pointee.next
    }
    return result
  }
}
