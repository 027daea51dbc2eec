import CDriverKit
import CRing3
import IOManager
import Machine
import Memory

/// What a request was formatted with for a target; pool of its own, kept for the next time.
struct RequestFormat {
  /// Whether the IRP has these buffers; ``restored`` says what it had before.
  var isActive = false
  var restored = SavedBuffers()
  /// The memory objects of the buffers, referenced.
  var memories = InlineArray<3, UnsafeMutablePointer<ObjectHead>?>(repeating: nil)
  /// The buffer for a driver that takes buffered requests.
  var systemBuffer: UnsafeMutableRawPointer?
  var capacity = 0
  /// Where what the driver left in the system buffer is copied, and how much at most.
  var destination: UnsafeMutableRawPointer?
  var limit = 0
  /// The MDL that was made for a driver that takes direct requests.
  var mdl: UnsafeMutablePointer<MDL>?
  var parameters = Self.noParameters
  /// What a request to a USB target needs beyond this; pool of its own, kept for the next time.
  var usb: UnsafeMutablePointer<UsbFormat>?

  /// Completion parameters of a request that no function of a target formatted.
  static var noParameters: WDF_REQUEST_COMPLETION_PARAMS {
    var parameters = WDF_REQUEST_COMPLETION_PARAMS()
    parameters.Size = UInt32(MemoryLayout<WDF_REQUEST_COMPLETION_PARAMS>.size)
    parameters.`Type` = WdfRequestTypeNoFormat
    return parameters
  }
}

/// The buffers of an IRP.
struct SavedBuffers {
  var systemBuffer: UnsafeMutableRawPointer?
  var userBuffer: UnsafeMutableRawPointer?
  var mdl: UnsafeMutablePointer<MDL>?
  var flags: UInt32 = 0
}

extension Framework {
  /// Begins to format a request: its IRP's own buffers are kept, and there are none for now.
  ///
  /// Nil without memory.
  func beginFormat(_ request: UnsafeMutablePointer<RequestBody>)
    -> UnsafeMutablePointer<RequestFormat>?
  {
    guard let format = request.pointee.send.format ?? makeFormat(request) else { return nil }
    let irp = request.packet
    format.pointee.isActive = true
    format.pointee.restored = SavedBuffers(
      systemBuffer: irp.pointee.AssociatedIrp.SystemBuffer, userBuffer: irp.pointee.UserBuffer,
      mdl: irp.pointee.MdlAddress, flags: irp.pointee.Flags)
    return format
  }

  private func makeFormat(_ request: UnsafeMutablePointer<RequestBody>)
    -> UnsafeMutablePointer<RequestFormat>?
  {
    guard
      let block = machine.pool.allocate(
        MemoryLayout<RequestFormat>.size, kind: .nonpaged,
        tag: request.pointee.head.globals.pointee.visible.DriverTag)
    else { return nil }
    let format = block.bindMemory(to: RequestFormat.self, capacity: 1)
    format.initialize(to: RequestFormat())
    request.sendAddress.pointee.format = format
    return format
  }

  /// Gives an IRP back the buffers that it had, and lets those go that it was formatted with.
  func restore(_ request: UnsafeMutablePointer<RequestBody>) {
    guard let format = request.pointee.send.format, format.pointee.isActive else { return }
    format.pointee.isActive = false
    request.sendAddress.pointee.flags.remove(.isFormatted)
    if let irp = request.pointee.irp {
      let saved = format.pointee.restored
      irp.pointee.AssociatedIrp.SystemBuffer = saved.systemBuffer
      irp.pointee.UserBuffer = saved.userBuffer
      irp.pointee.MdlAddress = saved.mdl
      irp.pointee.Flags = saved.flags
    }
    freeMdl(of: format)
    format.pointee.destination = nil
    format.pointee.parameters = RequestFormat.noParameters
    for index in 0..<3 {
      guard let memory = format.pointee.memories[index] else { continue }
      format.pointee.memories[index] = nil
      FrameworkObject(memory).release()
    }
  }

  private func freeMdl(of format: UnsafeMutablePointer<RequestFormat>) {
    guard let mdl = Mdl(format.pointee.mdl) else { return }
    format.pointee.mdl = nil
    if mdl.flags.contains(.pagesLocked), !mdl.flags.contains(.partial) { mdl.unlock() }
    machine.freeMdl(mdl)
  }

  /// The end of a request: nothing of its format is left.
  func freeFormat(of request: UnsafeMutablePointer<RequestBody>) {
    guard let format = request.pointee.send.format else { return }
    restore(request)
    request.sendAddress.pointee.format = nil
    if let buffer = format.pointee.systemBuffer { machine.pool.free(buffer) }
    if let usb = format.pointee.usb { free(usb) }
    machine.pool.free(UnsafeMutableRawPointer(format))
  }

  /// Notes how a request was completed, and copies what was read to its buffer.
  ///
  /// Windows copies as many bytes as the lower driver says; here never more than the buffer has, and
  /// none of a request that failed.
  func noteCompletion(
    of request: UnsafeMutablePointer<RequestBody>, _ irp: IRPPointer, copies: Bool
  ) {
    guard let format = request.pointee.send.format, format.pointee.isActive else { return }
    let count = Int(truncatingIfNeeded: irp.pointee.IoStatus.Information)
    format.pointee.parameters.IoStatus = irp.pointee.IoStatus
    switch format.pointee.parameters.`Type` {
    case WdfRequestTypeRead: format.pointee.parameters.Parameters.Read.Length = count
    case WdfRequestTypeWrite: format.pointee.parameters.Parameters.Write.Length = count
    case WdfRequestTypeDeviceControl, WdfRequestTypeDeviceControlInternal:
      format.pointee.parameters.Parameters.Ioctl.Output.Length = count
    case WdfRequestTypeUsb: noteUsbCompletion(of: format)
    default: break
    }
    if copies { copyBack(of: request, irp) }
  }

  func copyBack(of request: UnsafeMutablePointer<RequestBody>, _ irp: IRPPointer) {
    guard let format = request.pointee.send.format, let destination = format.pointee.destination,
      !IOStatus.isError(irp.pointee.IoStatus.Status)
    else { return }
    format.pointee.destination = nil
    let count = min(UInt64(irp.pointee.IoStatus.Information), UInt64(format.pointee.limit))
    if count == 0 { return }
    DriverMemory.copy(to: destination, from: format.pointee.systemBuffer, Int(count))
  }
}
