import CRing3
import Machine

@c(r3_InitializeSListHead)
func initializeSListHead(_ head: UnsafeMutableRawPointer) { SList(head).initialize() }

@c(r3_ExQueryDepthSList)
func exQueryDepthSList(_ head: UnsafeMutableRawPointer) -> UInt16 { SList(head).depth }

@c(r3_FirstEntrySList)
func firstEntrySList(_ head: UnsafeMutableRawPointer) -> UInt { SList(head).first }

@c(r3_ExpInterlockedPushEntrySList)
func expInterlockedPushEntrySList(_ head: UnsafeMutableRawPointer, _ entry: UInt) -> UInt {
  SList(head).push(entry)
}

@c(r3_ExpInterlockedPopEntrySList)
func expInterlockedPopEntrySList(_ head: UnsafeMutableRawPointer) -> UInt { SList(head).pop() }

@c(r3_ExpInterlockedFlushSList)
func expInterlockedFlushSList(_ head: UnsafeMutableRawPointer) -> UInt { SList(head).flush() }

@c(r3_InterlockedPushListSList)
func interlockedPushListSList(
  _ head: UnsafeMutableRawPointer, _ first: UInt, _ last: UInt, _ count: UInt32
) -> UInt {
  SList(head).push(first, last: last, count: UInt64(count))
}
