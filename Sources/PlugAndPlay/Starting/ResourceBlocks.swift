import CDriverKit
import Glibc
import Hardware
import Machine

/// The lists of resources of one device, in memory of the host.
struct ResourceBlocks {
  var raw: UnsafeMutablePointer<CM_RESOURCE_LIST>?
  var translated: UnsafeMutablePointer<CM_RESOURCE_LIST>?
  /// Bytes of each list.
  var byteCount = 0
  /// Whether the maker of the device gave them; else they follow from what the bus says.
  var isGiven = false

  func free() {
    if let raw { Glibc.free(raw) }
    if let translated { Glibc.free(translated) }
  }

  /// Resources that the maker of the device gives; none: the bus is to be asked.
  mutating func set(_ resources: DeviceResources) {
    set(
      raw: resources.list.map { $0.descriptor(isTranslated: false) },
      translated: resources.list.map { $0.descriptor(isTranslated: true) }, interfaceType: 5,
      busNumber: 0)
    isGiven = !resources.list.isEmpty
  }

  mutating func set(
    raw: [ResourceDescriptor], translated: [ResourceDescriptor], interfaceType: Int32,
    busNumber: UInt32
  ) {
    free()
    self = ResourceBlocks()
    guard !raw.isEmpty else { return }
    byteCount = ResourceList.byteCount(raw.count)
    self.raw = makeList(raw, interfaceType, busNumber)
    self.translated = makeList(translated, interfaceType, busNumber)
  }

  private func makeList(
    _ descriptors: [ResourceDescriptor], _ interfaceType: Int32, _ busNumber: UInt32
  ) -> UnsafeMutablePointer<CM_RESOURCE_LIST>? {
    let size = max(byteCount, MemoryLayout<CM_RESOURCE_LIST>.size)
    guard let block = calloc(1, size) else { return nil }
    ResourceList.write(
      descriptors, to: block, interfaceType: interfaceType, busNumber: busNumber)
    return block.assumingMemoryBound(to: CM_RESOURCE_LIST.self)
  }

  /// What the lists say, as the hardware knows it.
  var resources: DeviceResources {
    guard let raw, let translated else { return [] }
    return DeviceResources(raw: raw, translated: translated)
  }
}

extension PlugAndPlay {
  /// The device is stopped or gone: its interrupts are found no more.
  func takeResources(from node: NodePointer) {
    if let device = node.pointee.device { machine.hardware.unassign(device) }
  }
}
