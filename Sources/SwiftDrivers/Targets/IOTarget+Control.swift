import CDriverKit
import Framework
import NTTypes

// Control requests that wait; at PASSIVE_LEVEL.
extension IOTarget {
  /// Which of the two kinds of control requests is sent.
  enum ControlKind {
    case device, `internal`

    fileprivate var routine: StaticString {
      switch self {
      case .device: "WdfIoTargetSendIoctlSynchronously"
      case .internal: "WdfIoTargetSendInternalIoctlSynchronously"
      }
    }
  }

  /// Sends a control request with no output and waits for the end.
  ///
  /// - Parameters:
  ///   - code: what is asked for.
  ///   - input: the bytes that go with it.
  ///   - options: limits.
  /// - Returns: the information that came back.
  /// - Throws: as `read(into:at:options:)` does.
  ///
  /// Source: WdfIoTargetSendIoctlSynchronously.
  @discardableResult
  public func deviceControl(
    _ code: IoControlCode, input: RawSpan = RawSpan(), options: SendOptions = SendOptions()
  ) throws(NTStatus) -> Int {
    var output = MutableRawSpan()
    return try control(.device, code, input, &output, options)
  }

  /// Sends a control request and waits for the end.
  ///
  /// - Returns: bytes of the output.
  ///
  /// Otherwise as `deviceControl(_:input:options:)`.
  @discardableResult
  public func deviceControl(
    _ code: IoControlCode, input: RawSpan = RawSpan(), output: inout MutableRawSpan,
    options: SendOptions = SendOptions()
  ) throws(NTStatus) -> Int {
    try control(.device, code, input, &output, options)
  }

  /// Sends a control request with memory objects and waits for the end.
  ///
  /// Otherwise as `deviceControl(_:input:options:)`.
  @discardableResult
  public func deviceControl(
    _ code: IoControlCode, inputMemory: MemoryPart, outputMemory: MemoryPart = .none,
    options: SendOptions = SendOptions()
  ) throws(NTStatus) -> Int {
    try control(.device, code, inputMemory, outputMemory, options)
  }

  /// Sends an internal control request with no output, as only drivers do, and waits for the end.
  ///
  /// Otherwise as `deviceControl(_:input:options:)`. Source: WdfIoTargetSendInternalIoctlSynchronously.
  @discardableResult
  public func internalControl(
    _ code: IoControlCode, input: RawSpan = RawSpan(), options: SendOptions = SendOptions()
  ) throws(NTStatus) -> Int {
    var output = MutableRawSpan()
    return try control(.internal, code, input, &output, options)
  }

  /// Sends an internal control request, as only drivers do, and waits for the end.
  ///
  /// Otherwise as `deviceControl(_:input:options:)`.
  @discardableResult
  public func internalControl(
    _ code: IoControlCode, input: RawSpan = RawSpan(), output: inout MutableRawSpan,
    options: SendOptions = SendOptions()
  ) throws(NTStatus) -> Int {
    try control(.internal, code, input, &output, options)
  }

  /// Sends an internal control request with memory objects and waits for the end.
  ///
  /// Otherwise as `deviceControl(_:input:options:)`.
  @discardableResult
  public func internalControl(
    _ code: IoControlCode, inputMemory: MemoryPart, outputMemory: MemoryPart = .none,
    options: SendOptions = SendOptions()
  ) throws(NTStatus) -> Int {
    try control(.internal, code, inputMemory, outputMemory, options)
  }

  private func control(
    _ kind: ControlKind, _ code: IoControlCode, _ input: RawSpan, _ output: inout MutableRawSpan,
    _ options: SendOptions
  ) throws(NTStatus) -> Int {
    try unsafe input.withUnsafeBytes { input in
      unsafe output.withUnsafeMutableBytes { output in
        withDescriptor(UnsafeMutableRawBufferPointer(mutating: input)) { input in
          withDescriptor(output) { send(kind, code, input, $0, options) }
        }
      }
    }.get()
  }

  private func control(
    _ kind: ControlKind, _ code: IoControlCode, _ input: MemoryPart, _ output: MemoryPart,
    _ options: SendOptions
  ) throws(NTStatus) -> Int {
    try input.withDescriptor { input in
      output.withDescriptor { send(kind, code, input, $0, options) }
    }.get()
  }

  private typealias Descriptor = UnsafePointer<WDF_MEMORY_DESCRIPTOR>

  private func send(
    _ kind: ControlKind, _ code: IoControlCode, _ input: Descriptor?, _ output: Descriptor?,
    _ options: SendOptions
  ) -> SendResult {
    if isRefused(kind.routine) { return SendResult(status: .insufficientResources) }
    var options = options.layout
    var count: UInt64 = 0
    let status =
      switch kind {
      case .device:
        wdfIoTargetSendIoctlSynchronously(
          handle.globals, handle.bits, 0, code.bits, input, output, &options, &count)
      case .internal:
        wdfIoTargetSendInternalIoctlSynchronously(
          handle.globals, handle.bits, 0, code.bits, input, output, &options, &count)
      }
    return SendResult(status: NTStatus(code: status), information: Int(truncatingIfNeeded: count))
  }
}
