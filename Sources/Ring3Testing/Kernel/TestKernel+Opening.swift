import Foundation
import Ring3
import Synchronization
import Testing

extension TestKernel {
  /// The process that ``open(_:access:options:)`` opens files in.
  public var process: UserProcess {
    get throws {
      if let process = state.withLock({ $0.process }) { return process }
      let made = try makeProcess()
      return state.withLock { state in
        let process = state.process ?? made
        state.process = process
        return process
      }
    }
  }

  /// Makes another process, which ends with the test.
  ///
  /// - Parameters:
  ///   - name: the name of its image.
  ///   - isAdministrator: whether its user is an administrator; it decides what may be opened.
  public func makeProcess(_ name: String = "test.exe", isAdministrator: Bool = true) throws
    -> UserProcess
  {
    let process = try kernel.makeProcess(name, isAdministrator: isAdministrator)
    state.withLock { $0.processes.append(process) }
    return process
  }

  /// Opens a device.
  ///
  /// - Parameters:
  ///   - path: `\\.\Name`, or a full path of the name space such as `\Device\Name`.
  ///   - access: the rights of the handle.
  ///   - options: how the file is used.
  /// - Throws: `KernelError` with the status of the system or of the driver.
  public func open(
    _ path: String, access: AccessMask = [.genericRead, .genericWrite], options: FileOptions = []
  ) throws -> File {
    try process.open(path, access: access, options: options)
  }

  /// Opens an enabled device interface of a class.
  ///
  /// - Parameters:
  ///   - guid: the class.
  ///   - index: which one, the oldest first.
  ///   - access: the rights of the handle.
  ///   - options: how the file is used.
  public func openInterface(
    _ guid: GUID, at index: Int = 0, access: AccessMask = [.genericRead, .genericWrite],
    options: FileOptions = []
  ) throws -> File {
    let links = kernel.deviceInterfaces(guid)
    try #require(
      links.indices.contains(index), "Of the class \(guid) \(links.count) interfaces are enabled.")
    return try open(links[index], access: access, options: options)
  }

  /// Builds a driver where that is needed, and loads it; it is unloaded after the test.
  ///
  /// - Throws: `BuildError`, `DriverLoadError`, or an error that says where the file was looked for.
  @discardableResult
  public func load(_ driver: DriverFile, sourceLocation: SourceLocation = #_sourceLocation) throws
    -> Driver
  {
    let loaded = try driver.load(in: kernel, near: sourceLocation.filePath)
    state.withLock { $0.drivers.append(loaded) }
    return loaded
  }
}
