import CDriverKit
import Glibc
import IOManager
import Machine
import Objects

extension PlugAndPlay {
  static var arrivalEvent: GUID { makeGUID(0xCB3A_4004, 0x46F0, 0x11D0, 0xB08F_0060_9713_053F) }
  static var departureEvent: GUID { makeGUID(0xCB3A_4005, 0x46F0, 0x11D0, 0xB08F_0060_9713_053F) }

  /// What is still to be said of an interface that is gone: its class, and its link behind that.
  func departure(_ interface: InterfacePointer) -> UnsafeMutableRawPointer {
    let link = interface.pointee.link
    let block = UnsafeMutableRawPointer.allocate(byteCount: 24 + link.count * 2, alignment: 16)
    block.storeBytes(of: interface.pointee.guid, as: GUID.self)
    block.storeBytes(of: link.count, toByteOffset: 16, as: Int.self)
    copy(link.text, to: block + 24)
    return block
  }

  /// Tells of an interface that has come, unless it has gone since.
  func announceInterface(number: UInt64) {
    var interface: InterfacePointer?
    locked { forEachInterface { if $0.pointee.number == number { interface = $0 } } }
    guard let interface, interface.pointee.isEnabled, !interface.pointee.isAnnounced,
      let node = node(of: interface.pointee.device), node.isStarted
    else { return }
    interface.pointee.isAnnounced = true
    tell(Self.arrivalEvent, interface.pointee.guid, interface.pointee.link.text)
  }

  /// Tells of an interface that has gone.
  func announceDeparture(_ payload: UnsafeMutableRawPointer) {
    let count = payload.load(fromByteOffset: 16, as: Int.self)
    let link = UTF16Text(start: (payload + 24).assumingMemoryBound(to: UInt16.self), count: count)
    tell(Self.departureEvent, payload.load(as: GUID.self), link)
  }

  /// Tells all who watch a class of interfaces.
  private func tell(_ event: GUID, _ guid: GUID, _ link: UTF16Text) {
    withNews(event, guid, link) { news in
      _ = tell(news) { registration in
        registration.pointee.category == EventCategoryDeviceInterfaceChange.rawValue
          && isSame(registration.pointee.guid, guid)
      }
    }
  }

  /// Calls `body` with the structure that tells of an interface.
  func withNews(
    _ event: GUID, _ guid: GUID, _ link: UTF16Text, _ body: (UnsafeMutableRawPointer) -> Void
  ) {
    var name = UNICODE_STRING(
      Length: UInt16(link.count * 2), MaximumLength: UInt16(link.count * 2),
      Buffer: UnsafeMutablePointer(mutating: link.baseAddress))
    withUnsafeMutablePointer(to: &name) { name in
      var news = DEVICE_INTERFACE_CHANGE_NOTIFICATION(
        Version: 1, Size: UInt16(MemoryLayout<DEVICE_INTERFACE_CHANGE_NOTIFICATION>.size),
        Event: event, InterfaceClassGuid: guid, SymbolicLinkName: name)
      withUnsafeMutableBytes(of: &news) { bytes in
        if let address = bytes.baseAddress { body(address) }
      }
    }
  }
}
