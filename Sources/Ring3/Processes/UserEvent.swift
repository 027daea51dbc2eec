import CDriverKit
import Machine
import NTTypes
import Objects

/// An event that a program has made, and whose handle it gives to drivers.
///
///     let event = try process.makeEvent()
///     let handle = withUnsafeBytes(of: event.handle) { Array($0) }
///     _ = try file.deviceControl(code, input: handle)
///     try #require(try event.wait(seconds: 5))
///
/// May be used from any thread. The handle is closed when the last reference goes, or by ``close()``;
/// a driver that has referenced the event keeps it.
public final class UserEvent: @unchecked Sendable {
  /// The process that made the event.
  public let process: UserProcess
  /// The value that a program puts into a structure for a driver.
  public let handle: UInt
  /// The event, referenced.
  private let body: UnsafeMutableRawPointer
  private let isOpen: UnsafeMutablePointer<UInt32>

  init(process: UserProcess, handle: UInt, body: UnsafeMutableRawPointer) {
    self.process = process
    self.handle = handle
    self.body = body
    isOpen = .allocate(capacity: 1)
    isOpen.initialize(to: 1)
  }

  deinit {
    try? close()
    // A machine that has ended keeps no objects.
    _ = try? inside { self.process.kernel.machine.objects.dereference(self.body) }
    isOpen.deallocate()
  }

  private var event: Event { Event(body.assumingMemoryBound(to: KEVENT.self)) }

  private func inside<R>(_ body: () -> R) throws(KernelError) -> R {
    do {
      return try process.kernel.machine.inside(process.process, body)
    } catch {
      throw process.kernel.halted()
    }
  }

  /// Whether the event is set; it stays as it is.
  public var isSet: Bool { event.isSet }

  /// Sets the event, as a program or a driver does.
  public func set() throws(KernelError) { _ = try inside { event.set() } }

  /// Resets the event.
  public func reset() throws(KernelError) { _ = try inside { event.reset() } }

  /// Waits until the event is set; an event that resets itself is reset by that.
  ///
  /// - Parameter seconds: the longest time to wait.
  /// - Returns: whether it was set in time.
  public func wait(seconds: Double = 30) throws(KernelError) -> Bool {
    let milliseconds = UInt64(max(0, min(seconds, 1e6)) * 1000)
    return try inside { event.wait(WaitOptions(deadline: .after(milliseconds: milliseconds))) == 0 }
  }

  /// Closes the handle.
  public func close() throws(KernelError) {
    guard isOpen.pointee == 1 else { return }
    isOpen.pointee = 0
    _ = try inside { process.kernel.machine.objects.closeHandle(handle, in: process.process) }
  }
}

extension UserProcess {
  /// Makes an event without a name, with all rights: what CreateEvent does.
  ///
  /// - Parameters:
  ///   - resetsItself: whether one wait that it ends resets it; else it stays set.
  ///   - isSet: whether it is set from the start.
  /// - Throws: ``KernelError`` when there is no memory, or the kernel has ended.
  public func makeEvent(resetsItself: Bool = false, isSet: Bool = false) throws(KernelError)
    -> UserEvent
  {
    let objects = kernel.machine.objects
    var handle: UInt = 0
    var status: UInt32 = 0
    var body: UnsafeMutableRawPointer?
    do {
      try kernel.machine.inside(process) {
        status = objects.makeEvent(
          &handle, 0x1F_0003, nil, resetsItself ? .synchronization : .notification, isSet: isSet)
        body = status == 0 ? objects.entry(handle, in: process)?.body : nil
        if let body { objects.reference(body) }
      }
    } catch {
      throw kernel.halted()
    }
    guard let body else { throw .status(NTStatus(bits: status)) }
    return UserEvent(process: self, handle: handle, body: body)
  }
}
