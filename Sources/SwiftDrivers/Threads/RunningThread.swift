import Glibc
import Machine
import NTTypes

/// A ``SystemThread`` as its own body sees it.
public struct RunningThread: Sendable {
  private let state: ThreadBox

  init(_ state: ThreadBox) { self.state = state }

  /// Whether the body is to return: somebody stops the thread, or the kernel ends.
  public var isStopping: Bool { state.isStopping }

  /// Waits until ``SystemThread/wake()`` or the stop of the thread.
  ///
  /// At PASSIVE_LEVEL, in the thread.
  ///
  /// - Parameter timeout: the longest time of the host's clock; nil for ever.
  public func wait(timeout: Duration? = nil) { _ = wait(for: -1, [], timeout: timeout) }

  /// Waits until something can be done with a file of the host.
  ///
  /// At PASSIVE_LEVEL, in the thread.
  ///
  /// - Parameters:
  ///   - descriptor: a file descriptor of the host.
  ///   - events: what is waited for; ``HostEvents/hangUp`` and ``HostEvents/error`` always are.
  ///   - timeout: the longest time of the host's clock; nil for ever.
  /// - Returns: what there is; nothing when the thread was woken, is to stop, or the time is over.
  public func wait(
    for descriptor: Int32, _ events: HostEvents, timeout: Duration? = nil
  ) -> HostEvents {
    var polls = [
      pollfd(fd: state.wakeDescriptor, events: Int16(POLLIN), revents: 0),
      pollfd(fd: descriptor, events: events.rawValue, revents: 0),
    ]
    let limit = timeout.map { Int32(clamping: max(0, $0.milliseconds)) } ?? -1
    // A signal of the kernel, when it ends, interrupts this: the caller looks around then.
    guard !isStopping, poll(&polls, 2, limit) > 0 else { return [] }
    if polls[0].revents != 0 { state.acknowledgeWake() }
    return isStopping ? [] : HostEvents(rawValue: polls[1].revents)
  }
}

/// What can be done with a file of the host: the events of poll(2).
public struct HostEvents: OptionSet, Sendable, Hashable {
  /// The number that poll(2) uses.
  public let rawValue: Int16

  /// Makes a value of the number that poll(2) uses.
  public init(rawValue: Int16) { self.rawValue = rawValue }

  /// There is something to read.
  public static let readable = HostEvents(rawValue: 1)
  /// There is something urgent to read.
  public static let urgent = HostEvents(rawValue: 2)
  /// There is room to write.
  public static let writable = HostEvents(rawValue: 4)
  /// Something is wrong with the file.
  public static let error = HostEvents(rawValue: 8)
  /// The other end is gone.
  public static let hangUp = HostEvents(rawValue: 16)
  /// The file is not open.
  public static let invalid = HostEvents(rawValue: 32)
}
