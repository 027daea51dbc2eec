import CDriverKit
import Machine

// Settings of drivers that nothing else shows, for reports.
extension Framework {
  func settings(of object: FrameworkObject) -> [String] {
    switch object.kind {
    case .device: settings(of: object.body(as: DeviceBody.self))
    case .interrupt: settings(of: object.body(as: InterruptBody.self))
    case .queue: settings(of: object.body(as: QueueBody.self))
    default: []
    }
  }

  private func settings(of device: UnsafeMutablePointer<DeviceBody>) -> [String] {
    guard let pnp = device.pnp else { return [] }
    var result: [String] = []
    if pnp.pointee.releaseOrder == WdfReleaseHardwareOrderOnFailureAfterDescendants {
      result.append("hardware is released after descendants on failure")
    }
    if pnp.pointee.acquiresRemoveLock { result.append("remove lock for I/O") }
    if let idle = pnp.pointee.idleSettings {
      result.append(
        "idle: \(name(idle.DxState)) after \(idle.IdleTimeout) ms"
          + (idle.IdleCaps == IdleCanWakeFromS0 ? ", wakes itself" : "")
          + (idle.Enabled == WdfFalse ? ", off" : ""))
    }
    if let wake = pnp.pointee.wakeSettings {
      result.append("wake: \(name(wake.DxState))" + (wake.Enabled == WdfFalse ? ", off" : ""))
    }
    return result
  }

  private func name(_ state: DEVICE_POWER_STATE) -> String {
    switch state {
    case PowerDeviceD0: "D0"
    case PowerDeviceD1: "D1"
    case PowerDeviceD2: "D2"
    case PowerDeviceD3: "D3"
    default: "the deepest state"
    }
  }

  private func settings(of interrupt: UnsafeMutablePointer<InterruptBody>) -> [String] {
    let policy = interrupt.pointee.policy
    guard policy.Policy.rawValue != 0 || policy.Priority.rawValue != 0 else { return [] }
    return ["interrupt policy \(policy.Policy.rawValue), priority \(policy.Priority.rawValue)"]
  }

  private func settings(of queue: UnsafeMutablePointer<QueueBody>) -> [String] {
    guard let reserve = queue.pointee.reserve else { return [] }
    return ["\(reserve.pointee.count) requests in reserve"]
  }
}
