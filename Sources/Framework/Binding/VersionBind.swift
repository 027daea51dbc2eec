import CDriverKit
import CRing3
import CRing3Exports
import Glibc
import IOManager
import Machine
import Memory

/// How a driver says which framework it was built for: WDF_BIND_INFO, as the loader library has it.
private struct BindInfo {
  let size: UInt32
  let component: UnsafePointer<UInt16>?
  let major: UInt32
  let minor: UInt32
  let build: UInt32
  let functionCount: UInt32
  let functionTable: UnsafeMutablePointer<UnsafeRawPointer>?
  let module: UnsafeMutableRawPointer?
}

/// What drivers built for 1.25 and later add: where they learn how much of it the system has.
private struct BindInfo2 {
  let first: BindInfo
  let minimumMinor: UnsafePointer<UInt32>?
  let isNewerThanFramework: UnsafeMutablePointer<UInt8>?
  let functionCount: UnsafeMutablePointer<UInt32>?
  let structureCount: UnsafeMutablePointer<UInt32>?
  let structureSizes: UnsafeMutablePointer<UnsafeMutablePointer<UInt>>?
}

extension Framework {
  /// The newest version there is: KMDF 1.33.
  static let newestMinor: UInt32 = 33
  /// From this many functions on a driver keeps a pointer to the table instead of a copy.
  private static let lastCopiedCount = 438

  /// Binds a driver to the framework: checks its version and gives it functions and globals.
  fileprivate func bind(
    _ driver: DriverPointer, _ path: UnsafePointer<UNICODE_STRING>?,
    _ info: UnsafePointer<BindInfo>,
    _ result: UnsafeMutablePointer<UnsafeMutableRawPointer?>
  ) -> Int32 {
    result.pointee = nil
    guard let table = info.pointee.functionTable, isKmdf(info.pointee.component) else {
      return FrameworkStatus.invalidParameter
    }
    let known = r3_wdf_slot_count(min(info.pointee.minor, Self.newestMinor))
    guard info.pointee.major == 1, known != 0,
      info.pointee.functionCount <= known || runsOnOlder(info)
    else {
      note("WdfVersionBind: KMDF \(info.pointee.major).\(info.pointee.minor) is not known")
      return FrameworkStatus.revisionMismatch
    }
    guard let globals = makeGlobals(driver, path, minorVersion: info.pointee.minor) else {
      return FrameworkStatus.insufficientResources
    }
    let count = Int(info.pointee.functionCount)
    let addresses = FunctionTable.addresses(for: machine)
    if count <= Self.lastCopiedCount {
      table.update(from: addresses, count: count)
    } else {
      UnsafeMutableRawPointer(table).storeBytes(
        of: addresses, as: UnsafePointer<UnsafeRawPointer>.self)
    }
    fillAvailability(info)
    result.pointee = UnsafeMutableRawPointer(globals)
    return 0
  }

  /// Makes what the framework keeps for a driver; nil without memory.
  func makeGlobals(
    _ driver: DriverPointer, _ path: UnsafePointer<UNICODE_STRING>?, minorVersion: UInt32
  ) -> UnsafeMutablePointer<DriverGlobals>? {
    guard
      let block = machine.pool.allocate(
        MemoryLayout<DriverGlobals>.size, kind: .nonpaged, tag: Self.globalsTag)
    else { return nil }
    let globals = block.bindMemory(to: DriverGlobals.self, capacity: 1)
    globals.initialize(to: DriverGlobals(driver: driver, minorVersion: minorVersion))
    if let path { globals.setNames(serviceName(path)) }
    globals.pointee.visible.DisplaceDriverUnload = 1
    state.pointee.lock.lock()
    globals.pointee.next = state.pointee.drivers
    state.pointee.drivers = globals
    state.pointee.lock.unlock()
    return globals
  }

  static var globalsTag: UInt32 { 0x6C47_7846 }  // FxGl

  private func isKmdf(_ component: UnsafePointer<UInt16>?) -> Bool {
    guard let component else { return false }
    for (index, character) in "KmdfLibrary".utf16.enumerated() where component[index] != character {
      return false
    }
    return true
  }

  /// The characters after the last backslash of a service's registry path.
  func serviceName(_ path: UnsafePointer<UNICODE_STRING>) -> UnsafeBufferPointer<UInt16> {
    let text = UnsafeBufferPointer(
      start: path.pointee.Buffer, count: Int(path.pointee.Length) / 2)
    guard let slash = text.lastIndex(of: 0x5C) else { return text }
    return UnsafeBufferPointer(rebasing: text[(slash + 1)...])
  }

  private func fillAvailability(_ info: UnsafePointer<BindInfo>) {
    guard info.pointee.size >= MemoryLayout<BindInfo2>.size else { return }
    let second = UnsafeRawPointer(info).assumingMemoryBound(to: BindInfo2.self)
    second.pointee.isNewerThanFramework?.pointee =
      info.pointee.minor > Self.newestMinor ? 1 : 0
    second.pointee.functionCount?.pointee = UInt32(FunctionTable.count)
    second.pointee.structureCount?.pointee = UInt32(StructureSizes.count)
    second.pointee.structureSizes?.pointee = StructureSizes.table
  }

  /// Whether a driver was built for a newer framework, and says that this one is new enough.
  private func runsOnOlder(_ info: UnsafePointer<BindInfo>) -> Bool {
    guard info.pointee.minor > Self.newestMinor,
      info.pointee.size >= MemoryLayout<BindInfo2>.size
    else { return false }
    let second = UnsafeRawPointer(info).assumingMemoryBound(to: BindInfo2.self)
    guard let minimum = second.pointee.minimumMinor?.pointee else { return false }
    return minimum <= Self.newestMinor
  }

  /// Undoes ``bind(_:_:_:_:)``: deletes the objects that are left, then the globals.
  func unbind(_ globals: UnsafeMutablePointer<DriverGlobals>) {
    globals.pointee.driver.map { FrameworkObject($0) }?.delete()
    globals.waitForDeferred()
    removeClassLibraries(of: globals)
    forgetLeaks(of: globals)
    state.pointee.lock.lock()
    if state.pointee.drivers == globals {
      state.pointee.drivers = globals.pointee.next
    } else {
      var previous = state.pointee.drivers
      while let other = previous, other.pointee.next != globals { previous = other.pointee.next }
      previous?.pointee.next = globals.pointee.next
    }
    state.pointee.lock.unlock()
    machine.pool.free(UnsafeMutableRawPointer(globals), tag: Self.globalsTag)
  }
}

@c(r3_WdfVersionBind)
package func wdfVersionBind(
  _ driver: DriverPointer, _ path: UnsafePointer<UNICODE_STRING>?, _ info: UnsafeRawPointer,
  _ result: UnsafeMutablePointer<UnsafeMutableRawPointer?>
) -> Int32 {
  Framework.current.bind(driver, path, info.assumingMemoryBound(to: BindInfo.self), result)
}

@c(r3_WdfVersionUnbind)
package func wdfVersionUnbind(
  _ path: UnsafePointer<UNICODE_STRING>?, _ info: UnsafeRawPointer,
  _ globals: UnsafeMutableRawPointer
) -> Int32 {
  Framework.current.unbind(DriverGlobals.of(globals))
  return 0
}
