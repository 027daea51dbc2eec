import CRing3
import Machine

extension FrameworkObject {
  /// Takes a reference.
  @inline(__always)
  package func reference() { _ = r3_add32(field(\.references), 1) }

  /// Takes a reference unless the last one has gone; the memory must be sure to be there.
  func referenceIfAlive() -> Bool {
    while true {
      let count = r3_load32(field(\.references))
      if count == 0 { return false }
      if r3_cas32(field(\.references), count, count + 1) { return true }
    }
  }

  /// Lets a reference go; the last one destroys the object.
  @inline(__always)
  package func release() {
    if r3_add32(field(\.references), .max) == 1 { lastReferenceGone() }
  }

  @inline(never)
  private func lastReferenceGone() {
    // The tree still has it, so its reference was dropped by somebody else: one too many.
    if head.pointee.stage != .released { Framework.current.violation(.objectError, handle) }
    destroyAtLevel()
  }

  func destroyAtLevel() {
    if head.pointee.flags.contains(.returns) { return goBack() }
    guard needsPassive, CurrentThread.irql > IRQL.passive else { return destroy() }
    destroyLater()
  }

  /// Lives on, with the reference of who keeps it.
  private func goBack() {
    head.pointee.stage = .live
    head.pointee.references = 1
    let recycle = Framework.current.state.pointee.classes[Int(kind.rawValue)].recycle
    recycle?(UnsafeMutableRawPointer(head))
  }
}
