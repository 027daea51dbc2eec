import CDriverKit
import CRing3
import Machine
import Memory
import PlugAndPlay

/// What a device offers to WMI: its providers, each a block of data with instances.
struct WmiState {
  /// Guards the lists of providers and of their instances.
  var lock = MachineLock()
  var first: UnsafeMutablePointer<WmiProviderBody>?
  var providerCount = 0
  /// Whether the system knows of the device.
  var isRegistered = false
  /// Where the description of the blocks is; empty when it was not assigned.
  var mofName = PoolText()

  static var tag: UInt32 { 0x6D57_7846 }  // FxWm
}

extension UnsafeMutablePointer where Pointee == WmiState {
  func withLock<R>(_ body: () -> R) -> R {
    pointee.lock.lock()
    let result = body()
    pointee.lock.unlock()
    return result
  }

  /// The provider of a block; under the lock.
  func provider(_ guid: GUID) -> UnsafeMutablePointer<WmiProviderBody>? {
    var next = pointee.first
    while let provider = next, !isEqual(provider.pointee.guid, guid) {
      next = provider.pointee.next
    }
    return next
  }

  /// Adds a provider behind the others; under the lock.
  func append(_ provider: UnsafeMutablePointer<WmiProviderBody>) {
    pointee.providerCount += 1
    guard var last = pointee.first else {
      pointee.first = provider
      return
    }
    while let next = last.pointee.next { last = next }
    last.pointee.next = provider
  }

  /// Takes a provider out; under the lock.
  func remove(_ provider: UnsafeMutablePointer<WmiProviderBody>) {
    if pointee.first == provider {
      pointee.first = provider.pointee.next
    } else {
      var before = pointee.first
      while let candidate = before, candidate.pointee.next != provider {
        before = candidate.pointee.next
      }
      guard let before else { return }
      before.pointee.next = provider.pointee.next
    }
    provider.pointee.next = nil
    pointee.providerCount -= 1
  }
}

/// Whether two identifiers have the same bytes.
func isEqual(_ first: GUID, _ second: GUID) -> Bool {
  withUnsafeBytes(of: first) { first in
    withUnsafeBytes(of: second) { first.elementsEqual($0) }
  }
}

extension Framework {
  /// What a device offers, begun when it is not yet there; nil without memory.
  func wmi(of device: UnsafeMutablePointer<DeviceBody>) -> UnsafeMutablePointer<WmiState>? {
    if let wmi = device.pointee.wmi { return wmi }
    guard
      let block = machine.pool.allocate(
        MemoryLayout<WmiState>.size, kind: .nonpaged, tag: WmiState.tag)
    else { return nil }
    let wmi = block.bindMemory(to: WmiState.self, capacity: 1)
    wmi.initialize(to: WmiState())
    device.pointee.wmi = wmi
    return wmi
  }

  /// Tells the system of a device: a control device is finished, or another one has started.
  func registerWmi(_ device: UnsafeMutablePointer<DeviceBody>) {
    guard let wmi = wmi(of: device), !wmi.pointee.isRegistered else { return }
    wmi.pointee.isRegistered = true
    _ = ioWMIRegistrationControl(device.pointee.wdmDevice, UInt32(WmiAction.register))
  }

  /// Takes a device back from the system: it ends, or was removed.
  func deregisterWmi(_ device: UnsafeMutablePointer<DeviceBody>) {
    guard let wmi = device.pointee.wmi, wmi.pointee.isRegistered else { return }
    wmi.pointee.isRegistered = false
    _ = ioWMIRegistrationControl(device.pointee.wdmDevice, UInt32(WmiAction.deregister))
  }

  /// Has the system ask again what a device offers.
  func updateWmi(_ device: UnsafeMutablePointer<DeviceBody>) {
    guard let wmi = device.pointee.wmi, wmi.pointee.isRegistered else { return }
    _ = ioWMIRegistrationControl(device.pointee.wdmDevice, UInt32(WmiAction.updateGuids))
  }

  /// Frees what a device that ends kept; its providers are gone.
  func freeWmi(_ device: UnsafeMutablePointer<DeviceBody>) {
    guard let wmi = device.pointee.wmi else { return }
    device.pointee.wmi = nil
    wmi.pointee.mofName.free()
    machine.pool.free(UnsafeMutableRawPointer(wmi), tag: WmiState.tag)
  }
}

/// The name can be given once.
@c(r3_WdfDeviceAssignMofResourceName)
package func wdfDeviceAssignMofResourceName(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64, _ name: UnsafePointer<UNICODE_STRING>?
) -> Int32 {
  let framework = Framework.current
  let device = framework.device(handle)
  let name = framework.require(name)
  guard framework.isLevel(atMost: IRQL.passive) else { return FrameworkStatus.invalidDeviceRequest }
  guard framework.isValid(name.pointee) else { return FrameworkStatus.invalidParameter }
  guard let wmi = framework.wmi(of: device) else { return FrameworkStatus.insufficientResources }
  guard wmi.pointee.mofName.start == nil else { return FrameworkStatus.invalidDeviceRequest }
  return wmi.pointee.mofName.set(name) ? 0 : FrameworkStatus.insufficientResources
}
