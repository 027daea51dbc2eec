import CDriverKit
import CRing3
import Machine
import Memory
import Objects

// Small arguments come with undefined upper bits: declared wide, and truncated.

/// Opens or makes a callback object; the caller gets a reference.
@c(r3_ExCreateCallback)
func exCreateCallback(
  _ callback: UnsafeMutablePointer<UnsafeMutableRawPointer?>,
  _ attributes: UnsafePointer<OBJECT_ATTRIBUTES>?, _ creates: UInt32, _ allowsMultiple: UInt32
) -> UInt32 {
  let objects = Machine.current.objects
  callback.pointee = nil
  let path = name(attributes)
  if !path.isEmpty {
    var status: UInt32 = 0
    if let found = objects.lookUp(path, followLast: true, status: &status) {
      objects.finish(found)
      guard objects.isObject(found.body, .callback) else {
        objects.dereference(found.body)
        return ServiceStatus.objectTypeMismatch
      }
      callback.pointee = found.body
      return ServiceStatus.success
    }
    guard status == NameStatus.nameNotFound, creates & 0xFF != 0 else { return status }
  } else if creates & 0xFF == 0 {
    return 0xC000_0001  // STATUS_UNSUCCESSFUL
  }
  guard let body = objects.makeCallback(allowsMultiple: allowsMultiple & 0xFF != 0) else {
    return ServiceStatus.insufficientResources
  }
  if !path.isEmpty {
    let status = objects.insert(body, at: path)
    guard status == NameStatus.success else {
      objects.dereference(body)
      return status
    }
  }
  callback.pointee = body
  return ServiceStatus.success
}

/// Registers a routine; nil when the object allows one and has it, or without memory.
@c(r3_ExRegisterCallback)
func exRegisterCallback(
  _ callback: UnsafeMutableRawPointer, _ routine: UnsafeMutableRawPointer,
  _ context: UnsafeMutableRawPointer?
) -> UnsafeMutableRawPointer? {
  let machine = Machine.current
  guard machine.objects.isObject(callback, .callback),
    let block = machine.pool.allocate(
      MemoryLayout<CallbackRegistration>.size, kind: .nonpaged, tag: CallbackBody.tag)
  else { return nil }
  let registration = block.bindMemory(to: CallbackRegistration.self, capacity: 1)
  registration.initialize(
    to: CallbackRegistration(object: callback, routine: routine, context: context))
  registration.idleEvent.initialize(.notification, isSet: false)
  machine.objects.reference(callback)
  guard callback.assumingMemoryBound(to: CallbackBody.self).append(registration) else {
    machine.objects.dereference(callback)
    machine.pool.free(block, tag: CallbackBody.tag)
    return nil
  }
  return block
}

/// Ends a registration; waits for calls under way.
@c(r3_ExUnregisterCallback)
func exUnregisterCallback(_ handle: UnsafeMutableRawPointer) {
  let machine = Machine.current
  let registration = handle.assumingMemoryBound(to: CallbackRegistration.self)
  let object = registration.pointee.object
  object.assumingMemoryBound(to: CallbackBody.self).remove(registration)
  machine.pool.free(handle, tag: CallbackBody.tag)
  machine.objects.dereference(object)
}

/// Calls the registered routines in their order, at the caller's level.
@c(r3_ExNotifyCallback)
func exNotifyCallback(
  _ callback: UnsafeMutableRawPointer?, _ first: UInt64, _ second: UInt64
) {
  guard let callback, Machine.current.objects.isObject(callback, .callback) else { return }
  let body = callback.assumingMemoryBound(to: CallbackBody.self)
  var next = body.begin(after: nil)
  while let registration = next {
    let context = UInt64(UInt(bitPattern: registration.pointee.context))
    _ = r3_call3(registration.pointee.routine, context, first, second)
    next = body.begin(after: registration)
  }
}
