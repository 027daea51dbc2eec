import Ring3
import Testing

/// One way to send a control request: a control code, and where its method carries the bytes.
///
/// A list of plans as the arguments of a test runs one body with every method:
///
///     @Test(arguments: MethodPlan.all(function: 0x800), BufferSizes.page)
///     func `what is sent is kept`(plan: MethodPlan, size: Int) throws {
///       let file = try TestKernel.current.open(#"\\.\Keep"#)
///       let bytes = patternBytes(size)
///       try plan.send(bytes, to: file)
///       expectBytes(try file.read(count: size), equal: bytes)
///     }
public struct MethodPlan: Sendable, Hashable {
  /// The control code.
  public let code: IoControlCode

  /// How the buffers travel.
  public var method: TransferMethod { code.method }

  /// Makes a plan of a control code.
  public init(_ code: IoControlCode) { self.code = code }

  /// Plans for one function with every method, as drivers that have the same function for each
  /// number their codes: only the method differs.
  ///
  /// - Parameters:
  ///   - deviceType: the device type in the codes.
  ///   - function: the number of the function; vendors use 0x800 and above.
  ///   - methods: the methods.
  ///   - access: the access that the handle must have.
  public static func all(
    deviceType: DeviceType = .unknown, function: UInt16,
    methods: [TransferMethod] = TransferMethod.allCases, access: IoControlCode.Access = .any
  ) -> [MethodPlan] {
    methods.map {
      MethodPlan(
        IoControlCode(deviceType: deviceType, function: function, method: $0, access: access))
    }
  }

  /// Whether the driver can give bytes back: not with METHOD_IN_DIRECT.
  public var canReceive: Bool { method != .inDirect }

  /// Sends bytes to the driver: in the second buffer with METHOD_IN_DIRECT, else in the first.
  ///
  /// - Parameters:
  ///   - bytes: the bytes.
  ///   - file: the open device.
  ///   - header: what stands in the first buffer with METHOD_IN_DIRECT, and before the bytes else.
  /// - Throws: `KernelError` for an error status.
  public func send(_ bytes: [UInt8], to file: File, header: [UInt8] = []) throws(KernelError) {
    if method == .inDirect {
      _ = try file.deviceControl(code, input: header, output: bytes)
    } else {
      _ = try file.deviceControl(code, input: header + bytes)
    }
  }

  /// Asks the driver for bytes; gives as many as it reported.
  ///
  /// - Parameters:
  ///   - count: the size of the second buffer.
  ///   - file: the open device.
  ///   - input: the first buffer.
  /// - Throws: `KernelError` for an error status, and STATUS_INVALID_PARAMETER with
  ///   METHOD_IN_DIRECT, which gives nothing back.
  public func receive(count: Int, from file: File, input: [UInt8] = []) throws(KernelError)
    -> [UInt8]
  {
    guard canReceive else { throw .status(.invalidParameter) }
    return try file.deviceControl(code, input: input, outputCount: count)
  }
}

extension MethodPlan: CustomTestStringConvertible {
  /// The code taken apart.
  public var testDescription: String { code.explanation }
}
