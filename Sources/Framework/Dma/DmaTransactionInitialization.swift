import CDriverKit
import CRing3
import Hardware
import Machine
import Memory

@c(r3_WdfDmaTransactionInitialize)
package func wdfDmaTransactionInitialize(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ programDma: UnsafeMutableRawPointer?,
  _ direction: UInt32, _ mdl: UnsafeMutablePointer<MDL>?, _ address: UInt64, _ length: UInt64
) -> Int32 {
  let framework = Framework.current
  let transaction = framework.dmaTransaction(handle)
  let programDma = framework.require(programDma)
  let mdl = Mdl(framework.require(mdl))
  return framework.initialize(
    transaction, programDma, direction, mdl, offset: address &- UInt64(mdl.address), length)
}

@c(r3_WdfDmaTransactionInitializeUsingOffset)
package func wdfDmaTransactionInitializeUsingOffset(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ programDma: UnsafeMutableRawPointer?,
  _ direction: UInt32, _ mdl: UnsafeMutablePointer<MDL>?, _ offset: UInt64, _ length: UInt64
) -> Int32 {
  let framework = Framework.current
  let transaction = framework.dmaTransaction(handle)
  let programDma = framework.require(programDma)
  return framework.initialize(
    transaction, programDma, direction, Mdl(framework.require(mdl)), offset: offset, length)
}

@c(r3_WdfDmaTransactionInitializeUsingRequest)
package func wdfDmaTransactionInitializeUsingRequest(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ request: UInt64,
  _ programDma: UnsafeMutableRawPointer?, _ direction: UInt32
) -> Int32 {
  let framework = Framework.current
  let transaction = framework.dmaTransaction(handle)
  let programDma = framework.require(programDma)
  guard let direction = DmaDirection(rawValue: direction) else {
    return FrameworkStatus.invalidParameter
  }
  let request = framework.request(request)
  var buffer = DmaBuffer()
  var status = framework.find(direction, of: request, into: &buffer)
  if status < 0 { return status }
  guard let mdl = buffer.mdl else { return FrameworkStatus.invalidDeviceRequest }
  status = framework.initialize(
    transaction, programDma, direction.rawValue, mdl, offset: 0, UInt64(buffer.byteCount))
  if status >= 0 { transaction.pointee.request = request }
  return status
}

extension Framework {
  /// Gives a transaction its buffer.
  ///
  /// The range must begin in the first MDL; beyond it, it needs an adapter that knows chains.
  fileprivate func initialize(
    _ transaction: UnsafeMutablePointer<DmaTransactionBody>,
    _ programDma: UnsafeMutableRawPointer, _ direction: UInt32, _ mdl: Mdl, offset: UInt64,
    _ length: UInt64
  ) -> Int32 {
    guard let direction = DmaDirection(rawValue: direction), length > 0, length <= UInt32.max,
      offset < UInt64(mdl.byteCount)
    else { return FrameworkStatus.invalidParameter }
    let enabler = transaction.enabler
    let isInFirst = length <= UInt64(mdl.byteCount) - offset
    guard isInFirst || !enabler.hasTurns,
      let range = MdlRange(mdl, offset: Int(offset), byteCount: Int(length))
    else { return FrameworkStatus.invalidParameter }
    guard transaction.pointee.progress.mayInitialize else { transaction.refuse() }
    let channel = enabler.channel(direction)
    let isSingle = transaction.pointee.requiresSingleTransfer
    transaction.pointee.direction = direction
    transaction.pointee.mdl = mdl.pointer
    transaction.pointee.offset = Int(offset)
    transaction.pointee.programDma = programDma
    transaction.pointee.progress.initialize(
      length: Int(length), maximum: isSingle ? enabler.pointee.maximumLength : channel.maximumLength
    )
    let status = isSingle ? checkSingle(transaction, range) : checkElements(transaction, mdl)
    if status < 0 { transaction.release() }
    return status
  }

  /// Whether a transaction can be done in one transfer.
  private func checkSingle(
    _ transaction: UnsafeMutablePointer<DmaTransactionBody>, _ range: MdlRange
  ) -> Int32 {
    if range.byteCount > transaction.enabler.pointee.maximumLength {
      return FrameworkStatus.tooManyTransfers
    }
    let pages = range.pageCount
    if pages > transaction.availableRegisterCount { return FrameworkStatus.notEnoughMapRegisters }
    let elements = transaction.enabler.pointee.profile.hasScatterGather ? pages : 1
    return UInt64(elements) > transaction.enabler.pointee.maximumElements
      ? FrameworkStatus.tooFragmented : FrameworkStatus.success
  }

  /// Whether no transfer, with the length that is known now, has more elements than the device takes.
  private func checkElements(
    _ transaction: UnsafeMutablePointer<DmaTransactionBody>, _ mdl: Mdl
  ) -> Int32 {
    let enabler = transaction.enabler
    let limit = enabler.pointee.maximumElements
    guard enabler.pointee.profile.hasScatterGather, limit < UInt32.max else { return 0 }
    let registers = transaction.channel.adapter.mapRegisterCount
    var offset = transaction.pointee.offset
    var left = transaction.pointee.progress.length
    while left > 0 {
      let count = min(left, transaction.pointee.progress.maximum)
      guard let range = MdlRange(mdl, offset: offset, byteCount: count) else {
        return FrameworkStatus.invalidParameter
      }
      if UInt64(range.pageCount) > limit { return FrameworkStatus.tooFragmented }
      let part = range.byteCount(inPages: registers)
      offset += part
      left -= part
    }
    return 0
  }
}

extension UnsafeMutablePointer where Pointee == DmaTransactionBody {
  /// Map registers for one transfer.
  var availableRegisterCount: Int {
    pointee.reservation.count > 0
      ? pointee.reservation.count : channel.adapter.mapRegisterCount
  }
}
