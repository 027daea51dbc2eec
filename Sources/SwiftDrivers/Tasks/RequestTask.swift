import CDriverKit
import Framework
import NTTypes

/// A request that a task of the driver has: ``Request/perform(priority:_:)``.
///
/// The request is marked as cancelable until the task ends its part in it. Hangs on the WDFREQUEST.
final class RequestTask: @unchecked Sendable {
  /// The request that the running task was started for.
  @TaskLocal static var current: RequestTask?

  /// How the task ends its part in a request.
  enum End {
    case complete(NTStatus, Int)
    case cancelled(QueueHandlers.Handler)
  }

  private struct State {
    var cancel: (@Sendable () -> Void)?
    /// EvtRequestCancel was called.
    var isCancelled = false
    /// EvtRequestCancel has done its part; the task ends the request itself.
    var isTold = false
    /// What EvtRequestCancel is to do, when the task was faster.
    var end: End?
  }

  let handle: Handle
  /// The task let the value of the request go; only touched by the task.
  var isDropped = false
  private let state = SpinLocked(State())

  init(_ handle: Handle) { self.handle = handle }

  /// Marks the request as cancelable; gives the status.
  func mark() -> Int32 {
    var attributes = Attachment.attributes()
    var place: UnsafeMutableRawPointer?
    let status = wdfObjectAllocateContext(handle.globals, handle.bits, &attributes, &place)
    guard status >= 0, place != nil else { return status }
    Attachment.replace(self, of: handle.bits)
    return wdfRequestMarkCancelableEx(
      handle.globals, handle.bits, DriverEntries.cancelTask.address)
  }

  /// Names the task, which is cancelled when the request is.
  func setTask<T>(_ task: Task<T, any Error>) {
    let isCancelled = state.withLock { state in
      state.cancel = { task.cancel() }
      return state.isCancelled
    }
    if isCancelled { task.cancel() }
  }

  /// Runs the driver's part of the task, and judges what it left.
  func run(_ body: @Sendable (consuming Request) async throws -> Void) async {
    await Self.$current.withValue(self) {
      do {
        try await body(Request(handle, isInTask: true))
        if isDropped { Lost.request(handle.bits) }
      } catch {
        let status = NTStatus(reporting: error)
        if isDropped {
          Request(handle, isInTask: true).complete(status)
        } else {
          Framework.current.note(
            "A task threw \(status) after it had completed, forwarded or pended its request")
        }
      }
    }
  }

  /// Takes the mark away, so that the request can be ended.
  ///
  /// - Parameter end: what is done to a request that is cancelled, when EvtRequestCancel has not done
  ///   its part yet.
  /// - Returns: whether the caller ends it; else EvtRequestCancel does.
  @inline(never)
  static func take(_ handle: Handle, _ end: End) -> Bool {
    guard wdfRequestUnmarkCancelable(handle.globals, handle.bits) == NTStatus.cancelled.code else {
      return true
    }
    return Attachment.of(handle.bits, as: RequestTask.self)._withUnsafeGuaranteedRef { task in
      task.state.withLock { state in
        if !state.isTold { state.end = end }
        return state.isTold
      }
    }
  }

  /// Takes the mark away for a while; false when the request is cancelled.
  static func unmark(_ handle: Handle) -> Bool {
    wdfRequestUnmarkCancelable(handle.globals, handle.bits) != NTStatus.cancelled.code
  }

  /// What EvtRequestCancel does.
  fileprivate func tell() {
    let cancel = state.withLock { state in
      state.isCancelled = true
      return state.cancel
    }
    cancel?()
    let end = state.withLock { state in
      state.isTold = true
      return state.end
    }
    switch end {
    case .complete(let status, let information)?:
      Request(handle).complete(status, information: information)
    case .cancelled(let handler)?:
      RequestOwnership.handling(handle.bits) { try handler(Request(handle)) }
    case nil: break
    }
  }
}

/// EvtRequestCancel of a request that a task has.
let cancelTaskEntry: @convention(c) (UInt64) -> Void = { request in
  // The request, and what hangs on it, may go meanwhile.
  Attachment.of(request, as: RequestTask.self).takeUnretainedValue().tell()
}

extension Request {
  /// What a task does with a request.
  public typealias TaskHandler = @Sendable (_ request: consuming Request) async throws -> Void

  /// Keeps the request for a task of the driver, and starts that.
  ///
  /// - Parameters:
  ///   - priority: of the task.
  ///   - body: has the request and ends the driver's part in it, as a handler does, but may `await`. When
  ///     it throws while it has the request, the request is completed with the error; that of a
  ///     cancelled task is STATUS_CANCELLED. When it returns without having ended it, the kernel ends with
  ///     bug check 0x52330002.
  ///
  /// The task is cancelled when the requester cancels the request. ``DriverObject/task(priority:_:)``
  /// says where it runs. Up to DISPATCH_LEVEL. Source: WdfRequestMarkCancelableEx.
  public consuming func perform(
    priority: TaskPriority? = nil, _ body: @escaping TaskHandler
  ) {
    let (handle, isInTask) = (handle, isInTask)
    discard self
    if isInTask, !RequestTask.take(handle, .complete(.cancelled, 0)) { return }
    let work = RequestTask(handle)
    let status = work.mark()
    if status < 0 { return Request(handle).complete(NTStatus(code: status)) }
    work.setTask(DriverTasks.of(handle).start(priority) { await work.run(body) })
  }
}
