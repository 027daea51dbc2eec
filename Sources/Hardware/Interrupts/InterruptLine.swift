import CRing3
import Machine

/// A line of the interrupt controller, or a message: one vector.
///
/// A level stays until every device that asserted it has taken it back; a pulse is delivered once.
struct InterruptLine {
  /// Devices that assert the level now.
  ///
  /// First, for atomics.
  var assertedCount: UInt32 = 0
  /// Pulses that nobody has delivered.
  var pulseCount: UInt32 = 0
  /// 1 while a thread runs the service routines.
  var isBusy: UInt32 = 0
  /// 1 when a thread whose level is too high has left the delivery to the service thread.
  var isHandedOver: UInt32 = 0
  /// Deliveries in a row after which the level was still asserted.
  var repeatCount: UInt32 = 0
  /// Deliveries at all, and those that no routine claimed.
  var deliveryCount: UInt64 = 0
  var unclaimedCount: UInt64 = 0
  let interrupt: DeviceInterrupt
  /// Guards the list.
  var lock = MachineLock()
  /// The connected service routines, in the order of connection.
  var first: UnsafeMutablePointer<InterruptObject>?

  init(_ interrupt: DeviceInterrupt) { self.interrupt = interrupt }
}

extension UnsafeMutablePointer where Pointee == InterruptLine {
  private func address(_ path: PartialKeyPath<InterruptLine>) -> UnsafeMutableRawPointer {
    UnsafeMutableRawPointer(self) + MemoryLayout<InterruptLine>.offset(of: path).unsafelyUnwrapped
  }

  var pulses: UnsafeMutableRawPointer { address(\.pulseCount) }
  var busy: UnsafeMutableRawPointer { address(\.isBusy) }
  var handedOver: UnsafeMutableRawPointer { address(\.isHandedOver) }

  /// Whether service routines are to run.
  var isPending: Bool {
    (r3_load32(self) != 0 || r3_load32(pulses) != 0) && hasActiveRoutine
  }

  private var hasActiveRoutine: Bool {
    var next = pointee.first
    while let object = next {
      if object.pointee.isActive { return true }
      next = object.pointee.next
    }
    return false
  }

  /// Counts one more device that asserts the level, or one less.
  func assert(_ isAsserted: Bool) { r3_add32(self, isAsserted ? 1 : .max) }

  /// Counts one more pulse.
  func pulse() { r3_add32(pulses, 1) }

  /// Takes the pulses: one delivery answers them all.
  func takePulses() { _ = r3_swap32(pulses, 0) }
}

/// What an interrupt has done so far.
package struct InterruptFigures: Sendable, Equatable {
  /// How often service routines were run.
  package let deliveryCount: Int
  /// How often none of them claimed it.
  package let unclaimedCount: Int
  /// Whether a device asserts the line now.
  package let isAsserted: Bool
}

extension Hardware {
  /// The line of a vector; nil when no device has it.
  func line(vector: UInt32) -> UnsafeMutablePointer<InterruptLine>? {
    vector < 256 ? state.pointee.lines[Int(vector)] : nil
  }

  /// Figures of a vector, for tests and reports.
  package func figures(ofVector vector: UInt32) -> InterruptFigures? {
    guard let line = line(vector: vector) else { return nil }
    return InterruptFigures(
      deliveryCount: Int(line.pointee.deliveryCount),
      unclaimedCount: Int(line.pointee.unclaimedCount), isAsserted: r3_load32(line) != 0)
  }

  /// Makes a line or message with a vector of its own; nil when all are used up.
  ///
  /// - Parameter number: the number of the line; nil: one that is free.
  package func makeInterrupt(
    isMessage: Bool, isLatched: Bool = false, isShared: Bool = true, line number: UInt32? = nil
  ) -> DeviceInterrupt? {
    state.pointee.lock.lockStaying()
    defer { state.pointee.lock.unlock() }
    guard let vector = takeVector() else { return nil }
    let interrupt = DeviceInterrupt(
      line: isMessage ? 0xFFFF_FFFE : number ?? state.pointee.addresses.takeLine(),
      vector: vector,
      irql: UInt8(vector >> 4), affinity: machine.state.pointee.processors.mask,
      isLatched: isLatched || isMessage, isShared: isShared && !isMessage, isMessage: isMessage)
    addLine(interrupt)
    return interrupt
  }

  /// A vector without a line; under the lock.
  private func takeVector() -> UInt32? {
    while let vector = state.pointee.addresses.takeVector() {
      if line(vector: vector) == nil { return vector }
    }
    return nil
  }

  private func addLine(_ interrupt: DeviceInterrupt) {
    let line = UnsafeMutablePointer<InterruptLine>.allocate(capacity: 1)
    line.initialize(to: InterruptLine(interrupt))
    state.pointee.lines[Int(interrupt.vector)] = line
  }

  /// Gives a vector that no device has a line, which nobody asserts; drivers can connect to it then.
  func ensureLine(_ interrupt: DeviceInterrupt) {
    guard interrupt.vector < 256 else { return }
    state.pointee.lock.lockStaying()
    defer { state.pointee.lock.unlock() }
    if line(vector: interrupt.vector) == nil { addLine(interrupt) }
  }

  /// The interrupt of a line by its number at the controller, which is made at first use; nil when
  /// all vectors are used up.
  package func interrupt(line number: UInt32, isLatched: Bool, isShared: Bool) -> DeviceInterrupt? {
    state.pointee.lock.lockStaying()
    let found = (0..<256).lazy.compactMap { state.pointee.lines[$0]?.pointee.interrupt }
      .first { !$0.isMessage && $0.line == number }
    state.pointee.lock.unlock()
    return found
      ?? makeInterrupt(
        isMessage: false, isLatched: isLatched, isShared: isShared, line: number)
  }

  func destroyInterrupts() {
    for vector in 0..<256 {
      guard let line = state.pointee.lines[vector] else { continue }
      while let object = line.pointee.first {
        line.pointee.first = object.pointee.next
        object.deallocate()
      }
      line.deallocate()
    }
    state.pointee.lines.deallocate()
  }
}
