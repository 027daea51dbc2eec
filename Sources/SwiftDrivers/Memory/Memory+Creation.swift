import CDriverKit
import Framework
import Memory
import NTTypes

extension Memory where Buffer == OwnedBuffer {
  /// Makes a memory object with a buffer of its own.
  ///
  /// - Parameters:
  ///   - size: bytes, at least 1. Buffers of a page or more begin at a page.
  ///   - pool: where the buffer lies; paged pool is touched below DISPATCH_LEVEL only.
  ///   - tag: the tag that pool figures and leak reports show.
  ///   - parent: what deletes the object at the latest.
  /// - Throws: STATUS_INVALID_PARAMETER for no bytes, STATUS_INSUFFICIENT_RESOURCES.
  ///
  /// Source: WdfMemoryCreate.
  public init(
    size: Int, pool: PoolKind = .nonpaged, tag: PoolTag, parent: some FrameworkParent
  ) throws(NTStatus) {
    let owner = parent.frameworkHandle.handle
    var attributes = Attachment.plain(parent: owner)
    var bits: UInt64 = 0
    guard size >= 0 else { throw .invalidParameter }
    try checkRefusal(of: "WdfMemoryCreate", tag: tag.rawValue)
    try check(
      wdfMemoryCreate(
        owner.globals, &attributes, UInt32(truncatingIfNeeded: pool.poolType), tag.rawValue,
        UInt64(size), &bits, nil))
    self.init(Handle(globals: owner.globals, bits: bits))
  }

  /// Takes a memory object with its buffer from a lookaside list.
  ///
  /// - Throws: STATUS_INSUFFICIENT_RESOURCES.
  ///
  /// Source: WdfMemoryCreateFromLookaside.
  public init(lookaside list: borrowing LookasideList) throws(NTStatus) {
    var bits: UInt64 = 0
    let handle = list.handle
    try checkRefusal(of: "WdfMemoryCreateFromLookaside")
    try check(wdfMemoryCreateFromLookaside(handle.globals, handle.bits, &bits))
    self.init(Handle(globals: handle.globals, bits: bits))
  }
}

extension Memory where Buffer == AssignedBuffer {
  /// Makes a memory object over a buffer that stays the caller's.
  ///
  /// - Parameters:
  ///   - buffer: at least one byte; it must stay as long as the object and the requests that use it.
  ///   - parent: what deletes the object at the latest.
  /// - Throws: STATUS_INVALID_PARAMETER for no bytes, STATUS_INSUFFICIENT_RESOURCES.
  ///
  /// Source: WdfMemoryCreatePreallocated.
  public init(
    preallocated buffer: UnsafeMutableRawBufferPointer, parent: some FrameworkParent
  ) throws(NTStatus) {
    let owner = parent.frameworkHandle.handle
    guard let start = buffer.baseAddress, buffer.count > 0 else { throw .invalidParameter }
    var attributes = Attachment.plain(parent: owner)
    var bits: UInt64 = 0
    try checkRefusal(of: "WdfMemoryCreatePreallocated")
    try check(
      wdfMemoryCreatePreallocated(
        owner.globals, &attributes, start, UInt64(buffer.count), &bits))
    self.init(Handle(globals: owner.globals, bits: bits))
  }

  /// Puts another buffer in the place of the present one; both stay the caller's.
  ///
  /// - Throws: STATUS_INVALID_PARAMETER for no bytes.
  ///
  /// Source: WdfMemoryAssignBuffer.
  public mutating func assign(buffer: UnsafeMutableRawBufferPointer) throws(NTStatus) {
    guard let start = buffer.baseAddress, buffer.count > 0 else { throw .invalidParameter }
    try check(
      wdfMemoryAssignBuffer(handle.globals, handle.bits, start, UInt64(buffer.count)))
  }
}

extension Request {
  /// The memory object of the input, when it must live longer than a handler.
  ///
  /// It has a reference of its own, which has to go before the request is completed: one that is left
  /// is bug check 0x10D.
  ///
  /// - Throws: STATUS_BUFFER_TOO_SMALL for a request without input.
  ///
  /// Source: WdfRequestRetrieveInputMemory.
  public borrowing func inputMemory() throws(NTStatus) -> Memory<RequestBuffer> {
    try checkRefusal(of: "WdfRequestRetrieveInputMemory")
    return try memory(wdfRequestRetrieveInputMemory)
  }

  /// The memory object of the output, as ``inputMemory()`` is that of the input.
  ///
  /// Source: WdfRequestRetrieveOutputMemory.
  public borrowing func outputMemory() throws(NTStatus) -> Memory<RequestBuffer> {
    try checkRefusal(of: "WdfRequestRetrieveOutputMemory")
    return try memory(wdfRequestRetrieveOutputMemory)
  }

  private borrowing func memory(
    _ retrieve: (UnsafeMutableRawPointer, UInt64, UnsafeMutablePointer<UInt64>?) -> Int32
  ) throws(NTStatus) -> Memory<RequestBuffer> {
    var bits: UInt64 = 0
    try check(retrieve(handle.globals, handle.bits, &bits))
    wdfObjectReferenceActual(handle.globals, bits, 0, 0, nil)
    return Memory(Handle(globals: handle.globals, bits: bits), isReference: true)
  }
}
