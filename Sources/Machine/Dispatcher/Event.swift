import CDriverKit
import CRing3

/// An event in any memory, with the layout of KEVENT.
package struct Event {
  package let pointer: UnsafeMutablePointer<KEVENT>

  package enum Kind: UInt8 {
    /// Stays set until it is reset.
    case notification = 0
    /// Ends one wait and is reset by that.
    case synchronization = 1
  }

  @inlinable package init(_ pointer: UnsafeMutablePointer<KEVENT>) { self.pointer = pointer }

  private var object: DispatcherObject { DispatcherObject(pointer) }

  /// The routine `KeInitializeEvent`.
  package func initialize(_ kind: Kind, isSet: Bool) {
    object.initialize(
      type: kind.rawValue, size: MemoryLayout<KEVENT>.size, signalState: isSet ? 1 : 0)
  }

  package var isSet: Bool { object.signalState != 0 }

  /// Sets the event and ends waits: `KeSetEvent`.
  ///
  /// Outside a kernel the machine must be named.
  ///
  /// - Returns: whether it was set before.
  @discardableResult
  package func set(in machine: Machine = .current) -> Bool {
    machine.lockDispatcher()
    let wasSet = object.signalState != 0
    object.signalState = 1
    if !wasSet { object.satisfyWaiters() }
    machine.unlockDispatcher()
    return wasSet
  }

  /// The routine `KeResetEvent`.
  ///
  /// - Returns: whether it was set before.
  @discardableResult
  package func reset(in machine: Machine = .current) -> Bool {
    machine.lockDispatcher()
    let wasSet = object.signalState != 0
    object.signalState = 0
    machine.unlockDispatcher()
    return wasSet
  }

  /// Ends the waits of now and leaves the event reset: `KePulseEvent`.
  @discardableResult
  package func pulse() -> Bool {
    let machine = Machine.current
    machine.lockDispatcher()
    let wasSet = object.signalState != 0
    object.signalState = 1
    if !wasSet { object.satisfyWaiters() }
    object.signalState = 0
    machine.unlockDispatcher()
    return wasSet
  }

  /// Waits until the event is set.
  @discardableResult
  package func wait(_ options: WaitOptions = WaitOptions()) -> Int32 {
    Wait.forObject(UnsafeMutableRawPointer(pointer), options)
  }
}
