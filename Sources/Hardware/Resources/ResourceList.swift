import CDriverKit
import Machine
import Memory

// The form in which a driver gets its resources with IRP_MN_START_DEVICE.
extension DeviceResources {
  private static var headerByteCount: Int { 20 }
  private static var descriptorByteCount: Int { 20 }
  private static let tag: UInt32 = 0x7352_7048  // "HpRs"

  /// Bytes of the `CM_RESOURCE_LIST`.
  package var byteCount: Int {
    Self.headerByteCount + max(1, list.count) * Self.descriptorByteCount
  }

  /// Writes a `CM_RESOURCE_LIST` to ``byteCount`` bytes.
  ///
  /// Raw is as the bus numbers them, translated as the processors do; only interrupts differ.
  package func write(to memory: UnsafeMutableRawPointer, isTranslated: Bool) {
    memory.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount)
    memory.storeBytes(of: 1, as: UInt32.self)  // one full descriptor
    memory.storeBytes(of: 5, toByteOffset: 4, as: UInt32.self)  // InterfaceType: PCIBus
    memory.storeBytes(of: 1, toByteOffset: 12, as: UInt16.self)  // Version
    memory.storeBytes(of: 1, toByteOffset: 14, as: UInt16.self)  // Revision
    memory.storeBytes(of: UInt32(list.count), toByteOffset: 16, as: UInt32.self)
    for (index, resource) in list.enumerated() {
      let place = memory + Self.headerByteCount + index * Self.descriptorByteCount
      resource.descriptor(isTranslated: isTranslated).write(to: place)
    }
  }

  /// A `CM_RESOURCE_LIST` in nonpaged pool, for whoever frees it; nil when there is no memory.
  ///
  /// Inside the kernel, at DISPATCH_LEVEL at most.
  package func makeList(in machine: Machine, isTranslated: Bool) -> UnsafeMutableRawPointer? {
    guard let memory = machine.pool.allocate(byteCount, kind: .nonpaged, tag: Self.tag) else {
      return nil
    }
    write(to: memory, isTranslated: isTranslated)
    return memory
  }
}

/// A `CM_PARTIAL_RESOURCE_DESCRIPTOR`: it is packed, so that Swift writes it by offsets.
private struct Descriptor {
  var type: UInt8
  var share: UInt8
  var flags: UInt16
  /// The sixteen bytes of the union.
  var words: (UInt32, UInt32, UInt32, UInt32)

  func write(to place: UnsafeMutableRawPointer) {
    place.storeBytes(of: type, as: UInt8.self)
    place.storeBytes(of: share, toByteOffset: 1, as: UInt8.self)
    place.storeBytes(of: flags, toByteOffset: 2, as: UInt16.self)
    withUnsafeBytes(of: words) { (place + 4).copyMemory(from: $0.baseAddress!, byteCount: 16) }
  }

  static func range(_ type: UInt8, _ flags: UInt16, _ start: UInt64, _ byteCount: UInt32) -> Self {
    Descriptor(
      type: type, share: 1, flags: flags,
      words: (UInt32(truncatingIfNeeded: start), UInt32(start >> 32), byteCount, 0))
  }
}

extension DeviceResources.Resource {
  fileprivate func descriptor(isTranslated: Bool) -> Descriptor {
    switch self {
    case .memory(let start, let byteCount): .range(3, 0, start, byteCount)
    case .port(let start, let byteCount): .range(1, 1, start, byteCount)
    case .interrupt(let interrupt): interrupt.descriptor(isTranslated: isTranslated)
    case .dma(let channel): Descriptor(type: 4, share: 1, flags: 0, words: (channel, 0, 0, 0))
    }
  }
}

extension DeviceInterrupt {
  fileprivate func descriptor(isTranslated: Bool) -> Descriptor {
    let flags: UInt16 = (isLatched ? 1 : 0) | (isMessage ? 2 : 0)
    let affinityLow = UInt32(truncatingIfNeeded: affinity)
    let affinityHigh = UInt32(affinity >> 32)
    // Translated: Level and Group, Vector, Affinity. Raw lines have the number of the line in both
    // places, raw messages the group, their number, and the vector of the first.
    let words: (UInt32, UInt32, UInt32, UInt32)
    if isTranslated {
      words = (UInt32(irql), vector, affinityLow, affinityHigh)
    } else if isMessage {
      words = (1 << 16, vector, affinityLow, affinityHigh)
    } else {
      words = (line & 0xFFFF, line, affinityLow, affinityHigh)
    }
    return Descriptor(type: 2, share: isShared ? 3 : 1, flags: flags, words: words)
  }
}
