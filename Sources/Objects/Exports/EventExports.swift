import CDriverKit
import Machine

// Events with a name or a handle.

extension ObjectManager {
  /// Makes an event, or opens the one that has the name; the handle is one of the current process.
  package func makeEvent(
    _ handle: UnsafeMutablePointer<UInt>, _ access: UInt32,
    _ attributes: UnsafePointer<OBJECT_ATTRIBUTES>?, _ kind: Event.Kind, isSet: Bool
  ) -> UInt32 {
    make(.event, byteCount: MemoryLayout<KEVENT>.size, attributes, access: access, handle) {
      Event($0.assumingMemoryBound(to: KEVENT.self)).initialize(kind, isSet: isSet)
    }
  }

  /// Makes a named event that is set, or opens the one that has the name; gives its address.
  ///
  /// The handle alone keeps it: the caller waits no more when it has closed the handle.
  fileprivate func makeEvent(
    named name: UnsafeMutablePointer<UNICODE_STRING>?, _ kind: Event.Kind,
    _ handle: UnsafeMutablePointer<UInt>
  ) -> UnsafeMutableRawPointer? {
    var attributes = OBJECT_ATTRIBUTES()
    attributes.Length = UInt32(MemoryLayout<OBJECT_ATTRIBUTES>.size)
    attributes.ObjectName = name
    attributes.Attributes = ObjectAttributes.openIf | ObjectAttributes.kernelHandle
    var value: UInt = 0
    let status = makeEvent(&value, 0x1F0003 /* EVENT_ALL_ACCESS */, &attributes, kind, isSet: true)
    guard status >> 31 == 0 else { return nil }
    handle.pointee = value
    return entry(value, in: machine.systemProcess)?.body
  }
}

@c(r3_IoCreateNotificationEvent)
func ioCreateNotificationEvent(
  _ name: UnsafeMutablePointer<UNICODE_STRING>?, _ handle: UnsafeMutablePointer<UInt>
) -> UnsafeMutableRawPointer? {
  Machine.current.objects.makeEvent(named: name, .notification, handle)
}

@c(r3_IoCreateSynchronizationEvent)
func ioCreateSynchronizationEvent(
  _ name: UnsafeMutablePointer<UNICODE_STRING>?, _ handle: UnsafeMutablePointer<UInt>
) -> UnsafeMutableRawPointer? {
  Machine.current.objects.makeEvent(named: name, .synchronization, handle)
}

@c(r3_ZwCreateEvent)
func zwCreateEvent(
  _ handle: UnsafeMutablePointer<UInt>, _ access: UInt32,
  _ attributes: UnsafePointer<OBJECT_ATTRIBUTES>?, _ type: UInt32, _ initialState: UInt32
) -> UInt32 {
  guard let kind = Event.Kind(rawValue: UInt8(truncatingIfNeeded: type)), type < 2 else {
    return 0xC000_000D
  }
  return Machine.current.objects.makeEvent(
    handle, access, attributes, kind, isSet: initialState & 0xFF != 0)
}

@c(r3_ZwOpenEvent)
func zwOpenEvent(
  _ handle: UnsafeMutablePointer<UInt>, _ access: UInt32,
  _ attributes: UnsafePointer<OBJECT_ATTRIBUTES>?
) -> UInt32 {
  Machine.current.objects.open(.event, attributes, access: access, handle)
}

/// The event behind a handle; nil when it is none.
private func event(_ handle: UInt) -> Event? {
  let objects = Machine.current.objects
  guard let body = objects.entry(handle, in: CurrentThread.process)?.body,
    objects.isObject(body, .event)
  else { return nil }
  return Event(body.assumingMemoryBound(to: KEVENT.self))
}

@c(r3_ZwSetEvent)
func zwSetEvent(_ handle: UInt, _ previous: UnsafeMutablePointer<Int32>?) -> UInt32 {
  guard let event = event(handle) else { return 0xC000_0008 }
  let wasSet = event.set()
  previous?.pointee = wasSet ? 1 : 0
  return 0
}

@c(r3_ZwResetEvent)
func zwResetEvent(_ handle: UInt, _ previous: UnsafeMutablePointer<Int32>?) -> UInt32 {
  guard let event = event(handle) else { return 0xC000_0008 }
  let wasSet = event.reset()
  previous?.pointee = wasSet ? 1 : 0
  return 0
}

@c(r3_ZwClearEvent)
func zwClearEvent(_ handle: UInt) -> UInt32 { zwResetEvent(handle, nil) }
