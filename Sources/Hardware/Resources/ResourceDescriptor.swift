import CDriverKit

/// A `CM_PARTIAL_RESOURCE_DESCRIPTOR`: it is packed, so that Swift reads and writes it by offsets.
package struct ResourceDescriptor: Sendable, Equatable {
  /// `CmResourceTypePort` and so on.
  package var type: UInt8
  /// `CmResourceShareDeviceExclusive` 1, `CmResourceShareShared` 3.
  package var share: UInt8
  /// What they mean depends on the type.
  package var flags: UInt16
  /// The first sixteen bytes of the union.
  package var words: (UInt32, UInt32, UInt32, UInt32)

  /// Bytes of a descriptor.
  package static var byteCount: Int { 20 }

  /// Makes a descriptor for one device alone.
  package init(
    type: Int32, share: UInt8 = 1, flags: UInt16 = 0, words: (UInt32, UInt32, UInt32, UInt32)
  ) {
    self.type = UInt8(type)
    self.share = share
    self.flags = flags
    self.words = words
  }

  /// Reads one out of a list.
  package init(_ place: UnsafeRawPointer) {
    type = place.load(as: UInt8.self)
    share = place.load(fromByteOffset: 1, as: UInt8.self)
    flags = place.load(fromByteOffset: 2, as: UInt16.self)
    words = (
      place.load(fromByteOffset: 4, as: UInt32.self),
      place.load(fromByteOffset: 8, as: UInt32.self),
      place.load(fromByteOffset: 12, as: UInt32.self),
      place.load(fromByteOffset: 16, as: UInt32.self)
    )
  }

  /// Memory or ports.
  package static func range(
    _ type: Int32, flags: UInt16 = 0, start: UInt64, byteCount: UInt32
  ) -> Self {
    ResourceDescriptor(
      type: type, flags: flags,
      words: (UInt32(truncatingIfNeeded: start), UInt32(start >> 32), byteCount, 0))
  }

  func write(to place: UnsafeMutableRawPointer) {
    place.storeBytes(of: type, as: UInt8.self)
    place.storeBytes(of: share, toByteOffset: 1, as: UInt8.self)
    place.storeBytes(of: flags, toByteOffset: 2, as: UInt16.self)
    place.storeBytes(of: words.0, toByteOffset: 4, as: UInt32.self)
    place.storeBytes(of: words.1, toByteOffset: 8, as: UInt32.self)
    place.storeBytes(of: words.2, toByteOffset: 12, as: UInt32.self)
    place.storeBytes(of: words.3, toByteOffset: 16, as: UInt32.self)
  }

  /// Whether two say the same.
  package static func == (left: Self, right: Self) -> Bool {
    (left.type, left.share, left.flags) == (right.type, right.share, right.flags)
      && left.words == right.words
  }
}

extension DeviceResources.Resource {
  /// The resource as the bus numbers it, or as the processors do.
  package func descriptor(isTranslated: Bool) -> ResourceDescriptor {
    switch self {
    case .memory(let start, let byteCount):
      .range(CmResourceTypeMemory, start: start, byteCount: byteCount)
    case .port(let start, let byteCount):
      .range(
        CmResourceTypePort, flags: UInt16(CM_RESOURCE_PORT_IO), start: start, byteCount: byteCount)
    case .interrupt(let interrupt): interrupt.descriptor(isTranslated: isTranslated)
    case .dma(let channel):
      ResourceDescriptor(type: CmResourceTypeDma, words: (channel, 0, 0, 0))
    }
  }

  /// What a pair of descriptors says; nil for what is no such resource.
  init?(raw: ResourceDescriptor, translated: ResourceDescriptor) {
    let start = UInt64(translated.words.0) | UInt64(translated.words.1) << 32
    switch Int32(translated.type) {
    case CmResourceTypeMemory: self = .memory(start: start, byteCount: translated.words.2)
    case CmResourceTypePort: self = .port(start: start, byteCount: translated.words.2)
    case CmResourceTypeInterrupt:
      self = .interrupt(DeviceInterrupt(raw: raw, translated: translated))
    case CmResourceTypeDma: self = .dma(channel: translated.words.0)
    default: return nil
    }
  }
}

extension DeviceInterrupt {
  /// The interrupt as the bus numbers it, or as the processors do.
  package func descriptor(isTranslated: Bool) -> ResourceDescriptor {
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
    return ResourceDescriptor(
      type: CmResourceTypeInterrupt, share: isShared ? 3 : 1, flags: flags, words: words)
  }

  init(raw: ResourceDescriptor, translated: ResourceDescriptor) {
    let isMessage = translated.flags & 2 != 0
    self.init(
      line: isMessage ? 0xFFFF_FFFE : raw.words.1, vector: translated.words.1,
      irql: UInt8(truncatingIfNeeded: translated.words.0),
      affinity: UInt64(translated.words.2) | UInt64(translated.words.3) << 32,
      isLatched: translated.flags & 1 != 0, isShared: translated.share == 3, isMessage: isMessage)
  }
}
