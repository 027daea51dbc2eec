import CDriverKit
import CRing3
import IOManager
import Machine
import Memory
import Objects

extension PlugAndPlay {
  /// Sends a Plug and Play request to the top of the stack above a device and waits for its end.
  ///
  /// - Parameters:
  ///   - information: what `IoStatus.Information` is before, and what it is at the end.
  ///   - fill: sets the parameters.
  /// - Returns: the status that the drivers gave.
  @discardableResult
  func send(
    _ minor: Int32, to device: DevicePointer, _ information: inout UInt,
    status initial: Int32 = PnpStatus.notSupported, _ fill: (StackPointer) -> Void = { _ in }
  ) -> Int32 {
    send(UInt8(IRP_MJ_PNP), minor, to: device, &information, status: initial, fill)
  }

  /// Sends a request of the system about a device to the top of its stack and waits for its end.
  func send(
    _ major: UInt8, _ minor: Int32, to device: DevicePointer, _ information: inout UInt,
    status initial: Int32 = PnpStatus.notSupported, _ fill: (StackPointer) -> Void = { _ in }
  ) -> Int32 {
    let top = io.referencedTop(of: device)
    let irp = io.allocateIRPAlways(Int(top.pointee.StackSize))
    irp.pointee.IoStatus.Status = initial
    irp.pointee.IoStatus.Information = ULONG_PTR(information)
    let location = io.nextLocation(irp)
    location.pointee.MajorFunction = major
    location.pointee.MinorFunction = UInt8(minor)
    fill(location)
    let status = io.sendAndWait(irp, to: top, &information)
    waitForRoutines(of: device)
    machine.objects.dereference(UnsafeMutableRawPointer(top))
    return status
  }

  /// Sends a request that has no parameters and whose answer is its status.
  @discardableResult
  func send(_ minor: Int32, to node: NodePointer, status initial: Int32 = PnpStatus.notSupported)
    -> Int32
  {
    guard let device = node.pointee.device else { return PnpStatus.success }
    var information: UInt = 0
    return send(minor, to: device, &information, status: initial)
  }

  // MARK: Answers in pool

  /// Asks for an identifier of the device; the caller frees it.
  func identifier(_ kind: Int, of node: NodePointer) -> StoredText? {
    guard let device = node.pointee.device else { return nil }
    var information: UInt = 0
    let status = send(IRP_MN_QUERY_ID, to: device, &information) { location in
      location.pointee.Parameters.QueryId.IdType = BUS_QUERY_ID_TYPE(rawValue: UInt32(kind))
    }
    let isMultiple =
      kind == Int(BusQueryHardwareIDs.rawValue) || kind == Int(BusQueryCompatibleIDs.rawValue)
    return takeText(status, information, isMultiple: isMultiple)
  }

  /// Asks for a text about the device; the caller frees it.
  func deviceText(_ kind: DEVICE_TEXT_TYPE, of node: NodePointer) -> StoredText? {
    guard let device = node.pointee.device else { return nil }
    var information: UInt = 0
    let status = send(IRP_MN_QUERY_DEVICE_TEXT, to: device, &information) { location in
      location.pointee.Parameters.QueryDeviceText.DeviceTextType = kind
      location.pointee.Parameters.QueryDeviceText.LocaleId = 0x409
    }
    return takeText(status, information, isMultiple: false)
  }

  /// Copies a text that a driver answered with, and frees it.
  private func takeText(_ status: Int32, _ information: UInt, isMultiple: Bool) -> StoredText? {
    guard status >= 0, let block = UnsafeMutablePointer<UInt16>(bitPattern: information) else {
      return nil
    }
    let text = isMultiple ? StoredText(multiple: block) : StoredText(terminated: block)
    machine.pool.free(UnsafeMutableRawPointer(block), tag: 0)
    return text
  }

  /// Asks for the capabilities of the device; those of a device that says nothing are kept.
  func queryCapabilities(_ node: NodePointer) -> Int32 {
    guard let device = node.pointee.device else { return PnpStatus.success }
    var capabilities = DEVICE_CAPABILITIES()
    capabilities.Size = UInt16(MemoryLayout<DEVICE_CAPABILITIES>.size)
    capabilities.Version = 1
    capabilities.Address = .max
    capabilities.UINumber = .max
    var information: UInt = 0
    let status = withUnsafeMutablePointer(to: &capabilities) { capabilities in
      send(IRP_MN_QUERY_CAPABILITIES, to: device, &information) { location in
        location.pointee.Parameters.DeviceCapabilities.Capabilities = capabilities
      }
    }
    if status >= 0 { node.pointee.capabilities = capabilities }
    return status
  }

  /// Asks for the state of a started device; 0 for one that says nothing.
  func queryState(_ node: NodePointer) -> UInt32 {
    guard let device = node.pointee.device else { return 0 }
    var information: UInt = 0
    let status = send(IRP_MN_QUERY_PNP_DEVICE_STATE, to: device, &information)
    return status >= 0 ? UInt32(truncatingIfNeeded: information) : 0
  }

  /// Asks which bus the device is on.
  func queryBusInformation(_ node: NodePointer) {
    guard let device = node.pointee.device else { return }
    var information: UInt = 0
    let status = send(IRP_MN_QUERY_BUS_INFORMATION, to: device, &information)
    guard status >= 0, let block = UnsafeMutableRawPointer(bitPattern: information) else { return }
    node.pointee.busInformation = block.loadUnaligned(as: PNP_BUS_INFORMATION.self)
    machine.pool.free(block, tag: 0)
  }

  /// Asks a stack for related devices; the block is the caller's to free, its devices are referenced.
  func queryRelations(_ type: DEVICE_RELATION_TYPE, of device: DevicePointer)
    -> UnsafeMutablePointer<DEVICE_RELATIONS>?
  {
    var information: UInt = 0
    let status = send(IRP_MN_QUERY_DEVICE_RELATIONS, to: device, &information) { location in
      location.pointee.Parameters.QueryDeviceRelations.Type = type
    }
    return status >= 0 ? UnsafeMutablePointer(bitPattern: information) : nil
  }
}

/// The devices of a block of relations.
func devices(of relations: UnsafeMutablePointer<DEVICE_RELATIONS>)
  -> UnsafeMutablePointer<DevicePointer?>
{
  (UnsafeMutableRawPointer(relations) + 8).assumingMemoryBound(to: DevicePointer?.self)
}
