/// How a request's buffers reach the driver.
public enum TransferMethod: UInt8, Hashable, Sendable, CaseIterable {
  /// Through a system buffer (`METHOD_BUFFERED`).
  case buffered
  /// Input through a system buffer, the second buffer locked and read by the device (`METHOD_IN_DIRECT`).
  case inDirect
  /// Input through a system buffer, the second buffer locked and written by the device (`METHOD_OUT_DIRECT`).
  case outDirect
  /// The user addresses as they are (`METHOD_NEITHER`).
  case neither
}

extension TransferMethod: CustomStringConvertible {
  /// The Windows name.
  public var description: String {
    switch self {
    case .buffered: "METHOD_BUFFERED"
    case .inDirect: "METHOD_IN_DIRECT"
    case .outDirect: "METHOD_OUT_DIRECT"
    case .neither: "METHOD_NEITHER"
    }
  }
}
