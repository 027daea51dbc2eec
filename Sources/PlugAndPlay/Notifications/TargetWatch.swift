import CDriverKit
import IOManager
import Machine
import Memory
import Objects

// What the driver framework asks for its I/O targets.
extension PlugAndPlay {
  /// What happens to a device that a target leads to.
  package enum WatchedEvent {
    case queryRemove, removeCancelled, removeComplete
  }

  /// Has a routine in the Microsoft convention called before and after the device of a file is removed.
  ///
  /// - Returns: the entry for ``endWatch(_:)``; nil for a device that is not in the tree.
  package func watch(
    _ file: FilePointer, _ driver: DriverPointer, _ routine: UnsafeMutableRawPointer,
    _ context: UnsafeMutableRawPointer
  ) -> UnsafeMutableRawPointer? {
    var entry: UnsafeMutableRawPointer?
    let status = ioRegisterPlugPlayNotification(
      UInt32(EventCategoryTargetDeviceChange.rawValue), 0, UnsafeMutableRawPointer(file), driver,
      routine, context, &entry)
    return status < 0 ? nil : entry
  }

  /// Ends a watch; a call of its routine in another thread has come back before.
  package func endWatch(_ entry: UnsafeMutableRawPointer) {
    _ = unregister(entry.assumingMemoryBound(to: Registration.self), waits: true)
  }

  /// Which event a notification tells of; nil for an event of a driver's own.
  package func watchedEvent(_ guid: GUID) -> WatchedEvent? {
    if isSame(guid, TargetEvent.queryRemove.guid) { return .queryRemove }
    if isSame(guid, TargetEvent.removeCancelled.guid) { return .removeCancelled }
    if isSame(guid, TargetEvent.removeComplete.guid) { return .removeComplete }
    return nil
  }

  /// The physical device of a stack, referenced, as the stack itself says; nil when it has none.
  package func physicalDevice(ofStack device: DevicePointer) -> DevicePointer? {
    guard let relations = queryRelations(TargetDeviceRelation, of: device) else { return nil }
    let found = relations.pointee.Count > 0 ? devices(of: relations)[0] : nil
    machine.pool.free(UnsafeMutableRawPointer(relations), tag: 0)
    return found
  }

  /// A property of a physical device, as IoGetDeviceProperty gives it.
  package func queryProperty(
    _ property: UInt32, of device: DevicePointer, _ byteCount: UInt32,
    _ buffer: UnsafeMutableRawPointer?, _ resultByteCount: UnsafeMutablePointer<UInt32>
  ) -> Int32 {
    ioGetDeviceProperty(device, property, byteCount, buffer, resultByteCount)
  }

  /// Asks a stack for an interface: IRP_MN_QUERY_INTERFACE.
  package func queryInterface(
    of device: DevicePointer, _ type: UnsafePointer<GUID>, _ interface: UnsafeMutableRawPointer,
    byteCount: UInt16, version: UInt16, _ data: UnsafeMutableRawPointer?
  ) -> Int32 {
    var information: UInt = 0
    return send(IRP_MN_QUERY_INTERFACE, to: device, &information) { location in
      location.pointee.Parameters.QueryInterface.InterfaceType = type
      location.pointee.Parameters.QueryInterface.Size = byteCount
      location.pointee.Parameters.QueryInterface.Version = version
      location.pointee.Parameters.QueryInterface.Interface =
        interface.assumingMemoryBound(to: INTERFACE.self)
      location.pointee.Parameters.QueryInterface.InterfaceSpecificData = data
    }
  }
}
