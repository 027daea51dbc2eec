import CDriverKit
import CRing3
import Glibc
import IOManager
import Machine
import Memory
import Objects

/// IRP_MJ_PNP of the devices below the root.
let rootPlugAndPlay: RootDispatch = { device, irp in
  returned(Machine.current.plugAndPlay.dispatchRoot(device, irp))
}

extension PlugAndPlay {
  /// The tag of answers that are read and freed by who asks.
  static var answerTag: UInt32 { 0x706E_5050 }  // PPnp

  /// Answers a request to a root device and completes it.
  ///
  /// What the device does not know keeps the status that it came with.
  fileprivate func dispatchRoot(_ device: DevicePointer, _ irp: IRPPointer) -> Int32 {
    guard let location = irp.pointee.Tail.Overlay.CurrentStackLocation else {
      return PnpStatus.invalidParameter
    }
    var status = irp.pointee.IoStatus.Status
    switch Int32(location.pointee.MinorFunction) {
    case IRP_MN_START_DEVICE, IRP_MN_QUERY_REMOVE_DEVICE, IRP_MN_CANCEL_REMOVE_DEVICE,
      IRP_MN_STOP_DEVICE, IRP_MN_QUERY_STOP_DEVICE, IRP_MN_CANCEL_STOP_DEVICE,
      IRP_MN_SURPRISE_REMOVAL, IRP_MN_EJECT, IRP_MN_DEVICE_USAGE_NOTIFICATION,
      IRP_MN_DEVICE_ENUMERATED:
      status = PnpStatus.success
    case IRP_MN_QUERY_PNP_DEVICE_STATE:
      // Bits that drivers above have set stay.
      status = PnpStatus.success
    case IRP_MN_REMOVE_DEVICE: status = removeRoot(device)
    case IRP_MN_QUERY_ID:
      status = answerIdentifier(device, location.pointee.Parameters.QueryId.IdType, irp, status)
    case IRP_MN_QUERY_DEVICE_TEXT:
      if location.pointee.Parameters.QueryDeviceText.DeviceTextType == DeviceTextDescription {
        status = answer(rootDevice(device).pointee.description, irp, status)
      }
    case IRP_MN_QUERY_CAPABILITIES:
      if let answer = location.pointee.Parameters.DeviceCapabilities.Capabilities {
        fill(answer)
        status = PnpStatus.success
      }
    case IRP_MN_QUERY_DEVICE_RELATIONS:
      if location.pointee.Parameters.QueryDeviceRelations.Type == TargetDeviceRelation {
        status = answerTarget(device, irp)
      }
    case IRP_MN_QUERY_BUS_INFORMATION: status = answerBus(irp)
    default: break
    }
    irp.pointee.IoStatus.Status = status
    io.complete(irp, boost: 0)
    return status
  }

  /// A device that is to be gone for good is deleted; another one stays for the next start.
  private func removeRoot(_ device: DevicePointer) -> Int32 {
    dropWaitWake(device)
    if node(of: device)?.pointee.isGone == true {
      rootDevice(device).pointee.free()
      io.deleteDevice(device)
    }
    return PnpStatus.success
  }

  private func answerIdentifier(
    _ device: DevicePointer, _ kind: BUS_QUERY_ID_TYPE, _ irp: IRPPointer, _ status: Int32
  ) -> Int32 {
    let record = rootDevice(device)
    return switch kind {
    case BusQueryDeviceID: answer(record.pointee.deviceID, irp, status)
    case BusQueryInstanceID: answer(record.pointee.instanceID, irp, status)
    case BusQueryHardwareIDs: answer(record.pointee.hardwareIDs, irp, status)
    case BusQueryCompatibleIDs: answer(record.pointee.compatibleIDs, irp, status)
    default: status
    }
  }

  /// Answers with a copy of a text; for none the request stays as it is.
  private func answer(_ text: StoredText, _ irp: IRPPointer, _ status: Int32) -> Int32 {
    guard !text.isEmpty, let source = text.start else { return status }
    // Two zeros behind it end a list as well as a string.
    let byteCount = (text.count + 2) * 2
    guard
      let block = machine.pool.allocate(byteCount, kind: .paged, tag: Self.answerTag)
    else { return PnpStatus.insufficientResources }
    memcpy(block, source, byteCount)
    irp.pointee.IoStatus.Information = ULONG_PTR(UInt(bitPattern: block))
    return PnpStatus.success
  }

  private func fill(_ answer: UnsafeMutablePointer<DEVICE_CAPABILITIES>) {
    answer.pointee.UniqueID = 1
    answer.pointee.SilentInstall = 1
    answer.pointee.SurpriseRemovalOK = 1
    answer.pointee.WakeFromD3 = 1
    answer.pointee.DeviceState.1 = PowerDeviceD0
    answer.pointee.DeviceState.2 = PowerDeviceD3
    answer.pointee.DeviceState.3 = PowerDeviceD3
    answer.pointee.DeviceState.4 = PowerDeviceD3
    answer.pointee.DeviceState.5 = PowerDeviceD3
    answer.pointee.DeviceState.6 = PowerDeviceD3
    answer.pointee.SystemWake = PowerSystemSleeping3
    answer.pointee.DeviceWake = PowerDeviceD3
  }

  /// The bottom of the stack is the device itself; the reference goes to who asks.
  private func answerTarget(_ device: DevicePointer, _ irp: IRPPointer) -> Int32 {
    guard
      let block = machine.pool.allocate(
        MemoryLayout<DEVICE_RELATIONS>.size, kind: .paged, tag: Self.answerTag)
    else { return PnpStatus.insufficientResources }
    machine.objects.reference(UnsafeMutableRawPointer(device))
    let relations = block.assumingMemoryBound(to: DEVICE_RELATIONS.self)
    relations.pointee.Count = 1
    devices(of: relations)[0] = device
    irp.pointee.IoStatus.Information = ULONG_PTR(UInt(bitPattern: block))
    return PnpStatus.success
  }

  private func answerBus(_ irp: IRPPointer) -> Int32 {
    guard
      let block = machine.pool.allocate(
        MemoryLayout<PNP_BUS_INFORMATION>.size, kind: .paged, tag: Self.answerTag)
    else { return PnpStatus.insufficientResources }
    var information = PNP_BUS_INFORMATION()
    // GUID_BUS_TYPE_INTERNAL
    information.BusTypeGuid = _GUID(
      Data1: 0x1530_EA73, Data2: 0x086B, Data3: 0x11D1,
      Data4: (0xA0, 0x9F, 0x00, 0xC0, 0x4F, 0xC3, 0x40, 0xB1))
    information.LegacyBusType = Internal
    block.storeBytes(of: information, as: PNP_BUS_INFORMATION.self)
    irp.pointee.IoStatus.Information = ULONG_PTR(UInt(bitPattern: block))
    return PnpStatus.success
  }
}

/// IRP_MJ_SYSTEM_CONTROL of the devices below the root: they have nothing to say.
let rootSystemControl: RootDispatch = { device, irp in
  let status = irp.pointee.IoStatus.Status
  Machine.current.io.complete(irp, boost: 0)
  return returned(status)
}
