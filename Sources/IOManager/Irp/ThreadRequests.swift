import CDriverKit
import CRing3
import Machine

// The requests of a thread: a list that only the thread itself touches, or who acts for it.
extension IOManager {
  @inline(__always)
  func setThread(_ irp: IRPPointer, _ thread: UnsafeMutablePointer<R3Thread>) {
    (UnsafeMutableRawPointer(irp) + 0x98)
      .storeBytes(of: thread.pointee.currentThread, as: UnsafeMutableRawPointer?.self)
  }

  /// The thread that issued an IRP; nil for one without.
  package func thread(of irp: IRPPointer) -> Thread? {
    Thread((UnsafeMutableRawPointer(irp) + 0x98).load(as: UnsafeMutableRawPointer?.self))
  }

  /// Puts an IRP on the list of the running thread.
  @inline(__always)
  func queue(_ irp: IRPPointer, in thread: UnsafeMutablePointer<R3Thread> = CurrentThread.pointer) {
    let head = requestList(
      Thread(thread.pointee.currentThread.assumingMemoryBound(to: ThreadState.self)))
    let entry = threadEntry(irp)
    if head.pointee.Flink == nil { head.initializeHead() }
    let last = head.pointee.Blink.unsafelyUnwrapped
    entry.pointee.Flink = head
    entry.pointee.Blink = last
    last.pointee.Flink = entry
    head.pointee.Blink = entry
  }

  /// Takes an IRP off its thread's list; does nothing for one that is on none.
  @inline(__always)
  func unqueue(_ irp: IRPPointer) {
    let entry = threadEntry(irp)
    guard let next = entry.pointee.Flink, let previous = entry.pointee.Blink else { return }
    previous.pointee.Flink = next
    next.pointee.Blink = previous
    entry.pointee.Flink = entry
    entry.pointee.Blink = entry
  }

  /// Whether an IRP is on the list of a thread.
  @inline(__always)
  func isQueued(_ irp: IRPPointer) -> Bool {
    let entry = threadEntry(irp)
    return entry.pointee.Flink != entry && entry.pointee.Flink != nil
  }

  /// The IRP of an entry of a thread's list.
  func irp(of entry: UnsafeMutablePointer<LIST_ENTRY>) -> IRPPointer {
    (UnsafeMutableRawPointer(entry) - 0x20).assumingMemoryBound(to: IRP.self)
  }

  @inline(__always)
  func requestList(_ thread: Thread) -> UnsafeMutablePointer<LIST_ENTRY> {
    (UnsafeMutableRawPointer(thread.pointer)
      + MemoryLayout<ThreadState>.offset(of: \.requests).unsafelyUnwrapped)
      .assumingMemoryBound(to: LIST_ENTRY.self)
  }

  @inline(__always)
  func threadEntry(_ irp: IRPPointer) -> UnsafeMutablePointer<LIST_ENTRY> {
    (UnsafeMutableRawPointer(irp) + 0x20).assumingMemoryBound(to: LIST_ENTRY.self)
  }
}
