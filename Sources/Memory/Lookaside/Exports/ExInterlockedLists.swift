import CDriverKit
import CRing3
import Machine

// Lists and numbers that are changed under a spin lock of the driver's, which is 0 when it is free.
// Each of these holds the lock for a few instructions and touches nothing of ours.

private func withSpinLock<R>(_ lock: UnsafeMutableRawPointer, _ body: () -> R) -> R {
  while !r3_cas64(lock, 0, 1) {
    r3_pause()
    CurrentThread.lookWhileSpinning()
  }
  let result = body()
  r3_store64(lock, 0)
  return result
}

/// The entry that was at the other end, or nil when the list was empty.
private func other(
  _ entry: UnsafeMutablePointer<LIST_ENTRY>, than head: UnsafeMutablePointer<LIST_ENTRY>
) -> UnsafeMutablePointer<LIST_ENTRY>? {
  entry == head ? nil : entry
}

@c(r3_ExInterlockedInsertHeadList)
func exInterlockedInsertHeadList(
  _ head: UnsafeMutablePointer<LIST_ENTRY>, _ entry: UnsafeMutablePointer<LIST_ENTRY>,
  _ lock: UnsafeMutableRawPointer
) -> UnsafeMutablePointer<LIST_ENTRY>? {
  withSpinLock(lock) {
    guard let next = head.pointee.Flink else { return nil }
    entry.pointee.Flink = next
    entry.pointee.Blink = head
    next.pointee.Blink = entry
    head.pointee.Flink = entry
    return other(next, than: head)
  }
}

@c(r3_ExInterlockedInsertTailList)
func exInterlockedInsertTailList(
  _ head: UnsafeMutablePointer<LIST_ENTRY>, _ entry: UnsafeMutablePointer<LIST_ENTRY>,
  _ lock: UnsafeMutableRawPointer
) -> UnsafeMutablePointer<LIST_ENTRY>? {
  withSpinLock(lock) {
    guard let previous = head.pointee.Blink else { return nil }
    entry.pointee.Flink = head
    entry.pointee.Blink = previous
    previous.pointee.Flink = entry
    head.pointee.Blink = entry
    return other(previous, than: head)
  }
}

@c(r3_ExInterlockedRemoveHeadList)
func exInterlockedRemoveHeadList(
  _ head: UnsafeMutablePointer<LIST_ENTRY>, _ lock: UnsafeMutableRawPointer
) -> UnsafeMutablePointer<LIST_ENTRY>? {
  withSpinLock(lock) {
    guard let first = head.pointee.Flink, first != head, let next = first.pointee.Flink else {
      return nil
    }
    head.pointee.Flink = next
    next.pointee.Blink = head
    return first
  }
}

@c(r3_ExInterlockedPushEntryList)
func exInterlockedPushEntryList(
  _ head: UnsafeMutablePointer<SINGLE_LIST_ENTRY>, _ entry: UnsafeMutablePointer<SINGLE_LIST_ENTRY>,
  _ lock: UnsafeMutableRawPointer
) -> UnsafeMutablePointer<SINGLE_LIST_ENTRY>? {
  withSpinLock(lock) {
    let first = head.pointee.Next
    entry.pointee.Next = first
    head.pointee.Next = entry
    return first
  }
}

@c(r3_ExInterlockedPopEntryList)
func exInterlockedPopEntryList(
  _ head: UnsafeMutablePointer<SINGLE_LIST_ENTRY>, _ lock: UnsafeMutableRawPointer
) -> UnsafeMutablePointer<SINGLE_LIST_ENTRY>? {
  withSpinLock(lock) {
    guard let first = head.pointee.Next else { return nil }
    head.pointee.Next = first.pointee.Next
    return first
  }
}

@c(r3_ExInterlockedAddLargeInteger)
func exInterlockedAddLargeInteger(
  _ sum: UnsafeMutablePointer<Int64>, _ increment: Int64, _ lock: UnsafeMutableRawPointer
) -> Int64 {
  withSpinLock(lock) {
    let before = sum.pointee
    sum.pointee = before &+ increment
    return before
  }
}

@c(r3_ExInterlockedAddUlong)
func exInterlockedAddUlong(
  _ sum: UnsafeMutablePointer<UInt32>, _ increment: UInt32, _ lock: UnsafeMutableRawPointer
) -> UInt32 {
  withSpinLock(lock) {
    let before = sum.pointee
    sum.pointee = before &+ increment
    return before
  }
}
