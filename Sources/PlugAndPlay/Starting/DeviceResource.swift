import CDriverKit
import Glibc

/// A resource that a device gets with IRP_MN_START_DEVICE.
///
/// Nothing is behind it unless the machine has something there: a driver that maps a range of memory
/// gets what MmMapIoSpace gives for it.
public enum DeviceResource: Sendable, Hashable {
  /// A range of physical addresses.
  case memory(start: UInt64, length: UInt32)
  /// A range of ports.
  case port(start: UInt64, length: UInt32)
  /// An interrupt: `level` and `vector` are what the drivers see, on all processors.
  case interrupt(level: UInt32, vector: UInt32, isLatched: Bool = false)
  /// A channel of a DMA controller.
  case dma(channel: UInt32, port: UInt32 = 0)

  /// The resource as drivers see it.
  package var descriptor: CM_PARTIAL_RESOURCE_DESCRIPTOR {
    var result = CM_PARTIAL_RESOURCE_DESCRIPTOR()
    result.ShareDisposition = UInt8(CmResourceShareDeviceExclusive.rawValue)
    switch self {
    case .memory(let start, let length):
      result.Type = UInt8(CmResourceTypeMemory)
      result.u.Memory.Start.QuadPart = Int64(bitPattern: start)
      result.u.Memory.Length = length
    case .port(let start, let length):
      result.Type = UInt8(CmResourceTypePort)
      result.Flags = UInt16(CM_RESOURCE_PORT_IO)
      result.u.Port.Start.QuadPart = Int64(bitPattern: start)
      result.u.Port.Length = length
    case .interrupt(let level, let vector, let isLatched):
      result.Type = UInt8(CmResourceTypeInterrupt)
      result.Flags = UInt16(
        isLatched ? CM_RESOURCE_INTERRUPT_LATCHED : CM_RESOURCE_INTERRUPT_LEVEL_SENSITIVE)
      result.u.Interrupt.Level = UInt16(truncatingIfNeeded: level)
      result.u.Interrupt.Vector = vector
      result.u.Interrupt.Affinity = .max
    case .dma(let channel, let port):
      result.Type = UInt8(CmResourceTypeDma)
      result.u.Dma.Channel = channel
      result.u.Dma.Port = port
    }
    return result
  }
}

/// The lists of resources of one device, in memory of the host.
struct ResourceBlocks {
  var raw: UnsafeMutablePointer<CM_RESOURCE_LIST>?
  var translated: UnsafeMutablePointer<CM_RESOURCE_LIST>?
  /// Whether the maker of the device gave them; else they follow from what the bus says.
  var isGiven = false

  func free() {
    if let raw { Glibc.free(raw) }
    if let translated { Glibc.free(translated) }
  }

  mutating func clear() {
    free()
    raw = nil
    translated = nil
    isGiven = false
  }

  mutating func set(_ resources: [DeviceResource]) {
    clear()
    guard !resources.isEmpty else { return }
    set(resources.map(\.descriptor))
    isGiven = true
  }

  mutating func set(_ descriptors: [CM_PARTIAL_RESOURCE_DESCRIPTOR]) {
    clear()
    guard !descriptors.isEmpty else { return }
    raw = Self.list(descriptors)
    translated = Self.list(descriptors)
  }

  /// Where the descriptors of a list begin.
  static let headerSize = 20

  private static func list(_ descriptors: [CM_PARTIAL_RESOURCE_DESCRIPTOR])
    -> UnsafeMutablePointer<CM_RESOURCE_LIST>?
  {
    let size = MemoryLayout<CM_PARTIAL_RESOURCE_DESCRIPTOR>.size
    let count = headerSize + descriptors.count * size
    guard let block = calloc(1, max(count, MemoryLayout<CM_RESOURCE_LIST>.size)) else { return nil }
    let list = block.assumingMemoryBound(to: CM_RESOURCE_LIST.self)
    list.pointee.Count = 1
    list.pointee.List.InterfaceType = Internal
    list.pointee.List.PartialResourceList.Version = 1
    list.pointee.List.PartialResourceList.Revision = 1
    list.pointee.List.PartialResourceList.Count = UInt32(descriptors.count)
    for (index, descriptor) in descriptors.enumerated() {
      withUnsafeBytes(of: descriptor) { bytes in
        if let source = bytes.baseAddress {
          memcpy(block + headerSize + index * size, source, size)
        }
      }
    }
    return list
  }
}
