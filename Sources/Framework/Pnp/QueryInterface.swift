import CDriverKit
import CRing3
import IOManager
import Machine
import Memory
import Objects

/// An interface that a driver offers to others: WdfDeviceAddQueryInterface.
struct OfferedInterface {
  var next: UnsafeMutablePointer<OfferedInterface>?
  let type: GUID
  /// A copy, behind this structure; NULL for one that the callback fills.
  let interface: UnsafeMutablePointer<INTERFACE>?
  let routine: UnsafeMutableRawPointer?
  let goesToParent: Bool
  let isImport: Bool
}

@c(r3_WdfDeviceAddQueryInterface)
package func wdfDeviceAddQueryInterface(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64,
  _ config: UnsafePointer<WDF_QUERY_INTERFACE_CONFIG>?
) -> Int32 {
  let framework = Framework.current
  let (device, pnp) = framework.pnpDevice(handle)
  let config = framework.require(config).pointee
  guard config.Size == UInt32(MemoryLayout<WDF_QUERY_INTERFACE_CONFIG>.size) else {
    return FrameworkStatus.infoLengthMismatch
  }
  guard let type = config.InterfaceType,
    config.Interface != nil || config.EvtDeviceProcessQueryInterfaceRequest != nil
  else { return FrameworkStatus.invalidParameter }
  // What is imported is filled in by the driver.
  if config.ImportInterface != 0, config.EvtDeviceProcessQueryInterfaceRequest == nil {
    return FrameworkStatus.invalidParameter
  }
  if config.SendQueryToParentStack != 0, device.pdo == nil {
    return FrameworkStatus.invalidParameter
  }
  return framework.offer(pnp, type.pointee, config)
}

extension Framework {
  fileprivate func offer(
    _ pnp: UnsafeMutablePointer<PnpState>, _ type: GUID, _ config: WDF_QUERY_INTERFACE_CONFIG
  ) -> Int32 {
    let size = (MemoryLayout<OfferedInterface>.size + 15) & ~15
    let count = Int(config.Interface?.pointee.Size ?? 0)
    guard
      let block = machine.pool.allocate(size + count, kind: .nonpaged, tag: PnpState.tag)
    else { return FrameworkStatus.insufficientResources }
    var copy: UnsafeMutablePointer<INTERFACE>?
    if let given = config.Interface {
      DriverMemory.copy(to: block + size, from: given, count)
      copy = (block + size).assumingMemoryBound(to: INTERFACE.self)
    }
    let offer = block.bindMemory(to: OfferedInterface.self, capacity: 1)
    offer.initialize(
      to: OfferedInterface(
        next: pnp.pointee.queryInterfaces, type: type, interface: copy,
        routine: UnsafeMutableRawPointer(config.EvtDeviceProcessQueryInterfaceRequest),
        goesToParent: config.SendQueryToParentStack != 0, isImport: config.ImportInterface != 0))
    pnp.pointee.queryInterfaces = offer
    return 0
  }

  func freeOffers(of pnp: UnsafeMutablePointer<PnpState>) {
    while let offer = pnp.pointee.queryInterfaces {
      pnp.pointee.queryInterfaces = offer.pointee.next
      machine.pool.free(UnsafeMutableRawPointer(offer), tag: PnpState.tag)
    }
  }

  private func offer(_ pnp: UnsafeMutablePointer<PnpState>, _ type: GUID)
    -> UnsafeMutablePointer<OfferedInterface>?
  {
    var next = pnp.pointee.queryInterfaces
    while let offer = next, !offer.pointee.type.isSame(type) { next = offer.pointee.next }
    return next
  }

  /// Answers IRP_MN_QUERY_INTERFACE of a function or filter device, or passes it on.
  func queryInterface(
    _ device: UnsafeMutablePointer<DeviceBody>, _ pnp: UnsafeMutablePointer<PnpState>,
    _ irp: IRPPointer, _ location: StackPointer
  ) -> Int32 {
    let asked = location.pointee.Parameters.QueryInterface
    guard let type = asked.InterfaceType, let offer = offer(pnp, type.pointee) else {
      return passDown(device, irp)
    }
    let status = give(device, offer, asked)
    // What the driver refuses others may have.
    if status == FrameworkStatus.notSupported { return passDown(device, irp) }
    return status < 0 ? complete(irp, status) : succeed(device, irp)
  }

  /// Answers the same for a child of a bus, or asks the stack of its parent.
  func answerInterface(
    _ device: UnsafeMutablePointer<DeviceBody>, _ pnp: UnsafeMutablePointer<PnpState>,
    _ irp: IRPPointer, _ location: StackPointer
  ) -> Int32 {
    let asked = location.pointee.Parameters.QueryInterface
    guard let type = asked.InterfaceType, let offer = offer(pnp, type.pointee) else {
      return keep(irp)
    }
    if offer.pointee.goesToParent, let parent = device.pointee.parentDevice {
      let status = ask(parent.pointee.wdmDevice, asked)
      return complete(irp, status)
    }
    let status = give(device, offer, asked)
    return status == FrameworkStatus.notSupported ? keep(irp) : complete(irp, status)
  }

  /// Fills who asks an interface in: the driver's copy first, then its callback.
  private func give(
    _ device: UnsafeMutablePointer<DeviceBody>, _ offer: UnsafeMutablePointer<OfferedInterface>,
    _ asked: IO_STACK_LOCATION.__Unnamed_union_Parameters.__Unnamed_struct_QueryInterface
  ) -> Int32 {
    guard let exposed = asked.Interface else { return FrameworkStatus.invalidParameter }
    if let interface = offer.pointee.interface {
      guard asked.Size >= interface.pointee.Size else { return FrameworkStatus.bufferTooSmall }
      if !offer.pointee.isImport {
        DriverMemory.copy(to: exposed, from: interface, Int(interface.pointee.Size))
      }
    }
    if let routine = offer.pointee.routine {
      var type = offer.pointee.type
      let status = withUnsafeMutablePointer(to: &type) { type in
        Int32(
          truncatingIfNeeded: r3_call4(
            routine, device.handle, bits(type), bits(exposed), bits(asked.InterfaceSpecificData)))
      }
      if status < 0 { return status }
    }
    if !offer.pointee.isImport, let reference = exposed.pointee.InterfaceReference {
      _ = r3_call1(reference, bits(exposed.pointee.Context))
    }
    return 0
  }

  /// Asks the stack of a device for an interface.
  fileprivate func ask(
    _ device: DevicePointer,
    _ asked: IO_STACK_LOCATION.__Unnamed_union_Parameters.__Unnamed_struct_QueryInterface
  ) -> Int32 {
    let top = machine.io.referencedTop(of: device)
    defer { machine.objects.dereference(UnsafeMutableRawPointer(top)) }
    guard let irp = machine.io.allocateIRP(Int(top.pointee.StackSize)) else {
      return FrameworkStatus.insufficientResources
    }
    irp.pointee.IoStatus.Status = FrameworkStatus.notSupported
    let location = machine.io.nextLocation(irp)
    location.pointee.MajorFunction = UInt8(IRP_MJ_PNP)
    location.pointee.MinorFunction = UInt8(IRP_MN_QUERY_INTERFACE)
    location.pointee.Parameters.QueryInterface = asked
    var information: UInt = 0
    return machine.io.sendAndWait(irp, to: top, &information)
  }
}

@c(r3_WdfFdoQueryForInterface)
package func wdfFdoQueryForInterface(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ type: UnsafePointer<GUID>?,
  _ interface: UnsafeMutablePointer<INTERFACE>?, _ size: UInt32, _ version: UInt32,
  _ data: UnsafeMutableRawPointer?
) -> Int32 {
  let framework = Framework.current
  let device = framework.anyDevice(handle)
  guard framework.isLevel(atMost: IRQL.passive) else { return FrameworkStatus.invalidDeviceRequest }
  var asked = IO_STACK_LOCATION.__Unnamed_union_Parameters.__Unnamed_struct_QueryInterface()
  asked.InterfaceType = framework.require(type)
  asked.Interface = framework.require(interface)
  asked.Size = UInt16(truncatingIfNeeded: size)
  asked.Version = UInt16(truncatingIfNeeded: version)
  asked.InterfaceSpecificData = data
  guard device.pointee.role != .bus else { return FrameworkStatus.invalidDeviceRequest }
  return framework.ask(device.pointee.wdmDevice, asked)
}

extension GUID {
  func isSame(_ other: GUID) -> Bool {
    withUnsafeBytes(of: self) { mine in
      withUnsafeBytes(of: other) { theirs in mine.elementsEqual(theirs) }
    }
  }
}
