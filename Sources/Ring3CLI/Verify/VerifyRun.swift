import Foundation
import Ring3
import Script
import Synchronization

/// One run: a kernel of its own, from loading to unloading, on a thread of its own.
final class VerifyRun: Sendable {
  private let subject: VerifySubject
  /// What fails for want of memory; nil: nothing.
  private let plan: FailurePlan?
  /// The seed of the order of threads; nil: as they like.
  private let schedule: UInt64?
  /// Sites that need no description.
  private let known: Set<FailureSite.ID>
  /// Seconds that a request may take before it is cancelled.
  private let requestLimit: Double
  private let state = Mutex(State())
  private let isOver = DispatchSemaphore(value: 0)

  private struct State {
    var outcome = VerifyOutcome()
    var kernel: Kernel?
  }

  init(
    _ subject: VerifySubject, _ plan: FailurePlan?, known: Set<FailureSite.ID> = [],
    requestLimit: Double, schedule: UInt64? = nil
  ) {
    self.subject = subject
    self.known = known
    self.schedule = schedule
    self.plan = plan
    self.requestLimit = requestLimit
  }

  /// Runs; gives up after a time.
  func outcome(limit: Double) -> VerifyOutcome {
    let start = ContinuousClock.now
    let thread = Thread { [self] in
      body()
      isOver.signal()
    }
    thread.stackSize = 4 << 20
    thread.start()
    var isLate = false
    if isOver.wait(timeout: .now() + limit) == .timedOut {
      isLate = true
      // What waits or spins in the kernel leaves it now.
      state.withLock { $0.kernel }?.giveUp()
      // A thread that does not come back stays where it is: it has a kernel to itself.
      _ = isOver.wait(timeout: .now() + 20)
    }
    return state.withLock { state in
      state.outcome.isLate = isLate
      state.outcome.seconds = start.duration(to: .now) / .seconds(1)
      return state.outcome
    }
  }

  private func note(_ change: (inout VerifyOutcome) -> Void) {
    state.withLock { change(&$0.outcome) }
  }

  private func begin(_ action: String) { note { $0.action = action } }

  private func body() {
    var configuration = subject.configuration
    configuration.lowResources = plan
    configuration.schedule = schedule
    let kernel: Kernel
    do {
      kernel = try Kernel(configuration: configuration)
    } catch {
      return note { $0.problems.append("no kernel: \(error)") }
    }
    state.withLock { $0.kernel = kernel }
    defer { state.withLock { $0.kernel = nil } }
    let before = Remainders(kernel)
    do {
      try perform(in: kernel, before)
    } catch {
      note { $0.problems.append("\(error)") }
    }
    let sites = kernel.failureSites(except: known)
    let failureCount = kernel.failureCount
    let order = kernel.schedule
    note { outcome in
      outcome.schedule = order
      outcome.sites = sites
      outcome.failureCount = failureCount
    }
    guard let bugCheck = kernel.bugCheck else { return }
    let left = before.blocks(in: kernel).filter { $0.frame != nil }
    note { outcome in
      outcome.bugCheck = bugCheck
      if outcome.verdict == .leak { outcome.remainders = left }
    }
  }

  private func perform(in kernel: Kernel, _ before: Remainders) throws {
    guard let drivers = load(in: kernel) else {
      guard kernel.bugCheck == nil else { return }
      return judge(kernel, before)
    }
    addDevice(drivers, in: kernel)
    let runner = try ScriptRunner(
      kernel: kernel, drivers: drivers, limit: requestLimit, print: { _ in })
    for action in subject.actions ?? UsualScript.actions(for: kernel) {
      guard kernel.bugCheck == nil else { return }
      perform(action, runner)
    }
    guard kernel.bugCheck == nil, endRequests(in: kernel) else { return }
    if !runner.isUnloaded {
      try runner.closeAll()
      perform(Action(kind: .unload, line: 0, text: "unload"), runner)
    }
    try runner.process.end()
    if kernel.drivers.isEmpty {
      note { $0.isUnloaded = true }
      judge(kernel, before)
    }
  }

  /// The drivers; nil when one does not want to be loaded, which is its right.
  private func load(in kernel: Kernel) -> [Driver]? {
    var drivers: [Driver] = []
    for driver in subject.drivers {
      do {
        drivers.append(try driver.load(in: kernel))
      } catch {
        note { $0.problems.append("\(error)") }
        for driver in drivers.reversed() { try? driver.unload() }
        return nil
      }
    }
    return drivers
  }

  /// Gives the first driver a device, as `ring3 run` does.
  private func addDevice(_ drivers: [Driver], in kernel: Kernel) {
    guard let first = drivers.first, first.isPlugAndPlay else { return }
    begin("add device")
    do {
      let others = Array(drivers.dropFirst()).filter(\.isPlugAndPlay)
      try kernel.match("*", to: others)
      let resources = try subject.hardware.map { try kernel.plug($0.make()).resources } ?? []
      var device = try kernel.addDevice(
        stack: [first], hardwareIDs: [subject.hardwareID], resources: resources)
      if !others.isEmpty, device.state == .started, device.description?.isBus == false {
        try device.remove()
        try kernel.match("*", to: [])
        device = try kernel.addDevice(
          stack: [first] + others, hardwareIDs: [subject.hardwareID], resources: resources)
      }
      if device.state != .started {
        note { $0.problems.append("the device of \(first.name) did not start") }
      }
    } catch {
      note { $0.problems.append("\(error)") }
    }
  }

  private func perform(_ action: Action, _ runner: ScriptRunner) {
    begin(action.line == 0 ? action.text : "line \(action.line): \(action.text)")
    runner.kernel.scriptLine = action.line == 0 ? nil : action.line
    do {
      try runner.perform(action)
    } catch let failure as ScriptRunner.Failure {
      note { $0.problems.append("line \(failure.line): \(failure.message)") }
    } catch {
      note { $0.problems.append("\(error)") }
    }
  }

  /// Cancels what is under way; gives whether all of it has ended.
  private func endRequests(in kernel: Kernel) -> Bool {
    begin("end requests")
    for request in kernel.pendingRequests {
      do throws(KernelError) {
        if try request.wait(seconds: 0.2) != nil { continue }
        request.cancel()
        if try request.wait(seconds: 2) != nil { continue }
        note { $0.lost.append("\(request) is neither completed nor cancelled") }
      } catch {
        return false
      }
    }
    return state.withLock { $0.outcome.lost.isEmpty }
  }

  private func judge(_ kernel: Kernel, _ before: Remainders) {
    begin("look for what is left")
    var left = before.since(in: kernel)
    // A thread of the kernel may be about to give back the last of it.
    for _ in 0..<20 where !left.isEmpty && kernel.bugCheck == nil {
      Thread.sleep(forTimeInterval: 0.005)
      left = before.since(in: kernel)
    }
    note { $0.remainders = left }
  }
}
