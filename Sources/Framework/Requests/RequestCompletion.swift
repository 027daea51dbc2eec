import CDriverKit
import CRing3
import IOManager
import Machine
import Memory

extension Framework {
  /// Completes a delivered request: its cleanup, then the IRP, then the queue goes on.
  ///
  /// Completing one that the driver does not have is bug check 0x10D.
  func complete(
    _ request: UnsafeMutablePointer<RequestBody>, _ status: Int32, boost: Int8 = 0
  ) {
    if request.pointee.origin == .fromIrp { return completeReused(request, mapped(status), boost) }
    let irp = checkOwned(request)
    irp.pointee.IoStatus.Status = mapped(status)
    if verifies { checkInformation(request, irp) }
    request.pointee.state.insert(.completed)
    request.pointee.state.remove(.driverOwned)
    let queue = request.pointee.queue
    // Cleanup comes first: the buffers are still there.
    _ = request.object.beginDeletion()
    request.object.detach()
    request.object.cleanTree()
    if request.pointee.send.format != nil { restore(request) }
    retireMemory(of: request)
    request.pointee.irp = nil
    prepareCompletion(of: request, irp, irp.pointee.IoStatus.Status)
    machine.io.complete(irp, boost: boost)
    if let queue {
      requestLeft(queue, request)
      request.object.releaseTree()
      FrameworkObject(queue).release()
    } else {
      request.object.releaseTree()
    }
  }

  /// The IRP of a request that its driver may complete.
  func checkOwned(_ request: UnsafeMutablePointer<RequestBody>) -> IRPPointer {
    // A request that a driver made is deleted, not completed.
    guard request.pointee.origin == .delivered, request.pointee.state.contains(.driverOwned),
      let irp = request.pointee.irp
    else { violation(.requestFatal, 2, request.handle) }
    if request.isSent { violation(.requestFatal, 3, request.handle) }
    if request.pointee.state.contains(.cancelable) {
      // Completed outside its cancel callback while it could still be called.
      violation(.requestFatal, 2, request.handle, bits(irp))
    }
    return irp
  }

  /// Status codes that only the framework knows become codes of the system.
  private func mapped(_ status: Int32) -> Int32 {
    guard UInt32(bitPattern: status) & 0x0FFF_0000 == 0x0020_0000 else { return status }
    return switch status {
    case FrameworkStatus.paused, FrameworkStatus.busy: FrameworkStatus.deviceBusy
    case FrameworkStatus.internalError: FrameworkStatus.internalErrorNT
    case FrameworkStatus.notEnoughMapRegisters: FrameworkStatus.insufficientResources
    default: status < 0 ? FrameworkStatus.invalidDeviceRequest : status
    }
  }

  /// More bytes than the buffer has are an error of the driver, under verification.
  private func checkInformation(_ request: UnsafeMutablePointer<RequestBody>, _ irp: IRPPointer) {
    guard irp.pointee.IoStatus.Status >= 0 else { return }
    let location = request.location
    let length: UInt32
    switch Int32(location.pointee.MajorFunction) {
    case IRP_MJ_READ: length = location.pointee.Parameters.Read.Length
    case IRP_MJ_WRITE: length = location.pointee.Parameters.Write.Length
    case IRP_MJ_DEVICE_CONTROL where irp.pointee.RequestorMode != 0:
      length = location.pointee.Parameters.DeviceIoControl.OutputBufferLength
      if length == 0 { return }
    default: return
    }
    let information = UInt64(irp.pointee.IoStatus.Information)
    if information > UInt64(length) {
      violation(.requestFatal, 4, bits(irp), UInt64(length))
    }
  }

  /// Takes the buffer objects of a request away; one that somebody still refers to is bug check 0x10D.
  func retireMemory(of request: UnsafeMutablePointer<RequestBody>) {
    retire(request.inputAddress, of: request)
    retire(request.outputAddress, of: request)
    releaseBuffers(of: request)
  }

  private func retire(
    _ memory: UnsafeMutablePointer<MemoryBody>, of request: UnsafeMutablePointer<RequestBody>
  ) {
    guard memory.pointee.head.handle != 0 else { return }
    let count = memory.pointee.head.references
    if count > 1 { violation(.verifierFatal, request.handle, UInt64(count - 1)) }
    state.pointee.handles.remove(memory.pointee.head.handle)
    memory.pointee.head.handle = 0
  }

  /// Frees the MDLs that were built over a request's buffers.
  func releaseBuffers(of request: UnsafeMutablePointer<RequestBody>) {
    if let mdl = Mdl(request.pointee.inputMdl) { machine.freeMdl(mdl) }
    if let mdl = Mdl(request.pointee.outputMdl) { machine.freeMdl(mdl) }
    request.pointee.inputMdl = nil
    request.pointee.outputMdl = nil
  }

  /// The driver has a request from now on.
  func beginDriverOwnership(of request: UnsafeMutablePointer<RequestBody>) {
    request.pointee.state.insert(.driverOwned)
  }
}

@c(r3_WdfRequestComplete)
func wdfRequestComplete(_ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ status: Int32) {
  let framework = Framework.current
  framework.complete(framework.request(handle), status)
}

@c(r3_WdfRequestCompleteWithInformation)
func wdfRequestCompleteWithInformation(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ status: Int32, _ information: UInt64
) {
  let framework = Framework.current
  let request = framework.request(handle)
  request.packet.pointee.IoStatus.Information = ULONG_PTR(information)
  framework.complete(request, status)
}

@c(r3_WdfRequestCompleteWithPriorityBoost)
func wdfRequestCompleteWithPriorityBoost(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ status: Int32, _ boost: UInt32
) {
  let framework = Framework.current
  framework.complete(
    framework.request(handle), status, boost: Int8(truncatingIfNeeded: boost))
}

@c(r3_WdfRequestSetInformation)
func wdfRequestSetInformation(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ information: UInt64
) {
  Framework.current.request(handle).packet.pointee.IoStatus.Information = ULONG_PTR(information)
}

@c(r3_WdfRequestGetInformation)
func wdfRequestGetInformation(_ globals: UnsafeMutableRawPointer, _ handle: UInt64) -> UInt64 {
  UInt64(Framework.current.request(handle).packet.pointee.IoStatus.Information)
}
