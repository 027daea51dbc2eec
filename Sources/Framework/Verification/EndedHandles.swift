import CDriverKit
import CRing3
import IOManager
import Machine

/// A request that was completed, or the memory object of its buffer: a handle that stands for nothing now.
struct EndedHandle {
  var handle: UInt64 = 0
  var isMemory = false
  var majorFunction: UInt8 = 0
  /// Where the request was completed.
  var stack: StackNumber = 0
  /// The dispatch that was running then; 0 for none.
  var scope: UInt = 0

  /// The rule that a use of the handle breaks.
  func rule(scope current: UInt) -> StaticString {
    guard isMemory else {
      return scope != 0 && scope == current ? "InvalidReqAccessLocal" : "InvalidReqAccess"
    }
    return switch Int32(majorFunction) {
    case IRP_MJ_READ: "MemAfterReqCompletedRead"
    case IRP_MJ_WRITE: "MemAfterReqCompletedWrite"
    case IRP_MJ_INTERNAL_DEVICE_CONTROL: "MemAfterReqCompletedIntIoctl"
    default: "MemAfterReqCompletedIoctl"
    }
  }

  /// The rule that completing the request again breaks.
  func completionRule(scope current: UInt) -> StaticString {
    scope != 0 && scope == current ? "DoubleCompletionLocal" : "DoubleCompletion"
  }
}

/// The handles of the requests that were completed last; without verification there is no list.
struct EndedHandles {
  static let capacity = 1024

  private var lock = MachineLock()
  private var entries: UnsafeMutablePointer<EndedHandle>?
  private var next = 0

  mutating func add(_ entry: EndedHandle) {
    lock.lock()
    defer { lock.unlock() }
    if entries == nil {
      entries = .allocate(capacity: Self.capacity)
      entries?.initialize(repeating: EndedHandle(), count: Self.capacity)
    }
    entries?[next] = entry
    next = (next + 1) % Self.capacity
  }

  /// What a handle was; nil when that is not known.
  mutating func find(_ handle: UInt64) -> EndedHandle? {
    lock.lock()
    defer { lock.unlock() }
    guard let entries, handle != 0 else { return nil }
    for index in 0..<Self.capacity where entries[index].handle == handle { return entries[index] }
    return nil
  }

  func destroy() { entries?.deallocate() }
}

extension Framework {
  /// What is kept of a request that is about to end, while it is still there.
  struct EndingRequest {
    var entry: EndedHandle
    let input: UInt64
    let output: UInt64
  }

  func ending(_ request: UnsafeMutablePointer<RequestBody>) -> EndingRequest {
    EndingRequest(
      entry: EndedHandle(
        handle: request.handle,
        majorFunction: request.pointee.irp == nil ? 0 : request.location.pointee.MajorFunction,
        stack: machine.noteStack(), scope: presentationScope),
      input: request.pointee.input.head.handle, output: request.pointee.output.head.handle)
  }

  /// Notes a request that its driver ends: who uses its handles from now on is found.
  func noteEnd(_ ending: EndingRequest) {
    var entry = ending.entry
    state.pointee.endedHandles.add(entry)
    entry.isMemory = true
    entry.handle = ending.input
    if entry.handle != 0 { state.pointee.endedHandles.add(entry) }
    entry.handle = ending.output
    if entry.handle != 0 { state.pointee.endedHandles.add(entry) }
  }

  /// A request that a driver wants to end, by its handle.
  @inline(__always)
  func requestToEnd(_ handle: UInt64) -> UnsafeMutablePointer<RequestBody> {
    guard let head = state.pointee.handles.object(handle), head.pointee.kind == .request else {
      refuseEnd(handle)
    }
    return FrameworkObject(head).body(as: RequestBody.self)
  }

  @inline(never)
  private func refuseEnd(_ handle: UInt64) -> Never {
    guard let ended = state.pointee.endedHandles.find(handle), !ended.isMemory else {
      refuseHandle(handle, .request)
    }
    violation(
      .invalidHandle, handle, UInt64(ObjectKind.request.rawValue),
      rule: ended.completionRule(scope: presentationScope),
      causes: Causes(.completed, ended.stack))
  }

  /// A handle stands for nothing, or not for what is wanted: says what it was, if that is known.
  @inline(never)
  func refuseHandle(_ handle: UInt64, _ kind: ObjectKind) -> Never {
    if handle == 0 { missingParameter() }
    guard let ended = state.pointee.endedHandles.find(handle) else {
      violation(.invalidHandle, handle, UInt64(kind.rawValue), 0)
    }
    violation(
      .invalidHandle, handle, UInt64(kind.rawValue), 0, rule: ended.rule(scope: presentationScope),
      causes: Causes(.completed, ended.stack))
  }

  /// A request that is not the driver's to end.
  @inline(never)
  func refuseEnd(of request: UnsafeMutablePointer<RequestBody>) -> Never {
    guard request.pointee.state.contains(.completed),
      let ended = state.pointee.endedHandles.find(request.handle)
    else { violation(.requestFatal, 2, request.handle) }
    violation(
      .requestFatal, 2, request.handle, rule: ended.completionRule(scope: presentationScope),
      causes: Causes(.completed, ended.stack))
  }

  /// A request is used that has no IRP any more.
  @inline(never)
  func refuseUse(of request: UnsafeMutablePointer<RequestBody>) -> Never {
    guard request.pointee.state.contains(.completed),
      let ended = state.pointee.endedHandles.find(request.handle)
    else { violation(.requestFatal, 2, bits(request)) }
    violation(
      .requestFatal, 2, bits(request), rule: ended.rule(scope: presentationScope),
      causes: Causes(.completed, ended.stack))
  }
}
