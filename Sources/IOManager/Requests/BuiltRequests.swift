import CDriverKit
import CRing3
import Glibc
import Machine
import Memory
import NTTypes
import Objects

// Requests that drivers have made for them: IoBuild….
extension IOManager {
  /// Makes a control request of the running thread: `IoBuildDeviceIoControlRequest`.
  func buildControl(
    _ device: DevicePointer, _ buffers: ControlBuffers, isInternal: Bool,
    event: UnsafeMutablePointer<KEVENT>?, answer: UnsafeMutablePointer<IO_STATUS_BLOCK>?
  ) -> IRPPointer? {
    guard let irp = allocateIRP(Int(device.pointee.StackSize), flags: IRPAllocation.managed) else {
      return nil
    }
    let location = nextLocation(irp)
    location.pointee.MajorFunction = UInt8(
      isInternal ? IRP_MJ_INTERNAL_DEVICE_CONTROL : IRP_MJ_DEVICE_CONTROL)
    let status = attachControlBuffers(
      irp, location, buffers, CurrentThread.process, isUser: false)
    if status != IOStatus.success {
      discard(irp)
      return nil
    }
    irp.pointee.UserEvent = event
    irp.pointee.UserIosb = answer
    queueBuilt(irp)
    return irp
  }

  /// Makes a read, write, flush, shutdown or Plug and Play request: `IoBuildAsynchronousFsdRequest`.
  ///
  /// The buffer goes with it as the flags of the device say.
  func buildTransfer(
    _ function: UInt8, _ device: DevicePointer, _ buffer: UInt, _ count: Int, offset: Int64?,
    answer: UnsafeMutablePointer<IO_STATUS_BLOCK>?
  ) -> IRPPointer? {
    guard let irp = allocateIRP(Int(device.pointee.StackSize), flags: IRPAllocation.managed) else {
      return nil
    }
    setThread(irp, CurrentThread.pointer)
    irp.pointee.UserIosb = answer
    let location = nextLocation(irp)
    location.pointee.MajorFunction = function
    let isRead = function == UInt8(IRP_MJ_READ)
    guard isRead || function == UInt8(IRP_MJ_WRITE) else { return irp }
    location.pointee.Parameters.Read.Length = UInt32(truncatingIfNeeded: count)
    if let offset { location.pointee.Parameters.Read.ByteOffset.QuadPart = offset }
    if attachBuilt(irp, device, buffer, count, isRead: isRead) != IOStatus.success {
      discard(irp)
      return nil
    }
    return irp
  }

  private func attachBuilt(
    _ irp: IRPPointer, _ device: DevicePointer, _ buffer: UInt, _ count: Int, isRead: Bool
  ) -> Int32 {
    let process = CurrentThread.process
    if device.pointee.Flags & UInt32(DO_BUFFERED_IO) != 0 {
      guard count > 0 else { return IOStatus.success }
      if isRead {
        irp.pointee.Flags |= UInt32(IRP_INPUT_OPERATION)
        irp.pointee.UserBuffer = UnsafeMutableRawPointer(bitPattern: buffer)
        IRPPrefix.of(irp).pointee.outputCapacity = count
      }
      return attachSystemBuffer(
        irp, process, capacity: count, from: buffer, isRead ? 0 : count, isUser: false)
    }
    if device.pointee.Flags & UInt32(DO_DIRECT_IO) != 0 {
      guard count > 0 else { return IOStatus.success }
      return attachMdl(irp, process, buffer, count, forWriting: isRead, isUser: false)
    }
    irp.pointee.UserBuffer = UnsafeMutableRawPointer(bitPattern: buffer)
    return IOStatus.success
  }

  /// Ties an IRP to the running thread, which will finish it, also when it has left the kernel.
  func queueBuilt(_ irp: IRPPointer) {
    setThread(irp, CurrentThread.pointer)
    queue(irp)
    machine.ensureService()
    CurrentThread.allowBorrowing()
  }

  /// Makes one part of a request that is done in several: `IoMakeAssociatedIrp`.
  func makeAssociated(_ master: IRPPointer, _ stackCount: Int) -> IRPPointer? {
    guard let irp = allocateIRP(stackCount) else { return nil }
    irp.pointee.Flags |= UInt32(IRP_ASSOCIATED_IRP)
    irp.pointee.AssociatedIrp.MasterIrp = master
    irp.pointee.Tail.Overlay.Thread = master.pointee.Tail.Overlay.Thread
    return irp
  }
}

@c(r3_IoBuildDeviceIoControlRequest)
func ioBuildDeviceIoControlRequest(
  _ code: UInt32, _ device: DevicePointer, _ input: UInt, _ inputCount: UInt32, _ output: UInt,
  _ outputCount: UInt32, _ isInternal: UInt32, _ event: UnsafeMutablePointer<KEVENT>?,
  _ answer: UnsafeMutablePointer<IO_STATUS_BLOCK>?
) -> IRPPointer? {
  Machine.current.io.buildControl(
    device,
    ControlBuffers(
      code: code, input: input, inputCount: Int(inputCount), output: output,
      outputCount: Int(outputCount)),
    isInternal: isInternal & 0xFF != 0, event: event, answer: answer)
}

@c(r3_IoBuildAsynchronousFsdRequest)
func ioBuildAsynchronousFsdRequest(
  _ function: UInt32, _ device: DevicePointer, _ buffer: UInt, _ count: UInt32,
  _ offset: UnsafePointer<Int64>?, _ answer: UnsafeMutablePointer<IO_STATUS_BLOCK>?
) -> IRPPointer? {
  Machine.current.io.buildTransfer(
    UInt8(truncatingIfNeeded: function), device, buffer, Int(count), offset: offset?.pointee,
    answer: answer)
}

@c(r3_IoBuildSynchronousFsdRequest)
func ioBuildSynchronousFsdRequest(
  _ function: UInt32, _ device: DevicePointer, _ buffer: UInt, _ count: UInt32,
  _ offset: UnsafePointer<Int64>?, _ event: UnsafeMutablePointer<KEVENT>?,
  _ answer: UnsafeMutablePointer<IO_STATUS_BLOCK>?
) -> IRPPointer? {
  let io = Machine.current.io
  let irp = io.buildTransfer(
    UInt8(truncatingIfNeeded: function), device, buffer, Int(count), offset: offset?.pointee,
    answer: answer)
  guard let irp else { return nil }
  irp.pointee.UserEvent = event
  io.queueBuilt(irp)
  return irp
}

@c(r3_IoMakeAssociatedIrp)
func ioMakeAssociatedIrp(_ master: IRPPointer, _ stackCount: Int8) -> IRPPointer? {
  Machine.current.io.makeAssociated(master, Int(stackCount))
}
