import CDriverKit
import CRing3
import IOManager
import Machine

/// Runs transfers at DISPATCH_LEVEL.
let serveUsb: DPC.Routine = { dpc in
  guard let context = dpc.pointee.DeferredContext else { return }
  Machine.current.plugAndPlay.serve(context.assumingMemoryBound(to: UsbState.self))
}

/// The cancel routine of transfers; called with the cancel spin lock held.
let cancelUsbTransfer: RootDispatch = { device, irp in
  let manager = Machine.current.plugAndPlay
  manager.io.releaseCancelLock(irp.pointee.CancelIrql)
  let usb = manager.usb(device)
  if let transfer = usb.withLock({ usb.take(irp) }) {
    manager.complete(transfer, UsbStatus.cancelled)
    DPC.insert(usb.dpc)
  }
  return 0
}

extension UnsafeMutablePointer where Pointee == UsbState {
  /// Takes the transfer of an IRP out of its queue; under the lock.
  fileprivate func take(_ irp: IRPPointer) -> UsbTransferPointer? {
    for index in 0..<32 {
      let endpoint = endpoint(index: index)
      var next = endpoint.pointee.first
      while let transfer = next {
        next = transfer.pointee.next
        guard transfer.pointee.irp == irp else { continue }
        endpoint.remove(transfer)
        endpoint.pointee.needsService = true
        return transfer
      }
    }
    return nil
  }

  /// The next transfer that the device is to be asked about; nobody can cancel it meanwhile.
  fileprivate func nextTransfer(_ io: IOManager)
    -> (UnsafeMutablePointer<UsbEndpoint>, UsbTransferPointer)?
  {
    for offset in 0..<32 {
      let index = (pointee.turn + offset) % 32
      let endpoint = endpoint(index: index)
      guard endpoint.pointee.needsService, let transfer = endpoint.pointee.first else { continue }
      endpoint.pointee.needsService = false
      // Without a cancel routine somebody is cancelling it, and asks for service afterwards.
      guard io.swapCancelRoutine(transfer.pointee.irp, nil) != nil else { continue }
      transfer.pointee.isActive = true
      pointee.turn = index + 1
      return (endpoint, transfer)
    }
    return nil
  }
}

extension PlugAndPlay {
  /// As many transfers in a row; then the processor is left to others for a frame.
  private static var transfersInRow: Int { 256 }

  /// Asks the device about every transfer that is worth it.
  fileprivate func serve(_ usb: UnsafeMutablePointer<UsbState>) {
    let isMine = usb.withLock {
      if usb.pointee.isServing {
        usb.pointee.isServedAgain = true
        return false
      }
      usb.pointee.isServing = true
      return true
    }
    guard isMine else { return }
    var count = 0
    while count < Self.transfersInRow {
      if let (endpoint, transfer) = usb.withLock({ usb.nextTransfer(io) }) {
        attempt(transfer, endpoint, usb)
        count += 1
        continue
      }
      let isDone = usb.withLock {
        let isDone = !usb.pointee.isServedAgain
        usb.pointee.isServedAgain = false
        if isDone { usb.pointee.isServing = false }
        return isDone
      }
      if isDone { return }
    }
    usb.withLock { usb.pointee.isServing = false }
    KernelTimer(usb.field(\.timer)).set(due: -10_000, usb.dpc)
  }

  /// Asks the device about a transfer; it is completed, or waits on.
  private func attempt(
    _ transfer: UsbTransferPointer, _ endpoint: UnsafeMutablePointer<UsbEndpoint>,
    _ usb: UnsafeMutablePointer<UsbState>
  ) {
    guard let status = perform(transfer, endpoint.pointee.address, usb) else {
      return park(transfer, endpoint, usb)
    }
    usb.withLock {
      endpoint.remove(transfer)
      endpoint.pointee.needsService = true
      if status == UsbStatus.stall, endpoint.pointee.kind != .control {
        endpoint.pointee.isHalted = true
      }
    }
    complete(transfer, status)
    if status == UsbStatus.stall {
      endTransfers(usb, UsbStatus.endpointHalted) { $0 == endpoint && $0.pointee.isHalted }
    }
  }

  /// The device was not ready: the transfer waits at the head of its queue, cancelable.
  private func park(
    _ transfer: UsbTransferPointer, _ endpoint: UnsafeMutablePointer<UsbEndpoint>,
    _ usb: UnsafeMutablePointer<UsbState>
  ) {
    let irp = transfer.pointee.irp
    let status: UInt32? = usb.withLock {
      transfer.pointee.isActive = false
      if !usb.pointee.isConnected || transfer.pointee.isAborted {
        endpoint.remove(transfer)
        endpoint.pointee.needsService = true
        return usb.pointee.isConnected ? UsbStatus.cancelled : UsbStatus.deviceGone
      }
      _ = io.swapCancelRoutine(irp, UsbRoutines.cancelTransfer)
      guard irp.pointee.Cancel != 0, io.swapCancelRoutine(irp, nil) != nil else { return nil }
      endpoint.remove(transfer)
      endpoint.pointee.needsService = true
      return UsbStatus.cancelled
    }
    if let status { complete(transfer, status) }
  }

  /// Completes a transfer that is in no queue any more.
  func complete(_ transfer: UsbTransferPointer, _ status: UInt32) {
    let irp = transfer.pointee.irp
    let urb = transfer.pointee.urb
    transfer.deallocate()
    urb.status = status
    // What was not transferred is not reported as transferred.
    switch status {
    case UsbStatus.cancelled, UsbStatus.deviceGone, UsbStatus.endpointHalted:
      urb.transfer.pointee.TransferBufferLength = 0
    default: break
    }
    irp.pointee.IoStatus.Information = 0
    end(irp, UsbStatus.status(of: status))
  }

  /// Ends the transfers of endpoints, except one that the device is being asked about: that ends then.
  func endTransfers(
    _ usb: UnsafeMutablePointer<UsbState>, _ status: UInt32,
    _ isMeant: (UnsafeMutablePointer<UsbEndpoint>) -> Bool
  ) {
    while let transfer = usb.withLock({ takeAny(usb, isMeant) }) { complete(transfer, status) }
  }

  private func takeAny(
    _ usb: UnsafeMutablePointer<UsbState>,
    _ isMeant: (UnsafeMutablePointer<UsbEndpoint>) -> Bool
  ) -> UsbTransferPointer? {
    for index in 0..<32 {
      let endpoint = usb.endpoint(index: index)
      guard isMeant(endpoint) else { continue }
      var next = endpoint.pointee.first
      while let transfer = next {
        next = transfer.pointee.next
        if transfer.pointee.isActive {
          transfer.pointee.isAborted = true
          continue
        }
        guard io.swapCancelRoutine(transfer.pointee.irp, nil) != nil else { continue }
        endpoint.remove(transfer)
        return transfer
      }
    }
    return nil
  }
}
