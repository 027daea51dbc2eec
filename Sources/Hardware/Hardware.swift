import CDriverKit
import CRing3
import IOManager
import Machine
import Memory

/// The hardware of a machine as drivers see it: DMA adapters, interrupts, registers and ports.
///
/// A logical address, by which a device reaches memory, is the physical address, unless the device
/// cannot reach that one: then it is that of a map register's page, from and to which the data is copied.
package struct Hardware {
  package let machine: Machine

  package init(machine: Machine) { self.machine = machine }

  var state: UnsafeMutablePointer<HardwareState> {
    machine[.hardware].unsafelyUnwrapped.assumingMemoryBound(to: HardwareState.self)
  }

  /// Gives a new machine its hardware; after the I/O manager.
  package static func install(in machine: Machine) {
    let state = UnsafeMutablePointer<HardwareState>.allocate(capacity: 1)
    state.initialize(to: HardwareState(machine))
    machine[.hardware] = UnsafeMutableRawPointer(state)
    machine.state.pointee.hooks.serve = {
      if let hardware = Hardware.current { hardware.deliverHandedOver() }
    }
    machine.state.pointee.hooks.registerAddress = { Machine.current.registerAddress(at: $0) }
    machine.state.pointee.hooks.isDevicePort = { Hardware.current?.hasPort($0) ?? false }
    machine.state.pointee.hooks.accessDevice = { access in
      Hardware.current?.access(access.assumingMemoryBound(to: DeviceAccess.self))
    }
    machine.state.pointee.teardown.append { machine in
      guard machine[.hardware] != nil else { return }
      let state = machine.hardware.state
      machine.hardware.destroyAdapters()
      machine.hardware.destroyInterrupts()
      machine.hardware.destroyDevices()
      machine[.hardware] = nil
      state.deinitialize(count: 1)
      state.deallocate()
    }
  }

  /// The hardware of the machine that runs here; nil while it is not made.
  static var current: Hardware? {
    let machine = Machine.current
    return machine[.hardware] == nil ? nil : Hardware(machine: machine)
  }
}

extension Machine {
  /// The hardware; only after ``Hardware/install(in:)``.
  package var hardware: Hardware { Hardware(machine: self) }
}

/// What hangs in the slot ``Layer/hardware``.
struct HardwareState {
  /// Guards everything below but what has a lock of its own.
  var lock = MachineLock()
  var addresses: BusAddresses
  /// The tables of DMA routines, by version; made when a driver first asks for an adapter.
  var operations: UnsafeMutablePointer<DMA_OPERATIONS>?
  var adapters: UnsafeMutablePointer<DmaAdapterState>?
  /// The interrupt lines and messages, by vector.
  let lines: UnsafeMutablePointer<UnsafeMutablePointer<InterruptLine>?>
  /// Devices' memory and ports.
  var ranges: UnsafeMutablePointer<DeviceRange>?
  var assignments: UnsafeMutablePointer<Assignment>?
  /// Map registers that an adapter gets, at most, when its device has no limit of its own.
  var mapRegisterLimit = Int.max

  init(_ machine: Machine) {
    addresses = BusAddresses(
      ramByteCount: UInt64(machine.state.pointee.memory.frameCount) << UInt64(pageShift))
    lines = .allocate(capacity: 256)
    lines.initialize(repeating: nil, count: 256)
  }
}

/// An address as an integer argument.
@inline(__always)
func bits(_ pointer: UnsafeMutableRawPointer?) -> UInt64 { UInt64(UInt(bitPattern: pointer)) }

@inline(__always)
func bits<T>(_ pointer: UnsafeMutablePointer<T>?) -> UInt64 { UInt64(UInt(bitPattern: pointer)) }

/// A string that lives as long as the program, for bug checks.
func name(_ string: StaticString) -> UnsafePointer<CChar> {
  UnsafeRawPointer(string.utf8Start).assumingMemoryBound(to: CChar.self)
}
