import CRing3

@c(r3_KeBugCheck)
func keBugCheck(_ code: UInt32) { Machine.current.bugCheck(code) }

@c(r3_KeBugCheckEx)
func keBugCheckEx(_ code: UInt32, _ p1: UInt64, _ p2: UInt64, _ p3: UInt64, _ p4: UInt64) {
  Machine.current.bugCheck(code, p1, p2, p3, p4)
}

// There is no dump that a reason callback could add to: they are kept, so that a driver can take
// them back, and none is called.

@c(r3_KeRegisterBugCheckCallback)
func keRegisterBugCheckCallback(
  _ record: UnsafeMutableRawPointer, _ routine: UInt64, _ buffer: UInt64, _ length: UInt32,
  _ component: UInt64
) -> UInt8 {
  let isNew = Machine.current.bugCheckCallbacks.pointee.add(record, isCalled: true)
  if isNew {
    record.storeBytes(of: routine, toByteOffset: 0x10, as: UInt64.self)
    record.storeBytes(of: buffer, toByteOffset: 0x18, as: UInt64.self)
    record.storeBytes(of: length, toByteOffset: 0x20, as: UInt32.self)
    record.storeBytes(of: component, toByteOffset: 0x28, as: UInt64.self)
    record.storeBytes(of: 1, toByteOffset: 0x38, as: UInt8.self)  // BufferInserted
  }
  return isNew ? 1 : 0
}

@c(r3_KeDeregisterBugCheckCallback)
func keDeregisterBugCheckCallback(_ record: UnsafeMutableRawPointer) -> UInt8 {
  Machine.current.bugCheckCallbacks.pointee.remove(record) ? 1 : 0
}

@c(r3_KeRegisterBugCheckReasonCallback)
func keRegisterBugCheckReasonCallback(
  _ record: UnsafeMutableRawPointer, _ routine: UInt64, _ reason: UInt32, _ component: UInt64
) -> UInt8 {
  let isNew = Machine.current.bugCheckCallbacks.pointee.add(record, isCalled: false)
  if isNew {
    record.storeBytes(of: routine, toByteOffset: 0x10, as: UInt64.self)
    record.storeBytes(of: component, toByteOffset: 0x18, as: UInt64.self)
    record.storeBytes(of: reason, toByteOffset: 0x28, as: UInt32.self)
    record.storeBytes(of: 1, toByteOffset: 0x2C, as: UInt8.self)
  }
  return isNew ? 1 : 0
}

@c(r3_KeDeregisterBugCheckReasonCallback)
func keDeregisterBugCheckReasonCallback(_ record: UnsafeMutableRawPointer) -> UInt8 {
  Machine.current.bugCheckCallbacks.pointee.remove(record) ? 1 : 0
}
