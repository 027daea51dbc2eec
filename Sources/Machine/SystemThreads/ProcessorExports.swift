import CDriverKit
import CRing3

extension CurrentThread {
  /// Says which processors the current thread may run on, and goes to one of them.
  ///
  /// - Returns: the processors of before.
  @discardableResult
  package static func setAffinity(_ mask: UInt64) -> UInt64 {
    let thread = thread
    let processors = thread.machine.state.pointee.processors
    let old = thread.pointer.pointee.affinity & processors.mask
    let allowed = mask & processors.mask
    if allowed == 0 { return old }
    thread.pointer.pointee.affinity = allowed
    let here = UInt64(pointer.pointee.processorNumber)
    if irql < IRQL.dispatch, allowed & (1 << here) == 0 {
      processors.place(pointer, on: processors.states + allowed.trailingZeroBitCount)
    }
    return old
  }
}

private var processors: Processors { Machine.current.state.pointee.processors }

@c(r3_KeSetSystemAffinityThread)
func keSetSystemAffinityThread(_ mask: UInt64) { CurrentThread.setAffinity(mask) }

@c(r3_KeSetSystemAffinityThreadEx)
func keSetSystemAffinityThreadEx(_ mask: UInt64) -> UInt64 { CurrentThread.setAffinity(mask) }

@c(r3_KeRevertToUserAffinityThread)
func keRevertToUserAffinityThread() { CurrentThread.setAffinity(.max) }

@c(r3_KeRevertToUserAffinityThreadEx)
func keRevertToUserAffinityThreadEx(_ mask: UInt64) {
  CurrentThread.setAffinity(mask == 0 ? .max : mask)
}

@c(r3_KeSetSystemGroupAffinityThread)
func keSetSystemGroupAffinityThread(
  _ affinity: UnsafePointer<GROUP_AFFINITY>, _ previous: UnsafeMutablePointer<GROUP_AFFINITY>?
) {
  let mask = affinity.pointee.Group == 0 ? affinity.pointee.Mask : 0
  let old = CurrentThread.setAffinity(mask)
  previous?.pointee = GROUP_AFFINITY()
  previous?.pointee.Mask = old
}

@c(r3_KeRevertToUserGroupAffinityThread)
func keRevertToUserGroupAffinityThread(_ previous: UnsafePointer<GROUP_AFFINITY>) {
  CurrentThread.setAffinity(previous.pointee.Mask == 0 ? .max : previous.pointee.Mask)
}

@c(r3_KeGetCurrentProcessorNumber)
func keGetCurrentProcessorNumber() -> UInt32 {
  UInt32(CurrentThread.pointer.pointee.processorNumber)
}

@c(r3_KeGetCurrentProcessorNumberEx)
func keGetCurrentProcessorNumberEx(_ number: UnsafeMutablePointer<PROCESSOR_NUMBER>?) -> UInt32 {
  let index = CurrentThread.pointer.pointee.processorNumber
  number?.pointee = PROCESSOR_NUMBER(Group: 0, Number: index, Reserved: 0)
  return UInt32(index)
}

@c(r3_KeQueryActiveProcessors)
func keQueryActiveProcessors() -> UInt64 { processors.mask }

@c(r3_KeQueryActiveProcessorCount)
func keQueryActiveProcessorCount(_ mask: UnsafeMutablePointer<UInt64>?) -> UInt32 {
  mask?.pointee = processors.mask
  return UInt32(processors.count)
}

@c(r3_KeQueryActiveProcessorCountEx)
func keQueryActiveProcessorCountEx(_ group: UInt32) -> UInt32 {
  let group = group & 0xFFFF
  return group == 0 || group == 0xFFFF ? UInt32(processors.count) : 0
}

@c(r3_KeQueryMaximumProcessorCount)
func keQueryMaximumProcessorCount() -> UInt32 { UInt32(processors.count) }

@c(r3_KeQueryActiveGroupCount)
func keQueryActiveGroupCount() -> UInt16 { 1 }

@c(r3_KeQueryGroupAffinity)
func keQueryGroupAffinity(_ group: UInt32) -> UInt64 { group & 0xFFFF == 0 ? processors.mask : 0 }

@c(r3_KeQueryHighestNodeNumber)
func keQueryHighestNodeNumber() -> UInt16 { 0 }

@c(r3_KeGetCurrentNodeNumber)
func keGetCurrentNodeNumber() -> UInt16 { 0 }

@c(r3_KeQueryNodeActiveAffinity)
func keQueryNodeActiveAffinity(
  _ node: UInt32, _ affinity: UnsafeMutablePointer<GROUP_AFFINITY>?,
  _ count: UnsafeMutablePointer<UInt16>?
) {
  let isNode = node & 0xFFFF == 0
  affinity?.pointee = GROUP_AFFINITY()
  affinity?.pointee.Mask = isNode ? processors.mask : 0
  count?.pointee = isNode ? UInt16(processors.count) : 0
}

@c(r3_KeQueryNodeMaximumProcessorCount)
func keQueryNodeMaximumProcessorCount(_ node: UInt32) -> UInt16 {
  node & 0xFFFF == 0 ? UInt16(processors.count) : 0
}

@c(r3_KeGetProcessorNumberFromIndex)
func keGetProcessorNumberFromIndex(
  _ index: UInt32, _ number: UnsafeMutablePointer<PROCESSOR_NUMBER>
) -> Int32 {
  if index >= UInt32(processors.count) {
    return Int32(bitPattern: 0xC000_000D)  // STATUS_INVALID_PARAMETER
  }
  number.pointee = PROCESSOR_NUMBER(Group: 0, Number: UInt8(index), Reserved: 0)
  return 0
}

@c(r3_KeGetProcessorIndexFromNumber)
func keGetProcessorIndexFromNumber(_ number: UnsafePointer<PROCESSOR_NUMBER>) -> UInt32 {
  let isThere = number.pointee.Group == 0 && Int(number.pointee.Number) < processors.count
  return isThere ? UInt32(number.pointee.Number) : .max
}

// Nobody else is to get the processor: threads of the host share it as the host likes.
@c(r3_KeShouldYieldProcessor)
func keShouldYieldProcessor() -> UInt32 { 0 }

@c(r3_KeGetRecommendedSharedDataAlignment)
func keGetRecommendedSharedDataAlignment() -> UInt32 { 64 }

@c(r3_KeInvalidateAllCaches)
func keInvalidateAllCaches() -> UInt8 { 1 }

// One processor after the other: a routine that waits for all at once is found by the watchdog.
@c(r3_KeIpiGenericCall)
func keIpiGenericCall(_ routine: UnsafeMutableRawPointer, _ context: UInt64) -> UInt64 {
  var result: UInt64 = 0
  let affinity = CurrentThread.thread.pointer.pointee.affinity
  for number in 0..<processors.count {
    CurrentThread.setAffinity(1 << UInt64(number))
    let old = IRQL.raise(to: IRQL.ipi)
    result = r3_call1(routine, context)
    IRQL.lower(to: old)
  }
  CurrentThread.setAffinity(affinity)
  return result
}
