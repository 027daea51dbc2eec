import IOManager
import Machine
import NTTypes
import Objects
import SystemServices

/// A user process: an address space, handles and a quota.
///
/// Each host thread that calls through it becomes a thread of the process.
public final class UserProcess: Sendable {
  /// The kernel in which the process runs.
  public let kernel: Kernel
  package let process: Process

  init(kernel: Kernel, process: Process) {
    self.kernel = kernel
    self.process = process
  }

  deinit {
    let machine = kernel.machine
    let process = process
    // A machine that has ended keeps no handles.
    _ = try? machine.inside(machine.systemProcess) {
      machine.notifyEnding(process)
      machine.objects.closeAllHandles(of: process)
    }
  }

  /// The process identifier that a driver sees.
  public var identifier: Int { Int(process.pointer.pointee.identifier) }

  /// Opens a device.
  ///
  /// - Parameters:
  ///   - path: `\\.\Name`, or a full path of the name space such as `\Device\Name`.
  ///   - access: the rights of the handle.
  ///   - sharing: what others may do meanwhile; for drivers that look at it.
  ///   - options: how the file is used.
  /// - Throws: ``KernelError`` with the status of the system or of the driver's create routine.
  public func open(
    _ path: String, access: AccessMask = [.genericRead, .genericWrite],
    sharing: FileSharing = .all, options: FileOptions = []
  ) throws(KernelError) -> File {
    let units = Array(NamePath.native(path).utf16)
    var status: Int32 = 0
    var handle: HandleValue = 0
    do {
      try units.withUnsafeBufferPointer { (text) throws(MachineHalted) in
        var call = OpenCall(
          machine: kernel.machine, process: process, path: text, access: access.rawValue)
        call.shareAccess = sharing.rawValue
        call.options = options.rawValue
        try withUnsafeMutablePointer(to: &call) { (call) throws(MachineHalted) in
          _ = try kernel.machine.enter(process, UnsafeMutableRawPointer(call), openEntry)
        }
        status = call.status
        handle = call.handle
      }
    } catch {
      throw kernel.halted()
    }
    guard status == 0 else { throw .status(NTStatus(bits: UInt32(bitPattern: status))) }
    return File(process: self, handle: handle)
  }
}

extension Kernel {
  /// Makes a user process.
  ///
  /// - Parameters:
  ///   - name: the name of its image.
  ///   - isAdministrator: whether its user is an administrator; it decides what may be opened.
  /// - Throws: `MachineError` when the host refuses memory, ``KernelError`` when a driver that is
  ///   told of new processes denies it, or the machine has ended.
  public func makeProcess(_ name: String = "app.exe", isAdministrator: Bool = true) throws
    -> UserProcess
  {
    let process = try machine.makeProcess(name)
    process.pointer.pointee.isAdministrator = isAdministrator
    machine.objects.adopt(process)
    let status = try inSystem { machine.notifyCreated(process) }
    guard status >> 31 == 0 else {
      try inSystem { machine.notifyEnding(process) }
      throw KernelError.status(NTStatus(bits: status))
    }
    return UserProcess(kernel: self, process: process)
  }
}

/// Paths as programs write them.
enum NamePath {
  /// The path in the name space: `\\.\X` and `\\?\X` are `\??\X`.
  static func native(_ path: String) -> String {
    for prefix in [#"\\.\"#, #"\\?\"#] where path.hasPrefix(prefix) {
      return #"\??\"# + path.dropFirst(prefix.count)
    }
    return path
  }
}
