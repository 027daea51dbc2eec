import CDriverKit
import CRing3
import IOManager
import Machine
import Memory
import Objects

/// A request of IRP_MJ_SYSTEM_CONTROL to a framework device, taken apart.
struct WmiRequest {
  let device: UnsafeMutablePointer<DeviceBody>
  let wmi: UnsafeMutablePointer<WmiState>
  let irp: IRPPointer
  let minor: Int32
  let buffer: UnsafeMutableRawPointer
  let byteCount: Int
  var provider: UnsafeMutablePointer<WmiProviderBody>?
  var instance: UnsafeMutablePointer<WmiInstanceBody>?

  func field(_ offset: Int) -> UInt32 {
    buffer.loadUnaligned(fromByteOffset: offset, as: UInt32.self)
  }

  func put(_ value: Int, at offset: Int) {
    buffer.storeBytes(of: UInt32(truncatingIfNeeded: value), toByteOffset: offset, as: UInt32.self)
  }

  /// Whether the request is about one instance.
  var isOfInstance: Bool {
    switch minor {
    case IRP_MN_QUERY_SINGLE_INSTANCE, IRP_MN_CHANGE_SINGLE_INSTANCE, IRP_MN_CHANGE_SINGLE_ITEM,
      IRP_MN_EXECUTE_METHOD:
      true
    default: false
    }
  }
}

extension Framework {
  /// Handles a request about what the device offers to WMI; others go down the stack.
  func systemControl(_ device: UnsafeMutablePointer<DeviceBody>, _ irp: IRPPointer) -> Int32 {
    let location = irp.pointee.Tail.Overlay.CurrentStackLocation.unsafelyUnwrapped
    let minor = Int32(location.pointee.MinorFunction)
    let parameters = location.pointee.Parameters.WMI
    guard minor <= IRP_MN_EXECUTE_METHOD || minor == IRP_MN_REGINFO_EX,
      parameters.ProviderId == ULONG_PTR(UInt(bitPattern: device.pointee.wdmDevice)),
      let buffer = parameters.Buffer, let wmi = wmi(of: device)
    else { return passOrLeave(device, irp) }
    var request = WmiRequest(
      device: device, wmi: wmi, irp: irp, minor: minor, buffer: buffer,
      byteCount: Int(parameters.BufferSize))
    if minor == IRP_MN_REGINFO || minor == IRP_MN_REGINFO_EX { return describe(request) }
    let status = find(parameters.DataPath, &request)
    if status < 0 { return complete(irp, status) }
    let result = perform(request)
    request.instance?.object.release()
    request.provider?.object.release()
    return result
  }

  /// Nobody here knows the request: the lower driver's, or completed as it is.
  private func passOrLeave(_ device: UnsafeMutablePointer<DeviceBody>, _ irp: IRPPointer) -> Int32 {
    if device.pointee.attachedTo != nil { return passDown(device, irp) }
    return complete(irp, irp.pointee.IoStatus.Status)
  }

  /// Finds provider and instance of a request, and refers to them.
  private func find(_ path: UnsafeMutableRawPointer?, _ request: inout WmiRequest) -> Int32 {
    guard let path else { return FrameworkStatus.wmiGuidNotFound }
    let guid = path.loadUnaligned(as: GUID.self)
    let wmi = request.wmi
    let index: UInt32? =
      request.isOfInstance
      ? request.field(44) & UInt32(WNODE_FLAG_STATIC_INSTANCE_NAMES) != 0 ? request.field(52) : .max
      : nil
    wmi.pointee.lock.lock()
    defer { wmi.pointee.lock.unlock() }
    guard let provider = wmi.provider(guid) else { return FrameworkStatus.wmiGuidNotFound }
    if let index {
      guard let instance = provider.instance(index) else {
        return FrameworkStatus.wmiInstanceNotFound
      }
      instance.object.reference()
      request.instance = instance
    }
    provider.object.reference()
    request.provider = provider
    return 0
  }

  private func perform(_ request: WmiRequest) -> Int32 {
    guard let provider = request.provider else {
      return complete(request.irp, FrameworkStatus.wmiGuidNotFound)
    }
    switch request.minor {
    case IRP_MN_QUERY_ALL_DATA: return queryAll(request, provider)
    case IRP_MN_ENABLE_EVENTS, IRP_MN_DISABLE_EVENTS, IRP_MN_ENABLE_COLLECTION,
      IRP_MN_DISABLE_COLLECTION:
      return control(request, provider)
    default: break
    }
    guard let instance = request.instance else {
      return complete(request.irp, FrameworkStatus.wmiInstanceNotFound)
    }
    switch request.minor {
    case IRP_MN_QUERY_SINGLE_INSTANCE: return querySingle(request, provider, instance)
    case IRP_MN_CHANGE_SINGLE_INSTANCE: return change(request, provider, instance)
    case IRP_MN_CHANGE_SINGLE_ITEM: return changeItem(request, instance)
    default: return execute(request, instance)
    }
  }

  /// Turns events or collection on or off, and tells the driver.
  private func control(_ request: WmiRequest, _ provider: UnsafeMutablePointer<WmiProviderBody>)
    -> Int32
  {
    guard request.byteCount >= 48 else {
      return complete(request.irp, FrameworkStatus.invalidParameter)
    }
    let isOn = request.minor == IRP_MN_ENABLE_EVENTS || request.minor == IRP_MN_ENABLE_COLLECTION
    let isOfEvents =
      request.minor == IRP_MN_ENABLE_EVENTS || request.minor == IRP_MN_DISABLE_EVENTS
    set(
      provider, isOfEvents: isOfEvents, isOn,
      tracingHandle: request.buffer.load(
        fromByteOffset: 8, as: UInt64.self))
    var status: Int32 = 0
    if let routine = provider.pointee.control {
      let kind = isOfEvents ? WdfWmiEventControl : WdfWmiInstanceControl
      status = Int32(
        truncatingIfNeeded: r3_call3(
          routine, provider.object.handle, UInt64(kind.rawValue), isOn ? 1 : 0))
      if status == FrameworkStatus.pending { status = FrameworkStatus.unsuccessful }
    }
    if status < 0 { set(provider, isOfEvents: isOfEvents, false, tracingHandle: 0) }
    return complete(request.irp, status)
  }

  private func set(
    _ provider: UnsafeMutablePointer<WmiProviderBody>, isOfEvents: Bool, _ isOn: Bool,
    tracingHandle: UInt64
  ) {
    guard isOfEvents else {
      provider.pointee.collects = isOn
      return
    }
    provider.pointee.wantsEvents = isOn
    if provider.pointee.flags.contains(.tracing) { provider.pointee.tracingHandle = tracingHandle }
  }
}
