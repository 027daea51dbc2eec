import CDriverKit
import CRing3
import Glibc
import Machine
import Memory
import PlugAndPlay

/// The instance's provider is one that there is, or made with it.
@c(r3_WdfWmiInstanceCreate)
package func wdfWmiInstanceCreate(
  _ globals: UnsafeMutableRawPointer, _ deviceHandle: UInt64,
  _ config: UnsafePointer<WDF_WMI_INSTANCE_CONFIG>?,
  _ given: UnsafePointer<WDF_OBJECT_ATTRIBUTES>?, _ result: UnsafeMutablePointer<UInt64>?
) -> Int32 {
  let framework = Framework.current
  let config = framework.require(config).pointee
  result?.pointee = 0
  guard config.Size == UInt32(MemoryLayout<WDF_WMI_INSTANCE_CONFIG>.size) else {
    return FrameworkStatus.infoLengthMismatch
  }
  guard (config.Provider == nil) != (config.ProviderConfig == nil) else {
    return FrameworkStatus.invalidParameter
  }
  if config.Provider != nil {
    let provider = framework.wmiProvider(bits(config.Provider))
    return framework.makeInstance(provider, config, given, result)
  }
  var status: Int32 = 0
  guard
    let provider = framework.makeProvider(
      framework.device(deviceHandle), framework.require(config.ProviderConfig).pointee,
      ObjectAttributes(), status: &status)
  else { return status }
  status = framework.makeInstance(provider, config, given, result)
  if status < 0 { provider.object.delete() }
  return status
}

extension Framework {
  fileprivate func makeInstance(
    _ provider: UnsafeMutablePointer<WmiProviderBody>, _ config: WDF_WMI_INSTANCE_CONFIG,
    _ given: UnsafePointer<WDF_OBJECT_ATTRIBUTES>?, _ result: UnsafeMutablePointer<UInt64>?
  ) -> Int32 {
    if provider.pointee.flags.contains(.eventOnly), hasCallback(config) {
      return FrameworkStatus.invalidParameter
    }
    var attributes = ObjectAttributes()
    var status = self.attributes(given, .parentForbidden, into: &attributes)
    if status < 0 { return status }
    let usesContext = config.UseContextForQuery != 0
    if usesContext {
      status = checkContext(provider, config, attributes)
      if status < 0 { return status }
    }
    guard
      let instance = make(
        WmiInstanceBody(
          head: ObjectHead(kind: .wmiInstance, globals: provider.pointee.head.globals),
          provider: provider,
          contextByteCount: usesContext ? UInt32(attributes.contextByteCount) : nil,
          query: UnsafeMutableRawPointer(config.EvtWmiInstanceQueryInstance),
          set: UnsafeMutableRawPointer(config.EvtWmiInstanceSetInstance),
          setItem: UnsafeMutableRawPointer(config.EvtWmiInstanceSetItem),
          execute: UnsafeMutableRawPointer(config.EvtWmiInstanceExecuteMethod)),
        attributes)
    else { return FrameworkStatus.insufficientResources }
    status = attach(instance.object, to: provider.object)
    if status >= 0, config.Register != 0 {
      status = add(instance)
      if status < 0 { instance.object.detach() }
    }
    if status < 0 {
      discard(instance.object)
      return status
    }
    result?.pointee = instance.object.handle
    return 0
  }

  private func hasCallback(_ config: WDF_WMI_INSTANCE_CONFIG) -> Bool {
    config.UseContextForQuery != 0 || config.EvtWmiInstanceQueryInstance != nil
      || config.EvtWmiInstanceSetInstance != nil || config.EvtWmiInstanceSetItem != nil
      || config.EvtWmiInstanceExecuteMethod != nil
  }

  /// A context that is the data: read only, there, and large enough.
  private func checkContext(
    _ provider: UnsafeMutablePointer<WmiProviderBody>, _ config: WDF_WMI_INSTANCE_CONFIG,
    _ attributes: ObjectAttributes
  ) -> Int32 {
    guard config.EvtWmiInstanceSetInstance == nil, config.EvtWmiInstanceSetItem == nil,
      attributes.contextType != nil
    else { return FrameworkStatus.invalidParameter }
    return attributes.contextByteCount < Int(provider.pointee.minimumByteCount)
      ? FrameworkStatus.bufferTooSmall : 0
  }

  /// Writes an event of an instance; the system takes the block over.
  fileprivate func fire(
    _ instance: UnsafeMutablePointer<WmiInstanceBody>, _ data: UnsafeRawPointer?, _ byteCount: Int
  ) -> Int32 {
    let header = 64
    guard
      let node = machine.pool.allocate(
        header + byteCount, kind: .nonpaged, tag: WmiState.tag, zeroed: true)
    else { return FrameworkStatus.insufficientResources }
    let flags =
      WNODE_FLAG_SINGLE_INSTANCE | WNODE_FLAG_EVENT_ITEM | WNODE_FLAG_STATIC_INSTANCE_NAMES
    node.storeBytes(of: UInt32(header + byteCount), as: UInt32.self)
    node.storeBytes(
      of: ioWMIDeviceObjectToProviderId(instance.device.pointee.wdmDevice), toByteOffset: 4,
      as: UInt32.self)
    node.storeBytes(of: machine.systemTime, toByteOffset: 16, as: UInt64.self)
    node.storeBytes(of: instance.pointee.provider.pointee.guid, toByteOffset: 24, as: GUID.self)
    node.storeBytes(of: UInt32(flags), toByteOffset: 44, as: UInt32.self)
    node.storeBytes(of: index(of: instance), toByteOffset: 52, as: UInt32.self)
    node.storeBytes(of: UInt32(header), toByteOffset: 56, as: UInt32.self)
    node.storeBytes(of: UInt32(byteCount), toByteOffset: 60, as: UInt32.self)
    if byteCount > 0 { DriverMemory.copy(to: node + header, from: data, byteCount) }
    let status = ioWMIWriteEvent(node)
    if status < 0 { machine.pool.free(node, tag: WmiState.tag) }
    return status
  }
}

@c(r3_WdfWmiInstanceRegister)
package func wdfWmiInstanceRegister(_ globals: UnsafeMutableRawPointer, _ handle: UInt64) -> Int32 {
  let framework = Framework.current
  return framework.add(framework.wmiInstance(handle))
}

@c(r3_WdfWmiInstanceDeregister)
package func wdfWmiInstanceDeregister(_ globals: UnsafeMutableRawPointer, _ handle: UInt64) {
  let framework = Framework.current
  framework.remove(framework.wmiInstance(handle))
}

@c(r3_WdfWmiInstanceGetDevice)
package func wdfWmiInstanceGetDevice(_ globals: UnsafeMutableRawPointer, _ handle: UInt64) -> UInt64
{
  Framework.current.wmiInstance(handle).device.handle
}

@c(r3_WdfWmiInstanceGetProvider)
package func wdfWmiInstanceGetProvider(_ globals: UnsafeMutableRawPointer, _ handle: UInt64)
  -> UInt64
{
  Framework.current.wmiInstance(handle).pointee.provider.object.handle
}

@c(r3_WdfWmiInstanceFireEvent)
package func wdfWmiInstanceFireEvent(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ byteCount: UInt32,
  _ data: UnsafeRawPointer?
) -> Int32 {
  let framework = Framework.current
  let instance = framework.wmiInstance(handle)
  guard framework.isLevel(atMost: IRQL.apc) else { return FrameworkStatus.invalidDeviceRequest }
  return framework.fire(instance, data, data == nil ? 0 : Int(byteCount))
}
