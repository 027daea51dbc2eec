import CDriverKit
import Glibc
import IOManager
import Machine
import Objects

/// An open file or folder in the sandbox, in memory of the host.
struct SandboxFile {
  static let liveMark: UInt64 = 0x5233_4653_414E_4446

  let mark = Self.liveMark
  var next: UnsafeMutablePointer<SandboxFile>?
  let descriptor: Int32
  /// The folder that holds it, for deletion.
  let folder: Int32
  let hostName: UnsafeMutablePointer<CChar>
  /// From the root of the disk, with a backslash in front.
  let path: StoredText
  let isDirectory: Bool
  let appends: Bool
  let isSynchronous: Bool
  var deletesOnClose: Bool
}

typealias SandboxFilePointer = UnsafeMutablePointer<SandboxFile>

extension SandboxFilePointer {
  func destroy() {
    close(pointee.descriptor)
    close(pointee.folder)
    free(pointee.hostName)
    pointee.path.start?.deallocate()
    deallocate()
  }
}

/// Files of the system's disk, which is a folder of the host.
struct Sandbox {
  let machine: Machine

  var state: UnsafeMutablePointer<SandboxState> {
    machine[.services].unsafelyUnwrapped.assumingMemoryBound(to: SandboxState.self)
  }

  static func install(in machine: Machine) {
    let state = UnsafeMutablePointer<SandboxState>.allocate(capacity: 1)
    let path = machine.state.pointee.configuration.sandboxPath
    let type = machine.objects.type(.file)
    state.initialize(
      to: SandboxState(
        folder: path.map { Glibc.open($0, O_RDONLY | O_DIRECTORY | O_CLOEXEC) } ?? -1,
        closeDeviceFile: type.pointee.close, deleteDeviceFile: type.pointee.delete))
    machine[.services] = UnsafeMutableRawPointer(state)
    type.pointee.close = closeFile
    type.pointee.delete = deleteFile
    machine.state.pointee.teardown.append { machine in
      machine.sandbox.destroy()
      machine[.services] = nil
    }
  }

  private func destroy() {
    while let file = state.pointee.first {
      state.pointee.first = file.pointee.next
      file.destroy()
    }
    if state.pointee.folder >= 0 { close(state.pointee.folder) }
    state.deallocate()
  }

  /// What a file object stands for, when it is a file of the sandbox.
  static func file(_ object: FilePointer) -> SandboxFilePointer? {
    guard object.pointee.DeviceObject == nil, let context = object.pointee.FsContext,
      context.load(as: UInt64.self) == SandboxFile.liveMark
    else { return nil }
    return context.assumingMemoryBound(to: SandboxFile.self)
  }

  /// Makes a file object for an open file, which it owns then; nil without pool.
  func makeObject(_ file: SandboxFile) -> FilePointer? {
    let record = SandboxFilePointer.allocate(capacity: 1)
    record.initialize(to: file)
    guard
      let body = machine.objects.create(.file, byteCount: MemoryLayout<FILE_OBJECT>.size)
    else {
      record.destroy()
      return nil
    }
    let object = body.assumingMemoryBound(to: FILE_OBJECT.self)
    // What is read or written is there at once: whoever waits for the file does not wait.
    Event((body + 0x98).assumingMemoryBound(to: KEVENT.self)).initialize(.notification, isSet: true)
    object.pointee.Type = 5
    object.pointee.Size = Int16(MemoryLayout<FILE_OBJECT>.size)
    // No driver is behind it: there is nobody to clean up.
    object.pointee.Flags = UInt32(FO_CLEANUP_COMPLETE | FO_HANDLE_CREATED)
    object.pointee.FsContext = UnsafeMutableRawPointer(record)
    let byteCount = UInt16(truncatingIfNeeded: file.path.count * 2)
    object.pointee.FileName = UNICODE_STRING(
      Length: byteCount, MaximumLength: byteCount, Buffer: file.path.start)
    state.pointee.lock.lock()
    record.pointee.next = state.pointee.first
    state.pointee.first = record
    state.pointee.lock.unlock()
    return object
  }

  fileprivate func forget(_ file: SandboxFilePointer) {
    state.pointee.lock.lock()
    if state.pointee.first == file {
      state.pointee.first = file.pointee.next
    } else {
      var previous = state.pointee.first
      while let candidate = previous, candidate.pointee.next != file {
        previous = candidate.pointee.next
      }
      previous?.pointee.next = file.pointee.next
    }
    state.pointee.lock.unlock()
    file.destroy()
  }
}

struct SandboxState {
  var lock = MachineLock()
  /// The folder of the host; -1 without one.
  let folder: Int32
  var first: SandboxFilePointer?
  /// What the I/O manager does about files of devices.
  let closeDeviceFile: (@convention(c) (UnsafeMutableRawPointer, UInt64) -> Void)?
  let deleteDeviceFile: (@convention(c) (UnsafeMutableRawPointer) -> Void)?
}

extension Machine {
  /// Files of the system's disk.
  var sandbox: Sandbox { Sandbox(machine: self) }
}

private let closeFile: @convention(c) (UnsafeMutableRawPointer, UInt64) -> Void = { body, before in
  let object = body.assumingMemoryBound(to: FILE_OBJECT.self)
  guard let file = Sandbox.file(object) else {
    Machine.current.sandbox.state.pointee.closeDeviceFile?(body, before)
    return
  }
  if before == 1, file.pointee.deletesOnClose {
    unlinkat(
      file.pointee.folder, file.pointee.hostName, file.pointee.isDirectory ? AT_REMOVEDIR : 0)
  }
}

private let deleteFile: @convention(c) (UnsafeMutableRawPointer) -> Void = { body in
  let object = body.assumingMemoryBound(to: FILE_OBJECT.self)
  guard let file = Sandbox.file(object) else {
    Machine.current.sandbox.state.pointee.deleteDeviceFile?(body)
    return
  }
  Machine.current.sandbox.forget(file)
}
