import CDriverKit
import CRing3
import Machine
import Memory

extension IOManager {
  /// Cancels a request of a user process: in the thread that issued it, where it cannot be finished meanwhile.
  ///
  /// `release(owner)` is called when `progress` is not looked at any more.
  package func cancel(
    _ progress: UnsafeMutablePointer<RequestProgress>, owner: UnsafeMutableRawPointer,
    release: @convention(c) (UnsafeMutableRawPointer) -> Void
  ) {
    progress.pointee.release = release
    guard let thread = Thread(progress.pointee.thread),
      let block = machine.pool.allocate(
        MemoryLayout<KAPC>.size, kind: .nonpaged, tag: Self.cancelTag)
    else {
      release(owner)
      return
    }
    let apc = block.assumingMemoryBound(to: KAPC.self)
    if !APC.queueSpecial(apc, to: thread, cancelInThread, UnsafeMutableRawPointer(progress), owner)
    {
      machine.pool.free(block, tag: Self.cancelTag)
      release(owner)
    }
  }

  static var cancelTag: UInt32 { 0x6143_6F49 }  // IoCa
}

private let cancelInThread: APC.Routine = { apc in
  let io = Machine.current.io
  let progress = apc.pointee.SystemArgument1?.assumingMemoryBound(to: RequestProgress.self)
  let owner = apc.pointee.SystemArgument2
  io.machine.pool.free(UnsafeMutableRawPointer(apc), tag: IOManager.cancelTag)
  guard let progress, let owner else { return }
  if r3_load32(&progress.pointee.phase) != RequestProgress.done, let irp = progress.pointee.irp {
    _ = io.cancelIRP(irp)
  }
  progress.pointee.release?(owner)
}
