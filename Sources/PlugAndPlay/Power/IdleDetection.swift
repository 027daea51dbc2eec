import CDriverKit
import IOManager
import Machine
import Memory
import Objects

/// A device that is to be sent to a low state when it has not been busy for so many seconds.
struct IdleDetection {
  var next: UnsafeMutablePointer<IdleDetection>?
  let device: DevicePointer
  /// Seconds since the driver was last busy; the driver sets it to 0.
  let counter: UnsafeMutablePointer<UInt32>
  var limit: UInt32
  var powerState: UInt32
}

extension PlugAndPlay {
  /// Begins, changes or ends the watch over a device: `PoRegisterDeviceForIdleDetection`.
  ///
  /// - Returns: the counter that the driver sets to 0; nil when there is no watch.
  func watch(_ device: DevicePointer, seconds: UInt32, powerState: UInt32)
    -> UnsafeMutablePointer<UInt32>?
  {
    locked {
      var previous: UnsafeMutablePointer<IdleDetection>?
      var next = state.pointee.power.firstIdle
      while let record = next, record.pointee.device != device {
        previous = record
        next = record.pointee.next
      }
      if let record = next {
        if seconds != 0 {
          record.pointee.limit = seconds
          record.pointee.powerState = powerState
          return record.pointee.counter
        }
        if let previous {
          previous.pointee.next = record.pointee.next
        } else {
          state.pointee.power.firstIdle = record.pointee.next
        }
        // The counter stays: a driver may still write to it.
        record.deallocate()
        return nil
      }
      guard seconds != 0,
        let block = machine.pool.allocate(
          16, kind: .nonpaged, tag: Self.answerTag, zeroed: true)
      else { return nil }
      let record = UnsafeMutablePointer<IdleDetection>.allocate(capacity: 1)
      record.initialize(
        to: IdleDetection(
          next: state.pointee.power.firstIdle, device: device,
          counter: block.assumingMemoryBound(to: UInt32.self), limit: seconds,
          powerState: powerState))
      state.pointee.power.firstIdle = record
      return record.pointee.counter
    }
  }

  /// A second has gone by.
  fileprivate func countSecond() {
    state.pointee.everySecond?()
    var next = locked { state.pointee.power.firstIdle }
    while let record = next {
      let count = record.pointee.counter.pointee &+ 1
      record.pointee.counter.pointee = count
      if count == record.pointee.limit {
        queue(
          Action(
            .powerDownIdle, record.pointee.device, value: UInt64(record.pointee.powerState)))
      }
      next = locked { record.pointee.next }
    }
  }

  /// Sends an idle device down; nobody waits for that.
  func powerDownIdle(_ action: Action) {
    guard let device = action.device else { return }
    _ = requestPower(
      device, minor: UInt8(IRP_MN_SET_POWER), state: UInt32(truncatingIfNeeded: action.value),
      routine: nil, context: nil)
  }
}

let countIdleSeconds: @convention(c) () -> Void = { Machine.current.plugAndPlay.countSecond() }

@c(r3_PoRegisterDeviceForIdleDetection)
func poRegisterDeviceForIdleDetection(
  _ device: DevicePointer, _ conservation: UInt32, _ performance: UInt32, _ powerState: UInt32
) -> UnsafeMutablePointer<UInt32>? {
  // The machine has mains power: the longer time counts. All ones stand for the system's own choice.
  let seconds = performance == .max ? 600 : performance
  return Machine.current.plugAndPlay.watch(device, seconds: seconds, powerState: powerState)
}

@c(r3_PoSetDeviceBusyEx)
func poSetDeviceBusyEx(_ counter: UnsafeMutablePointer<UInt32>) { counter.pointee = 0 }
