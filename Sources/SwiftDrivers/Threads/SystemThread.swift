import CDriverKit
import Framework
import Machine
import NTTypes

/// A thread of the driver's own, which may block in the host: what reads a tty or a socket.
///
/// The thread belongs to its parent: as the parent ends, it is told to stop and awaited, before
/// anything of the parent is gone. Everything that a driver may do at PASSIVE_LEVEL it may do there.
///
///     let reader = try SystemThread(parent: device) { thread in
///       while !thread.isStopping {
///         if thread.wait(for: descriptor, .readable).isEmpty { continue }
///         port.receive(read(descriptor))
///       }
///     }
///
/// A value; copies stand for the same thread.
public struct SystemThread: FrameworkParent, Hashable {
  let handle: Handle

  /// The object, as a parent of others.
  public var frameworkHandle: FrameworkHandle { FrameworkHandle(handle) }

  /// Starts a thread, at PASSIVE_LEVEL in the system process.
  ///
  /// - Parameters:
  ///   - parent: what the thread belongs to.
  ///   - body: what it does. It must return soon after ``RunningThread/isStopping`` says so, and it
  ///     waits for the host only with ``RunningThread/wait(for:_:timeout:)``: a thread that sleeps
  ///     in a host call of its own cannot be stopped.
  /// - Throws: STATUS_INSUFFICIENT_RESOURCES when the host gives no thread.
  ///
  /// At PASSIVE_LEVEL. Source: PsCreateSystemThread.
  public init(
    parent: some FrameworkParent, _ body: @escaping @Sendable (_ thread: RunningThread) -> Void
  ) throws(NTStatus) {
    let parent = parent.frameworkHandle.handle
    let state = try ThreadBox(body)
    var attributes = Attachment.attributes(parent: parent)
    attributes.EvtCleanupCallback = DriverEntries.threadCleanup.address
    attributes.ExecutionLevel = WdfExecutionLevelPassive
    var bits: UInt64 = 0
    try checkRefusal(of: "WdfObjectCreate")
    try check(wdfObjectCreate(parent.globals, &attributes, &bits))
    // From here on the end of the object stops the thread, also when it never starts.
    Attachment.attach(state, to: bits)
    handle = Handle(globals: parent.globals, bits: bits)
    do throws(NTStatus) {
      try state.start()
    } catch {
      wdfObjectDelete(handle.globals, handle.bits)
      throw error
    }
  }

  /// Ends the wait that the thread is in, or its next one.
  ///
  /// Up to DISPATCH_LEVEL.
  public func wake() { state.wake() }

  /// Tells the thread to stop, waits until it has ended, and deletes it.
  ///
  /// At PASSIVE_LEVEL, not in the thread itself, once.
  public func stop() { wdfObjectDelete(handle.globals, handle.bits) }

  private var state: ThreadBox {
    Attachment.of(handle.bits, as: ThreadBox.self).takeUnretainedValue()
  }
}

/// EvtCleanupCallback of a thread's object.
let threadCleanupEntry: @convention(c) (UInt64) -> Void = { thread in
  Attachment.of(thread, as: ThreadBox.self).takeUnretainedValue().stop()
}
