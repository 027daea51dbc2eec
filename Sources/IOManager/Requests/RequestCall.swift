import CDriverKit
import CRing3
import Glibc
import Machine
import Memory
import Objects

/// One service call: what a program or a driver asks for, and the answer.
///
/// It lies on the caller's stack and is handed on by address.
package struct RequestCall {
  package var machine: Machine
  package var process: Process
  package var handle: HandleValue
  package var majorFunction: UInt8
  /// Whether the caller is a program: its buffers must lie in its own memory.
  package var isUser = true
  /// Whether ``offset`` is given; else a synchronous file goes on where it is.
  package var hasOffset = true
  /// Read and write: the data buffer.
  ///
  /// Control: the input.
  package var input: UInt = 0
  package var inputCount = 0
  package var output: UInt = 0
  package var outputCount = 0
  package var offset: Int64 = 0
  package var key: UInt32 = 0
  package var code: UInt32 = 0
  /// Address of an IO_STATUS_BLOCK to be filled, in the caller's memory; 0 for none.
  package var statusBlock: UInt = 0
  /// An event object to be set at the end; the call takes its own reference.
  package var event: UnsafeMutableRawPointer?
  /// For an asynchronous request: the requester's progress record, which outlives the request.
  package var progress: UnsafeMutablePointer<RequestProgress>?

  /// What was made of the call and is being sent; to be compared with, for it may be gone.
  var irp: IRPPointer?
  /// Rights of the handle.
  var grantedAccess: UInt32 = 0
  package var status: Int32 = 0
  package var information: UInt = 0

  package init(
    machine: Machine, process: Process, handle: HandleValue, majorFunction: UInt8
  ) {
    self.machine = machine
    self.process = process
    self.handle = handle
    self.majorFunction = majorFunction
  }
}

/// How far one request of a user process has come; the requester owns it.
package struct RequestProgress {
  /// 0: with the driver.
  ///
  /// 1: completed, to be finished by the issuing thread. 2: finished.
  package var phase: UInt32 = 0
  /// Whether somebody waits for `event`.
  var isAwaited = false
  package var answer = IO_STATUS_BLOCK()
  /// Called with `context`, in the requester's thread, when an asynchronous request is finished.
  package var finished: (@convention(c) (UnsafeMutableRawPointer?) -> Void)?
  package var context: UnsafeMutableRawPointer?
  /// The IRP while the request is not finished; for cancellation, under the thread's rules.
  package var irp: IRPPointer?
  /// The thread that issued the request.
  package var thread: UnsafeMutableRawPointer?
  /// Whether an IRP was made for the request.
  package var wasSent = false
  /// What a synchronous requester waits for.
  var event = KEVENT()
  /// Called with its owner when a cancellation does not look at this record any more.
  var release: (@convention(c) (UnsafeMutableRawPointer) -> Void)?

  package init() {}

  /// Whether the request has come to its end.
  package var isDone: Bool { phase == Self.done }

  /// Ends the wait of a synchronous requester.
  mutating func signal() {
    if isAwaited { withUnsafeMutablePointer(to: &event) { _ = Event($0).set() } }
  }

  static let completed: UInt32 = 1
  static let done: UInt32 = 2
}
