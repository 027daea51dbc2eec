import CDriverKit
import CRing3
import Machine
import Memory

@c(r3_IoSizeofWorkItem)
func ioSizeofWorkItem() -> UInt32 { UInt32(MemoryLayout<WorkItemState>.stride) }

@c(r3_IoAllocateWorkItem)
func ioAllocateWorkItem(_ device: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
  let block = Machine.current.pool.allocate(
    MemoryLayout<WorkItemState>.size, kind: .nonpaged, tag: WorkItem.tag)
  if let block { ioInitializeWorkItem(device, block) }
  return block
}

@c(r3_IoFreeWorkItem)
func ioFreeWorkItem(_ item: UnsafeMutableRawPointer) {
  ioUninitializeWorkItem(item)
  Machine.current.pool.free(item, tag: WorkItem.tag)
}

@c(r3_IoInitializeWorkItem)
func ioInitializeWorkItem(_ object: UnsafeMutableRawPointer, _ item: UnsafeMutableRawPointer) {
  item.initializeMemory(as: WorkItemState.self, to: WorkItemState(object: object))
}

@c(r3_IoUninitializeWorkItem)
func ioUninitializeWorkItem(_ item: UnsafeMutableRawPointer) {
  let work = WorkItem(item)
  work.checkFree()
  work.pointer.pointee.mark = 0
}

@c(r3_IoQueueWorkItem)
func ioQueueWorkItem(
  _ item: UnsafeMutableRawPointer, _ routine: UnsafeRawPointer, _ queue: UInt32,
  _ context: UnsafeMutableRawPointer?
) {
  WorkItem(item).queue(routine, context, isExtended: false)
}

@c(r3_IoQueueWorkItemEx)
func ioQueueWorkItemEx(
  _ item: UnsafeMutableRawPointer, _ routine: UnsafeRawPointer, _ queue: UInt32,
  _ context: UnsafeMutableRawPointer?
) {
  WorkItem(item).queue(routine, context, isExtended: true)
}

@c(r3_IoTryQueueWorkItem)
func ioTryQueueWorkItem(
  _ item: UnsafeMutableRawPointer, _ routine: UnsafeRawPointer, _ queue: UInt32,
  _ context: UnsafeMutableRawPointer?
) -> UInt8 {
  WorkItem(item).tryQueue(routine, context, isExtended: true) ? 1 : 0
}
