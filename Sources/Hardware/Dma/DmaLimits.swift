import CDriverKit

/// What a device can do as a bus master, as its driver describes it.
package struct DmaLimits: Sendable {
  /// Whether one transfer may have several elements; without it, everything is made one.
  package var hasScatterGather = true
  /// Bits of the logical addresses that the device sends.
  package var addressWidth = 64
  /// The longest transfer, in bytes.
  package var maximumLength: UInt32 = .max
  /// Version of the routines, 1 to 3.
  package var version: UInt16 = 1

  package init(
    hasScatterGather: Bool = true, addressWidth: Int = 64, maximumLength: UInt32 = .max,
    version: UInt16 = 1
  ) {
    self.hasScatterGather = hasScatterGather
    self.addressWidth = min(max(addressWidth, 16), 64)
    self.maximumLength = maximumLength
    self.version = version
  }

  /// The highest logical address that the device reaches.
  package var highestAddress: UInt64 {
    addressWidth >= 64 ? .max : (1 << UInt64(addressWidth)) - 1
  }

  /// Map registers for the longest transfer, wherever it begins in its first page.
  package var registerCount: Int { Int((UInt64(maximumLength) + 4095) >> 12) + 1 }
}

extension DmaLimits {
  /// Reads a driver's description; nil when it is none, or of a device without a bus master.
  ///
  /// Devices that take part through a system DMA controller are not simulated.
  init?(_ description: UnsafePointer<DEVICE_DESCRIPTION>) {
    let version = description.pointee.Version
    guard version <= 3, description.pointee.Master != 0 else { return nil }
    self.version = UInt16(max(version, 1))
    hasScatterGather = description.pointee.ScatterGather != 0
    maximumLength = description.pointee.MaximumLength
    addressWidth =
      description.pointee.Dma64BitAddresses != 0
      ? 64 : description.pointee.Dma32BitAddresses != 0 ? 32 : 24
    if version == 3, description.pointee.DmaAddressWidth != 0 {
      addressWidth = min(max(Int(description.pointee.DmaAddressWidth), 16), 64)
    }
  }
}
