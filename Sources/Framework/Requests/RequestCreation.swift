import CDriverKit
import CRing3
import IOManager
import Machine
import Memory

/// With a target the request can be sent there; without one WdfRequestChangeTarget comes first.
@c(r3_WdfRequestCreate)
package func wdfRequestCreate(
  _ globals: UnsafeMutableRawPointer, _ given: UnsafePointer<WDF_OBJECT_ATTRIBUTES>?,
  _ targetHandle: UInt64, _ result: UnsafeMutablePointer<UInt64>?
) -> Int32 {
  let framework = Framework.current
  let target = targetHandle == 0 ? nil : framework.target(targetHandle)
  let result = framework.require(result)
  result.pointee = 0
  let globals = DriverGlobals.of(globals)
  var attributes = ObjectAttributes()
  var status = framework.attributes(given, into: &attributes)
  if status < 0 { return status }
  guard let request = framework.makeRequest(globals, attributes, .created, nil) else {
    return FrameworkStatus.insufficientResources
  }
  if let target { status = framework.fit(request, to: target) }
  if status < 0 {
    framework.discard(request.object)
    return status
  }
  return framework.publish(request.object, attributes, default: globals.driverObject, result)
}

/// A request over an IRP that the driver has.
@c(r3_WdfRequestCreateFromIrp)
package func wdfRequestCreateFromIrp(
  _ globals: UnsafeMutableRawPointer, _ given: UnsafePointer<WDF_OBJECT_ATTRIBUTES>?,
  _ irp: UnsafeMutablePointer<IRP>?, _ frees: UInt32, _ result: UnsafeMutablePointer<UInt64>?
) -> Int32 {
  let framework = Framework.current
  let irp = framework.require(irp)
  let result = framework.require(result)
  result.pointee = 0
  let globals = DriverGlobals.of(globals)
  var attributes = ObjectAttributes()
  let status = framework.attributes(given, into: &attributes)
  if status < 0 { return status }
  guard let request = framework.makeRequest(globals, attributes, .fromIrp, irp) else {
    return FrameworkStatus.insufficientResources
  }
  let published = framework.publish(
    request.object, attributes, default: globals.driverObject, result)
  // Only now: without success the IRP stays the driver's.
  if published >= 0, frees & 0xFF != 0 { request.sendAddress.pointee.flags.insert(.ownsIRP) }
  return published
}

@c(r3_WdfRequestChangeTarget)
package func wdfRequestChangeTarget(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ targetHandle: UInt64
) -> Int32 {
  let framework = Framework.current
  return framework.fit(framework.request(handle), to: framework.target(targetHandle))
}

extension Framework {
  /// Makes a request of a driver; nil without memory.
  func makeRequest(
    _ globals: UnsafeMutablePointer<DriverGlobals>, _ attributes: ObjectAttributes,
    _ origin: RequestOrigin, _ irp: IRPPointer?
  ) -> UnsafeMutablePointer<RequestBody>? {
    let request = make(
      RequestBody(
        head: ObjectHead(kind: .request, globals: globals), origin: origin, irp: irp, device: nil,
        input: Self.noMemory(globals), output: Self.noMemory(globals)),
      attributes)
    if origin == .created { request?.sendAddress.pointee.flags.insert(.ownsIRP) }
    return request
  }

  /// Makes sure that a request has as many stack locations as a target needs.
  ///
  /// What it was formatted with before is let go. An IRP of the framework is replaced by a larger one.
  func fit(
    _ request: UnsafeMutablePointer<RequestBody>, to target: UnsafeMutablePointer<TargetBody>
  ) -> Int32 {
    if request.isSent { return FrameworkStatus.invalidDeviceRequest }
    restore(request)
    let needed = target.pointee.stackCount
    if needed == 0 { return FrameworkStatus.invalidDeviceState }
    let old = request.pointee.irp
    if let old, Int(old.pointee.CurrentLocation) - 1 >= needed { return 0 }
    guard old == nil || request.pointee.send.flags.contains(.ownsIRP) else {
      return FrameworkStatus.requestNotAccepted
    }
    // A delivered request without an IRP is completed.
    if request.pointee.origin == .delivered { violation(.requestFatal, 2, request.handle) }
    guard let irp = machine.io.allocateIRP(needed) else {
      return FrameworkStatus.insufficientResources
    }
    request.pointee.irp = irp
    request.sendAddress.pointee.flags.insert(.ownsIRP)
    if let old { machine.io.freeIRP(old) }
    return 0
  }
}
