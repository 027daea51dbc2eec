import CDriverKit
import Framework
import Hardware

extension DeviceResources {
  /// Reads the two lists of a WDFCMRESLIST that a start brings.
  ///
  /// Addresses and levels are those of the processor, lines and channels those of the bus.
  init(raw: UInt64, translated: UInt64) {
    self.init()
    let globals = Framework.current.globals(of: translated)
    for index in 0..<wdfCmResourceListGetCount(globals, translated) {
      guard let descriptor = Self.descriptor(globals, translated, index) else { continue }
      let original = Self.descriptor(globals, raw, index) ?? descriptor
      if let resource = Resource(original, descriptor) { list.append(resource) }
    }
  }

  private static func descriptor(
    _ globals: UnsafeMutableRawPointer, _ list: UInt64, _ index: UInt32
  ) -> CM_PARTIAL_RESOURCE_DESCRIPTOR? {
    wdfCmResourceListGetDescriptor(globals, list, index)?
      .loadUnaligned(as: CM_PARTIAL_RESOURCE_DESCRIPTOR.self)
  }
}

extension DeviceResources.Resource {
  /// Nil for kinds that no simulated bus gives.
  fileprivate init?(
    _ raw: CM_PARTIAL_RESOURCE_DESCRIPTOR, _ translated: CM_PARTIAL_RESOURCE_DESCRIPTOR
  ) {
    switch Int32(translated.Type) {
    case CmResourceTypeMemory:
      self = .memory(
        start: UInt64(bitPattern: translated.u.Memory.Start.QuadPart),
        byteCount: translated.u.Memory.Length)
    case CmResourceTypePort:
      self = .port(
        start: UInt64(bitPattern: translated.u.Port.Start.QuadPart),
        byteCount: translated.u.Port.Length)
    case CmResourceTypeInterrupt: self = .interrupt(DeviceInterrupt(raw, translated))
    case CmResourceTypeDma: self = .dma(channel: translated.u.Dma.Channel)
    default: return nil
    }
  }
}

extension DeviceInterrupt {
  fileprivate init(
    _ raw: CM_PARTIAL_RESOURCE_DESCRIPTOR, _ translated: CM_PARTIAL_RESOURCE_DESCRIPTOR
  ) {
    let flags = Int32(translated.Flags)
    let isMessage = flags & CM_RESOURCE_INTERRUPT_MESSAGE != 0
    let message = translated.u.MessageInterrupt.Translated
    let line = translated.u.Interrupt
    self.init(
      line: isMessage ? 0xFFFF_FFFE : UInt32(raw.u.Interrupt.Level),
      vector: isMessage ? message.Vector : line.Vector,
      irql: UInt8(truncatingIfNeeded: isMessage ? message.Level : line.Level),
      affinity: UInt64(isMessage ? message.Affinity : line.Affinity),
      isLatched: flags & CM_RESOURCE_INTERRUPT_LATCHED != 0,
      isShared: Int32(translated.ShareDisposition) == Int32(CmResourceShareShared.rawValue),
      isMessage: isMessage)
  }
}
