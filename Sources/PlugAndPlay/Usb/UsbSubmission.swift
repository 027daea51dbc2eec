import CDriverKit
import CRing3
import IOManager
import Machine

/// Request blocks: the parts that all, or all transfers, have in common.
extension UnsafeMutablePointer where Pointee == URB {
  /// A request block seen as one of its kinds; drivers allocate only as much as a kind needs.
  func part<T>(_ type: T.Type = T.self) -> UnsafeMutablePointer<T> {
    UnsafeMutableRawPointer(self).assumingMemoryBound(to: type)
  }

  var header: UnsafeMutablePointer<_URB_HEADER> { part() }
  /// Flags, length, buffer and MDL lie at the same place in every transfer.
  var transfer: UnsafeMutablePointer<_URB_CONTROL_TRANSFER> { part() }

  var status: UInt32 {
    get { UInt32(bitPattern: header.pointee.Status) }
    nonmutating set { header.pointee.Status = Int32(bitPattern: newValue) }
  }
}

extension PlugAndPlay {
  /// Does what a request block says, or puts its transfer in the endpoint's queue.
  func submit(
    _ urb: UnsafeMutablePointer<URB>, _ irp: IRPPointer, _ usb: UnsafeMutablePointer<UsbState>
  ) -> Int32 {
    guard usb.withLock({ usb.pointee.isConnected }) else {
      return end(irp, urb, UsbStatus.deviceGone)
    }
    let function = Int32(urb.header.pointee.Function)
    guard Int(urb.header.pointee.Length) >= leastLength(function) else {
      return end(irp, urb, UsbStatus.invalidParameter)
    }
    switch function {
    case URB_FUNCTION_SELECT_CONFIGURATION: return end(irp, urb, selectConfiguration(urb, usb))
    case URB_FUNCTION_SELECT_INTERFACE: return end(irp, urb, selectInterface(urb, usb))
    case URB_FUNCTION_ABORT_PIPE: return end(irp, urb, abortPipe(urb, usb))
    case URB_FUNCTION_SYNC_RESET_PIPE_AND_CLEAR_STALL, URB_FUNCTION_SYNC_RESET_PIPE,
      URB_FUNCTION_SYNC_CLEAR_STALL:
      return end(irp, urb, resetPipe(urb, usb))
    case URB_FUNCTION_GET_CURRENT_FRAME_NUMBER:
      urb.part(_URB_GET_CURRENT_FRAME_NUMBER.self).pointee.FrameNumber = usbFrame
      return end(irp, urb, UsbStatus.success)
    case URB_FUNCTION_BULK_OR_INTERRUPT_TRANSFER, URB_FUNCTION_ISOCH_TRANSFER:
      return enqueue(urb, irp, usb, urb.transfer.pointee.PipeHandle, UsbSetup())
    default: return submitControl(urb, irp, usb, function)
    }
  }

  /// Everything that goes over the endpoint for control, as a setup packet.
  private func submitControl(
    _ urb: UnsafeMutablePointer<URB>, _ irp: IRPPointer, _ usb: UnsafeMutablePointer<UsbState>,
    _ function: Int32
  ) -> Int32 {
    guard let setup = setup(urb, function) else {
      return end(irp, urb, isKnown(function) ? UsbStatus.notSupported : UsbStatus.invalidFunction)
    }
    var pipe = UnsafeMutableRawPointer(
      bitPattern: usb.withLock { usb.endpoint(index: 0).pointee.handle })
    if function == URB_FUNCTION_CONTROL_TRANSFER || function == URB_FUNCTION_CONTROL_TRANSFER_EX,
      urb.transfer.pointee.TransferFlags & UInt32(USBD_DEFAULT_PIPE_TRANSFER) == 0,
      let given = urb.transfer.pointee.PipeHandle
    {
      pipe = given
    }
    return enqueue(urb, irp, usb, pipe, setup)
  }

  /// Completes a request block that is done at once.
  private func end(_ irp: IRPPointer, _ urb: UnsafeMutablePointer<URB>, _ status: UInt32) -> Int32 {
    urb.status = status
    return end(irp, UsbStatus.status(of: status))
  }

  /// Puts a transfer behind the others of its endpoint, cancelable; it is completed by a DPC.
  private func enqueue(
    _ urb: UnsafeMutablePointer<URB>, _ irp: IRPPointer, _ usb: UnsafeMutablePointer<UsbState>,
    _ pipe: UnsafeMutableRawPointer?, _ setup: UsbSetup
  ) -> Int32 {
    let transfer = UsbTransferPointer.allocate(capacity: 1)
    transfer.initialize(to: UsbTransfer(irp: irp, urb: urb, setup: setup))
    var isCancelled = false
    let refusal: UInt32? = usb.withLock {
      guard usb.pointee.isConnected else { return UsbStatus.deviceGone }
      guard let endpoint = usb.endpoint(pipe: pipe) else { return UsbStatus.invalidPipe }
      if let refusal = check(endpoint, urb) { return refusal }
      irp.pointee.Tail.Overlay.CurrentStackLocation.pointee.Control |= UInt8(SL_PENDING_RETURNED)
      endpoint.append(transfer)
      _ = io.swapCancelRoutine(irp, UsbRoutines.cancelTransfer)
      if irp.pointee.Cancel != 0, io.swapCancelRoutine(irp, nil) != nil {
        endpoint.remove(transfer)
        isCancelled = true
      }
      return nil
    }
    if let refusal {
      transfer.deallocate()
      return end(irp, urb, refusal)
    }
    if isCancelled {
      complete(transfer, UsbStatus.cancelled)
    } else {
      DPC.insert(usb.dpc)
    }
    return PnpStatus.pending
  }

  /// Whether an endpoint takes a transfer of this kind; the reason why not.
  ///
  /// Under the lock.
  private func check(
    _ endpoint: UnsafeMutablePointer<UsbEndpoint>, _ urb: UnsafeMutablePointer<URB>
  ) -> UInt32? {
    if endpoint.pointee.isHalted { return UsbStatus.endpointHalted }
    let kind = endpoint.pointee.kind
    let isFit =
      switch Int32(urb.header.pointee.Function) {
      case URB_FUNCTION_BULK_OR_INTERRUPT_TRANSFER: kind == .bulk || kind == .interrupt
      case URB_FUNCTION_ISOCH_TRANSFER: kind == .isochronous
      default: kind == .control
      }
    return isFit ? nil : UsbStatus.invalidParameter
  }

  // MARK: Pipes

  private func abortPipe(
    _ urb: UnsafeMutablePointer<URB>, _ usb: UnsafeMutablePointer<UsbState>
  ) -> UInt32 {
    let handle = urb.part(_URB_PIPE_REQUEST.self).pointee.PipeHandle
    let endpoint = usb.withLock { usb.endpoint(pipe: handle) }
    guard let endpoint else { return UsbStatus.invalidPipe }
    endTransfers(usb, UsbStatus.cancelled) { $0 == endpoint }
    return UsbStatus.success
  }

  private func resetPipe(
    _ urb: UnsafeMutablePointer<URB>, _ usb: UnsafeMutablePointer<UsbState>
  ) -> UInt32 {
    let handle = urb.part(_URB_PIPE_REQUEST.self).pointee.PipeHandle
    let clearsDevice =
      Int32(urb.header.pointee.Function) != URB_FUNCTION_SYNC_RESET_PIPE
    let isFound = usb.withLock {
      guard let endpoint = usb.endpoint(pipe: handle) else { return false }
      if clearsDevice { endpoint.pointee.isHalted = false }
      return true
    }
    return isFound ? UsbStatus.success : UsbStatus.invalidPipe
  }

  /// The number of the frame that is going over the bus; one a millisecond.
  var usbFrame: UInt32 { UInt32(truncatingIfNeeded: machine.interruptTime / 10_000) }

  /// The least length of a request block of a function.
  private func leastLength(_ function: Int32) -> Int {
    switch function {
    case URB_FUNCTION_SELECT_CONFIGURATION: 40
    case URB_FUNCTION_SELECT_INTERFACE: 32 + 24
    case URB_FUNCTION_ABORT_PIPE, URB_FUNCTION_SYNC_RESET_PIPE_AND_CLEAR_STALL,
      URB_FUNCTION_SYNC_RESET_PIPE, URB_FUNCTION_SYNC_CLEAR_STALL:
      MemoryLayout<_URB_PIPE_REQUEST>.size - 4
    case URB_FUNCTION_GET_CURRENT_FRAME_NUMBER: 28
    case URB_FUNCTION_BULK_OR_INTERRUPT_TRANSFER:
      MemoryLayout<_URB_BULK_OR_INTERRUPT_TRANSFER>.size
    case URB_FUNCTION_ISOCH_TRANSFER: MemoryLayout<_URB_ISOCH_TRANSFER>.size
    case URB_FUNCTION_OPEN_STATIC_STREAMS...URB_FUNCTION_GET_ISOCH_PIPE_TRANSFER_PATH_DELAYS,
      URB_FUNCTION_TAKE_FRAME_LENGTH_CONTROL...URB_FUNCTION_SET_FRAME_LENGTH:
      MemoryLayout<_URB_HEADER>.size
    default: isKnown(function) ? MemoryLayout<_URB_CONTROL_TRANSFER>.size : 0
    }
  }

  private func isKnown(_ function: Int32) -> Bool {
    function <= URB_FUNCTION_GET_ISOCH_PIPE_TRANSFER_PATH_DELAYS
  }
}
