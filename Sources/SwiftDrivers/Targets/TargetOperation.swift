import CDriverKit
import Framework
import NTTypes

/// What a driver asks of a target, with the memory that it lends for it.
public struct TargetOperation: ~Escapable, Sendable {
  enum Kind {
    case read, write, deviceControl, internalControl
  }

  let kind: Kind
  let offset: Int64
  let code: IoControlCode
  let input: MemoryPart
  let output: MemoryPart

  @_lifetime(copy input, copy output)
  private init(
    _ kind: Kind, _ offset: Int64, _ code: IoControlCode, _ input: MemoryPart, _ output: MemoryPart
  ) {
    self.kind = kind
    self.offset = offset
    self.code = code
    self.input = input
    self.output = output
  }

  /// A read into a memory object.
  ///
  /// - Parameters:
  ///   - memory: where the bytes go.
  ///   - offset: where it begins, in bytes from the start of the device.
  @_lifetime(copy memory)
  public static func read(into memory: MemoryPart, at offset: Int64 = 0) -> TargetOperation {
    TargetOperation(.read, offset, IoControlCode(bits: 0), .none, memory)
  }

  /// A write of what a memory object holds.
  ///
  /// - Parameters:
  ///   - memory: what is written.
  ///   - offset: where it begins, in bytes from the start of the device.
  @_lifetime(copy memory)
  public static func write(_ memory: MemoryPart, at offset: Int64 = 0) -> TargetOperation {
    TargetOperation(.write, offset, IoControlCode(bits: 0), memory, .none)
  }

  /// A control request.
  @_lifetime(copy input, copy output)
  public static func deviceControl(
    _ code: IoControlCode, input: MemoryPart = .none, output: MemoryPart = .none
  ) -> TargetOperation { TargetOperation(.deviceControl, 0, code, input, output) }

  /// An internal control request, as only drivers send them.
  @_lifetime(copy input, copy output)
  public static func internalControl(
    _ code: IoControlCode, input: MemoryPart = .none, output: MemoryPart = .none
  ) -> TargetOperation { TargetOperation(.internalControl, 0, code, input, output) }

  /// Formats a request; gives the status.
  func format(_ request: Handle, for target: IOTarget) -> Int32 {
    let (globals, target) = (request.globals, target.handle.bits)
    var offset = offset
    var (from, to) = (input.offsets, output.offsets)
    return switch kind {
    case .read:
      wdfIoTargetFormatRequestForRead(globals, target, request.bits, output.memory, &to, &offset)
    case .write:
      wdfIoTargetFormatRequestForWrite(globals, target, request.bits, input.memory, &from, &offset)
    case .deviceControl:
      wdfIoTargetFormatRequestForIoctl(
        globals, target, request.bits, code.bits, input.memory, &from, output.memory, &to)
    case .internalControl:
      wdfIoTargetFormatRequestForInternalIoctl(
        globals, target, request.bits, code.bits, input.memory, &from, output.memory, &to)
    }
  }
}
