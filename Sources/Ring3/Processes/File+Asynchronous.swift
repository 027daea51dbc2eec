import CDriverKit
import IOManager
import Machine
import NTTypes

// Requests that are started and waited for later.
extension File {
  /// Starts a read into a buffer; without one, of 0 bytes.
  public func startRead(into buffer: UserBuffer?, count: Int? = nil, offset: Int64 = 0)
    throws(KernelError) -> PendingRequest
  {
    try startRead(
      at: buffer?.address ?? 0, count: count ?? buffer?.count ?? 0, offset: offset,
      keeping: [buffer].compactMap { $0 })
  }

  /// Starts a read into a range of user memory.
  ///
  /// - Parameters:
  ///   - address: a user address; any value may be tried.
  ///   - count: bytes to read at most; any number may be tried.
  ///   - offset: place on the device.
  ///   - buffers: memory that must live until the request ends.
  public func startRead(
    at address: UInt, count: Int, offset: Int64 = 0, keeping buffers: [UserBuffer] = []
  ) throws(KernelError) -> PendingRequest {
    try startTransfer(UInt8(IRP_MJ_READ), address, count, offset, buffers)
  }

  /// Starts a write from a buffer; without one, of 0 bytes.
  public func startWrite(from buffer: UserBuffer?, count: Int? = nil, offset: Int64 = 0)
    throws(KernelError) -> PendingRequest
  {
    try startWrite(
      at: buffer?.address ?? 0, count: count ?? buffer?.count ?? 0, offset: offset,
      keeping: [buffer].compactMap { $0 })
  }

  /// Starts a write from a range of user memory; the parameters are those of a read.
  public func startWrite(
    at address: UInt, count: Int, offset: Int64 = 0, keeping buffers: [UserBuffer] = []
  ) throws(KernelError) -> PendingRequest {
    try startTransfer(UInt8(IRP_MJ_WRITE), address, count, offset, buffers)
  }

  /// Starts a control request.
  public func startControl(
    _ code: IoControlCode, input: UserBuffer? = nil, output: UserBuffer? = nil
  ) throws(KernelError) -> PendingRequest {
    try startControl(
      code, inputAt: input?.address ?? 0, inputCount: input?.count ?? 0,
      outputAt: output?.address ?? 0, outputCount: output?.count ?? 0,
      keeping: [input, output].compactMap { $0 })
  }

  /// Starts a control request with buffers in user memory; any addresses and counts may be tried.
  ///
  /// `buffers` are memory that must live until the request ends.
  public func startControl(
    _ code: IoControlCode, inputAt input: UInt, inputCount: Int, outputAt output: UInt,
    outputCount: Int, keeping buffers: [UserBuffer] = []
  ) throws(KernelError) -> PendingRequest {
    var call = call(UInt8(IRP_MJ_DEVICE_CONTROL))
    call.code = code.bits
    call.input = input
    call.inputCount = inputCount
    call.output = output
    call.outputCount = outputCount
    let request = PendingRequest(file: self, buffers: buffers)
    try request.start(&call, controlEntry)
    return request
  }

  private func startTransfer(
    _ function: UInt8, _ address: UInt, _ count: Int, _ offset: Int64, _ buffers: [UserBuffer]
  ) throws(KernelError) -> PendingRequest {
    var call = call(function)
    call.input = address
    call.inputCount = count
    call.offset = offset
    let request = PendingRequest(file: self, buffers: buffers)
    try request.start(&call, transferEntry)
    return request
  }

  /// Reads into a buffer; cancelling the task cancels the request.
  public func read(into buffer: UserBuffer, count: Int? = nil, offset: Int64 = 0) async throws
    -> Completion
  {
    try await startRead(into: buffer, count: count, offset: offset).completion
  }

  /// Writes from a buffer; cancelling the task cancels the request.
  public func write(from buffer: UserBuffer, count: Int? = nil, offset: Int64 = 0) async throws
    -> Completion
  {
    try await startWrite(from: buffer, count: count, offset: offset).completion
  }

  /// Sends a control request; cancelling the task cancels the request.
  public func deviceControl(
    _ code: IoControlCode, input: UserBuffer? = nil, output: UserBuffer? = nil
  ) async throws -> Completion {
    try await startControl(code, input: input, output: output).completion
  }
}
