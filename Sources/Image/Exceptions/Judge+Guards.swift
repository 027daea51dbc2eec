import CRing3
import Machine

// Whether somebody in the driver takes an exception.
extension Judge {
  /// Whether a `__try` with a filter is around the instruction at fault or around one of the calls that
  /// led to it.
  ///
  /// A language handler of another kind counts as one that takes the exception. Runs nothing of the driver.
  var isGuarded: Bool {
    var context = R3Context()
    context.registers = fault.pointee.registers
    return withUnsafeMutablePointer(to: &context) { context in
      var walk = FrameWalk(thread, machine, context, isAtFault: true)
      var left = 256
      while left > 0, walk.isOnStack {
        left -= 1
        switch step(&walk) {
        case .guarded: return true
        case .on: continue
        // Nothing is known of the frames above.
        case .lost: return true
        case .top: return false
        }
      }
      return true
    }
  }

  private enum Guard { case guarded, on, lost, top }

  private func step(_ walk: inout FrameWalk) -> Guard {
    let unwinder = Unwinder(stack: walk.stack, context: walk.context)
    switch walk.place() {
    case .function(let driver):
      walk.isAtFault = false
      guard
        let frame = unwinder.unwind(
          driver.function.pointee, at: driver.pc, in: driver.image, handler: .exception)
      else { return .lost }
      return takesException(frame, driver) ? .guarded : .on
    case .leaf:
      walk.isAtFault = false
      return unwinder.unwindLeaf() ? .on : .lost
    case .host:
      return cross(&walk)
    }
  }

  private func cross(_ walk: inout FrameWalk) -> Guard {
    guard let frame = walk.nextFrame() else { return .top }
    switch LinkedFrame(frame) {
    case .export(let frame): r3_context_from_frame(walk.context, frame)
    // A handler that runs itself: who guards what it does is not looked at.
    case .dispatch, .unwind: return .guarded
    }
    return walk.rsp > UInt64(UInt(bitPattern: frame)) ? .on : .lost
  }

  /// Whether a frame's language handler may take an exception at the place.
  private func takesException(_ frame: Unwinder.Frame, _ driver: FrameWalk.DriverFrame) -> Bool {
    guard frame.handler != 0 else { return false }
    guard let scopes = scopes(frame.handlerData, driver.image) else { return true }
    let offset = UInt32(truncatingIfNeeded: driver.pc &- driver.image.base)
    for index in 0..<scopes.count {
      let scope = scopes.start.loadUnaligned(fromByteOffset: 4 + index * 16, as: Scope.self)
      if scope.contains(offset), !scope.isTermination { return true }
    }
    return false
  }

  /// The table of scopes behind the unwind information; nil when it is none.
  private func scopes(_ data: UInt64, _ image: CodeImage) -> (start: UnsafeRawPointer, count: Int)?
  {
    let offset = data &- image.base
    guard offset < image.size, let start = image.bytes(at: UInt32(truncatingIfNeeded: offset), 4)
    else { return nil }
    let count = Int(start.loadUnaligned(as: UInt32.self))
    guard count < 1024,
      image.bytes(at: UInt32(truncatingIfNeeded: offset), 4 + count * 16) != nil
    else { return nil }
    for index in 0..<count {
      let scope = start.loadUnaligned(fromByteOffset: 4 + index * 16, as: Scope.self)
      guard scope.begin < scope.end, UInt64(scope.end) <= image.size,
        UInt64(scope.target) < image.size, UInt64(scope.handler) < image.size
      else { return nil }
    }
    return (start, count)
  }
}
