import CDriverKit
import CRing3
import IOManager
import Machine
import Memory

extension UnsafeMutablePointer where Pointee == RequestBody {
  /// Whether nothing hangs on a delivered request that is told of its end, or ends with it.
  @inline(__always)
  fileprivate var isBare: Bool {
    pointee.head.firstChild == nil && !pointee.head.flags.contains(.hasCallbacks)
      && pointee.origin == .delivered
  }

  /// Whether its end is freeing memory and no more: nothing was built for it, nobody keeps it.
  @inline(__always)
  fileprivate var isSimple: Bool {
    pointee.head.contexts == nil && pointee.head.tags == nil
      && pointee.head.flags.isDisjoint(with: [.returns, .holdsParent, .keepsHandle])
      && pointee.send.format == nil && pointee.send.timer == nil
      && !pointee.send.flags.contains(.ownsIRP)
      && pointee.inputMdl == nil && pointee.outputMdl == nil
  }
}

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
    if verifies { checkEnd(request, irp) }
    if request.location.pointee.MajorFunction == UInt8(IRP_MJ_CREATE) {
      return completeCreate(request, irp, boost)
    }
    let queue = endDelivered(request)
    prepareCompletion(of: request, irp, irp.pointee.IoStatus.Status)
    machine.io.complete(irp, boost: boost)
    finish(request, queue)
  }

  /// Completes the request of an open; a WDFFILEOBJECT of one that failed goes before.
  private func completeCreate(
    _ request: UnsafeMutablePointer<RequestBody>, _ irp: IRPPointer, _ boost: Int8
  ) {
    guard let device = request.pointee.device else { return }
    let failed = irp.pointee.IoStatus.Status < 0
    let file = request.location.pointee.FileObject
    device.object.reference()
    let queue = endDelivered(request)
    if failed { deleteFile(device, file) }
    prepareCompletion(of: request, irp, irp.pointee.IoStatus.Status)
    machine.io.complete(irp, boost: boost)
    finish(request, queue)
    if failed { countClosed(device) }
    device.object.release()
  }

  /// Passes a delivered request that the driver does not want on to the lower driver, and forgets it.
  func passDown(_ request: UnsafeMutablePointer<RequestBody>) {
    guard let device = request.pointee.device else { return }
    let irp = checkOwned(request)
    let queue = endDelivered(request)
    if let record = record(of: request.handle) {
      record.pointee.isCompleted = true
      record.pointee.request = 0
      record.pointee.status = passDown(device, irp)
    } else {
      markPending(irp)
      _ = passDown(device, irp)
    }
    finish(request, queue)
  }

  /// The IRP of a request that its driver may end, which nobody else can end from now on.
  func checkOwned(_ request: UnsafeMutablePointer<RequestBody>) -> IRPPointer {
    // A request that a driver made is deleted, not completed.
    guard request.pointee.origin == .delivered, request.pointee.state.contains(.driverOwned),
      let irp = request.pointee.irp
    else { refuseEnd(of: request) }
    if request.isSent { violation(.requestFatal, 3, request.handle) }
    let state = r3_load32(request.cancelState)
    // Outside its cancel callback, while that could still be called; or a second time.
    guard state == CancelState.none || state == CancelState.cancelling,
      r3_cas32(request.cancelState, state, CancelState.ended)
    else {
      let rule: StaticString? = state == CancelState.marked ? "ReqNotCanceled" : nil
      violation(.requestFatal, 2, request.handle, bits(irp), rule: rule)
    }
    return irp
  }

  /// Runs the cleanup of a request and takes its IRP and buffers away; gives the queue that it leaves.
  func endDelivered(_ request: UnsafeMutablePointer<RequestBody>)
    -> UnsafeMutablePointer<QueueBody>?
  {
    request.pointee.state.remove(.driverOwned)
    if request.pointee.reserve != nil { return endReserved(request) }
    // The driver has never seen it: no callbacks.
    if !request.pointee.state.contains(.wasPresented) { request.object.forgetCallbacks() }
    // Cleanup comes first: the buffers are still there.
    _ = request.object.beginDeletion()
    if request.isBare {
      request.pointee.head.stage = .cleaned
    } else {
      request.object.cleanTree()
    }
    if request.pointee.send.format != nil { restore(request) }
    if request.pointee.head.firstChild != nil { unlockPages(of: request) }
    retireMemory(of: request)
    request.pointee.state.insert(.completed)
    request.pointee.irp = nil
    return request.pointee.queue
  }

  /// Lets a request go whose IRP is.
  func finish(
    _ request: UnsafeMutablePointer<RequestBody>, _ queue: UnsafeMutablePointer<QueueBody>?
  ) {
    if let queue { requestLeft(queue, request) }
    // What the driver has made for a reserved request stays.
    if request.pointee.reserve != nil { return request.object.releaseFromTree() }
    guard request.isBare, request.isSimple else { return request.object.releaseTree() }
    request.pointee.head.stage = .released
    guard r3_cas32(request.object.field(\.references), 1, 0) else {
      return request.object.releaseFromTree()
    }
    // Its end is freeing memory and no more.
    request.pointee.head.kind = .none
    state.pointee.handles.remove(request.handle)
    machine.pool.free(UnsafeMutableRawPointer(request))
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

  /// What the verifier says of a request that its driver ends.
  private func checkEnd(_ request: UnsafeMutablePointer<RequestBody>, _ irp: IRPPointer) {
    checkInformation(request, irp)
    if request.pointee.cancelRoutine != nil {
      // It is cancelled, and its EvtRequestCancel is still to be called.
      violation(.requestFatal, 2, request.handle, bits(irp), rule: "CompleteCanceledReq")
    }
    noteEnd(ending(request))
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
    if memory.pointee.head.tags != nil { FrameworkObject(memory).freeTags() }
    state.pointee.handles.remove(memory.pointee.head.handle)
    memory.pointee.head.handle = 0
  }

  /// Frees the MDLs that were built over a request's buffers.
  @inline(__always)
  func releaseBuffers(of request: UnsafeMutablePointer<RequestBody>) {
    if request.pointee.inputMdl == nil, request.pointee.outputMdl == nil { return }
    if let mdl = Mdl(request.pointee.inputMdl) {
      request.pointee.inputMdl = nil
      machine.freeMdl(mdl)
    }
    if let mdl = Mdl(request.pointee.outputMdl) {
      request.pointee.outputMdl = nil
      machine.freeMdl(mdl)
    }
  }
}

@c(r3_WdfRequestComplete)
package func wdfRequestComplete(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ status: Int32
) {
  let framework = Framework.current
  framework.complete(framework.requestToEnd(handle), status)
}

@c(r3_WdfRequestCompleteWithInformation)
package func wdfRequestCompleteWithInformation(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ status: Int32, _ information: UInt64
) {
  let framework = Framework.current
  let request = framework.requestToEnd(handle)
  request.packet.pointee.IoStatus.Information = ULONG_PTR(information)
  framework.complete(request, status)
}

@c(r3_WdfRequestCompleteWithPriorityBoost)
package func wdfRequestCompleteWithPriorityBoost(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ status: Int32, _ boost: UInt32
) {
  let framework = Framework.current
  framework.complete(
    framework.requestToEnd(handle), status, boost: Int8(truncatingIfNeeded: boost))
}

@c(r3_WdfRequestSetInformation)
package func wdfRequestSetInformation(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ information: UInt64
) {
  Framework.current.request(handle).packet.pointee.IoStatus.Information = ULONG_PTR(information)
}

@c(r3_WdfRequestGetInformation)
package func wdfRequestGetInformation(_ globals: UnsafeMutableRawPointer, _ handle: UInt64)
  -> UInt64
{
  UInt64(Framework.current.request(handle).packet.pointee.IoStatus.Information)
}
