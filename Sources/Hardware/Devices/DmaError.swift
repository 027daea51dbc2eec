/// A device asked for memory that it does not get.
public enum DmaError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The address needs more bits than the device has.
  case unreachable(address: UInt64, byteCount: Int, addressWidth: Int)
  /// Nothing that a device may access lies there.
  case noMemory(address: UInt64, byteCount: Int)

  /// What was asked for, and why it is not given.
  public var description: String {
    switch self {
    case .unreachable(let address, let byteCount, let width):
      "\(byteCount) bytes at logical address 0x\(String(address, radix: 16, uppercase: true)) "
        + "do not lie within the \(width) address bits of the device"
    case .noMemory(let address, let byteCount):
      "there is no memory for \(byteCount) bytes at logical address "
        + "0x\(String(address, radix: 16, uppercase: true))"
    }
  }
}
