import CDriverKit
import Glibc
import IOManager
import Machine
import Memory

extension PlugAndPlay {
  /// Finds the resources of a device: those that its maker gave, else the least that fits what the
  /// bus says it needs, after the drivers have had their say.
  ///
  /// Devices are not kept apart: two that ask for the same range both get it.
  func assignResources(_ node: NodePointer) {
    guard let device = node.pointee.device else { return }
    var information: UInt = 0
    let status = send(IRP_MN_QUERY_RESOURCE_REQUIREMENTS, to: device, &information)
    let asked = status >= 0 ? information : 0
    information = asked
    let filtered = send(
      IRP_MN_FILTER_RESOURCE_REQUIREMENTS, to: device, &information
    ) { location in
      location.pointee.Parameters.FilterResourceRequirements.IoResourceRequirementList =
        UnsafeMutablePointer(bitPattern: asked)
    }
    // A driver that puts another list in its place frees the first one.
    let list = filtered >= 0 ? information : asked
    guard let requirements = UnsafeMutableRawPointer(bitPattern: list) else { return }
    if !node.pointee.resources.isGiven {
      node.pointee.resources.set(
        leastResources(requirements.assumingMemoryBound(to: IO_RESOURCE_REQUIREMENTS_LIST.self)))
    }
    machine.pool.free(requirements, tag: 0)
  }

  /// Where the first alternative begins.
  private static var listOffset: Int { 32 }

  private func leastResources(
    _ requirements: UnsafeMutablePointer<IO_RESOURCE_REQUIREMENTS_LIST>
  ) -> [CM_PARTIAL_RESOURCE_DESCRIPTOR] {
    guard requirements.pointee.AlternativeLists > 0 else { return [] }
    let list = UnsafeMutableRawPointer(requirements) + Self.listOffset
    let count = Int(list.load(fromByteOffset: 4, as: UInt32.self))
    let first = (list + 8).assumingMemoryBound(to: IO_RESOURCE_DESCRIPTOR.self)
    return (0..<min(count, 256)).compactMap { index in
      // The first of several that exclude each other is taken.
      first[index].Option & UInt8(IO_RESOURCE_ALTERNATIVE) != 0 ? nil : least(first[index])
    }
  }

  private func least(_ wanted: IO_RESOURCE_DESCRIPTOR) -> CM_PARTIAL_RESOURCE_DESCRIPTOR? {
    var result: CM_PARTIAL_RESOURCE_DESCRIPTOR
    switch Int32(wanted.Type) {
    case CmResourceTypeMemory:
      result =
        DeviceResource.memory(start: start(of: wanted), length: wanted.u.Memory.Length).descriptor
    case CmResourceTypePort:
      result =
        DeviceResource.port(start: start(of: wanted), length: wanted.u.Port.Length).descriptor
    case CmResourceTypeInterrupt:
      let vector = wanted.u.Interrupt.MinimumVector
      result = DeviceResource.interrupt(level: vector, vector: vector).descriptor
    case CmResourceTypeDma:
      result = DeviceResource.dma(channel: wanted.u.Dma.MinimumChannel).descriptor
    case CmResourceTypeBusNumber:
      result = CM_PARTIAL_RESOURCE_DESCRIPTOR()
      result.u.BusNumber.Start = wanted.u.BusNumber.MinBusNumber
      result.u.BusNumber.Length = wanted.u.BusNumber.Length
    case CmResourceTypeDevicePrivate:
      result = CM_PARTIAL_RESOURCE_DESCRIPTOR()
      result.u.DevicePrivate.Data = wanted.u.DevicePrivate.Data
    default: return nil
    }
    result.Type = wanted.Type
    result.ShareDisposition = wanted.ShareDisposition
    result.Flags = wanted.Flags
    return result
  }

  private func start(of wanted: IO_RESOURCE_DESCRIPTOR) -> UInt64 {
    let minimum = UInt64(bitPattern: wanted.u.Memory.MinimumAddress.QuadPart)
    let alignment = UInt64(max(1, wanted.u.Memory.Alignment))
    return (minimum + alignment - 1) / alignment * alignment
  }
}
