import CDriverKit
import CRing3
import IOManager
import Machine

@c(r3_WdfRequestGetIoQueue)
package func wdfRequestGetIoQueue(_ globals: UnsafeMutableRawPointer, _ handle: UInt64) -> UInt64 {
  Framework.current.request(handle).pointee.queue.map { $0.handle } ?? 0
}

@c(r3_WdfRequestWdmGetIrp)
package func wdfRequestWdmGetIrp(_ globals: UnsafeMutableRawPointer, _ handle: UInt64)
  -> IRPPointer?
{
  Framework.current.request(handle).pointee.irp
}

@c(r3_WdfRequestGetRequestorMode)
package func wdfRequestGetRequestorMode(_ globals: UnsafeMutableRawPointer, _ handle: UInt64)
  -> UInt8
{
  UInt8(bitPattern: Framework.current.request(handle).packet.pointee.RequestorMode)
}

@c(r3_WdfRequestGetFileObject)
package func wdfRequestGetFileObject(_ globals: UnsafeMutableRawPointer, _ handle: UInt64) -> UInt64
{
  let framework = Framework.current
  let request = framework.request(handle)
  guard let device = request.pointee.device, request.pointee.irp != nil else { return 0 }
  let file = framework.file(device, request.location.pointee.FileObject)
  return file.map { FrameworkObject($0).handle } ?? 0
}

@c(r3_WdfRequestGetParameters)
package func wdfRequestGetParameters(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64,
  _ parameters: UnsafeMutablePointer<WDF_REQUEST_PARAMETERS>?
) {
  let framework = Framework.current
  let request = framework.request(handle)
  let parameters = framework.require(parameters)
  guard Int(parameters.pointee.Size) == MemoryLayout<WDF_REQUEST_PARAMETERS>.size else {
    return framework.note("WdfRequestGetParameters: the size of the structure is wrong")
  }
  // Its parameters went with its IRP.
  guard request.pointee.irp != nil else { return }
  framework.copyParameters(of: request, to: parameters)
}

extension Framework {
  /// Copies the parameters of a request for its driver; those of other types as they lie in the IRP.
  func copyParameters(
    of request: UnsafeMutablePointer<RequestBody>,
    to result: UnsafeMutablePointer<WDF_REQUEST_PARAMETERS>
  ) {
    let location = request.location
    var parameters = WDF_REQUEST_PARAMETERS()
    parameters.Size = UInt16(MemoryLayout<WDF_REQUEST_PARAMETERS>.size)
    parameters.MinorFunction = location.pointee.MinorFunction
    parameters.Type = WDF_REQUEST_TYPE(
      WDF_REQUEST_TYPE.RawValue(location.pointee.MajorFunction))
    withUnsafeMutableBytes(of: &parameters.Parameters) { bytes in
      // The structures agree, but for lengths of 32 bits in fields of 64.
      withUnsafeBytes(of: location.pointee.Parameters) { source in
        bytes.copyMemory(from: UnsafeRawBufferPointer(rebasing: source.prefix(bytes.count)))
      }
    }
    switch Int32(location.pointee.MajorFunction) {
    case IRP_MJ_READ, IRP_MJ_WRITE:
      let read = location.pointee.Parameters.Read
      parameters.Parameters.Read.Length = Int(read.Length)
      parameters.Parameters.Read.Key = read.Key
      parameters.Parameters.Read.DeviceOffset = read.ByteOffset.QuadPart
    case IRP_MJ_DEVICE_CONTROL, IRP_MJ_INTERNAL_DEVICE_CONTROL:
      let control = location.pointee.Parameters.DeviceIoControl
      parameters.Parameters.DeviceIoControl.OutputBufferLength = Int(control.OutputBufferLength)
      parameters.Parameters.DeviceIoControl.InputBufferLength = Int(control.InputBufferLength)
      parameters.Parameters.DeviceIoControl.IoControlCode = control.IoControlCode
      parameters.Parameters.DeviceIoControl.Type3InputBuffer = control.Type3InputBuffer
    default: break
    }
    result.pointee = parameters
  }
}

/// Every process is one of 64 bits.
@c(r3_WdfRequestIsFrom32BitProcess)
package func wdfRequestIsFrom32BitProcess(_ globals: UnsafeMutableRawPointer, _ handle: UInt64)
  -> UInt8
{
  _ = Framework.current.request(handle)
  return 0
}

@c(r3_WdfRequestGetRequestorProcessId)
package func wdfRequestGetRequestorProcessId(_ globals: UnsafeMutableRawPointer, _ handle: UInt64)
  -> UInt32
{
  let framework = Framework.current
  return framework.requestorProcess(of: framework.request(handle).packet)
}

extension Framework {
  /// The identifier of the process that sent an IRP.
  func requestorProcess(of irp: IRPPointer) -> UInt32 {
    machine.io.thread(of: irp).map { UInt32($0.process.pointer.pointee.identifier) } ?? 0
  }
}

/// Whether a request is one that its queue keeps for when there is no memory.
@c(r3_WdfRequestIsReserved)
package func wdfRequestIsReserved(_ globals: UnsafeMutableRawPointer, _ handle: UInt64) -> UInt8 {
  Framework.current.request(handle).pointee.state.contains(.reserved) ? 1 : 0
}
