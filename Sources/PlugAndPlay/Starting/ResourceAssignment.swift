import CDriverKit
import Hardware
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
    if !node.pointee.resources.isGiven { setLeastResources(requirements, of: node) }
    machine.pool.free(requirements, tag: 0)
  }

  /// Where the first alternative begins.
  private static var listOffset: Int { 32 }

  /// Gives a device the first alternative of its bus, and of each range the beginning.
  private func setLeastResources(_ requirements: UnsafeMutableRawPointer, of node: NodePointer) {
    let head = requirements.assumingMemoryBound(to: IO_RESOURCE_REQUIREMENTS_LIST.self)
    var pairs: [ResourcePair] = []
    if head.pointee.AlternativeLists > 0 {
      let list = requirements + Self.listOffset
      let count = Int(list.load(fromByteOffset: 4, as: UInt32.self))
      let first = (list + 8).assumingMemoryBound(to: IO_RESOURCE_DESCRIPTOR.self)
      // The messages that the device had before are its own.
      var messages = node.pointee.resources.resources.interrupts.filter(\.isMessage)[...]
      for index in 0..<min(count, 256) {
        let wanted = first[index]
        // The first of several that exclude each other is taken.
        if wanted.Option & UInt8(IO_RESOURCE_ALTERNATIVE) != 0 { continue }
        if let pair = least(wanted, &messages) { pairs.append(pair) }
      }
    }
    node.pointee.resources.set(
      raw: pairs.map(\.raw), translated: pairs.map(\.translated),
      interfaceType: head.pointee.InterfaceType.rawValue, busNumber: head.pointee.BusNumber)
  }

  private func least(
    _ wanted: IO_RESOURCE_DESCRIPTOR, _ messages: inout ArraySlice<DeviceInterrupt>
  ) -> ResourcePair? {
    var result: ResourcePair
    switch Int32(wanted.Type) {
    case CmResourceTypeMemory:
      result = ResourcePair(
        .range(CmResourceTypeMemory, start: start(of: wanted), byteCount: wanted.u.Memory.Length))
    case CmResourceTypePort:
      result = ResourcePair(
        .range(CmResourceTypePort, start: start(of: wanted), byteCount: wanted.u.Port.Length))
    case CmResourceTypeInterrupt:
      guard let interrupt = interrupt(wanted, &messages) else { return nil }
      result = ResourcePair(interrupt)
    case CmResourceTypeDma:
      result = ResourcePair(wanted, (wanted.u.Dma.MinimumChannel, 0, 0, 0))
    case CmResourceTypeBusNumber:
      result = ResourcePair(
        wanted, (wanted.u.BusNumber.MinBusNumber, wanted.u.BusNumber.Length, 0, 0))
    case CmResourceTypeDevicePrivate:
      let data = wanted.u.DevicePrivate.Data
      result = ResourcePair(wanted, (data.0, data.1, data.2, 0))
    default: return nil
    }
    result.set(share: wanted.ShareDisposition, flags: wanted.Flags)
    return result
  }

  /// The interrupt behind the line or message that a device asks for; nil when no vector is left.
  private func interrupt(
    _ wanted: IO_RESOURCE_DESCRIPTOR, _ messages: inout ArraySlice<DeviceInterrupt>
  ) -> DeviceInterrupt? {
    if wanted.Flags & UInt16(CM_RESOURCE_INTERRUPT_MESSAGE) != 0 {
      return messages.popFirst() ?? machine.hardware.makeInterrupt(isMessage: true)
    }
    return machine.hardware.interrupt(
      line: wanted.u.Interrupt.MinimumVector,
      isLatched: wanted.Flags & UInt16(CM_RESOURCE_INTERRUPT_LATCHED) != 0,
      isShared: wanted.ShareDisposition == UInt8(CmResourceShareShared.rawValue))
  }

  private func start(of wanted: IO_RESOURCE_DESCRIPTOR) -> UInt64 {
    let minimum = UInt64(bitPattern: wanted.u.Memory.MinimumAddress.QuadPart)
    let alignment = UInt64(max(1, wanted.u.Memory.Alignment))
    return (minimum + alignment - 1) / alignment * alignment
  }
}

/// A resource as its bus numbers it, and as the processors do.
private struct ResourcePair {
  var raw: ResourceDescriptor
  var translated: ResourceDescriptor

  init(_ both: ResourceDescriptor) {
    raw = both
    translated = both
  }

  init(_ wanted: IO_RESOURCE_DESCRIPTOR, _ words: (UInt32, UInt32, UInt32, UInt32)) {
    self.init(ResourceDescriptor(type: Int32(wanted.Type), words: words))
  }

  init(_ interrupt: DeviceInterrupt) {
    raw = interrupt.descriptor(isTranslated: false)
    translated = interrupt.descriptor(isTranslated: true)
  }

  mutating func set(share: UInt8, flags: UInt16) {
    raw.share = share
    raw.flags = flags
    translated.share = share
    translated.flags = flags
  }
}
