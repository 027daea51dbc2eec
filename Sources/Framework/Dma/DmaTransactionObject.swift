import CDriverKit
import CRing3
import Hardware
import Machine
import Memory

/// A WDFDMATRANSACTION: a buffer that is moved in one or more transfers.
package struct DmaTransactionBody {
  var head: ObjectHead
  let enabler: UnsafeMutablePointer<DmaEnablerBody>
  var progress = DmaProgress()
  var direction = DmaDirection.readFromDevice
  /// The buffer: where it begins in a chain of MDLs.
  var mdl: UnsafeMutablePointer<MDL>?
  var offset = 0
  /// EvtProgramDma, and what it gets as its context.
  var programDma: UnsafeMutableRawPointer?
  var context: UInt64 = 0
  /// The request whose buffer it is; a reference to it is held while the transaction runs.
  var request: UnsafeMutablePointer<RequestBody>?
  var holdsRequest = false
  var requiresSingleTransfer: Bool
  /// Map registers that are not there at once are an error.
  var isImmediate = false
  /// The elements of the transfer under way.
  var list: UnsafeMutablePointer<SCATTER_GATHER_LIST>?
  var reservation = DmaReservation()
  /// Guards the two below.
  var lock = MachineLock()
  /// A thread is in EvtProgramDma, and calls it again when another transfer is ready meanwhile.
  var isProgramming = false
  var programsAgain = false
  /// `DMA_TRANSFER_CONTEXT_SIZE_V1` bytes, for drivers that use the adapter themselves.
  var transferContext = InlineArray<16, UInt64>(repeating: 0)
}

/// Map registers that a transaction keeps from transfer to transfer: AllocateResources.
struct DmaReservation {
  /// How many; 0 for none.
  var count = 0
  /// They; nil while they are waited for.
  var base: UnsafeMutableRawPointer?
  /// EvtReserveDma, and what it gets as its context.
  var routine: UnsafeMutableRawPointer?
  var context: UInt64 = 0
  /// A list of one element.
  var list = InlineArray<5, UInt64>(repeating: 0)
}

extension Framework {
  static let dmaTransactionClass = ObjectClass(
    dispose: { address in
      let transaction = address.assumingMemoryBound(to: DmaTransactionBody.self)
      if transaction.pointee.progress.state == .transfer { transaction.refuse() }
      transaction.endTransfer()
      transaction.freeReservation()
      transaction.dropRequest()
      transaction.pointee.progress.delete()
    })

  func dmaTransaction(_ handle: UInt64) -> UnsafeMutablePointer<DmaTransactionBody> {
    body(handle, .dmaTransaction, as: DmaTransactionBody.self)
  }
}

@c(r3_WdfDmaTransactionCreate)
package func wdfDmaTransactionCreate(
  _ globals: UnsafeMutableRawPointer, _ enabler: UInt64,
  _ given: UnsafePointer<WDF_OBJECT_ATTRIBUTES>?, _ result: UnsafeMutablePointer<UInt64>?
) -> Int32 {
  let framework = Framework.current
  let enabler = framework.dmaEnabler(enabler)
  let result = framework.require(result)
  result.pointee = 0
  var attributes = ObjectAttributes()
  let status = framework.attributes(given, .parentForbidden, into: &attributes)
  if status < 0 { return status }
  let made = framework.make(
    DmaTransactionBody(
      head: ObjectHead(kind: .dmaTransaction, globals: DriverGlobals.of(globals)),
      enabler: enabler, requiresSingleTransfer: enabler.pointee.requiresSingleTransfer),
    attributes)
  guard let transaction = made else { return FrameworkStatus.insufficientResources }
  return framework.publish(transaction.object, attributes, default: enabler.object, result)
}

extension UnsafeMutablePointer where Pointee == DmaTransactionBody {
  var object: FrameworkObject { FrameworkObject(self) }
  var handle: UInt64 { pointee.head.handle }
  var enabler: UnsafeMutablePointer<DmaEnablerBody> { pointee.enabler }
  var channel: DmaChannel { enabler.channel(pointee.direction) }
  var isWrite: Bool { pointee.direction == .writeToDevice }

  func field<Value>(_ path: WritableKeyPath<DmaTransactionBody, Value>)
    -> UnsafeMutablePointer<Value>
  {
    (UnsafeMutableRawPointer(self)
      + MemoryLayout<DmaTransactionBody>.offset(of: path).unsafelyUnwrapped)
      .assumingMemoryBound(to: Value.self)
  }

  /// What names the transaction's waiting requests to the adapter.
  var transferContext: UnsafeMutableRawPointer {
    UnsafeMutableRawPointer(field(\.transferContext))
  }

  /// The transaction is in a state that does not allow what the driver does: bug check 0x10D.
  @inline(never)
  func refuse() -> Never {
    Framework.current.violation(.dmaFatal, handle, pointee.progress.state.rawValue)
  }

  // MARK: The request

  func holdRequest() {
    guard let request = pointee.request else { return }
    request.object.reference()
    pointee.holdsRequest = true
  }

  /// Ends the hold; the request stays known.
  func releaseRequest() {
    guard pointee.holdsRequest, let request = pointee.request else { return }
    pointee.holdsRequest = false
    request.object.release()
  }

  func dropRequest() {
    releaseRequest()
    pointee.request = nil
  }
}
