import CRing3
import Glibc

extension Schedule {
  /// Nobody can go on, and no timer will change that.
  ///
  /// The bug check RING3_DEADLOCK: parameter 1 is the number of threads that wait, the others are what up
  /// to three of them wait for. Comes back in a thread that is not on its kernel stack.
  @inline(never)
  func endInDeadlock() {
    state.pointee.lock.lockStaying()
    let (text, objects, count, stacks) = description
    if state.pointee.deadlock == nil { state.pointee.deadlock = strdup(text) }
    state.pointee.lock.unlock()
    if let block = r3_current(), block.pointee.hostStack != 0 {
      end(objects, count, stacks)
    } else {
      machine.recordBugCheck(
        Self.code, count, objects.0, objects.1, objects.2,
        subject: UnsafePointer(state.pointee.deadlock), causes: stacks)
    }
  }

  static let code: UInt32 = 0x5233_0005

  private func end(_ objects: (UInt64, UInt64, UInt64), _ count: UInt64, _ stacks: Causes) {
    machine.bugCheck(
      Self.code, count, objects.0, objects.1, objects.2,
      subject: UnsafePointer(state.pointee.deadlock), causes: stacks)
  }

  private typealias Description = (
    text: String, objects: (UInt64, UInt64, UInt64), count: UInt64, stacks: Causes
  )

  /// What each thread waits for; those that only wait for work are not told of when others are.
  private var description: Description {
    var lines: [String] = []
    var objects: [UInt64] = []
    var stacks = Causes.none
    var next = state.pointee.first
    while let thread = next {
      next = thread.pointee.next
      guard thread.pointee.kind != .service, !isIdleWorker(thread),
        thread.pointee.phase == .waiting || thread.pointee.phase == .spinning
      else { continue }
      lines.append(line(thread))
      if thread.pointee.object != 0 { objects.append(thread.pointee.object) }
      if thread.pointee.stack != 0, stacks.second == nil {
        stacks = stacks.and(.awaited, thread.pointee.stack)
      }
    }
    let count = UInt64(lines.count)
    objects += [0, 0, 0]
    return (lines.joined(separator: "; "), (objects[0], objects[1], objects[2]), count, stacks)
  }

  private func isIdleWorker(_ thread: Thread) -> Bool {
    guard let pointer = thread.pointee.thread, pointer.pointee.isWorker else { return false }
    return thread.pointee.object == bits(machine.workers.availableAddress)
  }

  private func line(_ thread: Thread) -> String {
    let kind = thread.pointee.kind == .program ? "of the program" : "of the system"
    let verb = thread.pointee.phase == .spinning ? "spins on" : "waits for"
    var text = "thread \(thread.pointee.number) \(kind) \(verb) \(thread.pointee.reason)"
    if thread.pointee.object != 0 {
      text += " at 0x" + String(thread.pointee.object, radix: 16, uppercase: true)
    }
    if let export = thread.pointee.export, thread.pointee.block != nil {
      text += " in \(String(cString: export))"
    }
    return text
  }
}

extension DispatcherKind {
  /// The word for a type of objects.
  static func word(_ type: UInt8) -> StaticString {
    switch type {
    case notificationEvent, synchronizationEvent: "an event"
    case mutant: "a mutex"
    case process: "the end of a process"
    case queue: "an entry of a queue"
    case semaphore: "a semaphore"
    case thread: "the end of a thread"
    case notificationTimer, synchronizationTimer: "a timer"
    default: "an object"
    }
  }
}
