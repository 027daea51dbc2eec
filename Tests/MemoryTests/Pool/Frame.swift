import CRing3

/// Pretends that a driver called an export: the frame that the entry code would have made.
enum Frame {
  static func push(rip: UInt64) -> UnsafeMutablePointer<R3Frame>? {
    guard let thread = r3_current() else { return nil }
    let frame = UnsafeMutablePointer<R3Frame>.allocate(capacity: 1)
    frame.initialize(to: R3Frame())
    frame.pointee.previous = thread.pointee.frames
    frame.pointee.rip = rip
    thread.pointee.frames = frame
    return frame
  }

  static func pop(_ frame: UnsafeMutablePointer<R3Frame>) {
    r3_current()?.pointee.frames = frame.pointee.previous
    frame.deallocate()
  }
}
