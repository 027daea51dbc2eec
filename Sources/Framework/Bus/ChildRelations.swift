import CDriverKit
import CRing3
import IOManager
import Machine
import Memory
import Objects

// IRP_MN_QUERY_DEVICE_RELATIONS: children, and devices that go together.
extension Framework {
  /// Answers for a bus or another function device, and has the lower drivers add theirs.
  func queryRelations(
    _ device: UnsafeMutablePointer<DeviceBody>, _ pnp: UnsafeMutablePointer<PnpState>,
    _ irp: IRPPointer, _ type: DEVICE_RELATION_TYPE
  ) -> Int32 {
    let status = addRelations(device, pnp, irp, type)
    if status < 0, status != FrameworkStatus.notSupported { return complete(irp, status) }
    if status >= 0 { irp.pointee.IoStatus.Status = status }
    return passDown(device, irp)
  }

  /// Answers for a child of a bus.
  func answerRelations(
    _ device: UnsafeMutablePointer<DeviceBody>, _ pnp: UnsafeMutablePointer<PnpState>,
    _ irp: IRPPointer, _ type: DEVICE_RELATION_TYPE
  ) -> Int32 {
    if type == TargetDeviceRelation {
      guard let block = makeRelations(1) else {
        return complete(irp, FrameworkStatus.insufficientResources)
      }
      add(device.pointee.wdmDevice, to: block)
      return complete(irp, 0, information: UInt(bitPattern: block))
    }
    let status = addRelations(device, pnp, irp, type)
    if status == FrameworkStatus.notSupported { return keep(irp) }
    return complete(irp, status, information: UInt(irp.pointee.IoStatus.Information))
  }

  /// STATUS_NOT_SUPPORTED when this driver has nothing to say.
  private func addRelations(
    _ device: UnsafeMutablePointer<DeviceBody>, _ pnp: UnsafeMutablePointer<PnpState>,
    _ irp: IRPPointer, _ type: DEVICE_RELATION_TYPE
  ) -> Int32 {
    switch type {
    case BusRelations:
      if let routine = pnp.pointee.callbacks.EvtDeviceRelationsQuery {
        _ = r3_call2(routine, device.handle, UInt64(type.rawValue))
      }
      return reportChildren(device, irp)
    case RemovalRelations, EjectionRelations:
      if let routine = pnp.pointee.callbacks.EvtDeviceRelationsQuery {
        _ = r3_call2(routine, device.handle, UInt64(type.rawValue))
      }
      let first =
        type == RemovalRelations
        ? pnp.pointee.removalRelations : device.pdo?.pointee.ejectionRelations
      return report(first, irp)
    default: return FrameworkStatus.notSupported
    }
  }

  private func reportChildren(_ device: UnsafeMutablePointer<DeviceBody>, _ irp: IRPPointer)
    -> Int32
  {
    guard device.pnp?.pointee.childLists != nil else { return FrameworkStatus.notSupported }
    var status = FrameworkStatus.success
    forEachList(of: device) { if status >= 0 { status = enumerate($0, irp) } }
    if status < 0 { return status }
    // An answer without children is one as well.
    if irp.pointee.IoStatus.Information == 0 {
      guard let block = makeRelations(0) else { return FrameworkStatus.insufficientResources }
      irp.pointee.IoStatus.Information = ULONG_PTR(UInt(bitPattern: block))
    }
    forEachList(of: device) { tellMissing($0) }
    return 0
  }

  private func report(_ first: UnsafeMutablePointer<RelatedDevice>?, _ irp: IRPPointer) -> Int32 {
    guard first != nil else { return FrameworkStatus.notSupported }
    var count = 0
    var next = first
    while let related = next {
      count += 1
      next = related.pointee.next
    }
    guard let block = grow(irp, count) else { return FrameworkStatus.insufficientResources }
    next = first
    while let related = next {
      add(related.pointee.device, to: block)
      next = related.pointee.next
    }
    return 0
  }

  // MARK: Blocks of relations

  private func makeRelations(_ count: Int) -> UnsafeMutablePointer<DEVICE_RELATIONS>? {
    let size = max(MemoryLayout<DEVICE_RELATIONS>.size, 8 + count * 8)
    return machine.pool.allocate(size, kind: .paged, tag: PnpState.tag, zeroed: true)?
      .bindMemory(to: DEVICE_RELATIONS.self, capacity: 1)
  }

  /// A block with what the IRP has already and room for more, in the IRP instead of the old one.
  func grow(_ irp: IRPPointer, _ count: Int) -> UnsafeMutablePointer<DEVICE_RELATIONS>? {
    let old = UnsafeMutablePointer<DEVICE_RELATIONS>(
      bitPattern: UInt(irp.pointee.IoStatus.Information))
    let oldCount = Int(old?.pointee.Count ?? 0)
    guard let block = makeRelations(oldCount + count) else { return nil }
    if let old {
      UnsafeMutableRawPointer(block).copyMemory(from: old, byteCount: 8 + oldCount * 8)
      machine.pool.free(UnsafeMutableRawPointer(old))
    }
    irp.pointee.IoStatus.Information = ULONG_PTR(UInt(bitPattern: block))
    return block
  }

  /// Adds a device, with a reference for who asked; there is room.
  func add(_ device: DevicePointer, to block: UnsafeMutablePointer<DEVICE_RELATIONS>) {
    machine.objects.reference(UnsafeMutableRawPointer(device))
    (UnsafeMutableRawPointer(block) + 8).assumingMemoryBound(to: DevicePointer?.self)[
      Int(block.pointee.Count)] = device
    block.pointee.Count += 1
  }
}
