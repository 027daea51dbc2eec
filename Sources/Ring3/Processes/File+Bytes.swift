import NTTypes

// Requests with arrays: each call takes user memory for itself.
extension File {
  /// Reads up to `count` bytes.
  ///
  /// - Throws: ``KernelError`` for an error status.
  public func read(count: Int, offset: Int64 = 0) throws(KernelError) -> [UInt8] {
    let buffer = try memory(count)
    let answer = try read(at: buffer?.address ?? 0, count: count, offset: offset)
    try check(answer)
    return buffer?.bytes(0..<min(answer.information, count)) ?? []
  }

  /// Writes bytes; gives how many the driver took.
  @discardableResult
  public func write(_ bytes: [UInt8], offset: Int64 = 0) throws(KernelError) -> Int {
    let buffer = try memory(bytes.count)
    buffer?.store(bytes)
    let answer = try write(at: buffer?.address ?? 0, count: bytes.count, offset: offset)
    try check(answer)
    return answer.information
  }

  /// Writes the UTF-8 of a text.
  @discardableResult
  public func write(_ text: String) throws(KernelError) -> Int { try write(Array(text.utf8)) }

  /// Sends a control request and gives the bytes that came back.
  ///
  /// For the direct methods `output` is the second buffer with its contents before the request.
  @discardableResult
  public func deviceControl(
    _ code: IoControlCode, input: [UInt8] = [], outputCount: Int = 0, output: [UInt8]? = nil
  ) throws(KernelError) -> [UInt8] {
    let count = output?.count ?? outputCount
    let first = try memory(input.count)
    let second = try memory(count)
    first?.store(input)
    if let output { second?.store(output) }
    let answer = try deviceControl(
      code, inputAt: first?.address ?? 0, inputCount: input.count,
      outputAt: second?.address ?? 0, outputCount: count)
    try check(answer)
    return second?.bytes(0..<min(answer.information, count)) ?? []
  }

  private func memory(_ count: Int) throws(KernelError) -> UserBuffer? {
    guard count > 0 else { return nil }
    guard let buffer = UserBuffer(process, count: count) else {
      throw .status(.noMemory)
    }
    return buffer
  }

  private func check(_ answer: Completion) throws(KernelError) {
    if answer.status.isError { throw .status(answer.status) }
  }
}
