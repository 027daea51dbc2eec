import CDriverKit
import CRing3
import IOManager
import Machine

/// WDF_REQUEST_REUSE_MUST_COMPLETE, from version 1.11 on.
private let mustComplete: UInt32 = 2

@c(r3_WdfRequestReuse)
package func wdfRequestReuse(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64,
  _ given: UnsafePointer<WDF_REQUEST_REUSE_PARAMS>?
) -> Int32 {
  let framework = Framework.current
  let request = framework.request(handle)
  let given = framework.require(given).pointee
  let newIrp = UInt32(WDF_REQUEST_REUSE_SET_NEW_IRP.rawValue)
  let isNew = DriverGlobals.of(globals).pointee.minorVersion >= 11
  guard given.Size == UInt32(MemoryLayout<WDF_REQUEST_REUSE_PARAMS>.size),
    given.Flags & ~(isNew ? newIrp | mustComplete : newIrp) == 0
  else { return FrameworkStatus.invalidParameter }
  if request.isSent { framework.violation(.requestFatal, 3, handle) }
  return framework.reuse(request, given)
}

extension Framework {
  /// Makes a request as if it had never been formatted or sent.
  func reuse(
    _ request: UnsafeMutablePointer<RequestBody>, _ wish: WDF_REQUEST_REUSE_PARAMS
  ) -> Int32 {
    let send = request.sendAddress
    if request.pointee.head.globals.pointee.minorVersion >= 9 {
      send.pointee.routine = nil
      send.pointee.context = nil
    }
    restore(request)
    send.pointee.flags.subtract([.isFormatted, .wasSent])
    if wish.Flags & UInt32(WDF_REQUEST_REUSE_SET_NEW_IRP.rawValue) != 0 {
      guard request.pointee.origin == .fromIrp else { return FrameworkStatus.requestInvalidState }
      replaceIRP(of: request, by: wish.NewIrp)
    }
    send.pointee.isCancelled = false
    send.pointee.flags.remove(.mustComplete)
    if let irp = request.pointee.irp { renew(request, irp, wish.Status) }
    return wish.Flags & mustComplete != 0 ? makeCompletable(request) : 0
  }

  private func renew(
    _ request: UnsafeMutablePointer<RequestBody>, _ irp: IRPPointer, _ status: Int32
  ) {
    if request.pointee.send.flags.contains(.ownsIRP) {
      let flags = irp.pointee.AllocationFlags
      machine.io.initializeIRP(irp, Int(irp.pointee.StackCount), flags: flags)
      irp.pointee.IoStatus.Status = status
    } else if request.pointee.origin == .delivered {
      irp.pointee.IoStatus.Status = status
      irp.pointee.Cancel = 0
    }
  }

  /// The request has another IRP of the driver from now on.
  private func replaceIRP(
    of request: UnsafeMutablePointer<RequestBody>, by new: UnsafeMutablePointer<IRP>?
  ) {
    let send = request.sendAddress
    if send.pointee.flags.contains(.ownsIRP), let old = request.pointee.irp, old != new {
      machine.io.freeIRP(old)
    }
    send.pointee.flags.remove(.ownsIRP)
    request.pointee.irp = new
  }

  /// Has the driver complete its IRP by the request, as if it had been delivered.
  private func makeCompletable(_ request: UnsafeMutablePointer<RequestBody>) -> Int32 {
    guard let irp = request.pointee.irp else { return FrameworkStatus.invalidParameter }
    guard !request.pointee.send.flags.contains(.ownsIRP), request.pointee.origin == .fromIrp,
      request.pointee.head.references == 1,
      irp.pointee.CurrentLocation <= irp.pointee.StackCount
    else { return FrameworkStatus.invalidDeviceRequest }
    request.sendAddress.pointee.flags.insert(.mustComplete)
    return 0
  }

  /// Completes the IRP of a request that was reused with MUST_COMPLETE; the request stays the driver's.
  func completeReused(
    _ request: UnsafeMutablePointer<RequestBody>, _ status: Int32, _ boost: Int8
  ) {
    guard request.pointee.send.flags.contains(.mustComplete), let irp = request.pointee.irp else {
      violation(.requestFatal, 2, request.handle)
    }
    if request.isSent { violation(.requestFatal, 3, request.handle) }
    request.sendAddress.pointee.flags.remove(.mustComplete)
    restore(request)
    retireMemory(of: request)
    request.pointee.irp = nil
    irp.pointee.IoStatus.Status = status
    machine.io.complete(irp, boost: boost)
  }
}
