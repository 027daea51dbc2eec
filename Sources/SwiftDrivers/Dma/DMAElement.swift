import CDriverKit

/// One piece of a buffer as a device sees it: a `SCATTER_GATHER_ELEMENT`.
public struct DMAElement: BitwiseCopyable, Hashable, Sendable {
  /// The logical address that the device is given.
  public let address: UInt64
  /// How many bytes lie there.
  public let length: UInt32
  private let reserved: UInt

  /// How many bytes lie there.
  public var byteCount: Int { Int(length) }
}

extension UnsafePointer where Pointee == SCATTER_GATHER_LIST {
  /// The elements, which lie behind the head of the list.
  var elements: UnsafeBufferPointer<DMAElement> {
    let start = UnsafeRawPointer(self) + MemoryLayout<SCATTER_GATHER_LIST>.size
    return UnsafeBufferPointer(
      start: start.assumingMemoryBound(to: DMAElement.self), count: Int(pointee.NumberOfElements))
  }
}

/// Which way data goes: `WDF_DMA_DIRECTION`.
public enum DMADirection: UInt32, Sendable, Hashable, CaseIterable {
  /// The device writes memory: a read request.
  case readFromDevice
  /// The device reads memory: a write request.
  case writeToDevice
}
