import CDriverKit
import Framework
import NTTypes

// Reads and writes that wait; at PASSIVE_LEVEL.
extension IOTarget {
  /// Reads and waits for the end.
  ///
  /// - Parameters:
  ///   - bytes: where the bytes go.
  ///   - offset: where the read begins, in bytes from the start of the device.
  ///   - options: limits.
  /// - Returns: bytes that were read.
  /// - Throws: the status of the request; STATUS_INVALID_DEVICE_REQUEST above PASSIVE_LEVEL,
  ///   STATUS_INVALID_DEVICE_STATE for a closed or purged target, STATUS_IO_TIMEOUT.
  ///
  /// Source: WdfIoTargetSendReadSynchronously.
  @discardableResult
  public func read(
    into bytes: inout MutableRawSpan, at offset: Int64 = 0, options: SendOptions = SendOptions()
  ) throws(NTStatus) -> Int {
    try checkRefusal(of: "WdfIoTargetSendReadSynchronously")
    return try transfer(offset, options) { offset, options, count in
      unsafe bytes.withUnsafeMutableBytes { bytes in
        withDescriptor(bytes) {
          wdfIoTargetSendReadSynchronously(
            handle.globals, handle.bits, 0, $0, offset, options, count)
        }
      }
    }
  }

  /// Reads into a memory object and waits for the end.
  ///
  /// Otherwise as `read(into:at:options:)`.
  @discardableResult
  public func read(
    into memory: MemoryPart, at offset: Int64 = 0, options: SendOptions = SendOptions()
  ) throws(NTStatus) -> Int {
    try checkRefusal(of: "WdfIoTargetSendReadSynchronously")
    return try transfer(offset, options) { offset, options, count in
      memory.withDescriptor {
        wdfIoTargetSendReadSynchronously(
          handle.globals, handle.bits, 0, $0, offset, options, count)
      }
    }
  }

  /// Writes and waits for the end.
  ///
  /// - Parameters:
  ///   - bytes: what is written.
  ///   - offset: where the write begins, in bytes from the start of the device.
  ///   - options: limits.
  /// - Returns: bytes that were written.
  /// - Throws: as `read(into:at:options:)` does.
  ///
  /// Source: WdfIoTargetSendWriteSynchronously.
  @discardableResult
  public func write(
    _ bytes: RawSpan, at offset: Int64 = 0, options: SendOptions = SendOptions()
  ) throws(NTStatus) -> Int {
    try checkRefusal(of: "WdfIoTargetSendWriteSynchronously")
    return try transfer(offset, options) { offset, options, count in
      unsafe bytes.withUnsafeBytes { bytes in
        withDescriptor(UnsafeMutableRawBufferPointer(mutating: bytes)) {
          wdfIoTargetSendWriteSynchronously(
            handle.globals, handle.bits, 0, $0, offset, options, count)
        }
      }
    }
  }

  /// Writes what a memory object holds and waits for the end.
  ///
  /// Otherwise as `write(_:at:options:)`.
  @discardableResult
  public func write(
    _ memory: MemoryPart, at offset: Int64 = 0, options: SendOptions = SendOptions()
  ) throws(NTStatus) -> Int {
    try checkRefusal(of: "WdfIoTargetSendWriteSynchronously")
    return try transfer(offset, options) { offset, options, count in
      memory.withDescriptor {
        wdfIoTargetSendWriteSynchronously(
          handle.globals, handle.bits, 0, $0, offset, options, count)
      }
    }
  }

  private func transfer(
    _ offset: Int64, _ options: SendOptions,
    _ body: (
      UnsafePointer<Int64>, UnsafePointer<WDF_REQUEST_SEND_OPTIONS>, UnsafeMutablePointer<UInt64>
    ) -> Int32
  ) throws(NTStatus) -> Int {
    var offset = offset
    var options = options.layout
    var count: UInt64 = 0
    try check(body(&offset, &options, &count))
    return Int(truncatingIfNeeded: count)
  }
}
