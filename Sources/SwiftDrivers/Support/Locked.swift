import CDriverKit
import Machine

/// A value behind a spin lock, used at DISPATCH_LEVEL.
///
/// For state that callbacks up to DISPATCH_LEVEL touch, for short work that does not wait. The standard
/// library's `Mutex` is not for drivers: a thread that waits in it cannot be stopped when the kernel
/// ends.
public final class SpinLocked<Value: ~Copyable>: @unchecked Sendable {
  private let lock = UnsafeMutablePointer<UInt64>.allocate(capacity: 1)
  private var value: Value

  /// Puts a value behind a lock.
  public init(_ value: consuming sending Value) {
    self.value = value
    lock.initialize(to: 0)
  }

  deinit { lock.deallocate() }

  /// Runs `body` with the value, at DISPATCH_LEVEL.
  ///
  /// From PASSIVE_LEVEL to DISPATCH_LEVEL. Taking the lock again in `body` never ends.
  public func withLock<R: ~Copyable, E: Error>(
    _ body: (inout Value) throws(E) -> R
  ) throws(E) -> R {
    let level = IRQL.raise(to: max(IRQL.dispatch, CurrentThread.irql))
    SpinLock(lock).acquire()
    defer {
      SpinLock(lock).release()
      IRQL.lower(to: level)
    }
    return try body(&value)
  }

  /// Puts a value in the place of the present one, which goes.
  public func store(_ value: consuming sending Value) {
    let old = exchange(value)
    _ = consume old
  }

  /// Puts a value in the place of the present one, and gives that.
  public func exchange(_ value: consuming sending Value) -> Value {
    var value = consume value
    withLock { swap(&$0, &value) }
    return value
  }
}

/// A value behind a lock that waits, used at PASSIVE_LEVEL.
///
/// For state that only callbacks at PASSIVE_LEVEL touch, for work that may take long.
public final class WaitLocked<Value: ~Copyable>: @unchecked Sendable {
  private let event = UnsafeMutablePointer<KEVENT>.allocate(capacity: 1)
  private var value: Value

  /// Puts a value behind a lock.
  public init(_ value: consuming sending Value) {
    self.value = value
    event.initialize(to: KEVENT())
    Event(event).initialize(.synchronization, isSet: true)
  }

  deinit { event.deallocate() }

  /// Runs `body` with the value.
  ///
  /// At PASSIVE_LEVEL. Taking the lock again in `body` never ends.
  public func withLock<R: ~Copyable, E: Error>(
    _ body: (inout Value) throws(E) -> R
  ) throws(E) -> R {
    Event(event).wait()
    defer { Event(event).set() }
    return try body(&value)
  }

  /// Puts a value in the place of the present one, which goes.
  public func store(_ value: consuming sending Value) {
    let old = exchange(value)
    _ = consume old
  }

  /// Puts a value in the place of the present one, and gives that.
  public func exchange(_ value: consuming sending Value) -> Value {
    var value = consume value
    withLock { swap(&$0, &value) }
    return value
  }
}
