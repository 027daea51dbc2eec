import CDriverKit

// The form in which a driver gets its resources with IRP_MN_START_DEVICE.

/// A `CM_RESOURCE_LIST` with one full descriptor.
package enum ResourceList {
  private static var headerByteCount: Int { 20 }

  /// Bytes of a list of so many resources.
  package static func byteCount(_ count: Int) -> Int {
    headerByteCount + max(1, count) * ResourceDescriptor.byteCount
  }

  /// Writes a list to ``byteCount(_:)`` bytes.
  ///
  /// - Parameter interfaceType: an `INTERFACE_TYPE`; 5 is a PCI bus.
  package static func write(
    _ descriptors: [ResourceDescriptor], to memory: UnsafeMutableRawPointer,
    interfaceType: Int32 = 5, busNumber: UInt32 = 0
  ) {
    memory.initializeMemory(as: UInt8.self, repeating: 0, count: byteCount(descriptors.count))
    memory.storeBytes(of: 1, as: UInt32.self)  // one full descriptor
    memory.storeBytes(of: interfaceType, toByteOffset: 4, as: Int32.self)
    memory.storeBytes(of: busNumber, toByteOffset: 8, as: UInt32.self)
    memory.storeBytes(of: 1, toByteOffset: 12, as: UInt16.self)  // Version
    memory.storeBytes(of: 1, toByteOffset: 14, as: UInt16.self)  // Revision
    memory.storeBytes(of: UInt32(descriptors.count), toByteOffset: 16, as: UInt32.self)
    for (index, descriptor) in descriptors.enumerated() {
      descriptor.write(to: memory + headerByteCount + index * ResourceDescriptor.byteCount)
    }
  }

  /// The descriptors of a list that ``write(_:to:interfaceType:busNumber:)`` has written.
  package static func read(_ memory: UnsafeRawPointer) -> [ResourceDescriptor] {
    let count = Int(memory.load(fromByteOffset: 16, as: UInt32.self))
    return (0..<count).map { index in
      ResourceDescriptor(memory + headerByteCount + index * ResourceDescriptor.byteCount)
    }
  }
}

extension DeviceResources {
  /// Bytes of the `CM_RESOURCE_LIST`.
  package var byteCount: Int { ResourceList.byteCount(list.count) }

  /// Writes a `CM_RESOURCE_LIST` to ``byteCount`` bytes.
  ///
  /// Raw is as the bus numbers them, translated as the processors do; only interrupts differ.
  package func write(to memory: UnsafeMutableRawPointer, isTranslated: Bool) {
    ResourceList.write(list.map { $0.descriptor(isTranslated: isTranslated) }, to: memory)
  }

  /// What the two lists of a device say; bus numbers and data for drivers are left out.
  ///
  /// Both have the same resources in the same order.
  package init(raw: UnsafeRawPointer, translated: UnsafeRawPointer) {
    self.init(
      zip(ResourceList.read(raw), ResourceList.read(translated)).compactMap {
        Resource(raw: $0, translated: $1)
      })
  }
}
