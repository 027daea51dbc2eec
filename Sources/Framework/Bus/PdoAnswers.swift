import CDriverKit
import CRing3
import IOManager
import Machine
import Memory
import PlugAndPlay

// What a child answers about itself from what its bus driver said of it.
extension Framework {
  func answerID(
    _ pdo: UnsafeMutablePointer<PdoState>, _ irp: IRPPointer, _ kind: BUS_QUERY_ID_TYPE
  ) -> Int32 {
    switch kind {
    case BusQueryDeviceID: answer(pdo.pointee.deviceID, irp)
    case BusQueryInstanceID: answer(pdo.pointee.instanceID, irp)
    case BusQueryContainerID: answer(pdo.pointee.containerID, irp)
    // A list without texts is an empty one.
    case BusQueryHardwareIDs: answer(pdo.pointee.hardwareIDs, irp, evenEmpty: true)
    case BusQueryCompatibleIDs: answer(pdo.pointee.compatibleIDs, irp, evenEmpty: true)
    default: keep(irp)
    }
  }

  func answerText(
    _ pdo: UnsafeMutablePointer<PdoState>, _ irp: IRPPointer,
    _ asked: IO_STACK_LOCATION.__Unnamed_union_Parameters.__Unnamed_struct_QueryDeviceText
  ) -> Int32 {
    guard
      let text = text(of: pdo, asked.LocaleId) ?? text(of: pdo, pdo.pointee.defaultLocale)
    else { return keep(irp) }
    switch asked.DeviceTextType {
    case DeviceTextDescription: return answer(text.pointee.description, irp)
    case DeviceTextLocationInformation: return answer(text.pointee.location, irp)
    default: return keep(irp)
    }
  }

  private func text(of pdo: UnsafeMutablePointer<PdoState>, _ locale: UInt32)
    -> UnsafeMutablePointer<DeviceText>?
  {
    var next = pdo.pointee.texts
    while let text = next, text.pointee.locale != locale { next = text.pointee.next }
    return next
  }

  private func answer(_ text: PoolText, _ irp: IRPPointer, evenEmpty: Bool = false) -> Int32 {
    guard text.count > 0 || evenEmpty else { return keep(irp) }
    guard let block = text.answer() else {
      return complete(irp, FrameworkStatus.insufficientResources)
    }
    return complete(irp, FrameworkStatus.success, information: UInt(bitPattern: block))
  }

  /// States of power are those of the parent where the driver says nothing.
  func answerCapabilities(
    _ device: UnsafeMutablePointer<DeviceBody>, _ pnp: UnsafeMutablePointer<PnpState>,
    _ pdo: UnsafeMutablePointer<PdoState>, _ irp: IRPPointer,
    _ answer: UnsafeMutablePointer<DEVICE_CAPABILITIES>?
  ) -> Int32 {
    guard let answer, answer.pointee.Version == 1,
      Int(answer.pointee.Size) >= MemoryLayout<DEVICE_CAPABILITIES>.size
    else { return complete(irp, FrameworkStatus.unsuccessful) }
    if let parent = device.pointee.parentDevice?.pointee.physicalDevice,
      let node = machine.plugAndPlay.node(of: parent)
    {
      answer.pointee.DeviceState = node.pointee.capabilities.DeviceState
      answer.pointee.SystemWake = node.pointee.capabilities.SystemWake
      answer.pointee.DeviceWake = node.pointee.capabilities.DeviceWake
    }
    if pdo.pointee.isRaw {
      answer.pointee.RawDeviceOK = 1
      answer.pointee.SilentInstall = 1
    }
    addCapabilities(of: pnp, to: answer)
    return complete(irp, FrameworkStatus.success)
  }

  /// The bus that the children of a device are on: WdfDeviceSetBusInformationForChildren.
  func answerBus(_ device: UnsafeMutablePointer<DeviceBody>, _ irp: IRPPointer) -> Int32 {
    guard let bus = device.pointee.parentDevice?.pnp?.pointee.busInformation else {
      return keep(irp)
    }
    guard
      let block = machine.pool.allocate(
        MemoryLayout<PNP_BUS_INFORMATION>.size, kind: .paged, tag: PnpState.tag)
    else { return complete(irp, FrameworkStatus.insufficientResources) }
    block.storeBytes(of: bus, as: PNP_BUS_INFORMATION.self)
    return complete(irp, FrameworkStatus.success, information: UInt(bitPattern: block))
  }

  func answerResources(
    _ device: UnsafeMutablePointer<DeviceBody>, _ pnp: UnsafeMutablePointer<PnpState>,
    _ irp: IRPPointer
  ) -> Int32 {
    guard let routine = pnp.pointee.pdoCallbacks.EvtDeviceResourcesQuery else { return keep(irp) }
    guard let list = makeResourceList(device.object, nil, access: [.add, .remove]) else {
      return complete(irp, FrameworkStatus.insufficientResources)
    }
    let status = Int32(
      truncatingIfNeeded: r3_call2(routine, device.handle, list.pointee.head.handle))
    let block = status < 0 ? nil : copyList(list, tag: PnpState.tag)
    FrameworkObject(list).delete()
    if status < 0 { return complete(irp, status) }
    guard let block else { return keep(irp) }
    return complete(irp, status, information: UInt(bitPattern: block))
  }

  func answerRequirements(
    _ device: UnsafeMutablePointer<DeviceBody>, _ pnp: UnsafeMutablePointer<PnpState>,
    _ irp: IRPPointer
  ) -> Int32 {
    registerWaitingInterfaces(of: device, pnp)
    guard let routine = pnp.pointee.pdoCallbacks.EvtDeviceResourceRequirementsQuery else {
      return keep(irp)
    }
    guard let list = makeRequirements(device.object, nil, access: [.add, .remove]) else {
      return complete(irp, FrameworkStatus.insufficientResources)
    }
    let status = Int32(
      truncatingIfNeeded: r3_call2(routine, device.handle, list.pointee.head.handle))
    let block = status < 0 ? nil : copyRequirements(list, tag: PnpState.tag)
    FrameworkObject(list).delete()
    if status < 0 { return complete(irp, status) }
    guard let block else { return keep(irp) }
    return complete(irp, status, information: UInt(bitPattern: block))
  }
}
