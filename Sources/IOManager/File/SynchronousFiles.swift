import CDriverKit
import CRing3
import Machine
import Objects

// Files opened for synchronous I/O have one request at a time, in the order of their callers.
extension IOManager {
  /// Takes the file's lock when it is a synchronous one; false for others.
  @inline(__always)
  func hold(_ file: FilePointer) -> Bool {
    if file.pointee.Flags & UInt32(FO_SYNCHRONOUS_IO) == 0 { return false }
    lock(file)
    return true
  }

  /// Takes the lock, and a reference that outlives the request.
  @inline(never)
  private func lock(_ file: FilePointer) {
    machine.objects.reference(UnsafeMutableRawPointer(file))
    let base = UnsafeMutableRawPointer(file)
    while !r3_cas32(base + Self.busyOffset, 0, 1) {
      r3_add32(base + Self.waitersOffset, 1)
      if r3_load32(base + Self.busyOffset) != 0 { Event(lockEvent(file)).wait() }
      r3_add32(base + Self.waitersOffset, .max)
    }
  }

  /// Lets the lock and its reference go.
  @inline(never)
  func letGo(_ file: FilePointer) {
    let base = UnsafeMutableRawPointer(file)
    _ = r3_swap32(base + Self.busyOffset, 0)
    if r3_load32(base + Self.waitersOffset) != 0 { Event(lockEvent(file)).set() }
    machine.objects.dereference(base)
  }

  private static var waitersOffset: Int { 0x70 }
  private static var busyOffset: Int { 0x74 }
}

/// The event of a file object, which asynchronous requests without one of their own signal.
package func fileEvent(_ file: FilePointer) -> UnsafeMutablePointer<KEVENT> {
  (UnsafeMutableRawPointer(file) + 0x98).assumingMemoryBound(to: KEVENT.self)
}

/// What threads wait for that want a synchronous file.
func lockEvent(_ file: FilePointer) -> UnsafeMutablePointer<KEVENT> {
  (UnsafeMutableRawPointer(file) + 0x80).assumingMemoryBound(to: KEVENT.self)
}
