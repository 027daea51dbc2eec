import CDriverKit
import Glibc
import IOManager
import Machine
import Memory
import Objects

/// An event that a driver wrote for WMI.
public struct InstrumentationEvent: Sendable, Hashable {
  /// Which event, as text: `{…}`.
  public let guid: String
  /// The data of the event.
  public let data: [UInt8]
}

extension PlugAndPlay {
  /// Keeps an event, the last thousand of them, and frees its block.
  ///
  /// Of an event that refers to its data elsewhere only the identifier is known.
  fileprivate func write(_ block: UnsafeMutableRawPointer) -> Int32 {
    let size = Int(block.load(as: UInt32.self))
    guard size >= WmiLayout.header else { return PnpStatus.invalidParameter }
    let guid = block.load(fromByteOffset: 24, as: GUID.self)
    let flags = block.load(fromByteOffset: 44, as: UInt32.self)
    var data: [UInt8] = []
    if flags & UInt32(WNODE_FLAG_SINGLE_INSTANCE) != 0, size >= 64 {
      let offset = Int(block.load(fromByteOffset: 56, as: UInt32.self))
      let count = Int(block.load(fromByteOffset: 60, as: UInt32.self))
      if offset + count <= size {
        data = Array(UnsafeRawBufferPointer(start: block + offset, count: count))
      }
    }
    let event = InstrumentationEvent(guid: text(of: guid), data: data)
    locked { state.pointee.events.takeUnretainedValue().append(event) }
    machine.pool.free(block, tag: 0)
    return PnpStatus.success
  }

  /// The events that drivers wrote, oldest first.
  package var events: [InstrumentationEvent] {
    locked { state.pointee.events.takeUnretainedValue().list }
  }
}

/// The events that were written; touched under the lock.
final class EventList {
  private(set) var list: [InstrumentationEvent] = []

  func append(_ event: InstrumentationEvent) {
    if list.count >= 1000 { list.removeFirst() }
    list.append(event)
  }
}

/// `IoWMIWriteEvent`, for drivers and for the layers above.
@c(r3_IoWMIWriteEvent)
package func ioWMIWriteEvent(_ event: UnsafeMutableRawPointer?) -> Int32 {
  guard let event else { return PnpStatus.invalidParameter }
  return Machine.current.plugAndPlay.write(event)
}

@c(r3_IoWMIDeviceObjectToProviderId)
package func ioWMIDeviceObjectToProviderId(_ device: DevicePointer) -> UInt32 {
  UInt32(truncatingIfNeeded: UInt(bitPattern: device) >> 4)
}

@c(r3_IoWMIAllocateInstanceIds)
func ioWMIAllocateInstanceIds(
  _ guid: UnsafeRawPointer, _ count: UInt32, _ first: UnsafeMutablePointer<UInt32>
) -> Int32 {
  let manager = Machine.current.plugAndPlay
  // Numbers that no block has twice serve every block.
  first.pointee = manager.locked {
    let first = manager.state.pointee.nextInstanceID
    manager.state.pointee.nextInstanceID &+= count
    return first
  }
  return PnpStatus.success
}

@c(r3_IoWMISuggestInstanceName)
func ioWMISuggestInstanceName(
  _ device: DevicePointer?, _ link: UnsafePointer<UNICODE_STRING>?, _ combine: UInt32,
  _ name: UnsafeMutablePointer<UNICODE_STRING>
) -> Int32 {
  let manager = Machine.current.plugAndPlay
  var suggestion = ""
  if let device {
    guard let node = manager.node(of: device) else { return PnpStatus.invalidDeviceRequest }
    suggestion = manager.string(node, "DeviceDesc") ?? node.pointee.instancePath.string
  }
  if let link, device == nil || combine & 0xFF != 0 {
    let text = stored(link)
    defer { text.free() }
    suggestion += text.string.split(separator: "\\").last ?? ""
  }
  let units = Array(suggestion.utf16)
  return units.withUnsafeBufferPointer { give($0, to: name, manager.machine) }
    ? PnpStatus.success : PnpStatus.insufficientResources
}

@c(r3_WmiFireEvent)
func wmiFireEvent(
  _ device: DevicePointer, _ guid: UnsafePointer<GUID>, _ instance: UInt32, _ size: UInt32,
  _ data: UnsafeMutableRawPointer?
) -> Int32 {
  let manager = Machine.current.plugAndPlay
  let pool = manager.machine.pool
  let total = 64 + Int(size)
  guard
    let block = pool.allocate(total, kind: .nonpaged, tag: PlugAndPlay.answerTag, zeroed: true)
  else {
    if let data { pool.free(data, tag: 0) }
    return PnpStatus.insufficientResources
  }
  block.storeBytes(of: UInt32(total), as: UInt32.self)
  block.storeBytes(
    of: ioWMIDeviceObjectToProviderId(device), toByteOffset: 4, as: UInt32.self)
  block.storeBytes(of: guid.pointee, toByteOffset: 24, as: GUID.self)
  let flags =
    WNODE_FLAG_SINGLE_INSTANCE | WNODE_FLAG_EVENT_ITEM | WNODE_FLAG_STATIC_INSTANCE_NAMES
  block.storeBytes(of: UInt32(flags), toByteOffset: 44, as: UInt32.self)
  block.storeBytes(of: instance, toByteOffset: 52, as: UInt32.self)
  block.storeBytes(of: 64, toByteOffset: 56, as: UInt32.self)
  block.storeBytes(of: size, toByteOffset: 60, as: UInt32.self)
  if let data {
    memcpy(block + 64, data, Int(size))
    pool.free(data, tag: 0)
  }
  return manager.write(block)
}
