import CDriverKit
import CRing3
import IOManager
import Machine

// Formats, sends and waits; buffers are memory descriptors. At PASSIVE_LEVEL.
@c(r3_WdfIoTargetSendReadSynchronously)
package func wdfIoTargetSendReadSynchronously(
  _ globals: UnsafeMutableRawPointer, _ target: UInt64, _ request: UInt64,
  _ buffer: UnsafePointer<WDF_MEMORY_DESCRIPTOR>?, _ offset: UnsafePointer<Int64>?,
  _ options: UnsafePointer<WDF_REQUEST_SEND_OPTIONS>?,
  _ byteCount: UnsafeMutablePointer<UInt64>?
) -> Int32 {
  let call = SynchronousCall(globals, target, request, options, byteCount)
  return Framework.current.transfer(call, IRP_MJ_READ, buffer, offset?.pointee ?? 0)
}

@c(r3_WdfIoTargetSendWriteSynchronously)
package func wdfIoTargetSendWriteSynchronously(
  _ globals: UnsafeMutableRawPointer, _ target: UInt64, _ request: UInt64,
  _ buffer: UnsafePointer<WDF_MEMORY_DESCRIPTOR>?, _ offset: UnsafePointer<Int64>?,
  _ options: UnsafePointer<WDF_REQUEST_SEND_OPTIONS>?,
  _ byteCount: UnsafeMutablePointer<UInt64>?
) -> Int32 {
  let call = SynchronousCall(globals, target, request, options, byteCount)
  return Framework.current.transfer(call, IRP_MJ_WRITE, buffer, offset?.pointee ?? 0)
}

@c(r3_WdfIoTargetSendIoctlSynchronously)
package func wdfIoTargetSendIoctlSynchronously(
  _ globals: UnsafeMutableRawPointer, _ target: UInt64, _ request: UInt64, _ code: UInt32,
  _ input: UnsafePointer<WDF_MEMORY_DESCRIPTOR>?, _ output: UnsafePointer<WDF_MEMORY_DESCRIPTOR>?,
  _ options: UnsafePointer<WDF_REQUEST_SEND_OPTIONS>?,
  _ byteCount: UnsafeMutablePointer<UInt64>?
) -> Int32 {
  let call = SynchronousCall(globals, target, request, options, byteCount)
  return Framework.current.control(call, IRP_MJ_DEVICE_CONTROL, code, input, output)
}

@c(r3_WdfIoTargetSendInternalIoctlSynchronously)
package func wdfIoTargetSendInternalIoctlSynchronously(
  _ globals: UnsafeMutableRawPointer, _ target: UInt64, _ request: UInt64, _ code: UInt32,
  _ input: UnsafePointer<WDF_MEMORY_DESCRIPTOR>?, _ output: UnsafePointer<WDF_MEMORY_DESCRIPTOR>?,
  _ options: UnsafePointer<WDF_REQUEST_SEND_OPTIONS>?,
  _ byteCount: UnsafeMutablePointer<UInt64>?
) -> Int32 {
  let call = SynchronousCall(globals, target, request, options, byteCount)
  return Framework.current.control(call, IRP_MJ_INTERNAL_DEVICE_CONTROL, code, input, output)
}

@c(r3_WdfIoTargetSendInternalIoctlOthersSynchronously)
package func wdfIoTargetSendInternalIoctlOthersSynchronously(
  _ globals: UnsafeMutableRawPointer, _ target: UInt64, _ request: UInt64, _ code: UInt32,
  _ first: UnsafePointer<WDF_MEMORY_DESCRIPTOR>?, _ second: UnsafePointer<WDF_MEMORY_DESCRIPTOR>?,
  _ fourth: UnsafePointer<WDF_MEMORY_DESCRIPTOR>?,
  _ options: UnsafePointer<WDF_REQUEST_SEND_OPTIONS>?,
  _ byteCount: UnsafeMutablePointer<UInt64>?
) -> Int32 {
  let call = SynchronousCall(globals, target, request, options, byteCount)
  return Framework.current.others(call, code, first, second, fourth)
}

/// What the synchronous functions have in common.
private struct SynchronousCall {
  let globals: UnsafeMutablePointer<DriverGlobals>
  let target: UInt64
  let request: UInt64
  let options: UnsafePointer<WDF_REQUEST_SEND_OPTIONS>?
  let byteCount: UnsafeMutablePointer<UInt64>?

  init(
    _ globals: UnsafeMutableRawPointer, _ target: UInt64, _ request: UInt64,
    _ options: UnsafePointer<WDF_REQUEST_SEND_OPTIONS>?,
    _ byteCount: UnsafeMutablePointer<UInt64>?
  ) {
    self.globals = DriverGlobals.of(globals)
    self.target = target
    self.request = request
    self.options = options
    self.byteCount = byteCount
  }
}

extension Framework {
  fileprivate func transfer(
    _ call: SynchronousCall, _ major: Int32, _ given: UnsafePointer<WDF_MEMORY_DESCRIPTOR>?,
    _ offset: Int64
  ) -> Int32 {
    perform(call) { request, target in
      var buffer = TargetBuffer()
      let status = self.buffer(given, into: &buffer)
      if status < 0 { return status }
      return format(request, for: target, major, buffer, offset: offset)
    }
  }

  fileprivate func control(
    _ call: SynchronousCall, _ major: Int32, _ code: UInt32,
    _ input: UnsafePointer<WDF_MEMORY_DESCRIPTOR>?, _ output: UnsafePointer<WDF_MEMORY_DESCRIPTOR>?
  ) -> Int32 {
    perform(call) { request, target in
      var buffers = (TargetBuffer(), TargetBuffer())
      var status = buffer(input, into: &buffers.0)
      if status >= 0 { status = buffer(output, into: &buffers.1) }
      if status < 0 { return status }
      return format(
        request, for: target, major, code: code, input: buffers.0, output: buffers.1)
    }
  }

  fileprivate func others(
    _ call: SynchronousCall, _ code: UInt32, _ first: UnsafePointer<WDF_MEMORY_DESCRIPTOR>?,
    _ second: UnsafePointer<WDF_MEMORY_DESCRIPTOR>?,
    _ fourth: UnsafePointer<WDF_MEMORY_DESCRIPTOR>?
  ) -> Int32 {
    perform(call) { request, target in
      var buffers = (TargetBuffer(), TargetBuffer(), TargetBuffer())
      var status = buffer(first, into: &buffers.0)
      if status >= 0 { status = buffer(second, into: &buffers.1) }
      if status >= 0 { status = buffer(fourth, into: &buffers.2) }
      if status < 0 { return status }
      return format(request, for: target, code: code, arguments: buffers)
    }
  }

  /// Formats by `format`, sends and waits; the request is the driver's, or one for this call.
  private func perform(
    _ call: SynchronousCall,
    _ format: (UnsafeMutablePointer<RequestBody>, UnsafeMutablePointer<TargetBody>) -> Int32
  ) -> Int32 {
    let target = target(call.target)
    let given = call.request == 0 ? nil : request(call.request)
    guard isLevel(atMost: IRQL.passive) else { return FrameworkStatus.invalidDeviceRequest }
    var wish = SendWish()
    let status = read(call.options, into: &wish)
    if status < 0 { return status }
    if wish.isForgetting { return FrameworkStatus.invalidParameter }
    wish.flags |= UInt32(WDF_REQUEST_SEND_OPTION_SYNCHRONOUS.rawValue)
    guard let request = given ?? temporaryRequest(call.globals) else {
      return FrameworkStatus.insufficientResources
    }
    let result = perform(request, target, wish, call.byteCount, format)
    if given == nil { request.object.release() }
    return result
  }

  private func perform(
    _ request: UnsafeMutablePointer<RequestBody>, _ target: UnsafeMutablePointer<TargetBody>,
    _ wish: SendWish, _ byteCount: UnsafeMutablePointer<UInt64>?,
    _ format: (UnsafeMutablePointer<RequestBody>, UnsafeMutablePointer<TargetBody>) -> Int32
  ) -> Int32 {
    var status = format(request, target)
    if status < 0 { return status }
    status = sendAndWait(request, to: target, wish, copies: true)
    if status >= 0 {
      let irp = request.packet
      // Here, in the caller's thread: its buffer may be paged.
      copyBack(of: request, irp)
      status = irp.pointee.IoStatus.Status
      byteCount?.pointee = UInt64(irp.pointee.IoStatus.Information)
    }
    restore(request)
    return status
  }

  /// A request that only this thread knows; its last reference is the caller's.
  func temporaryRequest(_ globals: UnsafeMutablePointer<DriverGlobals>)
    -> UnsafeMutablePointer<RequestBody>?
  {
    let request = makeRequest(globals, ObjectAttributes(), .created, nil)
    request?.object.head.pointee.isEnding = true
    request?.object.head.pointee.stage = .released
    return request
  }
}
