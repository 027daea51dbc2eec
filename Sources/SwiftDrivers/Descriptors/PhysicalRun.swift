/// Bytes that are adjacent in physical memory.
public struct PhysicalRun: Hashable, Sendable {
  /// The physical address of the first byte.
  public let address: UInt64
  /// How many bytes.
  public let byteCount: Int
}
