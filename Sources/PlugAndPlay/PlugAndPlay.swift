import CDriverKit
import CRing3
import Glibc
import IOManager
import Machine
import Memory
import NTTypes
import Objects

/// The Plug and Play manager of a machine: the tree of devices, their stacks, interfaces and power.
///
/// Changes of the tree are made by one thread at a time, at PASSIVE_LEVEL, under the tree lock: the
/// caller's thread for what the host asks for, a worker thread for what drivers ask for.
package struct PlugAndPlay {
  package let machine: Machine

  package init(machine: Machine) { self.machine = machine }

  var state: UnsafeMutablePointer<PlugAndPlayState> {
    machine[.plugAndPlay].unsafelyUnwrapped.assumingMemoryBound(to: PlugAndPlayState.self)
  }

  var io: IOManager { machine.io }

  /// Makes the Plug and Play manager of a new machine.
  package static func install(in machine: Machine) {
    let state = UnsafeMutablePointer<PlugAndPlayState>.allocate(capacity: 1)
    state.initialize(to: PlugAndPlayState(root: .make()))
    machine[.plugAndPlay] = UnsafeMutableRawPointer(state)
    machine.io.state.pointee.fileClosed = fileClosed
    let everySecond = machine.state.pointee.hooks.everySecond
    state.pointee.everySecond = everySecond
    machine.state.pointee.hooks.everySecond = countIdleSeconds
    machine.state.pointee.teardown.append { machine in
      machine[.plugAndPlay]?.assumingMemoryBound(to: PlugAndPlayState.self).pointee.destroy()
      machine[.plugAndPlay]?.deallocate()
      machine[.plugAndPlay] = nil
    }
  }
}

extension Machine {
  /// The Plug and Play manager.
  package var plugAndPlay: PlugAndPlay { PlugAndPlay(machine: self) }
}

/// Plain memory, so that a thread which a bug check abandons leaves nothing behind.
struct PlugAndPlayState {
  /// Guards the lists below; nothing of a driver is touched under it.
  var lock = MachineLock()
  /// Held, by waiting, while the tree changes and drivers are called about it.
  let treeLock: UnsafeMutablePointer<KEVENT>
  /// Set while no action of a driver waits to be done.
  let idle: UnsafeMutablePointer<KEVENT>
  /// Whether the events and the driver of the root devices have been made.
  var isPrepared = false
  let root: NodePointer
  /// The driver object `\Driver\PnpManager`, which has the devices below the root.
  var rootDriver: DriverPointer?
  /// The driver object `\Driver\USBHUB3`, which has simulated USB devices, and those.
  var usbDriver: DriverPointer?
  var firstUsb: UnsafeMutablePointer<UsbState>?
  var nextNodeNumber: UInt64 = 1

  var firstAction: UnsafeMutablePointer<Action>?
  var lastAction: UnsafeMutablePointer<Action>?
  /// Actions that are queued or being done.
  var actionCount = 0
  var isWorking = false

  var firstMatch: UnsafeMutablePointer<DriverMatch>?
  var firstInterface: InterfacePointer?
  var firstRegistration: RegistrationPointer?
  var power = PowerState()
  var firstProvider: ProviderPointer?
  var nextInstanceID: UInt32 = 0
  let events = Unmanaged.passRetained(EventList())
  var firstProperty: UnsafeMutablePointer<StoredProperty>?
  /// What else is done every second.
  var everySecond: (@convention(c) () -> Void)?

  init(root: NodePointer) {
    self.root = root
    treeLock = .allocate(capacity: 1)
    treeLock.initialize(to: KEVENT())
    idle = .allocate(capacity: 1)
    idle.initialize(to: KEVENT())
  }

  /// Frees everything; the machine has ended, so that no object is touched.
  mutating func destroy() {
    while let action = firstAction {
      firstAction = action.pointee.next
      action.destroy()
    }
    while let match = firstMatch {
      firstMatch = match.pointee.next
      match.destroy()
    }
    while let interface = firstInterface {
      firstInterface = interface.pointee.next
      interface.destroy()
    }
    while let registration = firstRegistration {
      firstRegistration = registration.pointee.next
      registration.deallocate()
    }
    while let provider = firstProvider {
      firstProvider = provider.pointee.next
      provider.destroy()
    }
    while let property = firstProperty {
      firstProperty = property.pointee.next
      property.destroy()
    }
    while let usb = firstUsb {
      firstUsb = usb.pointee.next
      usb.destroy()
    }
    power.destroy()
    events.release()
    root.destroyTree()
    treeLock.deallocate()
    idle.deallocate()
  }
}

/// An address as an integer argument.
@inline(__always)
func bits(_ pointer: UnsafeMutableRawPointer?) -> UInt64 { UInt64(UInt(bitPattern: pointer)) }

@inline(__always)
func bits<T>(_ pointer: UnsafeMutablePointer<T>?) -> UInt64 { UInt64(UInt(bitPattern: pointer)) }
