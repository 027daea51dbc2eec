/// What a device can do in DMA: `WDF_DMA_PROFILE`.
enum DmaProfile: UInt32 {
  case packet = 1
  case scatterGather, packet64, scatterGather64, scatterGatherDuplex, scatterGather64Duplex
  /// Through a system DMA controller, of which there are none.
  case system, systemDuplex

  /// Whether one transfer may have several elements.
  var hasScatterGather: Bool {
    switch self {
    case .scatterGather, .scatterGather64, .scatterGatherDuplex, .scatterGather64Duplex: true
    case .packet, .packet64, .system, .systemDuplex: false
    }
  }

  /// Whether reads and writes may run at the same time, each with an adapter of its own.
  var isDuplex: Bool { self == .scatterGatherDuplex || self == .scatterGather64Duplex }

  var isSystem: Bool { self == .system || self == .systemDuplex }

  /// Bits of the addresses that the device sends.
  var addressWidth: Int {
    switch self {
    case .packet64, .scatterGather64, .scatterGather64Duplex: 64
    case .packet, .scatterGather, .scatterGatherDuplex, .system, .systemDuplex: 32
    }
  }
}

/// Which way the data goes: `WDF_DMA_DIRECTION`.
enum DmaDirection: UInt32 {
  case readFromDevice, writeToDevice
}
