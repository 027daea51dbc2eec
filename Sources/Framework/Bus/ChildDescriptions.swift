import CDriverKit
import CRing3
import Glibc
import Machine
import Memory

// What identifies a child, and where it is: compared and copied by callbacks or as bytes.
extension Framework {
  /// Makes an entry with copies of a driver's descriptions; under the lock.
  ///
  /// - Returns: nil when there is no memory, or a callback refuses.
  func makeEntry(
    of list: UnsafeMutablePointer<ChildListBody>, _ identification: UnsafeRawPointer?,
    _ address: UnsafeRawPointer?, failure: inout Int32
  ) -> UnsafeMutablePointer<ChildEntry>? {
    let config = list.pointee.config
    let size =
      (MemoryLayout<ChildEntry>.size + 15) & ~15
      + (Int(config.IdentificationDescriptionSize) + 15) & ~15 + Int(config.AddressDescriptionSize)
    failure = FrameworkStatus.insufficientResources
    guard
      let block = machine.pool.allocate(size, kind: .nonpaged, tag: PnpState.tag, zeroed: true)
    else { return nil }
    let entry = block.bindMemory(to: ChildEntry.self, capacity: 1)
    entry.initialize(to: ChildEntry(number: list.pointee.nextNumber))
    list.pointee.nextNumber += 1
    failure = duplicate(list, entry, identification, address)
    if failure >= 0 { return entry }
    machine.pool.free(block, tag: PnpState.tag)
    return nil
  }

  private func duplicate(
    _ list: UnsafeMutablePointer<ChildListBody>, _ entry: UnsafeMutablePointer<ChildEntry>,
    _ identification: UnsafeRawPointer?, _ address: UnsafeRawPointer?
  ) -> Int32 {
    let config = list.pointee.config
    var status: Int32 = 0
    if let identification {
      status = duplicate(
        list, config.EvtChildListIdentificationDescriptionDuplicate, identification,
        list.identification(of: entry), Int(config.IdentificationDescriptionSize))
    }
    guard status >= 0, config.AddressDescriptionSize > 0, let address else { return status }
    status = duplicate(
      list, config.EvtChildListAddressDescriptionDuplicate, address, list.address(of: entry),
      Int(config.AddressDescriptionSize))
    if status < 0, let routine = config.EvtChildListIdentificationDescriptionCleanup {
      _ = r3_call2(routine, list.handle, bits(list.identification(of: entry)))
    }
    return status
  }

  private func duplicate(
    _ list: UnsafeMutablePointer<ChildListBody>, _ routine: UnsafeRawPointer?,
    _ source: UnsafeRawPointer, _ destination: UnsafeMutableRawPointer, _ byteCount: Int
  ) -> Int32 {
    guard let routine else {
      DriverMemory.copy(to: destination, from: source, byteCount)
      return 0
    }
    // The size is known before the driver writes the rest.
    destination.storeBytes(of: UInt32(byteCount), as: UInt32.self)
    return Int32(
      truncatingIfNeeded: r3_call3(
        routine, list.handle, bits(UnsafeMutableRawPointer(mutating: source)), bits(destination)))
  }

  /// Whether a driver's description identifies the child of an entry; under the lock.
  func isSame(
    _ list: UnsafeMutablePointer<ChildListBody>, _ entry: UnsafeMutablePointer<ChildEntry>,
    _ identification: UnsafeMutableRawPointer
  ) -> Bool {
    let own = list.identification(of: entry)
    guard let routine = list.pointee.config.EvtChildListIdentificationDescriptionCompare else {
      return memcmp(own, identification, Int(list.pointee.config.IdentificationDescriptionSize))
        == 0
    }
    return r3_call3(routine, list.handle, bits(own), bits(identification)) & 0xFF != 0
  }

  func copyIdentification(
    _ list: UnsafeMutablePointer<ChildListBody>, from entry: UnsafeMutablePointer<ChildEntry>,
    to destination: UnsafeMutablePointer<WDF_CHILD_IDENTIFICATION_DESCRIPTION_HEADER>
  ) {
    copy(
      list, list.pointee.config.EvtChildListIdentificationDescriptionCopy,
      list.identification(of: entry), UnsafeMutableRawPointer(destination),
      list.pointee.config.IdentificationDescriptionSize)
  }

  func copyAddress(
    _ list: UnsafeMutablePointer<ChildListBody>, from source: UnsafeMutableRawPointer,
    to destination: UnsafeMutableRawPointer
  ) {
    guard list.pointee.config.AddressDescriptionSize > 0 else { return }
    copy(
      list, list.pointee.config.EvtChildListAddressDescriptionCopy, source, destination,
      list.pointee.config.AddressDescriptionSize)
  }

  private func copy(
    _ list: UnsafeMutablePointer<ChildListBody>, _ routine: UnsafeRawPointer?,
    _ source: UnsafeMutableRawPointer, _ destination: UnsafeMutableRawPointer,
    _ byteCount: UInt32
  ) {
    if let routine {
      _ = r3_call3(routine, list.handle, bits(source), bits(destination))
    } else {
      DriverMemory.copy(to: destination, from: source, Int(byteCount))
    }
  }

  func cleanDescriptions(
    of entry: UnsafeMutablePointer<ChildEntry>, _ list: UnsafeMutablePointer<ChildListBody>
  ) {
    let config = list.pointee.config
    if let routine = config.EvtChildListIdentificationDescriptionCleanup {
      _ = r3_call2(routine, list.handle, bits(list.identification(of: entry)))
    }
    if config.AddressDescriptionSize > 0, let routine = config.EvtChildListAddressDescriptionCleanup
    {
      _ = r3_call2(routine, list.handle, bits(list.address(of: entry)))
    }
  }
}
