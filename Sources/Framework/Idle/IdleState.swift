import CDriverKit
import CRing3
import Machine

/// How a device goes to a low state when it has nothing to do, while the system works.
///
/// Power references keep it in D0: each of its power-managed queues that has a request, each
/// WdfDeviceStopIdle, each child in D0. When the last one goes a timer starts.
struct IdleState {
  /// Power references; changed by several threads.
  var count: UInt32 = 0
  /// An ``IdlePhase``; changed under ``lock``, read without.
  var phase: UInt32 = IdlePhase.off
  /// Taken with the level at DISPATCH_LEVEL.
  var lock = MachineLock()
  /// Whether what follows is set up, which it is from the first time that the device may idle.
  var isPrepared = false
  var timer = KTIMER()
  var dpc = KDPC()
  /// Set while no worker thread is changing the device's power.
  var settled = KEVENT()
  /// The device has to come back as soon as it is down.
  var mustReturn = false
  /// The way down that has begun arms the device to wake itself.
  var arms = false
}

/// What idle detection does with the device.
enum IdlePhase {
  /// Nothing: it is not started, the system sleeps, or the driver does not want it.
  static let off: UInt32 = 0
  /// The device is in D0; the timer runs when there is no power reference.
  static let working: UInt32 = 1
  /// A worker thread is going to send it down, or does.
  static let goingDown: UInt32 = 2
  static let down: UInt32 = 3
  static let goingUp: UInt32 = 4
}

extension UnsafeMutablePointer where Pointee == PnpState {
  func idleField<T>(_ path: WritableKeyPath<IdleState, T>) -> UnsafeMutablePointer<T> {
    (UnsafeMutableRawPointer(self) + MemoryLayout<PnpState>.offset(of: \.idle).unsafelyUnwrapped
      + MemoryLayout<IdleState>.offset(of: path).unsafelyUnwrapped)
      .assumingMemoryBound(to: T.self)
  }

  var settled: Event { Event(idleField(\.settled)) }
  var idleTimer: KernelTimer { KernelTimer(idleField(\.timer)) }

  @inline(__always)
  var idlePhase: UInt32 { r3_load32(idleField(\.phase)) }

  /// Runs `body` under the lock, at DISPATCH_LEVEL: no DPC of this processor comes between.
  func withIdleLock<R>(_ body: () -> R) -> R {
    let old = IRQL.raise(to: max(IRQL.dispatch, CurrentThread.irql))
    let lock = idleField(\.lock)
    lock.pointee.lock()
    let result = body()
    lock.pointee.unlock()
    IRQL.lower(to: old)
    return result
  }

  /// Changes the phase; under the lock.
  ///
  /// What is read afterwards is newer.
  func setPhase(_ phase: UInt32) { _ = r3_swap32(idleField(\.phase), phase) }

  /// Whether the device goes down by itself when it is idle.
  var mayIdle: Bool {
    guard let settings = pointee.idleSettings else { return false }
    // Selective suspend is the bus's to grant, and no bus here does.
    return settings.Enabled != WdfFalse && settings.IdleCaps != IdleUsbSelectiveSuspend
  }

  var wakesItself: Bool { pointee.idleSettings?.IdleCaps == IdleCanWakeFromS0 }
}
