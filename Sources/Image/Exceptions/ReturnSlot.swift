import CRing3
import Machine

/// Finds where the function of a driver whose frame an address lies in keeps its return address.
///
/// The newest call out of the driver is where the walk begins; it ends at the first frame of the system.
let returnSlot: @convention(c) (UInt) -> UInt = { address in
  guard let thread = r3_current(), let machine = machine(of: thread),
    FrameWalk.stack(of: thread).contains(UInt64(address)), machine[.exceptions] != nil,
    let newest = thread.pointee.frames, case .export(let frame) = LinkedFrame(newest)
  else { return 0 }
  var context = R3Context()
  return withUnsafeMutablePointer(to: &context) { context in
    r3_context_from_frame(context, frame)
    let walk = FrameWalk(thread, machine, context, isAtFault: false)
    if UInt64(address) < walk.rsp { return 0 }
    let unwinder = Unwinder(stack: walk.stack, context: context)
    while walk.isOnStack, case .function(let driver) = walk.place() {
      guard
        unwinder.unwind(
          driver.function.pointee, at: driver.pc, in: driver.image, handler: .none) != nil
      else { return 0 }
      if UInt64(address) < walk.rsp { return UInt(walk.rsp &- 8) }
    }
    return 0
  }
}
