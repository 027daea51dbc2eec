import CDriverKit
import CRing3

@c(r3_KeInitializeDpc)
func keInitializeDpc(
  _ dpc: UnsafeMutablePointer<KDPC>, _ routine: UnsafeMutableRawPointer?,
  _ context: UnsafeMutableRawPointer?
) {
  DPC.initialize(dpc, routine, context)
}

@c(r3_KeInitializeThreadedDpc)
func keInitializeThreadedDpc(
  _ dpc: UnsafeMutablePointer<KDPC>, _ routine: UnsafeMutableRawPointer?,
  _ context: UnsafeMutableRawPointer?
) {
  DPC.initialize(dpc, routine, context, type: DPC.threadedType)
}

@c(r3_KeInsertQueueDpc)
func keInsertQueueDpc(
  _ dpc: UnsafeMutablePointer<KDPC>, _ argument1: UnsafeMutableRawPointer?,
  _ argument2: UnsafeMutableRawPointer?
) -> UInt8 {
  let machine = Machine.current
  let stack = machine.verifier.isEmpty ? 0 : machine.noteStack()
  return DPC.insert(dpc, argument1, argument2, stack: stack) ? 1 : 0
}

@c(r3_KeRemoveQueueDpc)
func keRemoveQueueDpc(_ dpc: UnsafeMutablePointer<KDPC>) -> UInt8 { DPC.remove(dpc) ? 1 : 0 }

@c(r3_KeFlushQueuedDpcs)
func keFlushQueuedDpcs() { DPC.flush() }

@c(r3_KeSetImportanceDpc)
func keSetImportanceDpc(_ dpc: UnsafeMutablePointer<KDPC>, _ importance: UInt32) {
  DPC.setImportance(dpc, UInt8(truncatingIfNeeded: importance))
}

@c(r3_KeSetTargetProcessorDpc)
func keSetTargetProcessorDpc(_ dpc: UnsafeMutablePointer<KDPC>, _ number: UInt32) {
  DPC.setTarget(dpc, Int(number & 0x3F))
}

@c(r3_KeSetTargetProcessorDpcEx)
func keSetTargetProcessorDpcEx(
  _ dpc: UnsafeMutablePointer<KDPC>, _ number: UnsafePointer<PROCESSOR_NUMBER>
) -> Int32 {
  let count = Machine.current.state.pointee.processors.count
  guard number.pointee.Group == 0, Int(number.pointee.Number) < count else {
    return Int32(bitPattern: 0xC000_000D)  // STATUS_INVALID_PARAMETER
  }
  DPC.setTarget(dpc, Int(number.pointee.Number))
  return 0
}
