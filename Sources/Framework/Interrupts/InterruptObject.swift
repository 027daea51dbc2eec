import CDriverKit
import CRing3
import Hardware
import Machine

/// A WDFINTERRUPT: connected while its device is in D0.
struct InterruptBody {
  var head: ObjectHead
  let device: UnsafeMutablePointer<DeviceBody>
  let config: WDF_INTERRUPT_CONFIG
  /// The lock that the callbacks of DPC or work item run under.
  let serialization: Serialization
  /// What the device was given for it; without, it is never connected.
  var source = InterruptSource()
  /// The connection with the hardware; nil while there is none.
  var connection: UnsafeMutableRawPointer?
  /// The level that WdfInterruptAcquireLock came from.
  var oldLevel: UInt8 = 0
  var next: UnsafeMutablePointer<InterruptBody>?
  /// Its device's interrupts share a lock: the level of the highest.
  var synchronizeLevel: UInt8 = 0
  var dpc = KDPC()
  var work = DeferredWork()
  /// Service at PASSIVE_LEVEL, and the lock of its callbacks.
  var service = DeferredWork()
  var passiveLock = KEVENT()
  var policy = WDF_INTERRUPT_EXTENDED_POLICY()
}

/// An interrupt among the resources of a device.
struct InterruptSource {
  var vector: UInt32 = 0
  var level: UInt8 = 0
  var affinity: UInt64 = 0
  var isLatched = false
  var isMessage = false
  var messageNumber: UInt32 = 0
  var share: UInt8 = 0

  var isAssigned: Bool { vector != 0 }

  init() {}

  /// Reads a translated CM_PARTIAL_RESOURCE_DESCRIPTOR, which is packed.
  init(_ descriptor: UnsafeRawPointer, messageNumber: UInt32) {
    share = descriptor.load(fromByteOffset: 1, as: UInt8.self)
    let flags = descriptor.loadUnaligned(fromByteOffset: 2, as: UInt16.self)
    isLatched = flags & UInt16(CM_RESOURCE_INTERRUPT_LATCHED) != 0
    isMessage = flags & UInt16(CM_RESOURCE_INTERRUPT_MESSAGE) != 0
    level = UInt8(
      truncatingIfNeeded: descriptor.loadUnaligned(fromByteOffset: 4, as: UInt16.self))
    vector = descriptor.loadUnaligned(fromByteOffset: 8, as: UInt32.self)
    affinity = descriptor.loadUnaligned(fromByteOffset: 12, as: UInt64.self)
    self.messageNumber = isMessage ? messageNumber : 0
  }
}

extension UnsafeMutablePointer where Pointee == InterruptBody {
  var handle: UInt64 { pointee.head.handle }
  var object: FrameworkObject { FrameworkObject(self) }
  var isPassive: Bool { pointee.config.PassiveHandling != 0 }

  var dpc: UnsafeMutablePointer<KDPC> { field(\.dpc) }
  var work: UnsafeMutablePointer<DeferredWork> { field(\.work) }
  var service: UnsafeMutablePointer<DeferredWork> { field(\.service) }
  var passiveLock: Event { Event(field(\.passiveLock)) }

  private func field<T>(_ path: WritableKeyPath<InterruptBody, T>) -> UnsafeMutablePointer<T> {
    (UnsafeMutableRawPointer(self)
      + MemoryLayout<InterruptBody>.offset(of: path).unsafelyUnwrapped)
      .assumingMemoryBound(to: T.self)
  }

  /// Takes the lock that excludes the service routine.
  func acquireLock() {
    if isPassive {
      passiveLock.wait()
    } else if let connection = pointee.connection {
      let old = Machine.current.hardware.acquire(connection)
      pointee.oldLevel = old
    }
  }

  func releaseLock() {
    if isPassive {
      passiveLock.set()
    } else if let connection = pointee.connection {
      Machine.current.hardware.release(connection, pointee.oldLevel)
    }
  }
}

extension Framework {
  static let interruptClass = ObjectClass(
    dispose: { address in
      Framework.current.end(address.assumingMemoryBound(to: InterruptBody.self))
    }, isPassive: true)

  func interrupt(_ handle: UInt64) -> UnsafeMutablePointer<InterruptBody> {
    body(handle, .interrupt, as: InterruptBody.self)
  }

  /// Disconnects an interrupt that is deleted, and waits for its callbacks.
  private func end(_ interrupt: UnsafeMutablePointer<InterruptBody>) {
    disconnect(interrupt)
    interrupt.work.runDown()
    guard let pnp = interrupt.pointee.device.pnp else { return }
    if pnp.pointee.firstInterrupt == interrupt {
      pnp.pointee.firstInterrupt = interrupt.pointee.next
    } else {
      var before = pnp.pointee.firstInterrupt
      while let other = before, other.pointee.next != interrupt { before = other.pointee.next }
      before?.pointee.next = interrupt.pointee.next
    }
  }
}
