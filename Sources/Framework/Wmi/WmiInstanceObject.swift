import CDriverKit
import CRing3
import Machine
import Memory

/// A WDFWMIINSTANCE: one instance of a provider's block.
struct WmiInstanceBody {
  var head: ObjectHead
  let provider: UnsafeMutablePointer<WmiProviderBody>
  /// Bytes of the context, when it is the data that a query gives.
  let contextByteCount: UInt32?
  let query: UnsafeMutableRawPointer?
  let set: UnsafeMutableRawPointer?
  let setItem: UnsafeMutableRawPointer?
  let execute: UnsafeMutableRawPointer?
  /// Whether it is one of the provider's; with `next` under the lock of the device's ``WmiState``.
  var isAdded = false
  var next: UnsafeMutablePointer<WmiInstanceBody>?
}

extension UnsafeMutablePointer where Pointee == WmiInstanceBody {
  var object: FrameworkObject { FrameworkObject(self) }
  var device: UnsafeMutablePointer<DeviceBody> { pointee.provider.pointee.device }
}

extension Framework {
  static let wmiInstanceClass = ObjectClass(
    dispose: { address in
      Framework.current.remove(address.assumingMemoryBound(to: WmiInstanceBody.self))
    })

  func wmiInstance(_ handle: UInt64) -> UnsafeMutablePointer<WmiInstanceBody> {
    body(handle, .wmiInstance, as: WmiInstanceBody.self)
  }

  /// Makes an instance the last one of its provider.
  func add(_ instance: UnsafeMutablePointer<WmiInstanceBody>) -> Int32 {
    let provider = instance.pointee.provider
    guard !provider.pointee.flags.contains(.tracing), let wmi = instance.device.pointee.wmi else {
      return FrameworkStatus.invalidDeviceRequest
    }
    let status = wmi.withLock {
      if instance.pointee.isAdded { return FrameworkStatus.invalidDeviceRequest }
      instance.pointee.isAdded = true
      instance.pointee.next = nil
      if let last = provider.instance(provider.pointee.instanceCount &- 1) {
        last.pointee.next = instance
      } else {
        provider.pointee.firstInstance = instance
      }
      provider.pointee.instanceCount += 1
      provider.pointee.isWithdrawn = false
      return 0
    }
    if status == 0 { updateWmi(instance.device) }
    return status
  }

  /// Takes an instance away from its provider, when it is one of its.
  func remove(_ instance: UnsafeMutablePointer<WmiInstanceBody>) {
    guard let wmi = instance.device.pointee.wmi else { return }
    let wasAdded = wmi.withLock {
      guard instance.pointee.isAdded else { return false }
      unlink(instance)
      let provider = instance.pointee.provider
      provider.pointee.instanceCount -= 1
      provider.pointee.isWithdrawn =
        provider.pointee.instanceCount == 0 && !provider.pointee.flags.contains(.expensive)
      return true
    }
    if wasAdded { updateWmi(instance.device) }
  }

  private func unlink(_ instance: UnsafeMutablePointer<WmiInstanceBody>) {
    let provider = instance.pointee.provider
    if provider.pointee.firstInstance == instance {
      provider.pointee.firstInstance = instance.pointee.next
    } else {
      var before = provider.pointee.firstInstance
      while let candidate = before, candidate.pointee.next != instance {
        before = candidate.pointee.next
      }
      before?.pointee.next = instance.pointee.next
    }
    instance.pointee.next = nil
    instance.pointee.isAdded = false
  }

  /// The number of an instance among those of its provider.
  func index(of instance: UnsafeMutablePointer<WmiInstanceBody>) -> UInt32 {
    guard let wmi = instance.device.pointee.wmi else { return 0 }
    return wmi.withLock {
      var index: UInt32 = 0
      var next = instance.pointee.provider.pointee.firstInstance
      while let candidate = next, candidate != instance {
        next = candidate.pointee.next
        index += 1
      }
      return index
    }
  }
}
