import Ring3
import Synchronization
import TestSupport
import Testing

/// Tasks of a driver in Swift, and what they await.
struct TaskTests {
  private let kernel: Kernel

  init() throws {
    kernel = try Kernel()
    try kernel.addFunction()
  }

  /// Runs `body` in a task of a driver that has opened `wdf-function.c`.
  private func task(
    _ told: Told<String>,
    _ body: @escaping @Sendable (IOTarget, DeviceObject) async throws -> String
  ) throws -> Driver {
    try kernel.run { driver, device in
      let target = try RemoteTarget(opening: functionName, for: device).leaveToParent()
      driver.task {
        do {
          told.tell(try await body(target, device))
        } catch {
          told.tell("\(error)")
        }
      }
    }
  }

  @Test func `transfers and control requests are awaited`() async throws {
    let told = Told<String>()
    let driver = try task(told) { target, device in
      let memory = try Memory(size: 6, tag: "Test", parent: device)
      let read = try await target.read(into: memory.part(0..<3), at: 5)
      let write = try await target.write(memory.part(1..<3))
      let control = try await target.deviceControl(
        .reverse, inputMemory: memory.part(0..<3), outputMemory: memory.part(3..<6))
      let other = try await target.internalControl(.internal, inputMemory: .none)
      return "\(read) \(write) \(control) \(other) \(memory.bytes.array)"
    }
    #expect(await told.values(1) == ["3 2 3 100 [5, 6, 7, 7, 6, 5]"])
    #expect(kernel.debugOutput.contains("write 6 2"))
    try driver.unload()
    #expect(kernel.leaks.isEmpty)
    #expect(kernel.ioFigures.irps == 0)
  }

  @Test func `an error status is thrown, and a limit of time is kept`() async throws {
    let told = Told<String>()
    let driver = try task(told) { target, _ in
      do throws(NTStatus) {
        try await target.deviceControl(.internal, inputMemory: .none)
      } catch {
        told.tell("\(error)")
      }
      try await target.deviceControl(
        .hang, inputMemory: .none, options: .timeout(.milliseconds(1)))
      return ""
    }
    #expect(
      await told.values(2) == ["\(NTStatus.invalidDeviceRequest)", "\(NTStatus.ioTimeout)"])
    try driver.unload()
  }

  @Test func `requests of one task are under way at a time`() async throws {
    let told = Told<String>()
    let driver = try task(told) { target, device in
      let sum = try await withThrowingTaskGroup(of: Int.self) { group in
        for number in 1...8 {
          group.addTask {
            let memory = try Memory(size: number, tag: "Test", parent: device)
            return try await target.read(into: memory.whole)
          }
        }
        var sum = 0
        for try await count in group { sum += count }
        return sum
      }
      return "\(sum)"
    }
    #expect(await told.values(1) == ["36"])
    try driver.unload()
    #expect(kernel.poolBlocks(tag: "Test").isEmpty)
  }

  @Test func `cancelling a task cancels the request that it awaits`() async throws {
    let told = Told<String>()
    try kernel.run { driver, device in
      let target = try RemoteTarget(opening: functionName, for: device).leaveToParent()
      let task = driver.task {
        do throws(NTStatus) {
          try await target.deviceControl(.hang, inputMemory: .none)
        } catch {
          told.tell("\(error) \(Task.isCancelled)")
        }
      }
      task.cancel()
    }
    #expect(await told.values(1) == ["\(NTStatus.cancelled) true"])
  }

  @Test func `a task is cancelled from outside the kernel while its request is under way`()
    async throws
  {
    let told = Told<String>()
    let box = TaskBox()
    let driver = try kernel.run { driver, device in
      let target = try RemoteTarget(opening: functionName, for: device).leaveToParent()
      let task = driver.task {
        do throws(NTStatus) {
          try await target.deviceControl(.hang, inputMemory: .none)
        } catch {
          told.tell("\(error)")
        }
      }
      box.task.withLock { $0 = task }
    }
    while !kernel.debugOutput.contains("hangs") {}
    box.task.withLock { $0?.cancel() }
    #expect(await told.values(1) == ["\(NTStatus.cancelled)"])
    try driver.unload()
  }

  @Test func `a task that the host makes ready goes on in the kernel`() async throws {
    let told = Told<String>()
    let gate = Gate()
    let driver = try task(told) { target, device in
      await gate.wait()
      let memory = try Memory(size: 2, tag: "Test", parent: device)
      return "\(try await target.read(into: memory.whole))"
    }
    gate.open()
    #expect(await told.values(1) == ["2"])
    try driver.unload()
  }

  @Test func `unloading cancels what still runs and waits for it`() async throws {
    let told = Told<String>()
    let gate = Gate()
    let driver = try kernel.run { driver, _ in
      driver.task {
        told.tell("runs")
        await withTaskCancellationHandler {
          await gate.wait()
        } onCancel: {
          gate.open()
        }
        told.tell("cancelled: \(Task.isCancelled)")
      }
    }
    _ = await told.values(1)
    try driver.unload()
    #expect(told.values == ["runs", "cancelled: true"])
  }

  @Test func `a driver that fails to load leaves no task behind`() throws {
    let told = Told<String>()
    #expect(throws: DriverLoadError.self) {
      try kernel.run { driver, device in
        let target = try RemoteTarget(opening: functionName, for: device).leaveToParent()
        driver.task {
          do {
            try await target.deviceControl(.hang, inputMemory: .none)
          } catch {
            told.tell("\(error)")
          }
        }
        throw NTStatus.noSuchDevice
      }
    }
    #expect(told.values == ["\(NTStatus.cancelled)"])
    #expect(kernel.leaks.isEmpty)
  }

  @Test func `the process goes on when the kernel of a waiting task ends`() async throws {
    let told = Told<String>()
    let gate = Gate()
    let dead = try Kernel()
    try dead.run { driver, _ in
      driver.task {
        told.tell("waits")
        await gate.wait()
        told.tell("must not go on")
      }
    }
    _ = await told.values(1)
    try dead.load(Forgetful.self)
    let file = try dead.makeProcess().open(#"\Device\Forgetful"#)
    let error = #expect(throws: KernelError.self) { try file.read(count: 1) }
    #expect(error?.bugCheck?.code.rawValue == 0x5233_0002)
    gate.open()
    #expect(told.values == ["waits"])
  }

  @Test func `a kernel that goes with a waiting task does not hang`() async throws {
    let told = Told<String>()
    let gate = Gate()
    do {
      let gone = try Kernel()
      try gone.run { driver, _ in
        driver.task {
          told.tell("waits")
          await gate.wait()
          told.tell("must not go on")
        }
      }
      _ = await told.values(1)
    }
    gate.open()
    #expect(told.values == ["waits"])
  }
}

private final class TaskBox: Sendable {
  let task = Mutex<Task<Void, any Error>?>(nil)
}

/// Opened by a test, outside the kernel.
private final class Gate: Sendable {
  private let state = Mutex<(isOpen: Bool, waiting: [UnsafeContinuation<Void, Never>])>((false, []))

  func wait() async {
    await withUnsafeContinuation { continuation in
      let isOpen = state.withLock { state in
        if !state.isOpen { state.waiting.append(continuation) }
        return state.isOpen
      }
      if isOpen { continuation.resume() }
    }
  }

  func open() {
    let waiting = state.withLock { state in
      state.isOpen = true
      defer { state.waiting = [] }
      return state.waiting
    }
    for each in waiting { each.resume() }
  }
}

/// Loses its requests.
private final class Forgetful: SwiftDriver {
  init(_ driver: DriverObject) throws {
    try driver.makeControlDevice(named: #"\Device\Forgetful"#).makeQueue(.parallel) { queue in
      queue.onRead { (request: consuming Request) in _ = request.length }
    }
  }
}
