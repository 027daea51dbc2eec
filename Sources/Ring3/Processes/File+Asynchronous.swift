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
    try startTransfer(UInt8(IRP_MJ_READ), buffer, count ?? buffer?.count ?? 0, offset)
  }

  /// Starts a write from a buffer; without one, of 0 bytes.
  public func startWrite(from buffer: UserBuffer?, count: Int? = nil, offset: Int64 = 0)
    throws(KernelError) -> PendingRequest
  {
    try startTransfer(UInt8(IRP_MJ_WRITE), buffer, count ?? buffer?.count ?? 0, offset)
  }

  /// Starts a control request.
  public func startControl(
    _ code: IoControlCode, input: UserBuffer? = nil, output: UserBuffer? = nil
  ) throws(KernelError) -> PendingRequest {
    var call = call(UInt8(IRP_MJ_DEVICE_CONTROL))
    call.code = code.bits
    call.input = input?.address ?? 0
    call.inputCount = input?.count ?? 0
    call.output = output?.address ?? 0
    call.outputCount = output?.count ?? 0
    let request = PendingRequest(file: self, buffers: [input, output].compactMap { $0 })
    try request.start(&call, controlEntry)
    return request
  }

  private func startTransfer(
    _ function: UInt8, _ buffer: UserBuffer?, _ count: Int, _ offset: Int64
  )
    throws(KernelError) -> PendingRequest
  {
    var call = call(function)
    call.input = buffer?.address ?? 0
    call.inputCount = count
    call.offset = offset
    let request = PendingRequest(file: self, buffers: [buffer].compactMap { $0 })
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
