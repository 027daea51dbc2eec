import CDriverKit
import CRing3
import IOManager
import Machine
import Memory
import Objects

/// The value of a power setting; plain memory.
struct PowerSetting {
  var next: UnsafeMutablePointer<PowerSetting>?
  let guid: GUID
  var value: UInt32
}

/// A driver that wants to know a setting.
struct SettingCallback {
  var next: UnsafeMutablePointer<SettingCallback>?
  let number: UInt64
  let guid: GUID
  let routine: UnsafeMutableRawPointer
  let context: UnsafeMutableRawPointer?
}

extension PlugAndPlay {
  /// The settings that a machine has from the start: mains power, display and lid open, battery full.
  private static let initialSettings: [(GUID, UInt32)] = [
    (makeGUID(0x5D3E_9A59, 0xE9D5, 0x4B00, 0xA6BD_FF34_FF51_6548), 0),
    (makeGUID(0x0273_1015, 0x4510, 0x4526, 0x99E6_E5A1_7EBD_1AEA), 1),
    (makeGUID(0x6FE6_9556, 0x704A, 0x47A0, 0x8F24_C28D_936F_DA47), 1),
    (makeGUID(0xBA3E_0F4D, 0xB817, 0x4094, 0xA2D1_D563_79E6_A0F3), 1),
    (makeGUID(0xA7AD_8041, 0xB45A, 0x4CAE, 0x87A3_EECB_B468_A9E1), 100),
    (makeGUID(0x98A7_F580, 0x01F7, 0x48AA, 0x9C0F_4435_2C29_E5C0), 0),
  ]

  private func setting(_ guid: GUID) -> UnsafeMutablePointer<PowerSetting>? {
    var next = state.pointee.power.firstSetting
    while let setting = next {
      if isSame(setting.pointee.guid, guid) { return setting }
      next = setting.pointee.next
    }
    return nil
  }

  private func value(_ guid: GUID) -> UInt32? {
    locked { setting(guid)?.pointee.value }
      ?? Self.initialSettings.first { isSame($0.0, guid) }?.1
  }

  /// Changes a setting and has all who want to know it told.
  package func setPowerSetting(_ guid: GUID, _ value: UInt32) {
    locked {
      if let setting = setting(guid) {
        setting.pointee.value = value
        return
      }
      let setting = UnsafeMutablePointer<PowerSetting>.allocate(capacity: 1)
      setting.initialize(
        to: PowerSetting(next: state.pointee.power.firstSetting, guid: guid, value: value))
      state.pointee.power.firstSetting = setting
    }
    var numbers: [UInt64] = []
    locked {
      forEachCallback { if isSame($0.pointee.guid, guid) { numbers.append($0.pointee.number) } }
    }
    for number in numbers { queue(Action(.announceSetting, nil, value: number)) }
  }

  private func forEachCallback(_ body: (UnsafeMutablePointer<SettingCallback>) -> Void) {
    var next = state.pointee.power.firstCallback
    while let callback = next {
      next = callback.pointee.next
      body(callback)
    }
  }

  /// Tells one driver the value of its setting, if the setting has one.
  func announceSetting(_ number: UInt64) {
    var found: SettingCallback?
    locked { forEachCallback { if $0.pointee.number == number { found = $0.pointee } } }
    guard let found, var value = value(found.guid) else { return }
    var guid = found.guid
    withUnsafeMutablePointer(to: &guid) { guid in
      withUnsafeMutablePointer(to: &value) { value in
        _ = r3_call4(found.routine, bits(guid), bits(value), 4, bits(found.context))
      }
    }
  }

  fileprivate func register(
    _ guid: GUID, _ routine: UnsafeMutableRawPointer, _ context: UnsafeMutableRawPointer?
  ) -> UnsafeMutableRawPointer {
    let callback = UnsafeMutablePointer<SettingCallback>.allocate(capacity: 1)
    let number = locked {
      let number = state.pointee.nextNodeNumber
      state.pointee.nextNodeNumber += 1
      callback.initialize(
        to: SettingCallback(
          next: state.pointee.power.firstCallback, number: number, guid: guid, routine: routine,
          context: context))
      state.pointee.power.firstCallback = callback
      return number
    }
    queue(Action(.announceSetting, nil, value: number))
    return UnsafeMutableRawPointer(callback)
  }

  fileprivate func unregisterSetting(_ handle: UnsafeMutableRawPointer?) -> Int32 {
    locked {
      var previous: UnsafeMutablePointer<SettingCallback>?
      var next = state.pointee.power.firstCallback
      while let callback = next {
        if UnsafeMutableRawPointer(callback) == handle {
          if let previous {
            previous.pointee.next = callback.pointee.next
          } else {
            state.pointee.power.firstCallback = callback.pointee.next
          }
          callback.deallocate()
          return PnpStatus.success
        }
        previous = callback
        next = callback.pointee.next
      }
      return PnpStatus.invalidParameter
    }
  }
}

@c(r3_PoRegisterPowerSettingCallback)
func poRegisterPowerSettingCallback(
  _ device: DevicePointer?, _ guid: UnsafePointer<GUID>, _ routine: UnsafeMutableRawPointer?,
  _ context: UnsafeMutableRawPointer?, _ handle: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> Int32 {
  guard let routine else { return PnpStatus.invalidParameter }
  let entry = Machine.current.plugAndPlay.register(guid.pointee, routine, context)
  handle?.pointee = entry
  return PnpStatus.success
}

@c(r3_PoUnregisterPowerSettingCallback)
func poUnregisterPowerSettingCallback(_ handle: UnsafeMutableRawPointer?) -> Int32 {
  Machine.current.plugAndPlay.unregisterSetting(handle)
}
