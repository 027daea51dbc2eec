import CDriverKit
import CRing3
import Glibc
import Machine
import Objects

/// Routines of drivers that are told of processes and images.
struct Notifications {
  /// As many as Windows keeps of each kind.
  static let capacity = 64

  enum Kind: Int { case process, processExtended, image }

  struct Entry {
    var kind: Kind
    var routine: UnsafeMutableRawPointer
  }

  var lock = MachineLock()
  var entries: InlineArray<192, Entry?> = .init(repeating: nil)
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
      guard entry.kind == kind else { continue }
      count += 1
      if entry.routine == routine {
        guard removes else { return ServiceStatus.invalidParameter }
        list.pointee.entries[index] = nil
        return ServiceStatus.success
      }
    }
    guard !removes, let free, count < Notifications.capacity else {
      return removes && kind == .image
        ? 0xC000_007A
        : removes ? ServiceStatus.invalidParameter : ServiceStatus.insufficientResources
    }
    list.pointee.entries[free] = Notifications.Entry(kind: kind, routine: routine)
    return ServiceStatus.success
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
        case .image: break
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
    let identifier = UInt64(process.pointer.pointee.identifier)
    forEachRoutine { kind, routine in
      switch kind {
      case .process: _ = r3_call3(routine, 4, identifier, 0)
      case .processExtended:
        _ = r3_call3(routine, UInt64(UInt(bitPattern: process.pointer)), identifier, 0)
      case .image: break
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
