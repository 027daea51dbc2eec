import CDriverKit
import IOManager
import Machine
import Objects

/// `IoRegisterPlugPlayNotification`, for drivers and for the layers above.
@c(r3_IoRegisterPlugPlayNotification)
package func ioRegisterPlugPlayNotification(
  _ category: UInt32, _ flags: UInt32, _ data: UnsafeMutableRawPointer?, _ driver: DriverPointer,
  _ routine: UnsafeMutableRawPointer?, _ context: UnsafeMutableRawPointer?,
  _ entry: UnsafeMutablePointer<UnsafeMutableRawPointer?>
) -> Int32 {
  let manager = Machine.current.plugAndPlay
  guard let routine else { return PnpStatus.invalidParameter }
  var guid = GUID()
  var file: FilePointer?
  var node: UInt64 = 0
  switch category {
  case EventCategoryDeviceInterfaceChange.rawValue:
    guard let data else { return PnpStatus.invalidParameter }
    guid = data.loadUnaligned(as: GUID.self)
  case EventCategoryTargetDeviceChange.rawValue:
    guard let data else { return PnpStatus.invalidParameter }
    let watched = data.assumingMemoryBound(to: FILE_OBJECT.self)
    guard let device = watched.pointee.DeviceObject, let found = manager.node(ofStack: device)
    else { return PnpStatus.noSuchDevice }
    file = watched
    node = found.pointee.number
  case EventCategoryHardwareProfileChange.rawValue, EventCategoryKernelSoftRestart.rawValue:
    // There is one profile, and no restart without an end: nothing will ever be told.
    break
  default: return PnpStatus.invalidParameter
  }
  let number = manager.locked {
    manager.state.pointee.nextNodeNumber += 1
    return manager.state.pointee.nextNodeNumber - 1
  }
  let registration = manager.add(
    Registration(
      number: number, category: category, guid: guid, file: file, node: node, driver: driver,
      routine: routine, context: context))
  entry.pointee = UnsafeMutableRawPointer(registration)
  if flags & UInt32(PNPNOTIFY_DEVICE_INTERFACE_INCLUDE_EXISTING_INTERFACES) != 0,
    category == EventCategoryDeviceInterfaceChange.rawValue
  {
    manager.announceExisting(to: number, guid)
  }
  return PnpStatus.success
}

extension PlugAndPlay {
  /// Tells a new registration of the interfaces that are there already.
  fileprivate func announceExisting(to number: UInt64, _ guid: GUID) {
    var last: UInt64 = 0
    while let interface = nextInterface(guid, after: last) {
      last = interface.pointee.number
      withNews(Self.arrivalEvent, guid, interface.pointee.link.text) { news in
        _ = tell(news) { $0.pointee.number == number }
      }
    }
  }

  private func nextInterface(_ guid: GUID, after number: UInt64) -> InterfacePointer? {
    locked {
      var found: InterfacePointer?
      forEachInterface { interface in
        if found == nil, interface.pointee.number > number, interface.pointee.isEnabled,
          interface.pointee.isAnnounced, isSame(interface.pointee.guid, guid)
        {
          found = interface
        }
      }
      return found
    }
  }
}

@c(r3_IoUnregisterPlugPlayNotification)
func ioUnregisterPlugPlayNotification(_ entry: UnsafeMutableRawPointer) -> Int32 {
  Machine.current.plugAndPlay.unregister(
    entry.assumingMemoryBound(to: Registration.self), waits: true)
}

/// `IoUnregisterPlugPlayNotificationEx`, for drivers and for the layers above.
@c(r3_IoUnregisterPlugPlayNotificationEx)
package func ioUnregisterPlugPlayNotificationEx(_ entry: UnsafeMutableRawPointer) -> Int32 {
  Machine.current.plugAndPlay.unregister(
    entry.assumingMemoryBound(to: Registration.self), waits: true)
}
