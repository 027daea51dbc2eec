import CDriverKit
import CRing3
import Glibc
import Machine
import Objects

/// Routines of drivers that are told of processes, threads and images.
struct Notifications {
  /// As many as Windows keeps of each kind.
  static let capacity = 64

  enum Kind: Int { case process, processExtended, image, thread }

  struct Entry {
    var kind: Kind
    var routine: UnsafeMutableRawPointer
    /// Threads that are in the routine.
    var runnerCount = 0
    /// It is called no more, and goes when nobody is in it.
    var isRemoved = false
  }

  var lock = MachineLock()
  var entries: InlineArray<256, Entry?> = .init(repeating: nil)
}

extension Machine {
  fileprivate var notifications: UnsafeMutablePointer<Notifications> {
    self[.notifications].unsafelyUnwrapped.assumingMemoryBound(to: Notifications.self)
  }

  func installNotifications() {
    let state = UnsafeMutablePointer<Notifications>.allocate(capacity: 1)
    state.initialize(to: Notifications())
    self[.notifications] = UnsafeMutableRawPointer(state)
    self.state.pointee.teardown.append { machine in
      machine[.notifications]?.deallocate()
      machine[.notifications] = nil
    }
  }

  fileprivate func register(
    _ routine: UnsafeMutableRawPointer?, _ kind: Notifications.Kind, removes: Bool
  ) -> UInt32 {
    guard let routine else { return ServiceStatus.invalidParameter }
    let list = notifications
    list.pointee.lock.lock()
    defer { list.pointee.lock.unlock() }
    var free: Int?
    var count = 0
    for index in 0..<list.pointee.entries.count {
      guard let entry = list.pointee.entries[index] else {
        free = free ?? index
        continue
      }
      guard entry.kind == kind, !entry.isRemoved else { continue }
      count += 1
      if entry.routine == routine {
        if removes {
          list.pointee.entries[index] = nil
          return ServiceStatus.success
        }
        // One that is told of threads twice is called twice.
        if kind != .thread { return ServiceStatus.invalidParameter }
      }
    }
    guard !removes, let free, count < Notifications.capacity else {
      return removes && kind == .image
        ? 0xC000_007A
        : removes ? ServiceStatus.invalidParameter : ServiceStatus.insufficientResources
    }
    list.pointee.entries[free] = Notifications.Entry(kind: kind, routine: routine)
    if kind == .thread { state.pointee.threads.watcherCount += 1 }
    return ServiceStatus.success
  }

  /// Has a routine told of threads no more, and waits for the threads that are in it.
  fileprivate func removeThreadRoutine(_ routine: UnsafeMutableRawPointer?) -> UInt32 {
    let list = notifications
    list.pointee.lock.lock()
    guard let index = indexOfThreadRoutine(routine) else {
      list.pointee.lock.unlock()
      return 0xC000_007A  // STATUS_PROCEDURE_NOT_FOUND
    }
    list.pointee.entries[index]?.isRemoved = true
    while let entry = list.pointee.entries[index], entry.runnerCount != 0 {
      list.pointee.lock.unlock()
      CurrentThread.leaveIfHalted()
      pause(microseconds: 200)
      list.pointee.lock.lock()
    }
    list.pointee.entries[index] = nil
    state.pointee.threads.watcherCount -= 1
    list.pointee.lock.unlock()
    return ServiceStatus.success
  }

  private func indexOfThreadRoutine(_ routine: UnsafeMutableRawPointer?) -> Int? {
    for index in 0..<notifications.pointee.entries.count {
      if let entry = notifications.pointee.entries[index], entry.kind == .thread,
        entry.routine == routine, !entry.isRemoved
      {
        return index
      }
    }
    return nil
  }

  /// Tells drivers of a thread, in the kernel.
  func notifyThread(_ thread: Thread, isStart: Bool) {
    let list = notifications
    let process = UInt64(thread.pointer.pointee.process.pointee.identifier)
    let identifier = UInt64(thread.pointer.pointee.identifier)
    for index in 0..<list.pointee.entries.count {
      list.pointee.lock.lock()
      let entry = list.pointee.entries[index]
      let isCalled = entry.map { $0.kind == .thread && !$0.isRemoved } ?? false
      if isCalled { list.pointee.entries[index]?.runnerCount += 1 }
      list.pointee.lock.unlock()
      guard isCalled, let entry else { continue }
      _ = r3_call3(entry.routine, process, identifier, isStart ? 1 : 0)
      list.pointee.lock.lock()
      list.pointee.entries[index]?.runnerCount -= 1
      list.pointee.lock.unlock()
    }
  }

  /// Tells drivers that the threads of a process end, which may be some that nobody has ended yet.
  private func notifyThreadsEnding(of process: Process) {
    if state.pointee.threads.watcherCount == 0 { return }
    var next = state.pointee.threads.first
    while let thread = next {
      if thread.pointee.process == process.pointer, !Thread(thread).isEnded {
        Thread(thread).tellEnd()
      }
      next = thread.pointee.next
    }
  }

  /// Calls `body` with each routine; no lock is held meanwhile.
  private func forEachRoutine(_ body: (Notifications.Kind, UnsafeMutableRawPointer) -> Void) {
    let list = notifications
    for index in 0..<list.pointee.entries.count {
      list.pointee.lock.lock()
      let entry = list.pointee.entries[index]
      list.pointee.lock.unlock()
      if let entry { body(entry.kind, entry.routine) }
    }
  }

  /// Tells drivers of a new process, in the kernel.
  ///
  /// - Returns: the status with which a driver denied it; otherwise success.
  package func notifyCreated(_ process: Process) -> UInt32 {
    let nameStart =
      UnsafeRawPointer(process.pointer)
      + (MemoryLayout<ProcessState>.offset(of: \.name) ?? 0)
    return withUnsafeTemporaryAllocation(of: UInt16.self, capacity: 16) { characters in
      var count = 0
      while count < 15, nameStart.load(fromByteOffset: count, as: UInt8.self) != 0 {
        characters[count] = UInt16(nameStart.load(fromByteOffset: count, as: UInt8.self))
        count += 1
      }
      var name = UNICODE_STRING(
        Length: UInt16(count * 2), MaximumLength: UInt16(count * 2),
        Buffer: characters.baseAddress)
      return withUnsafePointer(to: &name) { notifyCreated(process, $0) }
    }
  }

  private func notifyCreated(_ process: Process, _ name: UnsafePointer<UNICODE_STRING>) -> UInt32 {
    var information = PS_CREATE_NOTIFY_INFO()
    information.Size = UInt64(MemoryLayout<PS_CREATE_NOTIFY_INFO>.size)
    information.ParentProcessId = UnsafeMutableRawPointer(bitPattern: 4)
    information.CreatingThreadId.UniqueProcess = UnsafeMutableRawPointer(bitPattern: 4)
    information.CreatingThreadId.UniqueThread = UnsafeMutableRawPointer(
      bitPattern: CurrentThread.thread.pointer.pointee.identifier)
    information.ImageFileName = name
    // Programs are started here without arguments.
    information.CommandLine = name
    let identifier = UInt64(process.pointer.pointee.identifier)
    return withUnsafeMutablePointer(to: &information) { information in
      forEachRoutine { kind, routine in
        switch kind {
        case .process: _ = r3_call3(routine, 4, identifier, 1)
        case .processExtended:
          _ = r3_call3(
            routine, UInt64(UInt(bitPattern: process.pointer)), identifier,
            UInt64(UInt(bitPattern: information)))
        case .image, .thread: break
        }
      }
      return UInt32(bitPattern: information.pointee.CreationStatus)
    }
  }

  /// Tells drivers once that a process ends, in the kernel.
  ///
  /// Its handles are still open, and nobody finds it by its identifier any more.
  package func notifyEnding(_ process: Process) {
    let told =
      UnsafeMutableRawPointer(process.pointer)
      + MemoryLayout<ProcessState>.offset(of: \.isEndTold)!
    guard r3_cas32(told, 0, 1) else { return }
    process.pointer.pointee.isEnding = 1
    notifyThreadsEnding(of: process)
    let identifier = UInt64(process.pointer.pointee.identifier)
    forEachRoutine { kind, routine in
      switch kind {
      case .process: _ = r3_call3(routine, 4, identifier, 0)
      case .processExtended:
        _ = r3_call3(routine, UInt64(UInt(bitPattern: process.pointer)), identifier, 0)
      case .image, .thread: break
      }
    }
  }

  /// Tells drivers of a driver's image, before its DriverEntry.
  func notifyImage(_ name: UTF16Text, _ base: UnsafeMutableRawPointer, _ byteCount: Int) {
    var path = UNICODE_STRING(
      Length: UInt16(name.count * 2), MaximumLength: UInt16(name.count * 2),
      Buffer: UnsafeMutablePointer(mutating: name.baseAddress))
    var information = IMAGE_INFO()
    // 64-bit addresses, an image of the system.
    information.Properties = 3 | 1 << 8
    information.ImageBase = base
    information.ImageSize = UInt64(byteCount)
    withUnsafeMutablePointer(to: &path) { path in
      withUnsafeMutablePointer(to: &information) { information in
        forEachRoutine { kind, routine in
          guard kind == .image else { return }
          _ = r3_call3(
            routine, UInt64(UInt(bitPattern: path)), 0, UInt64(UInt(bitPattern: information)))
        }
      }
    }
  }
}

@c(r3_PsSetCreateProcessNotifyRoutine)
func psSetCreateProcessNotifyRoutine(_ routine: UnsafeMutableRawPointer?, _ removes: UInt32)
  -> UInt32
{
  Machine.current.register(routine, .process, removes: removes & 0xFF != 0)
}

@c(r3_PsSetCreateProcessNotifyRoutineEx)
func psSetCreateProcessNotifyRoutineEx(_ routine: UnsafeMutableRawPointer?, _ removes: UInt32)
  -> UInt32
{
  Machine.current.register(routine, .processExtended, removes: removes & 0xFF != 0)
}

/// A routine for processes of the one subsystem that there is.
@c(r3_PsSetCreateProcessNotifyRoutineEx2)
func psSetCreateProcessNotifyRoutineEx2(
  _ type: UInt32, _ routine: UnsafeMutableRawPointer?, _ removes: UInt32
) -> UInt32 {
  guard type == 0 else { return ServiceStatus.invalidParameter }
  return Machine.current.register(routine, .processExtended, removes: removes & 0xFF != 0)
}

@c(r3_PsSetLoadImageNotifyRoutine)
func psSetLoadImageNotifyRoutine(_ routine: UnsafeMutableRawPointer?) -> UInt32 {
  Machine.current.register(routine, .image, removes: false)
}

@c(r3_PsRemoveLoadImageNotifyRoutine)
func psRemoveLoadImageNotifyRoutine(_ routine: UnsafeMutableRawPointer?) -> UInt32 {
  Machine.current.register(routine, .image, removes: true)
}

@c(r3_PsSetCreateThreadNotifyRoutine)
func psSetCreateThreadNotifyRoutine(_ routine: UnsafeMutableRawPointer?) -> UInt32 {
  Machine.current.register(routine, .thread, removes: false)
}

@c(r3_PsRemoveCreateThreadNotifyRoutine)
func psRemoveCreateThreadNotifyRoutine(_ routine: UnsafeMutableRawPointer?) -> UInt32 {
  Machine.current.removeThreadRoutine(routine)
}
