import CDriverKit
import CRing3
import Machine
import Memory

/// A WDFWMIPROVIDER: a block of data that a device offers to WMI.
struct WmiProviderBody {
  var head: ObjectHead
  let device: UnsafeMutablePointer<DeviceBody>
  let guid: GUID
  let flags: WmiProviderFlags
  /// Bytes that every instance has at least.
  let minimumByteCount: UInt32
  let control: UnsafeMutableRawPointer?
  /// The next provider of the device, and the instances; under the lock of the device's ``WmiState``.
  var next: UnsafeMutablePointer<WmiProviderBody>?
  var firstInstance: UnsafeMutablePointer<WmiInstanceBody>?
  var instanceCount: UInt32 = 0
  /// The last instance went since the system asked.
  var isWithdrawn = false
  /// Whether somebody wants events, or collects data.
  var wantsEvents = false
  var collects = false
  var tracingHandle: UInt64 = 0
}

/// WDF_WMI_PROVIDER_FLAGS.
struct WmiProviderFlags: OptionSet {
  let rawValue: UInt32
  static let eventOnly = WmiProviderFlags(rawValue: 1)
  static let expensive = WmiProviderFlags(rawValue: 2)
  static let tracing = WmiProviderFlags(rawValue: 4)
  static let all: WmiProviderFlags = [.eventOnly, .expensive, .tracing]
}

extension UnsafeMutablePointer where Pointee == WmiProviderBody {
  var object: FrameworkObject { FrameworkObject(self) }

  /// What the system is told of the block; under the lock.
  var registrationFlags: UInt32 {
    let flags = pointee.flags
    if flags.contains(.tracing) {
      return UInt32(WMIREG_FLAG_TRACED_GUID | WMIREG_FLAG_TRACE_CONTROL_GUID)
    }
    var result = UInt32(WMIREG_FLAG_INSTANCE_PDO)
    if flags.contains(.expensive) { result |= UInt32(WMIREG_FLAG_EXPENSIVE) }
    if flags.contains(.eventOnly) { result |= UInt32(WMIREG_FLAG_EVENT_ONLY_GUID) }
    if pointee.isWithdrawn { result |= UInt32(WMIREG_FLAG_REMOVE_GUID) }
    pointee.isWithdrawn = false
    return result
  }

  /// An instance by its number; under the lock.
  func instance(_ index: UInt32) -> UnsafeMutablePointer<WmiInstanceBody>? {
    guard index < pointee.instanceCount else { return nil }
    var instance = pointee.firstInstance
    for _ in 0..<index { instance = instance?.pointee.next }
    return instance
  }
}

extension Framework {
  static let wmiProviderClass = ObjectClass(
    dispose: { address in
      let provider = address.assumingMemoryBound(to: WmiProviderBody.self)
      guard let wmi = provider.pointee.device.pointee.wmi else { return }
      wmi.withLock { wmi.remove(provider) }
    })

  func wmiProvider(_ handle: UInt64) -> UnsafeMutablePointer<WmiProviderBody> {
    body(handle, .wmiProvider, as: WmiProviderBody.self)
  }

  /// Whether a provider may be so.
  private func check(_ config: WDF_WMI_PROVIDER_CONFIG) -> Int32 {
    guard config.Size == UInt32(MemoryLayout<WDF_WMI_PROVIDER_CONFIG>.size) else {
      return FrameworkStatus.infoLengthMismatch
    }
    let flags = WmiProviderFlags(rawValue: config.Flags)
    let canBeControlled = !flags.isDisjoint(with: [.tracing, .expensive])
    guard WmiProviderFlags.all.isSuperset(of: flags),
      !flags.contains(.tracing) || flags == .tracing,
      config.EvtWmiProviderFunctionControl == nil || canBeControlled,
      !isEqual(config.Guid, GUID())
    else { return FrameworkStatus.invalidParameter }
    return 0
  }

  /// Makes a provider of a device, which knows it from then on.
  func makeProvider(
    _ device: UnsafeMutablePointer<DeviceBody>, _ config: WDF_WMI_PROVIDER_CONFIG,
    _ attributes: ObjectAttributes, status: inout Int32
  ) -> UnsafeMutablePointer<WmiProviderBody>? {
    status = check(config)
    if status < 0 { return nil }
    status = FrameworkStatus.insufficientResources
    var head = ObjectHead(kind: .wmiProvider, globals: device.pointee.head.globals)
    head.flags.insert(.undeletable)
    guard let wmi = wmi(of: device),
      let provider = make(
        WmiProviderBody(
          head: head, device: device, guid: config.Guid,
          flags: WmiProviderFlags(rawValue: config.Flags),
          minimumByteCount: config.MinInstanceBufferSize,
          control: UnsafeMutableRawPointer(config.EvtWmiProviderFunctionControl)),
        attributes)
    else { return nil }
    status = wmi.withLock {
      if wmi.provider(config.Guid) != nil { return FrameworkStatus.objectNameExists }
      wmi.append(provider)
      return 0
    }
    if status == 0 {
      status = attach(provider.object, to: device.object)
      if status < 0 { wmi.withLock { wmi.remove(provider) } }
    }
    guard status == 0 else {
      discard(provider.object)
      return nil
    }
    // It may have no instance whose registration would tell the system of it.
    updateWmi(device)
    return provider
  }
}

/// A second provider of a block is STATUS_OBJECT_NAME_EXISTS, and there is no object then.
@c(r3_WdfWmiProviderCreate)
package func wdfWmiProviderCreate(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64,
  _ config: UnsafePointer<WDF_WMI_PROVIDER_CONFIG>?,
  _ given: UnsafePointer<WDF_OBJECT_ATTRIBUTES>?, _ result: UnsafeMutablePointer<UInt64>?
) -> Int32 {
  let framework = Framework.current
  let device = framework.device(handle)
  let config = framework.require(config).pointee
  let result = framework.require(result)
  result.pointee = 0
  var attributes = ObjectAttributes()
  var status = framework.attributes(given, .parentForbidden, into: &attributes)
  if status < 0 { return status }
  let provider = framework.makeProvider(device, config, attributes, status: &status)
  result.pointee = provider?.object.handle ?? 0
  return status
}

@c(r3_WdfWmiProviderGetDevice)
package func wdfWmiProviderGetDevice(_ globals: UnsafeMutableRawPointer, _ handle: UInt64) -> UInt64
{
  Framework.current.wmiProvider(handle).pointee.device.handle
}

@c(r3_WdfWmiProviderIsEnabled)
package func wdfWmiProviderIsEnabled(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ control: UInt32
) -> UInt8 {
  let provider = Framework.current.wmiProvider(handle)
  let isEnabled =
    control == WdfWmiEventControl.rawValue
    ? provider.pointee.wantsEvents : provider.pointee.collects
  return isEnabled ? 1 : 0
}

@c(r3_WdfWmiProviderGetTracingHandle)
package func wdfWmiProviderGetTracingHandle(_ globals: UnsafeMutableRawPointer, _ handle: UInt64)
  -> UInt64
{
  Framework.current.wmiProvider(handle).pointee.tracingHandle
}
