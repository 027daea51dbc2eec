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
  var device: UnsafeMutablePointer<DeviceBody>?
  /// The queue that has it, or that presented it.
  var queue: UnsafeMutablePointer<QueueBody>?
  /// Neighbours in the queue's list of waiting or of presented requests; guarded by the queue's lock.
  var next: UnsafeMutablePointer<RequestBody>?
  var previous: UnsafeMutablePointer<RequestBody>?
  /// EvtRequestCancel, while the driver has marked it as cancelable.
  var cancelRoutine: UnsafeMutableRawPointer?
  /// A ``CancelState``; changed by several threads.
  var cancelState: UInt32 = CancelState.none
  /// How far the driver has stopped it for its queue; guarded by the queue's lock.
  var stop = StopState.running
  /// The next one that is cancelled and whose driver is not told yet; guarded by the queue's lock.
  var nextCancelled: UnsafeMutablePointer<RequestBody>?
  /// Where it goes from EvtIoInCallerContext, when that is not what its type says.
  var destination: UnsafeMutablePointer<QueueBody>?
  /// Where it goes back to when it is completed; nil for one that is not reserved.
  var reserve: UnsafeMutablePointer<RequestReserve>?
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

/// Who may end a request.
enum CancelState {
  /// The driver that has it.
  static let none: UInt32 = 0
  /// The driver, when it has taken the mark away, or whoever cancels it.
  static let marked: UInt32 = 1
  /// EvtRequestCancel is called, or going to be.
  static let cancelling: UInt32 = 2
  /// Nobody: it is being completed.
  static let ended: UInt32 = 3
}

/// Where a request is.
struct RequestState: OptionSet {
  let rawValue: UInt32
  /// In a queue's list of waiting requests.
  static let queued = RequestState(rawValue: 1 << 0)
  /// Presented to the driver, which has to complete it.
  static let driverOwned = RequestState(rawValue: 1 << 1)
  static let completed = RequestState(rawValue: 1 << 2)
  /// The driver has it or had it before: EvtIoCanceledOnQueue is for it.
  static let wasPresented = RequestState(rawValue: 1 << 4)
  /// Its EvtIoInCallerContext is running.
  static let inCallerContext = RequestState(rawValue: 1 << 5)
  /// One of those that a queue keeps for when there is no memory.
  static let reserved = RequestState(rawValue: 1 << 7)
}

extension UnsafeMutablePointer where Pointee == RequestBody {
  var object: FrameworkObject { FrameworkObject(self) }
  var handle: UInt64 { pointee.head.handle }

  var cancelState: UnsafeMutablePointer<UInt32> {
    (UnsafeMutableRawPointer(self)
      + MemoryLayout<RequestBody>.offset(of: \.cancelState).unsafelyUnwrapped)
      .assumingMemoryBound(to: UInt32.self)
  }

  /// Whether the driver has marked it as cancelable, and nobody has cancelled it.
  var isCancelable: Bool { r3_load32(cancelState) == CancelState.marked }

  /// Whether EvtRequestCancel has been or is about to be called.
  var isBeingCancelled: Bool { r3_load32(cancelState) == CancelState.cancelling }

  /// The IRP; a request without one is bug check 0x10D.
  @inline(__always)
  var packet: IRPPointer {
    guard let irp = pointee.irp else {
      Framework.current.refuseUse(of: self)
    }
    return irp
  }

  /// The stack location of the device that received the request.
  @inline(__always)
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
    },
    recycle: { address in
      Framework.current.giveBack(address.assumingMemoryBound(to: RequestBody.self))
    })

  /// The request of a handle.
  func request(_ handle: UInt64) -> UnsafeMutablePointer<RequestBody> {
    body(handle, .request, as: RequestBody.self)
  }

  /// Makes the request of an IRP that came to a device, or one in reserve; nil without memory.
  func makeRequest(_ device: UnsafeMutablePointer<DeviceBody>, _ irp: IRPPointer?)
    -> UnsafeMutablePointer<RequestBody>?
  {
    let globals = device.pointee.head.globals
    let size = (MemoryLayout<RequestBody>.size + 15) & ~15
    guard
      let block = machine.pool.allocate(
        size + device.pointee.requestAttributes.contextBlockSize, kind: .nonpaged,
        tag: globals.pointee.visible.DriverTag)
    else { return nil }
    let request = block.bindMemory(to: RequestBody.self, capacity: 1)
    request.initialize(
      to: RequestBody(
        head: ObjectHead(kind: .request, globals: globals), origin: .delivered, irp: irp,
        device: device, input: Self.noMemory(globals), output: Self.noMemory(globals)))
    request.pointee.head.flags = .undeletable
    request.pointee.head.device = device.object.head
    guard finish(request.object, device.pointee.requestAttributes, context: block + size) else {
      machine.pool.free(block)
      return nil
    }
    return request
  }

  /// A memory object inside a request that nobody has asked for yet.
  @inline(__always)
  static func noMemory(_ globals: UnsafeMutablePointer<DriverGlobals>) -> MemoryBody {
    var head = ObjectHead(kind: .memory, globals: globals, created: 0)
    head.flags = [.embedded, .contextless, .undeletable]
    return MemoryBody(head: head, buffer: nil, byteCount: 0, source: .request)
  }
}
