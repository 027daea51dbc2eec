import CDriverKit
import CRing3
import Hardware
import Machine

@c(r3_WdfDmaEnablerCreate)
package func wdfDmaEnablerCreate(
  _ globals: UnsafeMutableRawPointer, _ device: UInt64,
  _ config: UnsafePointer<WDF_DMA_ENABLER_CONFIG>?,
  _ given: UnsafePointer<WDF_OBJECT_ATTRIBUTES>?, _ result: UnsafeMutablePointer<UInt64>?
) -> Int32 {
  let framework = Framework.current
  let device = framework.anyDevice(device)
  guard framework.isLevel(atMost: IRQL.passive) else { return FrameworkStatus.invalidDeviceRequest }
  let result = framework.require(result)
  let config = framework.require(config)
  result.pointee = 0
  let globals = DriverGlobals.of(globals)
  var attributes = ObjectAttributes()
  var status = framework.attributes(given, into: &attributes)
  if status < 0 { return status }
  status = framework.checkDmaParent(&attributes, device, globals.pointee.minorVersion)
  if status < 0 { return status }
  var plan = DmaEnablerPlan()
  status = framework.read(config, globals.pointee.minorVersion, into: &plan)
  if status < 0 { return status }
  guard let enabler = framework.makeDmaEnabler(plan, device, globals, attributes) else {
    return FrameworkStatus.insufficientResources
  }
  status = framework.publish(enabler.object, attributes, default: device.object, result)
  if status >= 0 { framework.announce(enabler) }
  return status
}

/// What a driver asks for in a `WDF_DMA_ENABLER_CONFIG`, checked.
private struct DmaEnablerPlan {
  var profile = DmaProfile.packet
  var limits = DmaLimits()
  var maximumLength = 0
  var requiresSingleTransfer = false
  var events = DmaEnablerEvents()
}

extension Framework {
  /// Drivers since 1.11 may give a parent below the device; before, the device is the parent.
  fileprivate func checkDmaParent(
    _ attributes: inout ObjectAttributes, _ device: UnsafeMutablePointer<DeviceBody>,
    _ minorVersion: UInt32
  ) -> Int32 {
    guard let parent = attributes.parent else { return 0 }
    guard minorVersion >= 11 else {
      attributes.parent = nil
      return 0
    }
    let owner = parent.kind == .device ? parent.head : parent.head.pointee.device
    return owner == device.object.head ? 0 : FrameworkStatus.objectAttributesInvalid
  }

  fileprivate func read(
    _ config: UnsafePointer<WDF_DMA_ENABLER_CONFIG>, _ minorVersion: UInt32,
    into plan: inout DmaEnablerPlan
  ) -> Int32 {
    let olderSize = 0x40  // before 1.11
    let size = minorVersion >= 11 ? MemoryLayout<WDF_DMA_ENABLER_CONFIG>.size : olderSize
    guard Int(config.pointee.Size) == size,
      let config = read(config, olderSize, zero: WDF_DMA_ENABLER_CONFIG())
    else { return FrameworkStatus.infoLengthMismatch }
    guard let profile = DmaProfile(rawValue: UInt32(config.Profile.rawValue)),
      config.MaximumLength > 0
    else { return FrameworkStatus.invalidParameter }
    if profile.isSystem {
      note("WdfDmaEnablerCreate: there are no system DMA controllers")
      return FrameworkStatus.notSupported
    }
    guard let version = version(config, profile) else { return FrameworkStatus.invalidParameter }
    let isSingle = config.Flags & WDF_DMA_ENABLER_CONFIG_REQUIRE_SINGLE_TRANSFER.rawValue != 0
    if isSingle, minorVersion < 19 || version != 3 { return FrameworkStatus.invalidParameter }
    let length = UInt32(clamping: config.MaximumLength)
    let width =
      config.AddressWidthOverride == 0 ? profile.addressWidth : Int(config.AddressWidthOverride)
    plan = DmaEnablerPlan(
      profile: profile,
      limits: DmaLimits(
        hasScatterGather: profile.hasScatterGather, addressWidth: width, maximumLength: length,
        version: version),
      maximumLength: Int(length), requiresSingleTransfer: isSingle,
      events: DmaEnablerEvents(config))
    return 0
  }

  /// The version of the adapter's routines; nil when what the driver asks for needs a newer one.
  private func version(_ config: WDF_DMA_ENABLER_CONFIG, _ profile: DmaProfile) -> UInt16? {
    var version: UInt32 = 2
    if config.AddressWidthOverride != 0 {
      if profile.addressWidth == 32, config.AddressWidthOverride > 32 { return nil }
      version = 3
    }
    if config.WdmDmaVersionOverride != 0 {
      guard (version...3).contains(config.WdmDmaVersionOverride) else { return nil }
      version = config.WdmDmaVersionOverride
    }
    return UInt16(version)
  }

  fileprivate func makeDmaEnabler(
    _ plan: DmaEnablerPlan, _ device: UnsafeMutablePointer<DeviceBody>,
    _ globals: UnsafeMutablePointer<DriverGlobals>, _ attributes: ObjectAttributes
  ) -> UnsafeMutablePointer<DmaEnablerBody>? {
    guard let reads = makeChannel(plan, device) else { return nil }
    guard let writes = plan.profile.isDuplex ? makeChannel(plan, device) : reads else {
      reads.adapter.put()
      return nil
    }
    let enabler = make(
      DmaEnablerBody(
        head: ObjectHead(kind: .dmaEnabler, globals: globals), device: device,
        profile: plan.profile, maximumLength: plan.maximumLength, version: plan.limits.version,
        reads: reads, writes: writes, requiresSingleTransfer: plan.requiresSingleTransfer,
        alignment: device.pointee.wdmDevice.pointee.AlignmentRequirement, events: plan.events),
      attributes)
    if enabler == nil {
      reads.adapter.put()
      if plan.profile.isDuplex { writes.adapter.put() }
    }
    return enabler
  }

  private func makeChannel(
    _ plan: DmaEnablerPlan, _ device: UnsafeMutablePointer<DeviceBody>
  ) -> DmaChannel? {
    guard
      let adapter = machine.hardware.makeAdapter(plan.limits, for: device.pointee.physicalDevice)
    else { return nil }
    guard let channel = DmaChannel(adapter, maximumLength: plan.maximumLength) else {
      adapter.put()
      return nil
    }
    return channel
  }
}
