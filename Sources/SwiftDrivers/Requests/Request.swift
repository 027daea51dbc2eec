import CDriverKit
import Framework
import IOManager
import NTTypes

/// A request that the driver has: WDFREQUEST.
///
/// It cannot be copied, and it is used up by what ends the driver's part in it: ``complete(_:information:)``,
/// ``forward(to:)``, ``pend(onCancel:)`` and their kin. Completing one twice does not compile; one that
/// is dropped ends the kernel with bug check 0x52330002.
///
/// What it lends - ``input(atLeast:)``, ``output(atLeast:)`` - cannot outlive it.
public struct Request: ~Copyable, Sendable {
  let handle: Handle
  /// Whether a task has it, which has to take the mark of a cancelable request away.
  let isInTask: Bool

  init(_ handle: Handle, isInTask: Bool = false) {
    self.handle = handle
    self.isInTask = isInTask
  }

  deinit { RequestOwnership.drop(handle.bits) }

  /// Tells a request from every other one that the kernel has at the same time.
  public struct Identifier: Hashable, Sendable {
    let bits: UInt64

    init(_ bits: UInt64) { self.bits = bits }
  }

  /// Tells the request from every other one.
  public var identifier: Identifier { Identifier(handle.bits) }

  /// What is asked for.
  public enum Kind: Hashable, Sendable, CaseIterable {
    /// Opening a file.
    case create
    /// Reading.
    case read
    /// Writing.
    case write
    /// A control request of a program or a driver.
    case deviceControl
    /// A control request that only drivers send.
    case internalControl

    var function: MajorFunction {
      switch self {
      case .create: .create
      case .read: .read
      case .write: .write
      case .deviceControl: .deviceControl
      case .internalControl: .internalDeviceControl
      }
    }
  }

  /// The major function of the request.
  public var majorFunction: MajorFunction {
    MajorFunction(rawValue: location.pointee.MajorFunction)
  }

  /// Bytes to read or write; 0 for other requests.
  public var length: Int {
    let location = location
    return switch MajorFunction(rawValue: location.pointee.MajorFunction) {
    // The lengths of both lie at one place.
    case .read, .write: Int(location.pointee.Parameters.Read.Length)
    default: 0
    }
  }

  /// Where a read or write begins, in bytes from the start of the device.
  public var offset: Int64 {
    let location = location
    return switch MajorFunction(rawValue: location.pointee.MajorFunction) {
    case .read, .write: location.pointee.Parameters.Read.ByteOffset.QuadPart
    default: 0
    }
  }

  /// Bytes that a control request brings; 0 for other requests.
  public var inputLength: Int {
    let location = location
    return Self.isControl(location)
      ? Int(location.pointee.Parameters.DeviceIoControl.InputBufferLength) : 0
  }

  /// Bytes that a control request has room for; 0 for other requests.
  public var outputLength: Int {
    let location = location
    return Self.isControl(location)
      ? Int(location.pointee.Parameters.DeviceIoControl.OutputBufferLength) : 0
  }

  /// The code of a control request; nil for other requests.
  public var controlCode: IoControlCode? {
    let location = location
    return Self.isControl(location)
      ? IoControlCode(bits: location.pointee.Parameters.DeviceIoControl.IoControlCode) : nil
  }

  /// Whether a driver sent it, not a program.
  public var isFromKernel: Bool { wdfRequestGetRequestorMode(handle.globals, handle.bits) == 0 }

  /// Whether the requester has cancelled it.
  public var isCancelled: Bool {
    if isInTask, withUnsafeCurrentTask(body: { $0?.isCancelled ?? false }) { return true }
    return wdfRequestIsCanceled(handle.globals, handle.bits) != 0
  }

  private static func isControl(_ location: StackPointer) -> Bool {
    let function = MajorFunction(rawValue: location.pointee.MajorFunction)
    return function == .deviceControl || function == .internalDeviceControl
  }

  private var location: StackPointer { Framework.current.location(of: handle.bits) }
}
