import CDriverKit
import Framework
import NTTypes

// Sending in a task of the driver, which waits without a thread.
extension IOTarget {
  /// Sends a request to the target and awaits its end.
  ///
  /// - Parameters:
  ///   - operation: what is asked.
  ///   - options: limits.
  /// - Returns: the information that came back, which for a transfer is the bytes of it.
  /// - Throws: the status of the request. When the task is cancelled the request is, and unless the
  ///   lower driver has completed it by then, that is STATUS_CANCELLED.
  ///
  /// In a task of the driver. Source: WdfRequestSend, WdfRequestCancelSentRequest.
  @discardableResult
  public func perform(
    _ operation: TargetOperation, options: SendOptions = SendOptions()
  ) async throws(NTStatus) -> Int {
    let send = try AwaitedSend(for: self)
    try check(operation.format(send.request, for: self))
    return try await send.run(self, options).get()
  }

  /// Reads into a memory object and awaits the end.
  ///
  /// - Parameters:
  ///   - memory: where the bytes go.
  ///   - offset: where the read begins, in bytes from the start of the device.
  ///   - options: how it is sent.
  /// - Returns: bytes that were read.
  ///
  /// Otherwise as ``perform(_:options:)``.
  @discardableResult
  public func read(
    into memory: MemoryPart, at offset: Int64 = 0, options: SendOptions = SendOptions()
  ) async throws(NTStatus) -> Int {
    try await perform(.read(into: memory, at: offset), options: options)
  }

  /// Writes what a memory object holds and awaits the end.
  ///
  /// - Parameters:
  ///   - memory: what is written.
  ///   - offset: where the write begins, in bytes from the start of the device.
  ///   - options: how it is sent.
  /// - Returns: bytes that were written.
  ///
  /// Otherwise as ``perform(_:options:)``.
  @discardableResult
  public func write(
    _ memory: MemoryPart, at offset: Int64 = 0, options: SendOptions = SendOptions()
  ) async throws(NTStatus) -> Int {
    try await perform(.write(memory, at: offset), options: options)
  }

  /// Sends a control request and awaits the end.
  ///
  /// Otherwise as ``perform(_:options:)``.
  @discardableResult
  public func deviceControl(
    _ code: IoControlCode, inputMemory: MemoryPart, outputMemory: MemoryPart = .none,
    options: SendOptions = SendOptions()
  ) async throws(NTStatus) -> Int {
    try await perform(
      .deviceControl(code, input: inputMemory, output: outputMemory), options: options)
  }

  /// Sends an internal control request and awaits the end.
  ///
  /// Otherwise as ``perform(_:options:)``.
  @discardableResult
  public func internalControl(
    _ code: IoControlCode, inputMemory: MemoryPart, outputMemory: MemoryPart = .none,
    options: SendOptions = SendOptions()
  ) async throws(NTStatus) -> Int {
    try await perform(
      .internalControl(code, input: inputMemory, output: outputMemory), options: options)
  }
}

extension Request {
  /// Sends the request as it is to a target and awaits its return: the driver has it all the time.
  ///
  /// From then on the task is not cancelled any more when the requester cancels the request; while the
  /// request is at the target, that is told.
  ///
  /// - Returns: the information that came back.
  /// - Throws: the status of the request, as ``IOTarget/perform(_:options:)`` does.
  ///
  /// In a task of the driver. Source: WdfRequestFormatRequestUsingCurrentType.
  @discardableResult
  public borrowing func roundTrip(
    to target: IOTarget, options: SendOptions = SendOptions()
  ) async throws(NTStatus) -> Int {
    let handle = handle
    if isInTask, !RequestTask.unmark(handle) { throw .cancelled }
    wdfRequestFormatRequestUsingCurrentType(handle.globals, handle.bits)
    return try await AwaitedSend(of: handle).run(target, options).get()
  }
}
