import CDriverKit
import IOManager
import Machine
import Objects

extension PlugAndPlay {
  /// The state of the system.
  package var systemPower: SystemPowerState {
    SystemPowerState(rawValue: state.pointee.power.system) ?? .working
  }

  /// Takes the system to a lower state: asks every device, then tells every device, children first.
  ///
  /// When one objects, those that were asked are told to stay. Under the tree lock.
  ///
  /// - Returns: success, or the status of who objected.
  package func sleep(_ power: SystemPowerState) -> Int32 {
    guard systemPower == .working, power != .working else { return PnpStatus.invalidDeviceState }
    var status = PnpStatus.success
    root.forEachUpward { node in
      guard status >= 0, node.isStarted else { return }
      node.pointee.isInTransition = true
      status = send(IRP_MN_QUERY_POWER, power, to: node)
    }
    guard status >= 0 else {
      root.forEachDownward { node in
        guard node.pointee.isInTransition else { return }
        node.pointee.isInTransition = false
        _ = send(IRP_MN_SET_POWER, .working, to: node)
      }
      return status
    }
    root.forEachUpward { node in
      guard node.isStarted else { return }
      node.pointee.isInTransition = false
      _ = send(IRP_MN_SET_POWER, power, to: node)
    }
    state.pointee.power.system = power.rawValue
    return PnpStatus.success
  }

  /// Takes the system back to work: tells every device, parents first.
  ///
  /// Under the tree lock.
  package func wake() -> Int32 {
    guard systemPower != .working else { return PnpStatus.invalidDeviceState }
    root.forEachDownward { node in
      if node.isStarted { _ = send(IRP_MN_SET_POWER, .working, to: node) }
    }
    state.pointee.power.system = SystemPowerState.working.rawValue
    return PnpStatus.success
  }

  /// Sends a request about the state of the system to one device and waits for its end.
  private func send(_ minor: Int32, _ power: SystemPowerState, to node: NodePointer) -> Int32 {
    guard let device = node.pointee.device else { return PnpStatus.success }
    let current = state.pointee.power.system
    var information: UInt = 0
    return send(UInt8(IRP_MJ_POWER), minor, to: device, &information) { location in
      location.pointee.Parameters.Power.Type = CDriverKit.SystemPowerState
      location.pointee.Parameters.Power.State.SystemState = SYSTEM_POWER_STATE(
        rawValue: power.rawValue)
      location.pointee.Parameters.Power.ShutdownType = power.action
      // Target, effective and current state, four bits each.
      location.pointee.Parameters.Power.SystemContext =
        power.rawValue << 8 | power.rawValue << 12 | current << 16
    }
  }

  /// Sets the state of one device and waits for its end; gives the status of its drivers.
  package func setPower(_ power: DevicePowerState, of node: NodePointer) -> Int32 {
    guard let device = node.pointee.device, node.isStarted else {
      return PnpStatus.invalidDeviceState
    }
    var information: UInt = 0
    let status = send(UInt8(IRP_MJ_POWER), IRP_MN_SET_POWER, to: device, &information) { location in
      location.pointee.Parameters.Power.Type = CDriverKit.DevicePowerState
      location.pointee.Parameters.Power.State.DeviceState = DEVICE_POWER_STATE(
        rawValue: power.rawValue)
    }
    if status >= 0 { node.pointee.devicePower = power.rawValue }
    return status
  }
}
