import CDriverKit
import CRing3
import IOManager
import Machine
import Memory

@c(r3_WdfChildListBeginIteration)
package func wdfChildListBeginIteration(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64,
  _ iterator: UnsafeMutablePointer<WDF_CHILD_LIST_ITERATOR>?
) {
  let framework = Framework.current
  let list = framework.childList(handle)
  let iterator = framework.require(iterator)
  guard iterator.pointee.Size == UInt32(MemoryLayout<WDF_CHILD_LIST_ITERATOR>.size),
    iterator.pointee.Flags != 0
  else { return framework.note("WdfChildListBeginIteration: the iterator is not initialized") }
  iterator.pointee.Reserved.0 = nil
  framework.beginIteration(list)
}

@c(r3_WdfChildListEndIteration)
package func wdfChildListEndIteration(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64,
  _ iterator: UnsafeMutablePointer<WDF_CHILD_LIST_ITERATOR>?
) {
  let framework = Framework.current
  let list = framework.childList(handle)
  framework.require(iterator).pointee.Reserved.0 = nil
  framework.endScan(list, isScan: false)
}

@c(r3_WdfChildListRetrieveNextDevice)
package func wdfChildListRetrieveNextDevice(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64,
  _ iterator: UnsafeMutablePointer<WDF_CHILD_LIST_ITERATOR>?,
  _ result: UnsafeMutablePointer<UInt64>?, _ info: UnsafeMutablePointer<WDF_CHILD_RETRIEVE_INFO>?
) -> Int32 {
  let framework = Framework.current
  let list = framework.childList(handle)
  let iterator = framework.require(iterator)
  let result = framework.require(result)
  result.pointee = 0
  guard list.pointee.scanCount > 0 else { return FrameworkStatus.invalidDeviceState }
  if let info, info.pointee.Size != UInt32(MemoryLayout<WDF_CHILD_RETRIEVE_INFO>.size) {
    return FrameworkStatus.infoLengthMismatch
  }
  return list.withLock {
    let last = UInt64(UInt(bitPattern: iterator.pointee.Reserved.0))
    var next = list.pointee.first
    while let entry = next {
      next = entry.pointee.next
      guard entry.pointee.number > last, entry.matches(iterator.pointee.Flags),
        framework.isWanted(list, entry, info)
      else { continue }
      iterator.pointee.Reserved.0 = UnsafeMutableRawPointer(
        bitPattern: UInt(entry.pointee.number))
      result.pointee = entry.pointee.pdo.map { $0.handle } ?? 0
      if let info { framework.fill(info, list, entry) }
      return 0
    }
    return FrameworkStatus.noMoreEntries
  }
}

extension UnsafeMutablePointer where Pointee == ChildEntry {
  /// Whether a caller wants children in this state: `WDF_RETRIEVE_CHILD_FLAGS`.
  func matches(_ flags: UInt32) -> Bool {
    let flag =
      switch pointee.state {
      case .present: WdfRetrievePresentChildren
      case .pending: WdfRetrievePendingChildren
      case .missing, .reportedMissing: WdfRetrieveMissingChildren
      }
    return flags & UInt32(flag.rawValue) != 0
  }
}

extension Framework {
  /// Whether a comparison that came with the call accepts the child; under the lock.
  fileprivate func isWanted(
    _ list: UnsafeMutablePointer<ChildListBody>, _ entry: UnsafeMutablePointer<ChildEntry>,
    _ info: UnsafeMutablePointer<WDF_CHILD_RETRIEVE_INFO>?
  ) -> Bool {
    guard let info, let routine = info.pointee.EvtChildListIdentificationDescriptionCompare else {
      return true
    }
    return r3_call3(
      routine, list.handle, bits(info.pointee.IdentificationDescription),
      bits(list.identification(of: entry))) & 0xFF != 0
  }

  fileprivate func fill(
    _ info: UnsafeMutablePointer<WDF_CHILD_RETRIEVE_INFO>,
    _ list: UnsafeMutablePointer<ChildListBody>, _ entry: UnsafeMutablePointer<ChildEntry>
  ) {
    if let identification = info.pointee.IdentificationDescription {
      copyIdentification(list, from: entry, to: identification)
    }
    if let address = info.pointee.AddressDescription {
      copyAddress(list, from: list.address(of: entry), to: UnsafeMutableRawPointer(address))
    }
    info.pointee.Status =
      entry.pointee.pdo == nil
      ? WdfChildListRetrieveDeviceNotYetCreated : WdfChildListRetrieveDeviceSuccess
  }
}
