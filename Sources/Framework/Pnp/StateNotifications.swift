import CDriverKit
import CRing3
import Machine
import Memory

/// The states that a driver may ask for: the main ones of those that Windows goes through.
struct DeviceStates {
  var pnp = WdfDevStatePnpObjectCreated
  var power = WdfDevStatePowerObjectCreated
  var policy = WdfDevStatePwrPolObjectCreated
}

/// A driver's wish to be told of a state.
struct StateNotification {
  var next: UnsafeMutablePointer<StateNotification>?
  let state: UInt32
  let routine: UnsafeMutableRawPointer
  /// `WDF_STATE_NOTIFICATION_TYPE`.
  let types: UInt32
}

extension Framework {
  func enter(
    _ device: UnsafeMutablePointer<DeviceBody>, _ pnp: UnsafeMutablePointer<PnpState>,
    pnp new: WDF_DEVICE_PNP_STATE
  ) {
    let old = pnp.pointee.states.pnp
    guard old != new else { return }
    change(device, pnp, old.rawValue, new.rawValue) { pnp.pointee.states.pnp = new }
  }

  func enter(
    _ device: UnsafeMutablePointer<DeviceBody>, _ pnp: UnsafeMutablePointer<PnpState>,
    power new: WDF_DEVICE_POWER_STATE
  ) {
    let old = pnp.pointee.states.power
    guard old != new else { return }
    change(device, pnp, old.rawValue, new.rawValue) { pnp.pointee.states.power = new }
  }

  func enter(
    _ device: UnsafeMutablePointer<DeviceBody>, _ pnp: UnsafeMutablePointer<PnpState>,
    policy new: WDF_DEVICE_POWER_POLICY_STATE
  ) {
    let old = pnp.pointee.states.policy
    guard old != new else { return }
    change(device, pnp, old.rawValue, new.rawValue) { pnp.pointee.states.policy = new }
  }

  /// Leaves one state and enters another; the numbers of the three machines differ.
  private func change(
    _ device: UnsafeMutablePointer<DeviceBody>, _ pnp: UnsafeMutablePointer<PnpState>,
    _ old: UInt32, _ new: UInt32, _ set: () -> Void
  ) {
    guard pnp.pointee.notifications != nil else { return set() }
    tell(device, pnp, old, .leave, old, new)
    tell(device, pnp, new, .enter, old, new)
    set()
    tell(device, pnp, new, .postProcess, new, 0)
  }

  private enum NotificationType: UInt32 {
    case enter = 1
    case postProcess = 2
    case leave = 4
  }

  /// The three structures of notification data are alike: type, state, and perhaps the next state.
  private func tell(
    _ device: UnsafeMutablePointer<DeviceBody>, _ pnp: UnsafeMutablePointer<PnpState>,
    _ state: UInt32, _ type: NotificationType, _ first: UInt32, _ second: UInt32
  ) {
    var next = pnp.pointee.notifications
    while let notification = next {
      next = notification.pointee.next
      guard notification.pointee.state == state, notification.pointee.types & type.rawValue != 0
      else { continue }
      var data = WDF_DEVICE_PNP_NOTIFICATION_DATA()
      data.Type = WDF_STATE_NOTIFICATION_TYPE(rawValue: type.rawValue)
      data.Data.EnterState.CurrentState = WDF_DEVICE_PNP_STATE(rawValue: first)
      data.Data.EnterState.NewState = WDF_DEVICE_PNP_STATE(rawValue: second)
      withUnsafeMutablePointer(to: &data) { data in
        _ = r3_call2(notification.pointee.routine, device.handle, bits(data))
      }
    }
  }

  fileprivate func register(
    _ address: UnsafeMutableRawPointer?, _ state: UInt32, _ routine: UnsafeMutableRawPointer?,
    _ types: UInt32
  ) -> Int32 {
    let description = deviceInit(address)
    let routine = require(routine)
    guard types != 0, types & ~7 == 0, state & 0xFFF != 0 else {
      return FrameworkStatus.invalidParameter
    }
    guard let pnp = pnp(of: description),
      let block = machine.pool.allocate(
        MemoryLayout<StateNotification>.size, kind: .nonpaged, tag: PnpState.tag)
    else { return FrameworkStatus.insufficientResources }
    let record = block.bindMemory(to: StateNotification.self, capacity: 1)
    record.initialize(
      to: StateNotification(
        next: pnp.pointee.notifications, state: state, routine: routine, types: types))
    pnp.pointee.notifications = record
    return 0
  }
}

@c(r3_WdfDeviceInitRegisterPnpStateChangeCallback)
package func wdfDeviceInitRegisterPnpStateChangeCallback(
  _ globals: UnsafeMutableRawPointer, _ address: UnsafeMutableRawPointer?, _ state: UInt32,
  _ routine: UnsafeMutableRawPointer?, _ types: UInt32
) -> Int32 { Framework.current.register(address, state, routine, types) }

@c(r3_WdfDeviceInitRegisterPowerStateChangeCallback)
package func wdfDeviceInitRegisterPowerStateChangeCallback(
  _ globals: UnsafeMutableRawPointer, _ address: UnsafeMutableRawPointer?, _ state: UInt32,
  _ routine: UnsafeMutableRawPointer?, _ types: UInt32
) -> Int32 { Framework.current.register(address, state, routine, types) }

@c(r3_WdfDeviceInitRegisterPowerPolicyStateChangeCallback)
package func wdfDeviceInitRegisterPowerPolicyStateChangeCallback(
  _ globals: UnsafeMutableRawPointer, _ address: UnsafeMutableRawPointer?, _ state: UInt32,
  _ routine: UnsafeMutableRawPointer?, _ types: UInt32
) -> Int32 { Framework.current.register(address, state, routine, types) }

@c(r3_WdfDeviceGetDevicePnpState)
package func wdfDeviceGetDevicePnpState(_ globals: UnsafeMutableRawPointer, _ handle: UInt64)
  -> UInt32
{
  (Framework.current.device(handle).pnp?.pointee.states.pnp ?? WdfDevStatePnpInvalid).rawValue
}

@c(r3_WdfDeviceGetDevicePowerState)
package func wdfDeviceGetDevicePowerState(_ globals: UnsafeMutableRawPointer, _ handle: UInt64)
  -> UInt32
{
  (Framework.current.device(handle).pnp?.pointee.states.power ?? WdfDevStatePowerInvalid).rawValue
}

@c(r3_WdfDeviceGetDevicePowerPolicyState)
package func wdfDeviceGetDevicePowerPolicyState(
  _ globals: UnsafeMutableRawPointer, _ handle: UInt64
)
  -> UInt32
{
  (Framework.current.device(handle).pnp?.pointee.states.policy ?? WdfDevStatePwrPolInvalid).rawValue
}
