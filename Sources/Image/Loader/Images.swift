import CDriverKit
import CRing3
import CRing3Exports
import Glibc
import IOManager
import Machine
import Objects
import PortableExecutable

/// The images loaded in a machine.
package enum Images {
  /// What the loader keeps for a machine; cold, emptied when the machine ends.
  final class State: @unchecked Sendable {
    var loaded: [LoadedImage] = []
    /// Unloaded images that stacks lead into, the oldest first.
    var retired: [LoadedImage] = []
    var variables: [String: UnsafeMutableRawPointer] = [:]
    /// Stubs made for MmGetSystemRoutineAddress.
    let routines = UnsafeMutablePointer<RoutineList>.allocate(capacity: 1)

    init() { routines.initialize(to: RoutineList()) }
  }

  /// Makes the loader of a new machine.
  package static func install(in machine: Machine) {
    machine.installExceptions()
    machine[.images] = Unmanaged.passRetained(State()).toOpaque()
    machine.state.pointee.teardown.append { machine in
      guard let slot = machine[.images] else { return }
      let state = Unmanaged<State>.fromOpaque(slot).takeRetainedValue()
      machine[.images] = nil
      for image in state.loaded { image.unmap() }
      for image in state.retired { image.unmap() }
      state.loaded = []
      state.retired = []
      for variable in state.variables.values { variable.deallocate() }
      state.variables = [:]
      state.routines.deallocate()
    }
  }

  static func state(of machine: Machine) -> State {
    Unmanaged<State>.fromOpaque(machine[.images].unsafelyUnwrapped).takeUnretainedValue()
  }

  /// The images that are loaded now.
  package static func loaded(in machine: Machine) -> [LoadedImage] {
    machine[.images] == nil ? [] : state(of: machine).loaded
  }

  /// The images that are loaded, and those that stacks of the past lead into.
  package static func known(in machine: Machine) -> [LoadedImage] {
    machine[.images] == nil ? [] : state(of: machine).loaded + state(of: machine).retired
  }

  /// What a dispatch slot holds that a driver did not fill: a stub in the Microsoft convention.
  package nonisolated(unsafe) static let invalidRequestRoutine: UnsafeMutableRawPointer = {
    guard let page = Host.map(pageSize) else { fatalError("The host gave no page for a stub.") }
    let routine: @convention(c) (UInt64, UInt64) -> UInt64 = { device, irp in
      guard let irp = IRPPointer(bitPattern: UInt(irp)) else { return 0 }
      irp.pointee.IoStatus.Status = IOStatus.invalidDeviceRequest
      irp.pointee.IoStatus.Information = 0
      Machine.current.io.complete(irp, boost: 0)
      return UInt64(UInt32(bitPattern: IOStatus.invalidDeviceRequest))
    }
    r3_make_stub(
      page.assumingMemoryBound(to: UInt8.self), unsafeBitCast(routine, to: UnsafeRawPointer.self),
      2, 0)
    mprotect(page, pageSize, PROT_READ | PROT_EXEC)
    return page
  }()
}
