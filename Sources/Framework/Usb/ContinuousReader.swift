import CDriverKit
import CRing3
import Glibc
import IOManager
import Machine
import Memory

/// A continuous reader: it keeps reads of a pipe pending while the pipe's target is started.
///
/// Pool, freed with the pipe. The counts are guarded by the target's lock.
struct UsbReader {
  let pipe: UsbPipePointer
  let transferLength: Int
  let headerLength: Int
  let trailerLength: Int
  let attributes: ObjectAttributes
  let readComplete: UnsafeMutableRawPointer
  let context: UnsafeMutableRawPointer?
  let readersFailed: UnsafeMutableRawPointer?
  let count: Int
  var reads = InlineArray<10, UsbRead>(repeating: UsbRead())
  /// Reads that the lower drivers have.
  var outCount = 0
  /// Set while there are none.
  var allBack = KEVENT()
  /// A read has failed: no more are sent until a worker thread has seen to it.
  var isRecovering = false
  /// Set while no worker thread sees to a failure.
  var recovered = KEVENT()
  /// The thread that does.
  var recoveringThread: UnsafeMutableRawPointer?
  /// How the read failed.
  var failure: Int32 = 0
  var usbFailure: Int32 = 0
}

/// One read of a continuous reader.
struct UsbRead {
  var reader: UnsafeMutablePointer<UsbReader>?
  var request: UnsafeMutablePointer<RequestBody>?
  /// The buffer that it reads to; a new one each time, as drivers may keep them.
  var memory: UnsafeMutablePointer<MemoryBody>?
  var isOut = false
}

extension UnsafeMutablePointer where Pointee == UsbReader {
  func field<T>(_ path: WritableKeyPath<UsbReader, T>) -> UnsafeMutablePointer<T> {
    (UnsafeMutableRawPointer(self) + MemoryLayout<UsbReader>.offset(of: path).unsafelyUnwrapped)
      .assumingMemoryBound(to: T.self)
  }

  var target: UnsafeMutablePointer<TargetBody> { pointee.pipe.target }
  var allBack: Event { Event(field(\.allBack)) }
  var recovered: Event { Event(field(\.recovered)) }

  func read(_ index: Int) -> UnsafeMutablePointer<UsbRead> {
    UnsafeMutableRawPointer(field(\.reads)).assumingMemoryBound(to: UsbRead.self) + index
  }
}

@c(r3_WdfUsbTargetPipeConfigContinuousReader)
package func wdfUsbTargetPipeConfigContinuousReader(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64,
  _ configuration: UnsafePointer<WDF_USB_CONTINUOUS_READER_CONFIG>?
) -> Int32 {
  let framework = Framework.current
  let pipe = framework.usbPipe(handle)
  let wish = framework.require(configuration).pointee
  guard wish.Size == UInt32(MemoryLayout<WDF_USB_CONTINUOUS_READER_CONFIG>.size) else {
    return FrameworkStatus.infoLengthMismatch
  }
  guard let routine = UnsafeMutableRawPointer(wish.EvtUsbTargetPipeReadComplete),
    wish.TransferLength != 0
  else { return FrameworkStatus.invalidParameter }
  let limit = Int(UInt32.max)
  guard (1...limit).contains(wish.TransferLength), (0...limit).contains(wish.HeaderLength),
    (0...limit).contains(wish.TrailerLength)
  else { return FrameworkStatus.integerOverflow }
  var attributes = ObjectAttributes()
  var status = framework.attributes(wish.BufferAttributes, .parentForbidden, into: &attributes)
  if status < 0 { return status }
  guard pipe.isBulkOrInterrupt, pipe.isIn else { return FrameworkStatus.invalidDeviceRequest }
  status = framework.checkLength(wish.TransferLength, pipe)
  if status < 0 { return status }
  return framework.configure(pipe, wish, attributes, routine)
}

extension Framework {
  fileprivate func configure(
    _ pipe: UsbPipePointer, _ wish: WDF_USB_CONTINUOUS_READER_CONFIG,
    _ attributes: ObjectAttributes, _ routine: UnsafeMutableRawPointer
  ) -> Int32 {
    if pipe.pointee.reader != nil { return FrameworkStatus.invalidDeviceState }
    let globals = pipe.pointee.target.head.globals
    guard
      let block = machine.pool.allocate(
        MemoryLayout<UsbReader>.size, kind: .nonpaged, tag: globals.pointee.visible.DriverTag)
    else { return FrameworkStatus.insufficientResources }
    let reader = block.bindMemory(to: UsbReader.self, capacity: 1)
    reader.initialize(
      to: UsbReader(
        pipe: pipe, transferLength: wish.TransferLength, headerLength: wish.HeaderLength,
        trailerLength: wish.TrailerLength, attributes: attributes, readComplete: routine,
        context: wish.EvtUsbTargetPipeReadCompleteContext,
        readersFailed: UnsafeMutableRawPointer(wish.EvtUsbTargetPipeReadersFailed),
        count: wish.NumPendingReads == 0 ? 2 : min(Int(wish.NumPendingReads), 10)))
    reader.allBack.initialize(.notification, isSet: true)
    reader.recovered.initialize(.notification, isSet: true)
    for index in 0..<reader.pointee.count {
      reader.read(index).pointee.reader = reader
      guard let request = temporaryRequest(globals) else {
        destroy(reader)
        return FrameworkStatus.insufficientResources
      }
      reader.read(index).pointee.request = request
      let status = fit(request, to: pipe.target)
      if status < 0 {
        destroy(reader)
        return status
      }
    }
    pipe.pointee.reader = reader
    return 0
  }

  /// Frees a reader whose reads have come back.
  func destroy(_ reader: UnsafeMutablePointer<UsbReader>) {
    for index in 0..<reader.pointee.count {
      reader.read(index).pointee.request?.object.release()
    }
    machine.pool.free(UnsafeMutableRawPointer(reader))
  }

  /// Sends the reads that the lower drivers do not have.
  func startReads(of reader: UnsafeMutablePointer<UsbReader>) {
    for index in 0..<reader.pointee.count {
      let read = reader.read(index)
      let isMine = reader.target.withLock { reader.takeOut(read) }
      if isMine { send(read, reader) }
    }
  }

  /// Sends a read that counts as out already; it does not when it cannot be sent.
  fileprivate func send(
    _ read: UnsafeMutablePointer<UsbRead>, _ reader: UnsafeMutablePointer<UsbReader>
  ) {
    let status = prepareAndSubmit(read, reader)
    if status >= 0 { return }
    letMemoryGo(of: read)
    // The state of the target is no failure of the read.
    let isFailure = status != FrameworkStatus.cancelled
    takeBack(read, reader, failure: isFailure ? status : 0, usbFailure: 0)
  }

  private func prepareAndSubmit(
    _ read: UnsafeMutablePointer<UsbRead>, _ reader: UnsafeMutablePointer<UsbReader>
  ) -> Int32 {
    guard let request = read.pointee.request else { return FrameworkStatus.cancelled }
    var renewal = WDF_REQUEST_REUSE_PARAMS()
    renewal.Status = FrameworkStatus.notSupported
    _ = reuse(request, renewal)
    let byteCount =
      reader.pointee.headerLength + reader.pointee.transferLength + reader.pointee.trailerLength
    let globals = reader.target.pointee.head.globals
    guard let memory = makeZeroedMemory(globals, reader.pointee.attributes, byteCount) else {
      return FrameworkStatus.insufficientResources
    }
    guard attach(FrameworkObject(memory), to: reader.pointee.pipe.object) >= 0 else {
      discard(FrameworkObject(memory))
      return FrameworkStatus.cancelled
    }
    // The tree may let it go before the read is back.
    FrameworkObject(memory).reference()
    read.pointee.memory = memory
    var buffer = TargetBuffer()
    buffer.memory = memory
    buffer.offset = reader.pointee.headerLength
    buffer.address = memory.pointee.buffer.map { $0 + reader.pointee.headerLength }
    buffer.byteCount = UInt32(truncatingIfNeeded: reader.pointee.transferLength)
    let status = formatTransfer(
      request, reader.pointee.pipe, buffer,
      UInt32(USBD_TRANSFER_DIRECTION_IN | USBD_SHORT_TRANSFER_OK))
    if status < 0 { return status }
    request.sendAddress.pointee.routine = TargetRoutines.readCompleted
    request.sendAddress.pointee.context = UnsafeMutableRawPointer(read)
    var wish = SendWish()
    wish.neverWaits = true
    return submit(request, to: reader.target, wish)
  }

  /// The driver has had the buffer of a read; it lives on as long as the driver refers to it.
  fileprivate func letMemoryGo(of read: UnsafeMutablePointer<UsbRead>) {
    guard let memory = read.pointee.memory else { return }
    read.pointee.memory = nil
    if let request = read.pointee.request { restore(request) }
    FrameworkObject(memory).delete()
    FrameworkObject(memory).release()
  }

  /// A read is not sent any more; after a failure a worker thread sees to the reader.
  fileprivate func takeBack(
    _ read: UnsafeMutablePointer<UsbRead>, _ reader: UnsafeMutablePointer<UsbReader>,
    failure: Int32, usbFailure: Int32
  ) {
    let (isLast, mustRecover) = reader.target.withLock {
      read.pointee.isOut = false
      reader.pointee.outCount -= 1
      let mustRecover =
        failure < 0 && !reader.pointee.isRecovering && reader.target.pointee.state == .started
      if mustRecover {
        reader.pointee.isRecovering = true
        reader.pointee.failure = failure
        reader.pointee.usbFailure = usbFailure
        reader.recovered.reset()
        reader.pointee.pipe.object.reference()
      }
      return (reader.pointee.outCount == 0, mustRecover)
    }
    if isLast { reader.allBack.set() }
    if mustRecover { machine.workers.queue(recoverReader, UnsafeMutableRawPointer(reader)) }
  }
}

extension UnsafeMutablePointer where Pointee == UsbReader {
  /// Notes that a read is about to be sent; false when it is out, or none may be.
  ///
  /// Under the lock.
  fileprivate func takeOut(_ read: UnsafeMutablePointer<UsbRead>) -> Bool {
    guard !read.pointee.isOut, !pointee.isRecovering, target.pointee.state == .started else {
      return false
    }
    read.pointee.isOut = true
    pointee.outCount += 1
    allBack.reset()
    return true
  }
}

/// EvtRequestCompletionRoutine of the reads, as the framework's own requests have one.
let readCompletedRoutine:
  @convention(c) (
    UInt64, UInt64, UnsafeMutablePointer<WDF_REQUEST_COMPLETION_PARAMS>, UnsafeMutableRawPointer
  ) -> Void = { _, handle, parameters, context in
    let read = context.assumingMemoryBound(to: UsbRead.self)
    guard let reader = read.pointee.reader else { return }
    Framework.current.completed(read, reader, parameters.pointee)
  }

extension Framework {
  /// Gives the driver what was read, and reads on.
  fileprivate func completed(
    _ read: UnsafeMutablePointer<UsbRead>, _ reader: UnsafeMutablePointer<UsbReader>,
    _ parameters: WDF_REQUEST_COMPLETION_PARAMS
  ) {
    let status = parameters.IoStatus.Status
    guard status >= 0 else {
      let usbStatus = parameters.Parameters.Usb.Completion?.pointee.UsbdStatus ?? 0
      letMemoryGo(of: read)
      let isFailure = status != FrameworkStatus.cancelled
      return takeBack(read, reader, failure: isFailure ? status : 0, usbFailure: usbStatus)
    }
    _ = r3_call4(
      reader.pointee.readComplete, reader.pointee.pipe.object.handle,
      read.pointee.memory?.pointee.head.handle ?? 0, UInt64(parameters.IoStatus.Information),
      bits(reader.pointee.context))
    letMemoryGo(of: read)
    let goesOn = reader.target.withLock {
      !reader.pointee.isRecovering && reader.target.pointee.state == .started
    }
    if goesOn {
      send(read, reader)
    } else {
      takeBack(read, reader, failure: 0, usbFailure: 0)
    }
  }

  // MARK: After a failure

  /// Sees to a reader whose read has failed: in a worker thread, at PASSIVE_LEVEL.
  fileprivate func recover(_ reader: UnsafeMutablePointer<UsbReader>) {
    let pipe = reader.pointee.pipe
    for index in 0..<reader.pointee.count {
      let isOut = reader.target.withLock { reader.read(index).pointee.isOut }
      if isOut, let request = reader.read(index).pointee.request { _ = cancelSent(request) }
    }
    reader.allBack.wait()
    reader.pointee.recoveringThread = UnsafeMutableRawPointer(CurrentThread.pointer)
    var restarts = true
    if let routine = reader.pointee.readersFailed {
      restarts =
        r3_call3(
          routine, pipe.object.handle, UInt64(UInt32(bitPattern: reader.pointee.failure)),
          UInt64(UInt32(bitPattern: reader.pointee.usbFailure))) & 0xFF != 0
    }
    reader.pointee.recoveringThread = nil
    let isReady = restarts && repair(pipe) >= 0
    reader.target.withLock { reader.pointee.isRecovering = false }
    if isReady { startReads(of: reader) }
    reader.recovered.set()
    pipe.object.release()
  }

  /// Resets the pipe of a device that is still connected, or its port when that is disabled.
  private func repair(_ pipe: UsbPipePointer) -> Int32 {
    let usb = pipe.pointee.usb
    var bits: UInt32 = 0
    let status = portStatus(of: usb, &bits)
    if status < 0 { return status }
    guard bits & UInt32(USBD_PORT_CONNECTED) != 0 else { return Int32(bitPattern: 0xC000_00C0) }
    let isNew = pipe.pointee.target.head.globals.pointee.minorVersion >= 9
    if isNew, bits & UInt32(USBD_PORT_ENABLED) != 0 {
      _ = reset(pipe)
      return 0
    }
    return resetPort(of: usb)
  }

  /// Waits until no worker thread sees to a reader, unless this is that thread.
  func waitForRecovery(of reader: UnsafeMutablePointer<UsbReader>) {
    let isOwn =
      reader.pointee.recoveringThread == UnsafeMutableRawPointer(CurrentThread.pointer)
    if isOwn { return note("the target was stopped in EvtUsbTargetPipeReadersFailed") }
    reader.recovered.wait()
  }
}

private let recoverReader: Machine.ThreadRoutine = { context in
  guard let context else { return }
  Framework.current.recover(context.assumingMemoryBound(to: UsbReader.self))
}
