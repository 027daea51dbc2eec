import CDriverKit
import Framework
import NTTypes

// The ends of a driver's part in a request.
extension Request {
  /// Completes the request.
  ///
  /// - Parameters:
  ///   - status: the answer.
  ///   - information: bytes that were transferred; with a success at most those that the buffer has.
  ///
  /// Up to DISPATCH_LEVEL. Source: WdfRequestCompleteWithInformation.
  public consuming func complete(_ status: NTStatus = .success, information: Int = 0) {
    let (handle, isInTask) = (handle, isInTask)
    discard self
    if isInTask, !RequestTask.take(handle, .complete(status, information)) { return }
    wdfRequestCompleteWithInformation(
      handle.globals, handle.bits, status.code, UInt64(UInt(bitPattern: information)))
  }

  /// Writes a value to the output and completes the request with its size.
  ///
  /// A request whose output has no room for it is completed with STATUS_BUFFER_TOO_SMALL.
  public consuming func complete<T: BitwiseCopyable>(returning value: T) {
    do throws(NTStatus) {
      var output = try output(atLeast: MemoryLayout<T>.size)
      output.storeBytes(of: value, toByteOffset: 0, as: T.self)
    } catch {
      complete(error)
      return
    }
    complete(information: MemoryLayout<T>.size)
  }

  /// Puts the request into another queue of the device.
  ///
  /// A queue that does not take it - it is being purged, or is the one that it came from - completes
  /// it with the status that says so.
  ///
  /// - Returns: whether the queue took it.
  @discardableResult
  public consuming func forward(to queue: RequestQueue) -> Bool {
    let (handle, isInTask) = (handle, isInTask)
    discard self
    if isInTask, !RequestTask.take(handle, .complete(.cancelled, 0)) { return false }
    let status = wdfRequestForwardToIoQueue(handle.globals, handle.bits, queue.handle.bits)
    if status < 0 { wdfRequestComplete(handle.globals, handle.bits, status) }
    return status >= 0
  }

  /// Puts the request back at the head of the queue that it came from, which must be a manual one.
  ///
  /// - Returns: whether the queue took it; else it is completed with the status that says why.
  @discardableResult
  public consuming func requeue() -> Bool {
    let (handle, isInTask) = (handle, isInTask)
    discard self
    if isInTask, !RequestTask.take(handle, .complete(.cancelled, 0)) { return false }
    let status = wdfRequestRequeue(handle.globals, handle.bits)
    if status < 0 { wdfRequestComplete(handle.globals, handle.bits, status) }
    return status >= 0
  }

  /// Gives up a request that the framework has taken back: after ``StoppedRequest/requeue()``.
  public consuming func forget() { discard self }
}
