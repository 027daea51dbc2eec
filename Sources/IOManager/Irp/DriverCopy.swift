import CRing3
import Machine

// Copies between system memory and the buffer of whoever makes a request.
extension IOManager {
  /// Copies from the requester's buffer; false when a page of a user buffer is not there.
  @inline(__always)
  func copyIn(
    from address: UInt, _ count: Int, to buffer: UnsafeMutableRawPointer, in process: Process,
    isUser: Bool
  ) -> Bool {
    if isUser || address < UserRange.end { return process.copyIn(from: address, count, to: buffer) }
    copyForDriver(from: UnsafeRawPointer(bitPattern: address), count, to: buffer)
    return true
  }

  /// Copies to the requester's buffer, in its thread; false when a page of a user buffer is not there.
  @inline(__always)
  func copyOut(
    to address: UInt, _ count: Int, from buffer: UnsafeRawPointer, isUser: Bool
  ) -> Bool {
    if isUser || address < UserRange.end {
      return CurrentThread.process.copyOut(to: address, count, from: buffer)
    }
    copyForDriver(from: buffer, count, to: UnsafeMutableRawPointer(bitPattern: address))
    return true
  }

  /// Copies by an export of drivers, so that a bad address of a driver is the driver's fault.
  @inline(never)
  private func copyForDriver(
    from source: UnsafeRawPointer?, _ count: Int, to destination: UnsafeMutableRawPointer?
  ) {
    let copy: @convention(c) () -> Void = r3_leaf_memcpy
    _ = r3_call3(
      unsafeBitCast(copy, to: UnsafeRawPointer.self), bits(destination),
      UInt64(UInt(bitPattern: source)), UInt64(count))
  }
}
