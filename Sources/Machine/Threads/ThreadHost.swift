import CRing3
import Glibc

/// Who has the identity of a thread that may be borrowed: values of `ThreadState.host`.
///
/// A thread outside the kernel still has to get its special APCs. The machine's service thread then
/// borrows its identity; a host thread that comes in meanwhile waits. Only threads with a request
/// under way pay for this.
enum ThreadHost {
  static let outside: UInt32 = 0
  static let inside: UInt32 = 1
  static let borrowed: UInt32 = 2
}

extension CurrentThread {
  /// Lets special APCs reach the current thread also when it has left the kernel.
  ///
  /// To be called by the thread itself before it leaves a request pending in ``ThreadState/requests``.
  /// It holds until the thread leaves the kernel with that list empty.
  package static func allowBorrowing() {
    let thread = thread
    if thread.block.pointee.attention & Attention.borrowable != 0 { return }
    thread.pointer.pointee.host = ThreadHost.inside
    r3_or32(thread.block.attentionAddress, Attention.borrowable)
  }
}

extension Thread {
  /// The thread of a block.
  package init(of block: UnsafeMutablePointer<R3Thread>) {
    pointer = block.pointee.currentThread.assumingMemoryBound(to: ThreadState.self)
  }

  private var hostAddress: UnsafeMutablePointer<UInt32> {
    (UnsafeMutableRawPointer(pointer) + MemoryLayout<ThreadState>.offset(of: \.host)!)
      .assumingMemoryBound(to: UInt32.self)
  }

  var terminatedAddress: UnsafeMutableRawPointer {
    UnsafeMutableRawPointer(pointer) + MemoryLayout<ThreadState>.offset(of: \.isTerminated)!
  }

  var servedAddress: UnsafeMutableRawPointer {
    UnsafeMutableRawPointer(pointer) + MemoryLayout<ThreadState>.offset(of: \.isToBeServed)!
  }

  var mayBeBorrowed: Bool {
    r3_load32(block.attentionAddress) & Attention.borrowable != 0
  }

  /// Takes the identity for the host thread that comes in.
  ///
  /// - Returns: false when it is inside already.
  func comeInside() throws(MachineHalted) -> Bool {
    if block.pointee.attention & Attention.borrowable == 0 { return block.pointee.hostStack == 0 }
    while !r3_cas32(hostAddress, ThreadHost.outside, ThreadHost.inside) {
      if r3_load32(hostAddress) == ThreadHost.inside { return false }
      if machine.isHalted { throw MachineHalted() }
      if let schedule = machine.schedule {
        schedule.wait(hostAddress, ThreadHost.borrowed, until: .never, "an APC that runs for it")
        continue
      }
      r3_futex_wait(hostAddress, ThreadHost.borrowed, 10_000_000)
    }
    return true
  }

  /// Gives the identity up as the host thread leaves.
  ///
  /// - Returns: false when a kernel APC came in between, and the identity is taken again.
  func goOutside() -> Bool {
    guard block.pointee.attention & Attention.borrowable != 0 else { return true }
    if !hasRequests {
      r3_and32(block.attentionAddress, ~Attention.borrowable)
      return r3_load32(block.attentionAddress) & Attention.kernelAPC == 0
    }
    _ = r3_swap32(hostAddress, ThreadHost.outside)
    if r3_load32(block.attentionAddress) & Attention.kernelAPC == 0 { return true }
    return !r3_cas32(hostAddress, ThreadHost.outside, ThreadHost.inside)
  }

  /// Lets the service thread take the identity, which the caller has.
  func beBorrowable() {
    r3_or32(block.attentionAddress, Attention.borrowable)
    _ = r3_swap32(hostAddress, ThreadHost.outside)
  }

  /// Takes the identity for the service thread, when the host thread is outside.
  func borrow() -> Bool { r3_cas32(hostAddress, ThreadHost.outside, ThreadHost.borrowed) }

  func giveBackBorrowed() {
    _ = r3_swap32(hostAddress, ThreadHost.outside)
    r3_futex_wake(hostAddress, 1)
  }

  /// Whether requests of the thread are under way.
  var hasRequests: Bool {
    let first = pointer.pointee.requests[0]
    let offset = MemoryLayout<ThreadState>.offset(of: \.requests)!
    return first != 0 && first != UInt64(UInt(bitPattern: pointer)) + UInt64(offset)
  }
}

extension Machine {
  /// What a thread does as it leaves the kernel with something to look at.
  @inline(never)
  func finish(_ thread: Thread) throws(MachineHalted) {
    let block = thread.block
    repeat {
      if block.pointee.irql != 0 || block.pointee.apcsDisabled != 0 {
        _ = r3_enter(block, { _ in Machine.refuseExit() }, nil)
        throw MachineHalted()
      }
      if block.pointee.attention & Attention.kernelAPC != 0 {
        let deliver: @convention(c) (UnsafeMutableRawPointer?) -> UInt64 = { _ in
          APC.deliverKernel()
          return 0
        }
        _ = r3_enter(block, deliver, nil)
        if isHalted { throw MachineHalted() }
      }
      if block.pointee.attention & Attention.userAPC != 0 { try APC.runUser(thread) }
    } while !thread.goOutside()
  }

  /// A call of the system ends at raised level, or in a critical region.
  ///
  /// IRQL_GT_ZERO_AT_SYSTEM_SERVICE, APC_INDEX_MISMATCH.
  private static func refuseExit() -> UInt64 {
    let thread = CurrentThread.thread
    if CurrentThread.irql != 0 { current.bugCheck(0x4A, 0, UInt64(CurrentThread.irql)) }
    let counts =
      UInt64(UInt16(truncatingIfNeeded: thread.wait.pointee.specialAPCDisable)) << 16
      | UInt64(UInt16(truncatingIfNeeded: thread.wait.pointee.apcDisable))
    current.bugCheck(0x1, 0, 0, counts, 0)
  }
}
