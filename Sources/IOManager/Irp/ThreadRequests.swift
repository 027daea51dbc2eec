import CDriverKit
import CRing3
import Machine

// The requests of a thread: a list that only the thread itself touches, or who acts for it.
extension IOManager {
  func setThread(_ irp: IRPPointer, _ thread: UnsafeMutablePointer<R3Thread>) {
    (UnsafeMutableRawPointer(irp) + 0x98)
      .storeBytes(of: thread.pointee.currentThread, as: UnsafeMutableRawPointer?.self)
  }

  /// The thread that issued an IRP; nil for one without.
  package func thread(of irp: IRPPointer) -> Thread? {
    Thread((UnsafeMutableRawPointer(irp) + 0x98).load(as: UnsafeMutableRawPointer?.self))
  }

  /// Puts an IRP on the list of the running thread.
  func queue(_ irp: IRPPointer) {
    let head = requestList(CurrentThread.thread)
    let entry = threadEntry(irp)
    if head.pointee.Flink == nil {
      head.pointee.Flink = head
      head.pointee.Blink = head
    }
    let last = head.pointee.Blink.unsafelyUnwrapped
    entry.pointee.Flink = head
    entry.pointee.Blink = last
    last.pointee.Flink = entry
    head.pointee.Blink = entry
  }

  /// Takes an IRP off its thread's list; does nothing for one that is on none.
  func unqueue(_ irp: IRPPointer) {
    let entry = threadEntry(irp)
    guard let next = entry.pointee.Flink, let previous = entry.pointee.Blink else { return }
    previous.pointee.Flink = next
    next.pointee.Blink = previous
    entry.pointee.Flink = entry
    entry.pointee.Blink = entry
  }

  func requestList(_ thread: Thread) -> UnsafeMutablePointer<LIST_ENTRY> {
    withUnsafeMutablePointer(to: &thread.pointer.pointee.requests) {
      UnsafeMutableRawPointer($0).assumingMemoryBound(to: LIST_ENTRY.self)
    }
  }

  func threadEntry(_ irp: IRPPointer) -> UnsafeMutablePointer<LIST_ENTRY> {
    (UnsafeMutableRawPointer(irp) + 0x20).assumingMemoryBound(to: LIST_ENTRY.self)
  }
}
