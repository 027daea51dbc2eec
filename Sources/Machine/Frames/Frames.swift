import CRing3
import Glibc

// User pages and pages for MDLs: single frames with references.
extension Machine {
  /// Takes a frame of the general region with one reference; nil when RAM is used up.
  package func takeFrame(zeroed: Bool) -> FrameNumber? {
    guard let frame = state.pointee.memory.general.allocate(1) else { return nil }
    prepare(frame, zeroed: zeroed)
    return frame
  }

  /// Takes `count` adjacent frames with one reference each.
  package func takeFrames(_ count: Int, zeroed: Bool, in range: Range<FrameNumber>? = nil)
    -> FrameNumber?
  {
    guard let first = state.pointee.memory.general.allocate(count, in: range) else { return nil }
    for frame in first..<(first + count) { prepare(frame, zeroed: zeroed) }
    return first
  }

  private func prepare(_ frame: FrameNumber, zeroed: Bool) {
    let record = state.pointee.memory.frames + frame
    record.pointee.references = 1
    if zeroed && record.pointee.isDirty != 0 {
      memset(state.pointee.memory.address(of: frame), 0, pageSize)
    }
    record.pointee.isDirty = 1
  }

  /// Adds a reference: the frame keeps its number and contents until it is let go as often.
  package func retainFrame(_ frame: FrameNumber) {
    _ = r3_add32(state.pointee.memory.frames + frame, 1)
  }

  /// Lets a reference go; the last one frees a frame of the general region.
  package func releaseFrame(_ frame: FrameNumber) {
    let before = r3_add32(state.pointee.memory.frames + frame, ~0)
    if before == 1, frame < state.pointee.memory.general.end {
      state.pointee.memory.general.free(frame)
    }
  }

  /// References of a frame: one for its owner, one for each lock.
  package func frameReferences(_ frame: FrameNumber) -> Int {
    Int(r3_load32(state.pointee.memory.frames + frame))
  }
}
