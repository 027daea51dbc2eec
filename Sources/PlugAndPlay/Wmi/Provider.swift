import CDriverKit
import Glibc
import IOManager
import Machine
import Memory
import Objects

typealias ProviderPointer = UnsafeMutablePointer<Provider>

/// A device that has registered with WMI, and the blocks that it said it has; plain memory.
struct Provider {
  var next: ProviderPointer?
  let device: DevicePointer
  /// Its answer to IRP_MN_REGINFO_EX, a WMIREGINFO; nil before it has answered.
  var information: UnsafeMutableRawPointer?
  var byteCount = 0
  /// Whether it wants no requests for now.
  var isBlocked = false
}

extension ProviderPointer {
  func destroy() {
    pointee.information?.deallocate()
    deallocate()
  }
}

extension PlugAndPlay {
  /// Under the lock.
  private func provider(_ device: DevicePointer) -> ProviderPointer? {
    var next = state.pointee.firstProvider
    while let provider = next, provider.pointee.device != device { next = provider.pointee.next }
    return next
  }

  /// Registers a device and has it asked what it has.
  fileprivate func addProvider(_ device: DevicePointer) {
    locked {
      if provider(device) != nil { return }
      let provider = ProviderPointer.allocate(capacity: 1)
      provider.initialize(to: Provider(next: state.pointee.firstProvider, device: device))
      state.pointee.firstProvider = provider
    }
    queue(Action(.askProvider, device))
  }

  /// Forgets a device; false for one that is not registered.
  @discardableResult
  func removeProvider(_ device: DevicePointer) -> Bool {
    locked {
      guard let provider = provider(device) else { return false }
      if state.pointee.firstProvider == provider {
        state.pointee.firstProvider = provider.pointee.next
      } else {
        var previous = state.pointee.firstProvider
        while let candidate = previous, candidate.pointee.next != provider {
          previous = candidate.pointee.next
        }
        previous?.pointee.next = provider.pointee.next
      }
      provider.destroy()
      return true
    }
  }

  /// Forgets what the devices of a stack registered; a driver should have done so.
  func forgetProviders(of node: NodePointer) {
    var next = node.pointee.device
    while let device = next {
      removeProvider(device)
      next = device.pointee.AttachedDevice
    }
  }

  /// Asks a registered device what it has.
  func askProvider(_ device: DevicePointer) {
    guard locked({ provider(device) != nil }) else { return }
    var size = 4096
    while size <= 1 << 20 {
      guard
        let buffer = machine.pool.allocate(size, kind: .nonpaged, tag: Self.answerTag, zeroed: true)
      else { return }
      var count = 0
      let status = ask(device, buffer, size, &count)
      if status >= 0, count > 4 { keep(device, buffer, min(count, size)) }
      let needed = count == 4 ? Int(buffer.load(as: UInt32.self)) : 0
      machine.pool.free(buffer, tag: Self.answerTag)
      guard needed > size else { return }
      size = needed
    }
  }

  private func ask(
    _ device: DevicePointer, _ buffer: UnsafeMutableRawPointer, _ size: Int, _ count: inout Int
  ) -> Int32 {
    var information: UInt = 0
    var status = request(IRP_MN_REGINFO_EX, device, nil, buffer, size, &information)
    if status == PnpStatus.notSupported || status == PnpStatus.invalidDeviceRequest {
      information = 0
      status = request(IRP_MN_REGINFO, device, nil, buffer, size, &information)
    } else if status >= 0, information > 4 {
      releaseDevices(in: buffer, min(Int(bitPattern: information), size))
    }
    count = Int(bitPattern: information)
    return status
  }

  /// Lets the references to physical devices go that come with an answer to IRP_MN_REGINFO_EX.
  private func releaseDevices(in information: UnsafeMutableRawPointer, _ byteCount: Int) {
    guard byteCount >= WmiLayout.firstGuid else { return }
    let count = Int(information.load(fromByteOffset: WmiLayout.guidCount, as: UInt32.self))
    for index in 0..<count {
      let offset = WmiLayout.firstGuid + index * WmiLayout.guidSize
      guard offset + WmiLayout.guidSize <= byteCount else { return }
      let flags = information.load(fromByteOffset: offset + 16, as: UInt32.self)
      let device = information.load(fromByteOffset: offset + 24, as: UInt.self)
      guard flags & UInt32(WMIREG_FLAG_INSTANCE_PDO) != 0,
        let device = UnsafeMutableRawPointer(bitPattern: device)
      else { continue }
      machine.objects.dereference(device)
    }
  }

  /// Sends a request about instrumentation to the stack of a device.
  func request(
    _ minor: Int32, _ device: DevicePointer, _ path: UnsafeMutableRawPointer?,
    _ buffer: UnsafeMutableRawPointer, _ size: Int, _ information: inout UInt
  ) -> Int32 {
    send(UInt8(IRP_MJ_SYSTEM_CONTROL), minor, to: device, &information) { location in
      location.pointee.Parameters.WMI.ProviderId = ULONG_PTR(UInt(bitPattern: device))
      location.pointee.Parameters.WMI.DataPath = path
      location.pointee.Parameters.WMI.BufferSize = UInt32(size)
      location.pointee.Parameters.WMI.Buffer = buffer
    }
  }

  private func keep(_ device: DevicePointer, _ buffer: UnsafeMutableRawPointer, _ count: Int) {
    let copy = UnsafeMutableRawPointer.allocate(byteCount: count, alignment: 16)
    memcpy(copy, buffer, count)
    locked {
      guard let provider = provider(device) else {
        copy.deallocate()
        return
      }
      provider.pointee.information?.deallocate()
      provider.pointee.information = copy
      provider.pointee.byteCount = count
    }
  }

  /// The device that has a block, and how many instances of it; the number of the match first.
  func findBlock(_ guid: GUID, match: Int = 0) -> (device: DevicePointer, instanceCount: Int)? {
    locked {
      var left = match
      var next = state.pointee.firstProvider
      while let provider = next {
        if let count = instanceCount(of: guid, provider) {
          if left == 0 { return (provider.pointee.device, count) }
          left -= 1
        }
        next = provider.pointee.next
      }
      return nil
    }
  }

  private func instanceCount(of guid: GUID, _ provider: ProviderPointer) -> Int? {
    guard let information = provider.pointee.information, !provider.pointee.isBlocked,
      provider.pointee.byteCount >= WmiLayout.firstGuid
    else { return nil }
    let count = Int(information.load(fromByteOffset: WmiLayout.guidCount, as: UInt32.self))
    for index in 0..<count {
      let offset = WmiLayout.firstGuid + index * WmiLayout.guidSize
      guard offset + WmiLayout.guidSize <= provider.pointee.byteCount else { return nil }
      let removed =
        information.load(fromByteOffset: offset + 16, as: UInt32.self)
        & UInt32(WMIREG_FLAG_REMOVE_GUID)
      if removed == 0, isSame(information.load(fromByteOffset: offset, as: GUID.self), guid) {
        return Int(information.load(fromByteOffset: offset + 20, as: UInt32.self))
      }
    }
    return nil
  }

  fileprivate func setBlocked(_ device: DevicePointer) -> Bool {
    locked {
      provider(device)?.pointee.isBlocked = true
      return provider(device) != nil
    }
  }
}

/// WMIREG_ACTION_…: what a driver wants of its registration.
package enum WmiAction {
  package static let register: Int32 = 1
  package static let deregister: Int32 = 2
  package static let reregister: Int32 = 3
  package static let updateGuids: Int32 = 4
  package static let blockIrps: Int32 = 5
  /// WMIREG_FLAG_TRACE_PROVIDER and WMIREG_FLAG_CALLBACK, beside the action.
  package static let traceProvider: UInt32 = 0x0001_0000
  package static let callback: UInt32 = 0x8000_0000
}

/// Offsets in WMIREGINFO and in the kinds of WNODE.
enum WmiLayout {
  static let guidCount = 16
  static let firstGuid = 24
  static let guidSize = 32
  /// Bytes of WNODE_HEADER.
  static let header = 48
  /// Bytes of WNODE_TOO_SMALL.
  static let tooSmall = 56
}

/// `IoWMIRegistrationControl`, for drivers and for the layers above.
@c(r3_IoWMIRegistrationControl)
package func ioWMIRegistrationControl(_ device: DevicePointer, _ action: UInt32) -> Int32 {
  let manager = Machine.current.plugAndPlay
  // A provider of traces gives a routine or a block of its own instead of a device; as there are no
  // tracing sessions, nobody will ever ask it.
  if action & (WmiAction.traceProvider | WmiAction.callback) != 0 { return PnpStatus.success }
  switch Int32(action & 0xFFFF) {
  case WmiAction.register: manager.addProvider(device)
  case WmiAction.deregister:
    if !manager.removeProvider(device) { return PnpStatus.invalidParameter }
  case WmiAction.reregister:
    manager.removeProvider(device)
    manager.addProvider(device)
  case WmiAction.updateGuids: manager.queue(Action(.askProvider, device))
  case WmiAction.blockIrps:
    if !manager.setBlocked(device) { return PnpStatus.invalidParameter }
  default: return PnpStatus.invalidParameter
  }
  return PnpStatus.success
}
