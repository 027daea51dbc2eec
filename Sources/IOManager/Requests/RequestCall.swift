import CDriverKit
import CRing3
import Glibc
import Machine
import Memory
import Objects

/// One service call of a user process: what it asks for, and the answer.
///
/// It lies on the caller's host stack and is handed to the kernel stack by address.
package struct RequestCall {
  package var machine: Machine
  package var process: Process
  package var handle: HandleValue
  package var majorFunction: UInt8
  /// Read and write: the data buffer.
  ///
  /// Control: the input.
  package var input: UInt = 0
  package var inputCount = 0
  package var output: UInt = 0
  package var outputCount = 0
  package var offset: Int64 = 0
  package var code: UInt32 = 0
  /// For an asynchronous request: the requester's progress record, which outlives the request.
  package var progress: UnsafeMutablePointer<RequestProgress>?

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
  package var answer = IO_STATUS_BLOCK()
  /// 0: with the driver.
  ///
  /// 1: completed, to be finished by the issuing thread. 2: finished.
  package var phase: UInt32 = 0
  /// Called with `context`, in the requester's thread, when an asynchronous request is finished.
  package var finished: (@convention(c) (UnsafeMutableRawPointer?) -> Void)?
  package var context: UnsafeMutableRawPointer?
  /// What a synchronous requester waits for.
  var event = KEVENT()
  /// Whether somebody waits for `event`.
  var isAwaited = false
  /// The IRP while the request is not finished; for cancellation, under the thread's rules.
  package var irp: IRPPointer?
  /// The thread that issued the request.
  package var thread: UnsafeMutableRawPointer?

  /// Called with its owner when a cancellation does not look at this record any more.
  var release: (@convention(c) (UnsafeMutableRawPointer) -> Void)?

  package init() {}

  /// Ends the wait of a synchronous requester.
  mutating func signal() {
    if isAwaited { withUnsafeMutablePointer(to: &event) { _ = Event($0).set() } }
  }

  static let completed: UInt32 = 1
  static let done: UInt32 = 2
}
