import CDriverKit
import CRing3

extension APC {
  /// A routine of a user process: it runs in the host, outside the kernel.
  package typealias UserRoutine =
    @convention(c) (
      UnsafeMutableRawPointer?, UnsafeMutableRawPointer?, UnsafeMutableRawPointer?
    ) -> Void

  /// Runs the user APCs of a thread that leaves the kernel: kernel routines inside, normal ones outside.
  static func runUser(_ thread: Thread) throws(MachineHalted) {
    var normal: UserCall? = UserCall()
    while normal != nil {
      normal = nil
      try withUnsafeMutablePointer(to: &normal) { (pointer) throws(MachineHalted) in
        let take: @convention(c) (UnsafeMutableRawPointer?) -> UInt64 = { argument in
          argument?.assumingMemoryBound(to: UserCall?.self).pointee = APC.takeUser()
          return 0
        }
        _ = r3_enter(thread.block, take, pointer)
        if thread.machine.isHalted { throw MachineHalted() }
      }
      if let normal, let routine = normal.routine {
        unsafeBitCast(routine, to: UserRoutine.self)(
          normal.context, normal.argument1, normal.argument2)
      }
    }
  }

  /// A call of a normal routine.
  private struct UserCall {
    var routine: UnsafeMutableRawPointer?
    var context: UnsafeMutableRawPointer?
    var argument1: UnsafeMutableRawPointer?
    var argument2: UnsafeMutableRawPointer?
  }

  /// Takes one user APC and runs its kernel routine.
  private static func takeUser() -> UserCall? {
    let thread = CurrentThread.thread
    let machine = thread.machine
    machine.lockDispatcher()
    let entry = thread.userAPCs.removeHead()
    if let entry { UnsafeMutablePointer<KAPC>.of(entry).pointee.Inserted = 0 }
    if entry == nil { r3_and32(thread.block.attentionAddress, ~Attention.userAPC) }
    machine.unlockDispatcher()
    guard let entry else { return nil }
    var call = Call(.of(entry))
    runKernelRoutine(&call)
    return UserCall(
      routine: call.normalRoutine, context: call.normalContext, argument1: call.argument1,
      argument2: call.argument2)
  }
}
