import CDriverKit
import CRing3
import Glibc
import IOManager
import Machine
import Memory

/// What a request to a USB target was formatted with; pool, kept until the request ends.
struct UsbFormat {
  var completion = WDF_USB_REQUEST_COMPLETION_PARAMS()
  /// The request block for what the framework itself formats.
  var own = URB()
  /// The request block that is sent; the driver's own when the driver made it.
  var urb: UnsafeMutablePointer<URB>?
  /// Where a string descriptor is read to, and the driver's buffer for its characters.
  var string: UnsafeMutablePointer<UInt8>?
  var characters: UnsafeMutableRawPointer?
  var characterByteCount = 0
}

extension UnsafeMutablePointer where Pointee == UsbFormat {
  var own: UnsafeMutablePointer<URB> {
    (UnsafeMutableRawPointer(self) + MemoryLayout<UsbFormat>.offset(of: \.own).unsafelyUnwrapped)
      .assumingMemoryBound(to: URB.self)
  }

  var completion: UnsafeMutablePointer<WDF_USB_REQUEST_COMPLETION_PARAMS> {
    UnsafeMutableRawPointer(self).assumingMemoryBound(
      to: WDF_USB_REQUEST_COMPLETION_PARAMS.self)
  }
}

extension UnsafeMutablePointer where Pointee == URB {
  func part<T>(_ type: T.Type = T.self) -> UnsafeMutablePointer<T> {
    UnsafeMutableRawPointer(self).assumingMemoryBound(to: type)
  }

  var header: UnsafeMutablePointer<_URB_HEADER> { part() }
  /// Flags, length, buffer and MDL lie at the same place in every transfer.
  var transfer: UnsafeMutablePointer<_URB_CONTROL_TRANSFER> { part() }
}

extension Framework {
  /// `IOCTL_INTERNAL_USB_SUBMIT_URB`.
  static var submitURB: UInt32 { 0x22_0003 }

  /// The USB part of a request's format, made when it is first needed; nil without memory.
  func usbFormat(of request: UnsafeMutablePointer<RequestBody>)
    -> UnsafeMutablePointer<UsbFormat>?
  {
    guard let format = request.pointee.send.format else { return nil }
    if let usb = format.pointee.usb { return usb }
    guard
      let block = machine.pool.allocate(
        MemoryLayout<UsbFormat>.size, kind: .nonpaged,
        tag: request.pointee.head.globals.pointee.visible.DriverTag)
    else { return nil }
    let usb = block.bindMemory(to: UsbFormat.self, capacity: 1)
    usb.initialize(to: UsbFormat())
    format.pointee.usb = usb
    return usb
  }

  func free(_ usb: UnsafeMutablePointer<UsbFormat>) {
    if let string = usb.pointee.string { machine.pool.free(UnsafeMutableRawPointer(string)) }
    machine.pool.free(UnsafeMutableRawPointer(usb))
  }

  /// Formats a request with a request block: the driver's, or the request's own when `urb` is nil.
  ///
  /// - Parameters:
  ///   - buffer: whose memory object the request refers to.
  ///   - fill: fills the request's own block, which is zero before.
  func formatUsb(
    _ request: UnsafeMutablePointer<RequestBody>, for target: UnsafeMutablePointer<TargetBody>,
    _ type: WDF_USB_REQUEST_TYPE, _ buffer: TargetBuffer, urb given: UnsafeMutableRawPointer? = nil,
    _ fill: (UnsafeMutablePointer<UsbFormat>, UnsafeMutablePointer<URB>) -> Int32 = { _, _ in 0 }
  ) -> Int32 {
    var held = buffer
    held.mdl = nil
    held.address = given
    var status = format(
      request, for: target, code: Self.submitURB,
      arguments: (held, TargetBuffer(), TargetBuffer()))
    if status < 0 { return status }
    guard let format = request.pointee.send.format, let usb = usbFormat(of: request) else {
      restore(request)
      return FrameworkStatus.insufficientResources
    }
    keepBuffers(request, format)
    memset(usb.completion, 0, MemoryLayout<WDF_USB_REQUEST_COMPLETION_PARAMS>.size)
    usb.completion.pointee.`Type` = type
    usb.pointee.characters = nil
    let urb = given?.assumingMemoryBound(to: URB.self) ?? usb.own
    if given == nil {
      memset(urb, 0, MemoryLayout<URB>.size)
      machine.io.nextLocation(request.packet).pointee.Parameters.Others.Argument1 =
        UnsafeMutableRawPointer(urb)
    }
    usb.pointee.urb = urb
    status = fill(usb, urb)
    if status < 0 {
      restore(request)
      return status
    }
    format.pointee.parameters.`Type` = WdfRequestTypeUsb
    format.pointee.parameters.Parameters.Usb.Completion = usb.completion
    return 0
  }

  /// The lower drivers look at the request block only: the IRP keeps its own buffers, which the driver
  /// may ask for between one transfer and the next.
  private func keepBuffers(
    _ request: UnsafeMutablePointer<RequestBody>, _ format: UnsafeMutablePointer<RequestFormat>
  ) {
    let irp = request.packet
    irp.pointee.AssociatedIrp.SystemBuffer = format.pointee.restored.systemBuffer
    irp.pointee.UserBuffer = format.pointee.restored.userBuffer
    irp.pointee.MdlAddress = format.pointee.restored.mdl
  }

  /// Notes what the request block says at the end of a request.
  func noteUsbCompletion(of format: UnsafeMutablePointer<RequestFormat>) {
    guard let usb = format.pointee.usb, let urb = usb.pointee.urb else { return }
    let completion = usb.completion
    completion.pointee.UsbdStatus = urb.header.pointee.Status
    switch completion.pointee.`Type` {
    case WdfUsbRequestTypePipeRead:
      let count = Int(urb.transfer.pointee.TransferBufferLength)
      completion.pointee.Parameters.PipeRead.Length = count
      format.pointee.parameters.IoStatus.Information = ULONG_PTR(count)
    case WdfUsbRequestTypePipeWrite:
      let count = Int(urb.transfer.pointee.TransferBufferLength)
      completion.pointee.Parameters.PipeWrite.Length = count
      format.pointee.parameters.IoStatus.Information = ULONG_PTR(count)
    case WdfUsbRequestTypeDeviceControlTransfer:
      let count = urb.transfer.pointee.TransferBufferLength
      completion.pointee.Parameters.DeviceControlTransfer.Length = count
      format.pointee.parameters.IoStatus.Information = ULONG_PTR(count)
    case WdfUsbRequestTypeDeviceString: noteString(usb, format)
    default: break
    }
  }

  /// Gives the driver the characters of a string descriptor, without its head.
  private func noteString(
    _ usb: UnsafeMutablePointer<UsbFormat>, _ format: UnsafeMutablePointer<RequestFormat>
  ) {
    guard format.pointee.parameters.IoStatus.Status >= 0, let string = usb.pointee.string,
      string[0] >= 2
    else { return }
    let count = Int(string[0]) - 2
    usb.completion.pointee.Parameters.DeviceString.RequiredSize = UInt8(count)
    let copied = min(count, usb.pointee.characterByteCount)
    if copied > 0 {
      DriverMemory.copy(to: usb.pointee.characters, from: string + 2, copied)
    }
    format.pointee.parameters.IoStatus.Information = ULONG_PTR(copied)
  }

  /// Formats, sends and waits; the request is the driver's, or one for this call.
  ///
  /// - Parameter byteCount: gets what was transferred.
  func performUsb(
    _ target: UnsafeMutablePointer<TargetBody>, _ handle: UInt64,
    _ options: UnsafePointer<WDF_REQUEST_SEND_OPTIONS>?, ignoresState: Bool = false,
    byteCount: UnsafeMutablePointer<UInt32>? = nil,
    _ format: (UnsafeMutablePointer<RequestBody>) -> Int32
  ) -> Int32 {
    let given = handle == 0 ? nil : request(handle)
    byteCount?.pointee = 0
    guard isLevel(atMost: IRQL.passive) else { return FrameworkStatus.invalidDeviceRequest }
    var wish = SendWish()
    var status = read(options, into: &wish)
    if status < 0 { return status }
    if wish.isForgetting { return FrameworkStatus.invalidParameter }
    wish.flags |= UInt32(WDF_REQUEST_SEND_OPTION_SYNCHRONOUS.rawValue)
    if ignoresState { wish.flags |= UInt32(WDF_REQUEST_SEND_OPTION_IGNORE_TARGET_STATE.rawValue) }
    guard let request = given ?? temporaryRequest(target.pointee.head.globals) else {
      return FrameworkStatus.insufficientResources
    }
    status = format(request)
    if status >= 0 { status = sendUsb(request, target, wish, byteCount) }
    if given == nil { request.object.release() }
    return status
  }

  private func sendUsb(
    _ request: UnsafeMutablePointer<RequestBody>, _ target: UnsafeMutablePointer<TargetBody>,
    _ wish: SendWish, _ byteCount: UnsafeMutablePointer<UInt32>?
  ) -> Int32 {
    var status = sendAndWait(request, to: target, wish, copies: true)
    if status >= 0 {
      status = request.packet.pointee.IoStatus.Status
      if let urb = request.pointee.send.format?.pointee.usb?.pointee.urb {
        byteCount?.pointee = urb.transfer.pointee.TransferBufferLength
      }
    }
    restore(request)
    return status
  }
}
