import CDriverKit
import Machine
import Memory

/// What is wrong with a registration of a driver.
private let invalidParameter: UInt32 = 0xC000_000D

@c(r3_ObGetFilterVersion)
func obGetFilterVersion() -> UInt16 { UInt16(OB_FLT_REGISTRATION_VERSION) }

@c(r3_ObRegisterCallbacks)
func obRegisterCallbacks(
  _ registration: UnsafePointer<OB_CALLBACK_REGISTRATION>,
  _ handle: UnsafeMutablePointer<UnsafeMutableRawPointer?>
) -> UInt32 {
  let machine = Machine.current
  let count = Int(registration.pointee.OperationRegistrationCount)
  guard registration.pointee.Version == UInt16(OB_FLT_REGISTRATION_VERSION), count > 0,
    let operations = registration.pointee.OperationRegistration,
    let altitude = Altitude(registration.pointee.Altitude)
  else { return invalidParameter }
  let size =
    MemoryLayout<ObjectCallbackRegistration>.size
    + count * MemoryLayout<ObjectCallbackRegistration.Operation>.stride
  guard
    let block = machine.pool.allocate(
      size, kind: .nonpaged, tag: ObjectCallbackRegistration.tag)
  else { return NameStatus.insufficientResources }
  let entry = block.bindMemory(to: ObjectCallbackRegistration.self, capacity: 1)
  entry.initialize(
    to: ObjectCallbackRegistration(
      altitude: altitude, context: registration.pointee.RegistrationContext, operationCount: count))
  entry.idleEvent.initialize(.notification, isSet: false)
  var status = NameStatus.success
  for index in 0..<count {
    guard let operation = machine.objects.operation(operations[index]) else {
      status = invalidParameter
      break
    }
    (entry.operations + index).initialize(to: operation)
  }
  if status == NameStatus.success { status = machine.objects.insert(entry) }
  guard status == NameStatus.success else {
    machine.pool.free(block, tag: ObjectCallbackRegistration.tag)
    return status
  }
  handle.pointee = block
  return NameStatus.success
}

@c(r3_ObUnRegisterCallbacks)
func obUnRegisterCallbacks(_ handle: UnsafeMutableRawPointer) {
  let machine = Machine.current
  machine.objects.remove(handle.assumingMemoryBound(to: ObjectCallbackRegistration.self))
  machine.pool.free(handle, tag: ObjectCallbackRegistration.tag)
}

extension ObjectManager {
  /// One operation as a driver registers it; nil when it asks for nothing, or for another type.
  fileprivate func operation(
    _ operation: OB_OPERATION_REGISTRATION
  ) -> ObjectCallbackRegistration.Operation? {
    let known = UInt32(OB_OPERATION_HANDLE_CREATE | OB_OPERATION_HANDLE_DUPLICATE)
    guard operation.Operations != 0, operation.Operations & ~known == 0,
      operation.PreOperation != nil || operation.PostOperation != nil,
      let type = operation.ObjectType?.pointee,
      type == UnsafeMutableRawPointer(self.type(.process))
        || type == UnsafeMutableRawPointer(self.type(.thread))
    else { return nil }
    return ObjectCallbackRegistration.Operation(
      type: type, kinds: operation.Operations, before: operation.PreOperation,
      after: operation.PostOperation)
  }
}
