import CDriverKit
import CRing3
import IOManager
import Machine
import Memory

/// A WDFREQUEST: an IRP in the hands of the framework or its driver.
package struct RequestBody {
  var head: ObjectHead
  let origin: RequestOrigin
  var state = RequestState()
  var irp: IRPPointer?
  /// The device that received it; nil for a request that a driver made.
  let device: UnsafeMutablePointer<DeviceBody>?
  /// The queue that has it, or that presented it.
  var queue: UnsafeMutablePointer<QueueBody>?
  /// Neighbours in the queue's list of waiting or of presented requests; guarded by the queue's lock.
  var next: UnsafeMutablePointer<RequestBody>?
  var previous: UnsafeMutablePointer<RequestBody>?
  /// EvtRequestCancel, while the driver has marked it as cancelable.
  var cancelRoutine: UnsafeMutableRawPointer?
  /// The objects of its buffers; they have handles from the first time that they are asked for.
  var input: MemoryBody
  var output: MemoryBody
  /// MDLs that were built for the buffers, freed with the request.
  var inputMdl: UnsafeMutablePointer<MDL>?
  var outputMdl: UnsafeMutablePointer<MDL>?
  /// What sending it to a target needs.
  var send = SendState()
}

/// Whose a request is.
enum RequestOrigin: UInt8 {
  /// It came to a device: the framework deletes it when it is completed.
  case delivered
  /// WdfRequestCreate made it, with an IRP of the framework or none.
  case created
  /// WdfRequestCreateFromIrp made it over a driver's IRP.
  case fromIrp
}

/// Where a request is.
struct RequestState: OptionSet {
  let rawValue: UInt32
  /// In a queue's list of waiting requests.
  static let queued = RequestState(rawValue: 1 << 0)
  /// Presented to the driver, which has to complete it.
  static let driverOwned = RequestState(rawValue: 1 << 1)
  static let completed = RequestState(rawValue: 1 << 2)
  /// The driver marked it as cancelable.
  static let cancelable = RequestState(rawValue: 1 << 3)
  /// The driver had it before and gave it back: EvtIoCanceledOnQueue is for it.
  static let wasPresented = RequestState(rawValue: 1 << 4)
  /// Its EvtIoInCallerContext is running.
  static let inCallerContext = RequestState(rawValue: 1 << 5)
  /// The driver was told to stop it, and has not acknowledged.
  static let stopping = RequestState(rawValue: 1 << 6)
  /// One of those that a queue keeps for when there is no memory.
  static let reserved = RequestState(rawValue: 1 << 7)
}

extension UnsafeMutablePointer where Pointee == RequestBody {
  var object: FrameworkObject { FrameworkObject(self) }
  var handle: UInt64 { pointee.head.handle }

  /// The IRP; a request without one is bug check 0x10D.
  var packet: IRPPointer {
    guard let irp = pointee.irp else {
      Framework.current.violation(.requestFatal, 2, bits(self))
    }
    return irp
  }

  /// The stack location of the device that received the request.
  var location: StackPointer { packet.pointee.Tail.Overlay.CurrentStackLocation.unsafelyUnwrapped }

  var inputAddress: UnsafeMutablePointer<MemoryBody> {
    (UnsafeMutableRawPointer(self)
      + MemoryLayout<RequestBody>.offset(of: \.input).unsafelyUnwrapped)
      .assumingMemoryBound(to: MemoryBody.self)
  }

  var outputAddress: UnsafeMutablePointer<MemoryBody> {
    (UnsafeMutableRawPointer(self)
      + MemoryLayout<RequestBody>.offset(of: \.output).unsafelyUnwrapped)
      .assumingMemoryBound(to: MemoryBody.self)
  }
}

extension Framework {
  static let requestClass = ObjectClass(
    dispose: { address in
      Framework.current.disposeSend(of: address.assumingMemoryBound(to: RequestBody.self))
    },
    destroy: { address in
      let request = address.assumingMemoryBound(to: RequestBody.self)
      Framework.current.releaseBuffers(of: request)
      Framework.current.destroySend(of: request)
    })

  /// The request of a handle.
  func request(_ handle: UInt64) -> UnsafeMutablePointer<RequestBody> {
    body(handle, .request, as: RequestBody.self)
  }

  /// Makes the request of an IRP that came to a device; nil without memory.
  func makeRequest(_ device: UnsafeMutablePointer<DeviceBody>, _ irp: IRPPointer)
    -> UnsafeMutablePointer<RequestBody>?
  {
    let globals = device.pointee.head.globals
    var head = ObjectHead(kind: .request, globals: globals)
    head.flags.insert(.undeletable)
    head.device = device.object.head
    return make(
      RequestBody(
        head: head, origin: .delivered, irp: irp, device: device, input: Self.noMemory(globals),
        output: Self.noMemory(globals)),
      device.pointee.requestAttributes)
  }

  /// A memory object inside a request that nobody has asked for yet.
  static func noMemory(_ globals: UnsafeMutablePointer<DriverGlobals>) -> MemoryBody {
    var head = ObjectHead(kind: .memory, globals: globals)
    head.flags = [.embedded, .contextless, .undeletable]
    return MemoryBody(head: head, buffer: nil, byteCount: 0, source: .request)
  }
}
