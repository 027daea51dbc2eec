import CDriverKit
import IOManager
import Image
import Machine
import NTTypes
import SwiftDrivers
import Synchronization

/// What a loaded driver is made of.
enum DriverProgram: Sendable {
  case image(LoadedImage)
  case swift(SwiftProgram, SwiftProgramState)

  /// The driver object; nil when the driver is unloaded.
  var object: DriverPointer? {
    switch self {
    case .image(let image): image.driver
    case .swift(let program, let state):
      state.isUnloaded.load(ordering: .acquiring) ? nil : program.driver
    }
  }

  /// Calls the driver's unload routine and takes it out of the machine.
  ///
  /// - Returns: false when it has no unload routine, or is unloaded already.
  func unload(from machine: Machine) throws(MachineHalted) -> Bool {
    switch self {
    case .image(let image): return try Images.unload(image)
    case .swift(let program, let state):
      guard !state.isUnloaded.exchange(true, ordering: .acquiringAndReleasing) else {
        return false
      }
      try machine.inside(machine.systemProcess) { program.unload(from: machine) }
      return true
    }
  }
}

/// Whether a Swift driver is unloaded.
final class SwiftProgramState: Sendable {
  let isUnloaded = Atomic(false)
}

extension Kernel {
  /// Loads a driver that is written in Swift: makes its driver object and an instance of the type.
  ///
  /// For a driver `Echo` this is `try kernel.load(Echo.self)`.
  ///
  /// - Parameters:
  ///   - type: the driver.
  ///   - name: its service name; nil for `SwiftDriver.name`. Two drivers of one name cannot be
  ///     loaded at a time.
  /// - Throws: ``DriverLoadError``: `refused` with what `init` threw.
  @discardableResult
  public func load<D: SwiftDriver>(_ type: D.Type, named name: String? = nil)
    throws(DriverLoadError) -> Driver
  {
    let name = name ?? D.name
    let machine = machine
    do {
      let program = try machine.inside(machine.systemProcess) {
        SwiftProgram.start(type, named: name, in: machine)
      }
      return enter(.swift(try program.get(), SwiftProgramState()))
    } catch let status as NTStatus {
      throw .refused(name: name, status)
    } catch {
      throw .bugCheck(bugCheck ?? BugCheck(BugCheckCode(0xE2)))
    }
  }
}
