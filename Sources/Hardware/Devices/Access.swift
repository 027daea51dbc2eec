import CRing3
import Machine

// A driver's access to a register or port, on its way to the device.
extension Hardware {
  /// Whether a device has a port.
  ///
  /// Ranges are only ever added, so that a signal handler may look.
  func hasPort(_ port: UInt16) -> Bool { range(.port, UInt64(port), 1) != nil }

  private func range(_ space: DeviceAccess.Space, _ address: UInt64, _ byteCount: Int)
    -> UnsafeMutablePointer<DeviceRange>?
  {
    var next = state.pointee.ranges
    while let range = next {
      if range.pointee.space == space, range.pointee.byteCount >= byteCount,
        range.pointee.contains(address, byteCount)
      {
        return range
      }
      next = range.pointee.next
    }
    return nil
  }

  /// Performs an access; interrupts that the device raised meanwhile come before it returns.
  ///
  /// Where no device answers a read gives ones and a write goes nowhere, as on a PCI bus.
  func access(_ access: UnsafeMutablePointer<DeviceAccess>) {
    let wanted = access.pointee
    guard let range = range(wanted.space, wanted.address, wanted.byteCount) else {
      if !wanted.isWrite { access.pointee.value = DeviceAccess.mask(wanted.byteCount) }
      return
    }
    let depth = accessDepth(of: CurrentThread.pointer)
    depth.pointee += 1
    let value = range.pointee.perform(wanted)
    depth.pointee -= 1
    if !wanted.isWrite { access.pointee.value = value & DeviceAccess.mask(wanted.byteCount) }
    if depth.pointee == 0 { deliverPending() }
  }
}

extension DeviceRange {
  /// Calls the device; its reference is let go before any driver runs.
  @inline(never)
  fileprivate func perform(_ access: DeviceAccess) -> UInt64 {
    let offset = Int(access.address - start)
    return plug._withUnsafeGuaranteedRef { plug in
      if access.isWrite {
        plug.device.write(
          region: region, offset: offset, byteCount: access.byteCount, value: access.value)
        return 0
      }
      return plug.device.read(region: region, offset: offset, byteCount: access.byteCount)
    }
  }
}
