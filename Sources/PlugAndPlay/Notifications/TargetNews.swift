import CDriverKit
import CRing3
import Glibc
import IOManager
import Machine
import Objects

extension PlugAndPlay {
  /// What happens to a device that somebody watches.
  enum TargetEvent: UInt32 {
    case queryRemove = 0xCB3A_4006
    case removeCancelled = 0xCB3A_4007
    case removeComplete = 0xCB3A_4008

    var guid: GUID { makeGUID(rawValue, 0x46F0, 0x11D0, 0xB08F_0060_9713_053F) }
  }

  /// Tells all who watch a device.
  func announce(_ event: TargetEvent, node: NodePointer) {
    _ = tell(event, node, stopsAtError: false)
  }

  /// Asks all who watch a device whether it may be removed.
  func askToRemove(_ node: NodePointer) -> Int32 {
    tell(.queryRemove, node, stopsAtError: true)
  }

  private func tell(_ event: TargetEvent, _ node: NodePointer, stopsAtError: Bool) -> Int32 {
    var news = TARGET_DEVICE_REMOVAL_NOTIFICATION(
      Version: 1, Size: UInt16(MemoryLayout<TARGET_DEVICE_REMOVAL_NOTIFICATION>.size),
      Event: event.guid, FileObject: nil)
    let number = node.pointee.number
    return withUnsafeMutablePointer(to: &news) { news in
      tell(UnsafeMutableRawPointer(news), stopsAtError: stopsAtError) { registration in
        isWatching(registration, number)
      }
    }
  }

  private func isWatching(_ registration: RegistrationPointer, _ number: UInt64) -> Bool {
    registration.pointee.category == EventCategoryTargetDeviceChange.rawValue
      && registration.pointee.node == number
  }

  // MARK: News of a driver's own

  /// Tells those who watch a device what its driver says, and calls the driver back.
  ///
  /// The payload is the driver's structure, behind the address and the context of its routine.
  func announceCustom(_ action: Action) {
    guard let payload = action.payload, let device = action.device else { return }
    if let node = node(of: device) { announce(custom: payload + 16, node) }
    let routine = payload.load(as: UnsafeMutableRawPointer?.self)
    let context = payload.load(fromByteOffset: 8, as: UInt64.self)
    if let routine { _ = r3_call1(routine, context) }
  }

  func announce(custom structure: UnsafeMutableRawPointer, _ node: NodePointer) {
    let number = node.pointee.number
    _ = tell(structure) { isWatching($0, number) }
  }

  /// Whether what a driver wants told can be told: an event of its own, and a size that holds it.
  func check(_ structure: UnsafeRawPointer) -> Int32 {
    let event = structure.load(fromByteOffset: 4, as: GUID.self)
    let own: [TargetEvent] = [.queryRemove, .removeCancelled, .removeComplete]
    if own.contains(where: { isSame($0.guid, event) }) { return PnpStatus.invalidDeviceRequest }
    let size = structure.load(fromByteOffset: 2, as: UInt16.self)
    return size >= 36 ? PnpStatus.success : PnpStatus.invalidParameter
  }
}

@c(r3_IoReportTargetDeviceChange)
func ioReportTargetDeviceChange(_ device: DevicePointer, _ structure: UnsafeMutableRawPointer)
  -> Int32
{
  let manager = Machine.current.plugAndPlay
  let node = manager.requireNode(device)
  let status = manager.check(structure)
  if status >= 0 { manager.announce(custom: structure, node) }
  return status
}

@c(r3_IoReportTargetDeviceChangeAsynchronous)
func ioReportTargetDeviceChangeAsynchronous(
  _ device: DevicePointer, _ structure: UnsafeRawPointer, _ routine: UnsafeMutableRawPointer?,
  _ context: UnsafeMutableRawPointer?
) -> Int32 {
  let manager = Machine.current.plugAndPlay
  _ = manager.requireNode(device)
  let status = manager.check(structure)
  guard status >= 0 else { return status }
  let size = Int(structure.load(fromByteOffset: 2, as: UInt16.self))
  let payload = UnsafeMutableRawPointer.allocate(byteCount: 16 + size, alignment: 16)
  payload.storeBytes(of: routine, as: UnsafeMutableRawPointer?.self)
  payload.storeBytes(of: bits(context), toByteOffset: 8, as: UInt64.self)
  memcpy(payload + 16, structure, size)
  manager.queue(Action(.announceCustom, device, payload: payload))
  return PnpStatus.pending
}
