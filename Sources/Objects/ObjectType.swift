import Machine

/// The kinds of object that a machine knows.
package enum ObjectKind: Int, CaseIterable, Sendable {
  case directory, symbolicLink, driver, device, file, event, semaphore, mutant, timer, thread
  case process, key, section, callback, adapter, interrupt, token

  /// The name that Windows gives the type.
  package var name: StaticString {
    switch self {
    case .directory: "Directory"
    case .symbolicLink: "SymbolicLink"
    case .driver: "Driver"
    case .device: "Device"
    case .file: "File"
    case .event: "Event"
    case .semaphore: "Semaphore"
    case .mutant: "Mutant"
    case .timer: "Timer"
    case .thread: "Thread"
    case .process: "Process"
    case .key: "Key"
    case .section: "Section"
    case .callback: "Callback"
    case .adapter: "Adapter"
    case .interrupt: "Interrupt"
    case .token: "Token"
    }
  }
}

/// What the system knows of one kind of object; a driver's POBJECT_TYPE points here.
package struct ObjectType {
  package let kind: ObjectKind
  /// Called when the last reference goes, before the memory does.
  package var delete: (@convention(c) (UnsafeMutableRawPointer) -> Void)?
  /// Called when a handle is closed, with the number of handles that were open before.
  package var close: (@convention(c) (UnsafeMutableRawPointer, UInt64) -> Void)?
  /// Writes the path of an object that has its name elsewhere; gives the number of characters, 0 when
  /// they do not fit.
  package var path:
    (@convention(c) (UnsafeMutableRawPointer, UnsafeMutablePointer<UInt16>, Int) -> Int)?
  package var liveCount = 0
  package var createdCount = 0
  package var first: UnsafeMutablePointer<ObjectHeader>?
  package var poolTag: UInt32
}
