import CDriverKit
import DriverBuild
import Foundation
import IOManager
import Image
import Machine
import NTTypes
import Objects
import PlugAndPlay
import PortableExecutable
import SwiftDrivers
import Synchronization

/// A driver that is loaded in a kernel.
public final class Driver: Sendable {
  /// The kernel in which the driver is loaded.
  public let kernel: Kernel
  let program: DriverProgram

  init(kernel: Kernel, program: DriverProgram) {
    self.kernel = kernel
    self.program = program
  }

  /// File name of the image, such as `echo.sys`; the name of a driver in Swift.
  public var name: String {
    switch program {
    case .image(let image): image.name
    case .swift(let program, _): program.name
    }
  }

  /// Whether the driver is still there: not unloaded.
  public var isLoaded: Bool { program.object != nil }

  /// Imports that Ring3 lacks; a call of one ends the kernel with a bug check that names it.
  public var missingImports: [String] {
    if case .image(let image) = program { image.missing } else { [] }
  }

  /// First address of the image in the kernel's system space; 0 for a driver in Swift, which has none.
  public var baseAddress: UInt {
    if case .image(let image) = program { UInt(bitPattern: image.base) } else { 0 }
  }

  /// Whether the driver has an AddDevice routine, so that it can be in the stack of a device.
  public var isPlugAndPlay: Bool {
    program.object?.pointee.DriverExtension?.pointee.AddDevice != nil
  }

  /// Calls the driver's unload routine and frees its image.
  ///
  /// - Throws: ``KernelError``; the status is STATUS_INVALID_DEVICE_REQUEST when the driver has no
  ///   unload routine, and STATUS_DEVICE_BUSY while it is in the stack of a device.
  public func unload() throws(KernelError) {
    // A device that was pulled out goes after its last file is closed.
    try kernel.settleDevices()
    if let driver = program.object {
      let manager = kernel.machine.plugAndPlay
      let isInUse = try kernel.inSystem {
        let isInUse = manager.withTree { manager.isInUse(driver) }
        if !isInUse { manager.forget(driver) }
        return isInUse
      }
      if isInUse { throw .status(NTStatus(bits: 0x8000_0011)) }
    }
    let isUnloaded: Bool
    // What the driver asked of the Plug and Play manager, such as WMI, may still hold its devices.
    try kernel.settleDevices()
    if let driver = program.object { try settleFiles(of: driver) }
    do {
      isUnloaded = try program.unload(from: kernel.machine)
    } catch {
      throw kernel.halted()
    }
    if !isUnloaded { throw .status(.invalidDeviceRequest) }
  }
}

extension Driver {
  /// How often, and after how many milliseconds each, it is looked whether closed files are gone.
  private static let looks = 200

  /// Waits for files whose handles are closed and whose last request is about to end elsewhere: the driver
  /// gets their IRP_MJ_CLOSE, so it cannot go before.
  ///
  /// A file that somebody keeps by a pointer stays; then the wait ends.
  private func settleFiles(of driver: DriverPointer) throws(KernelError) {
    let machine = kernel.machine
    for _ in 0..<Self.looks {
      let isHeld = try kernel.inSystem {
        let isHeld = machine.objects.contains(.file) { body, handleCount in
          let file = body.assumingMemoryBound(to: FILE_OBJECT.self)
          return handleCount == 0
            && file.pointee.DeviceObject?.pointee.DriverObject == driver
        }
        if isHeld, machine.schedule != nil {
          _ = Wait.delay(WaitOptions(deadline: .after(milliseconds: 1)))
        }
        return isHeld
      }
      if !isHeld { return }
      if machine.schedule == nil { usleep(1000) }
    }
  }
}

/// Why a driver was not loaded.
public enum DriverLoadError: Error, CustomStringConvertible, Sendable {
  /// The file cannot be read.
  case unreadable(path: String, reason: String)
  /// The file is no image that can be loaded.
  case image(name: String, ImageError)
  /// The image cannot be bound or mapped.
  case loading(LoadError)
  /// DriverEntry returned an error status.
  case refused(name: String, NTStatus)
  /// The kernel ended, in DriverEntry or before.
  case bugCheck(BugCheck)

  /// What failed, with the name of the file.
  public var description: String {
    switch self {
    case .unreadable(let path, let reason): "\(path): \(reason)"
    case .image(let name, let error): "\(name): \(error)"
    case .loading(let error): error.description
    case .refused(let name, let status): "\(name): DriverEntry returned \(status)"
    case .bugCheck(let bugCheck): bugCheck.description
    }
  }
}

extension Kernel {
  /// The drivers that are loaded, the oldest first.
  public var drivers: [Driver] {
    programs.withLock { $0.filter { $0.object != nil } }.map { Driver(kernel: self, program: $0) }
  }

  /// Notes a driver that was loaded.
  func enter(_ program: DriverProgram) -> Driver {
    programs.withLock { programs in
      programs.removeAll { $0.object == nil }
      programs.append(program)
    }
    return Driver(kernel: self, program: program)
  }

  /// Loads a `.sys` file: maps it, binds its imports and calls its DriverEntry.
  ///
  /// - Throws: ``DriverLoadError``.
  @discardableResult
  public func load(path: String) throws(DriverLoadError) -> Driver {
    let data: Data
    do {
      data = try Data(contentsOf: URL(fileURLWithPath: path))
    } catch {
      throw .unreadable(path: path, reason: error.localizedDescription)
    }
    let name = URL(fileURLWithPath: path).lastPathComponent
    return try load(bytes: Array(data), name: name, path: path)
  }

  /// Loads the image in `bytes` under a file name.
  @discardableResult
  public func load(bytes: [UInt8], name: String, path: String? = nil) throws(DriverLoadError)
    -> Driver
  {
    do {
      switch try Images.load(bytes: bytes, name: name, path: path, in: machine) {
      case .loaded(let image): return enter(.image(image))
      case .refused(let status): throw DriverLoadError.refused(name: name, NTStatus(bits: status))
      }
    } catch let error as DriverLoadError {
      throw error
    } catch let error as ImageError {
      throw .image(name: name, error)
    } catch let error as LoadError {
      throw .loading(error)
    } catch {
      throw .bugCheck(bugCheck ?? BugCheck(BugCheckCode(0xE2)))
    }
  }
}
