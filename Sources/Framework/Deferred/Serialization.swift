import CDriverKit
import CRing3
import Machine

/// The lock that a timer, DPC or work item takes for its callback.
///
/// An object that asks for automatic serialization shares the lock of the queue or device that it
/// belongs to, when that one has a synchronization scope.
struct Serialization {
  private let lock: UnsafeMutablePointer<CallbackLock>?

  static var none: Serialization { Serialization(lock: nil) }

  fileprivate init(lock: UnsafeMutablePointer<CallbackLock>?) { self.lock = lock }

  func enter() { lock?.pointee.acquire() }

  func leave() { lock?.pointee.release() }
}

extension Framework {
  /// Finds the lock for callbacks of an object below `parent`.
  ///
  /// - Parameter isPassive: whether the callbacks run at PASSIVE_LEVEL, not at DISPATCH_LEVEL.
  /// - Returns: STATUS_INVALID_DEVICE_REQUEST when `parent` belongs to no device,
  ///   STATUS_WDF_INCOMPATIBLE_EXECUTION_LEVEL when the lock is one of the other level.
  func serialize(
    below parent: FrameworkObject, isWanted: Bool, isPassive: Bool, _ result: inout Serialization
  ) -> Int32 {
    result = .none
    guard parent.owningDevice != nil else { return FrameworkStatus.invalidDeviceRequest }
    guard isWanted else { return 0 }
    var next: FrameworkObject? = parent
    while let object = next, object.kind != .queue, object.kind != .device { next = object.parent }
    guard let owner = next ?? parent.owningDevice else {
      return FrameworkStatus.invalidDeviceRequest
    }
    guard let lock = callbackLock(of: owner) else { return 0 }
    guard (owner.head.pointee.executionLevel == .passive) == isPassive else {
      return FrameworkStatus.incompatibleExecutionLevel
    }
    result = Serialization(lock: lock)
    return 0
  }

  /// The lock of a queue's or device's callbacks; nil when its scope names none.
  private func callbackLock(of owner: FrameworkObject) -> UnsafeMutablePointer<CallbackLock>? {
    if owner.kind == .queue { return owner.body(as: QueueBody.self).callbackLock }
    guard owner.head.pointee.synchronizationScope == .device else { return nil }
    return owner.body(as: DeviceBody.self).lockAddress()
  }
}
