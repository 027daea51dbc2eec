import CDriverKit
import Framework
import NTTypes

/// A request that is seen in the thread that sent it, before it is in any queue.
///
/// Here alone the user addresses of neither I/O mean something: ``lockUserBuffers()`` makes them
/// usable for the queue's handler, in whatever process that runs.
///
///     setup.onCallerContext { request in
///       var request = request
///       try request.lockUserBuffers()
///       request.enqueue()
///     }
///
/// It cannot be copied, and is used up by ``enqueue()`` and ``complete(_:information:)``. What a
/// handler throws completes it.
public struct CallerRequest: ~Copyable, Sendable {
  /// What is asked for; its buffers are those of the transfer method.
  public var request: Request
  let device: UInt64

  /// Puts the request into the queue that is for it.
  ///
  /// A queue that does not take it completes it with the status that says so.
  ///
  /// - Returns: whether a queue took it.
  ///
  /// Source: WdfDeviceEnqueueRequest.
  @discardableResult
  public consuming func enqueue() -> Bool {
    let device = device
    return request.enqueue(device)
  }

  /// Completes the request; see ``Request/complete(_:information:)``.
  public consuming func complete(_ status: NTStatus = .success, information: Int = 0) {
    request.complete(status, information: information)
  }

  /// The user addresses of the input, unchecked: nothing says that they can be touched.
  ///
  /// - Throws: STATUS_INVALID_DEVICE_REQUEST for a request that is not neither I/O,
  ///   STATUS_BUFFER_TOO_SMALL for one without input.
  ///
  /// At PASSIVE_LEVEL. Source: WdfRequestRetrieveUnsafeUserInputBuffer.
  public borrowing func unsafeUserInput() throws(NTStatus) -> UnsafeRawBufferPointer {
    try UnsafeRawBufferPointer(
      request.find(0, wdfRequestRetrieveUnsafeUserInputBuffer, orNone: false))
  }

  /// The user addresses of the output, unchecked.
  ///
  /// - Throws: as ``unsafeUserInput()`` does.
  ///
  /// At PASSIVE_LEVEL. Source: WdfRequestRetrieveUnsafeUserOutputBuffer.
  public borrowing func unsafeUserOutput() throws(NTStatus) -> UnsafeMutableRawBufferPointer {
    try request.find(0, wdfRequestRetrieveUnsafeUserOutputBuffer, orNone: false)
  }

  /// Checks the user's buffers and locks their pages until the request is completed.
  ///
  /// ``Request/withUserBuffers(_:)`` lends them from then on, in any thread.
  ///
  /// - Throws: STATUS_ACCESS_VIOLATION when the requester could not read the input or write the output
  ///   itself, STATUS_INVALID_DEVICE_REQUEST for a request that is not neither I/O,
  ///   STATUS_OBJECT_NAME_COLLISION when they are locked already, STATUS_INSUFFICIENT_RESOURCES.
  ///
  /// At PASSIVE_LEVEL. Source: WdfRequestProbeAndLockUserBufferForRead, ...ForWrite.
  public mutating func lockUserBuffers() throws(NTStatus) {
    try checkRefusal(of: "WdfRequestProbeAndLockUserBufferForRead")
    let input = try lock(
      wdfRequestRetrieveUnsafeUserInputBuffer, wdfRequestProbeAndLockUserBufferForRead)
    try checkRefusal(of: "WdfRequestProbeAndLockUserBufferForWrite")
    let output = try lock(
      wdfRequestRetrieveUnsafeUserOutputBuffer, wdfRequestProbeAndLockUserBufferForWrite)
    try LockedBuffers(input: input, output: output).attach(to: request.handle)
  }

  /// - Returns: the memory object; 0 for a request without such a buffer.
  private borrowing func lock(
    _ retrieve: Request.Retrieve,
    _ lock: (
      UnsafeMutableRawPointer, UInt64, UnsafeMutableRawPointer?, UInt64,
      UnsafeMutablePointer<UInt64>?
    ) -> Int32
  ) throws(NTStatus) -> UInt64 {
    let bytes: UnsafeMutableRawBufferPointer
    do throws(NTStatus) {
      bytes = try request.find(0, retrieve)
    } catch .invalidDeviceRequest where request.majorFunction != .deviceControl {
      // A read has no input, a write no output.
      return 0
    }
    guard let start = bytes.baseAddress, !bytes.isEmpty else { return 0 }
    var memory: UInt64 = 0
    let handle = request.handle
    try check(lock(handle.globals, handle.bits, start, UInt64(bytes.count), &memory))
    return memory
  }
}

extension DeviceInit {
  /// Sees each read, write and control request in the thread that sent it, before its queue does.
  ///
  /// At PASSIVE_LEVEL, when the sender is at it. Source: EvtIoInCallerContext.
  public mutating func onCallerContext(
    _ handler: @escaping @Sendable (_ request: consuming CallerRequest) throws -> Void
  ) { box.inCallerContext = handler }
}

extension Request {
  fileprivate consuming func enqueue(_ device: UInt64) -> Bool {
    let handle = handle
    forget()
    let status = wdfDeviceEnqueueRequest(handle.globals, device, handle.bits)
    if status < 0 { wdfRequestComplete(handle.globals, handle.bits, status) }
    return status >= 0
  }

  /// Lends the buffers of neither I/O that ``CallerRequest/lockUserBuffers()`` locked.
  ///
  /// A buffer that the request does not have is empty.
  ///
  /// - Throws: STATUS_INVALID_DEVICE_REQUEST when they are not locked, and what `body` throws.
  ///
  /// Up to DISPATCH_LEVEL.
  public mutating func withUserBuffers<R: ~Copyable>(
    _ body: (_ input: RawSpan, _ output: inout MutableRawSpan) throws(NTStatus) -> R
  ) throws(NTStatus) -> R {
    guard let buffers = LockedBuffers.of(handle) else { throw .invalidDeviceRequest }
    var output = unsafe MutableRawSpan(_unsafeBytes: buffers.bytes(buffers.output, handle.globals))
    let input = buffers.bytes(buffers.input, handle.globals)
    return try unsafe body(RawSpan(_unsafeBytes: UnsafeRawBufferPointer(input)), &output)
  }
}

/// The memory objects of a request's locked pages, which go with it; in a context of the request.
struct LockedBuffers: BitwiseCopyable {
  var input: UInt64 = 0
  var output: UInt64 = 0
  var isSet = true

  nonisolated(unsafe) private static let type = Attachment.makeType(
    "LockedBuffers", byteCount: MemoryLayout<LockedBuffers>.stride)

  func attach(to handle: Handle) throws(NTStatus) {
    var attributes = Attachment.plain(parent: nil)
    attributes.ContextTypeInfo = Self.type
    var place: UnsafeMutableRawPointer?
    try checkRefusal(of: "WdfObjectAllocateContext")
    let status = wdfObjectAllocateContext(handle.globals, handle.bits, &attributes, &place)
    try check(status)
    guard let place else { throw .insufficientResources }
    if place.load(as: LockedBuffers.self).isSet { throw .objectNameCollision }
    place.storeBytes(of: self, as: LockedBuffers.self)
  }

  static func of(_ handle: Handle) -> LockedBuffers? {
    let place = Framework.current.context(of: handle.bits, typed: type)
    guard let buffers = place?.load(as: LockedBuffers.self), buffers.isSet else { return nil }
    return buffers
  }

  func bytes(_ memory: UInt64, _ globals: UnsafeMutableRawPointer) -> UnsafeMutableRawBufferPointer
  {
    guard memory != 0 else { return UnsafeMutableRawBufferPointer(start: nil, count: 0) }
    var count: UInt64 = 0
    let start = wdfMemoryGetBuffer(globals, memory, &count)
    return UnsafeMutableRawBufferPointer(start: start, count: Int(count))
  }
}

/// EvtIoInCallerContext.
let inCallerContextEntry: @convention(c) (UInt64, UInt64) -> Void = { device, request in
  let globals = Framework.current.globals(of: device)
  let box = Attachment.of(device, as: DeviceBox.self).takeUnretainedValue()
  RequestOwnership.handling(request) {
    try box.inCallerContext.unsafelyUnwrapped(
      CallerRequest(request: Request(Handle(globals: globals, bits: request)), device: device))
  }
}
