import CDriverKit
import CRing3
import Machine
import NTTypes

/// A connected service routine: what a driver knows as PKINTERRUPT.
struct InterruptObject {
  /// As a KINTERRUPT begins: the type and the size of the object.
  let type: Int16 = 22
  let size = Int16(MemoryLayout<InterruptObject>.size)
  let line: UnsafeMutablePointer<InterruptLine>
  let service: Service
  /// The spin lock that the routine runs under: the driver's own, or ``ownLock``.
  var lock: UnsafeMutablePointer<UInt64>
  var ownLock: UInt64 = 0
  let synchronizeIrql: UInt8
  let isShared: Bool
  /// Whether the routine is asked; see IoReportInterruptInactive.
  var isActive = true
  var next: UnsafeMutablePointer<InterruptObject>?

  /// The routine.
  enum Service {
    case line(UnsafeMutableRawPointer, context: UnsafeMutableRawPointer?)
    case message(UnsafeMutableRawPointer, context: UnsafeMutableRawPointer?, number: UInt32)
    case host(Hardware.ServiceRoutine, context: UnsafeMutableRawPointer?)
  }
}

/// How a service routine is connected.
package struct InterruptOptions: Sendable {
  /// The spin lock that the routine runs under; without one the interrupt has its own.
  ///
  /// Lives as long as the connection.
  package nonisolated(unsafe) var lock: UnsafeMutablePointer<UInt64>?
  /// The level of the routine when it is above that of the vector, as several vectors share a lock.
  package var synchronizeIrql: UInt8 = 0
  /// Whether others may connect to the line.
  package var isShared = true

  package init() {}
}

extension Hardware {
  /// A service routine of the system: gets its context at the level of the interrupt, under the
  /// interrupt's spin lock, and says whether the device interrupted.
  package typealias ServiceRoutine = @convention(c) (UnsafeMutableRawPointer?) -> Bool

  /// Connects a service routine of the system to a vector; nil when there is no such line, or it is
  /// not to be shared.
  ///
  /// PASSIVE_LEVEL. A level that is asserted already is delivered before the call returns. Ended
  /// with ``disconnect(_:)``.
  package func connect(
    _ vector: UInt32, _ options: InterruptOptions = InterruptOptions(),
    context: UnsafeMutableRawPointer?, _ routine: @escaping ServiceRoutine
  ) -> UnsafeMutableRawPointer? {
    connect(vector, .host(routine, context: context), options).map { UnsafeMutableRawPointer($0) }
  }

  /// Connects a driver's KSERVICE_ROUTINE to a vector, like the form for routines of the system.
  package func connect(
    _ vector: UInt32, _ options: InterruptOptions = InterruptOptions(),
    driverRoutine: UnsafeMutableRawPointer, context: UnsafeMutableRawPointer?
  ) -> UnsafeMutableRawPointer? {
    connect(vector, .line(driverRoutine, context: context), options)
      .map { UnsafeMutableRawPointer($0) }
  }

  func connect(_ vector: UInt32, _ service: InterruptObject.Service, _ options: InterruptOptions)
    -> UnsafeMutablePointer<InterruptObject>?
  {
    guard let line = line(vector: vector) else { return nil }
    let object = UnsafeMutablePointer<InterruptObject>.allocate(capacity: 1)
    object.initialize(
      to: InterruptObject(
        line: line, service: service,
        lock: options.lock ?? UnsafeMutablePointer(bitPattern: 8).unsafelyUnwrapped,
        synchronizeIrql: max(line.pointee.interrupt.irql, options.synchronizeIrql),
        isShared: options.isShared))
    if options.lock == nil { object.pointee.lock = object.ownLock }
    guard add(object, to: line) else {
      object.deallocate()
      return nil
    }
    deliver(line)
    return object
  }

  /// Adds at the end of the list; false when the line is not to be shared.
  private func add(
    _ object: UnsafeMutablePointer<InterruptObject>, to line: UnsafeMutablePointer<InterruptLine>
  ) -> Bool {
    line.pointee.lock.lockStaying()
    defer { line.pointee.lock.unlock() }
    guard let first = line.pointee.first else {
      // Pulses that came while nobody listened are gone.
      line.takePulses()
      line.pointee.first = object
      return true
    }
    let mayShare = line.pointee.interrupt.isShared || line.pointee.interrupt.isMessage
    guard object.pointee.isShared, first.pointee.isShared, mayShare else { return false }
    var last = first
    while let next = last.pointee.next { last = next }
    last.pointee.next = object
    return true
  }

  /// Ends a connection: `IoDisconnectInterrupt`.
  ///
  /// Waits until the routine does not run any more. PASSIVE_LEVEL. What is no connection is a bug check.
  package func disconnect(_ interrupt: UnsafeMutableRawPointer?) {
    let object = object(interrupt, name("IoDisconnectInterrupt"))
    let line = object.pointee.line
    // Nobody runs a routine of the line while it is busy for us.
    while !r3_cas32(line.busy, 0, 1) {
      CurrentThread.lookWhileSpinning()
      r3_pause()
    }
    line.pointee.lock.lockStaying()
    if line.pointee.first == object {
      line.pointee.first = object.pointee.next
    } else {
      var before = line.pointee.first
      while let candidate = before, candidate.pointee.next != object {
        before = candidate.pointee.next
      }
      before?.pointee.next = object.pointee.next
    }
    line.pointee.lock.unlock()
    r3_store32(line.busy, 0)
    object.deallocate()
    deliver(line)
  }

  /// The connection that a driver means; what is none ends the machine.
  func object(_ interrupt: UnsafeMutableRawPointer?, _ routine: UnsafePointer<CChar>)
    -> UnsafeMutablePointer<InterruptObject>
  {
    for vector in 0..<256 {
      guard let line = state.pointee.lines[vector] else { continue }
      var next = line.pointee.first
      while let object = next {
        if UnsafeMutableRawPointer(object) == interrupt { return object }
        next = object.pointee.next
      }
    }
    // What Windows does with a pointer to no interrupt object depends on the memory: name it.
    machine.bugCheck(0xC4, 0x5233, bits(interrupt), 0, 0, subject: routine)
  }
}

extension UnsafeMutablePointer where Pointee == InterruptObject {
  fileprivate var ownLock: UnsafeMutablePointer<UInt64> {
    (UnsafeMutableRawPointer(self)
      + MemoryLayout<InterruptObject>.offset(of: \.ownLock).unsafelyUnwrapped)
      .assumingMemoryBound(to: UInt64.self)
  }

  /// Asks the routine at its level and under its lock whether its device interrupted.
  func run() -> Bool {
    let old = IRQL.raise(to: max(pointee.synchronizeIrql, CurrentThread.irql))
    let lock = SpinLock(pointee.lock)
    lock.acquire()
    let level = CurrentThread.irql
    let isClaimed =
      switch pointee.service {
      case .line(let routine, let context):
        r3_call2(routine, bits(self), bits(context)) & 0xFF != 0
      case .message(let routine, let context, let number):
        r3_call3(routine, bits(self), bits(context), UInt64(number)) & 0xFF != 0
      case .host(let routine, let context): routine(context)
      }
    if CurrentThread.irql != level { checkLevel(level) }
    lock.release()
    IRQL.lower(to: old)
    return isClaimed
  }

  /// The service routine returned at another level than it was called at.
  @inline(never)
  private func checkLevel(_ level: UInt8) {
    let machine = Machine.current
    guard machine.verifier.contains(.ddiCompliance) else { return }
    let routine: UInt64 =
      switch pointee.service {
      case .line(let routine, _): bits(routine)
      case .message(let routine, _, _): bits(routine)
      case .host: 0
      }
    machine.bugCheck(0xC4, 0x111, routine, UInt64(level), UInt64(CurrentThread.irql))
  }
}
