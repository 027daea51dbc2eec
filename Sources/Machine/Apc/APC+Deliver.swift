import CDriverKit
import CRing3

extension APC {
  /// Delivers kernel APCs when the current thread's level allows it.
  static func deliverIfPossible() {
    let thread = CurrentThread.pointer
    if thread.pointee.irql == IRQL.passive,
      thread.pointee.attention & Attention.kernelAPC != 0
    {
      deliverKernel()
    }
  }

  /// Runs the kernel APCs of the current thread that may run, at PASSIVE_LEVEL.
  @inline(never)
  static func deliverKernel() {
    let thread = CurrentThread.thread
    while let apc = take(thread) {
      var call = Call(apc)
      run(&call, thread)
    }
  }

  private static func take(_ thread: Thread) -> UnsafeMutablePointer<KAPC>? {
    let machine = thread.machine
    machine.lockDispatcher()
    let apc = thread.deliverableKernelAPC
    if let apc {
      apc.listEntry.unlink()
      apc.pointee.Inserted = 0
    }
    if thread.kernelAPCs.isEmptyList {
      r3_and32(thread.block.attentionAddress, ~Attention.kernelAPC)
    }
    machine.unlockDispatcher()
    return apc
  }

  /// What a kernel routine may change, copied from an APC that it may free.
  struct Call {
    let apc: UnsafeMutablePointer<KAPC>
    let kernelRoutine: UnsafeMutableRawPointer?
    let isHost: Bool
    var normalRoutine: UnsafeMutableRawPointer?
    var normalContext: UnsafeMutableRawPointer?
    var argument1: UnsafeMutableRawPointer?
    var argument2: UnsafeMutableRawPointer?

    init(_ apc: UnsafeMutablePointer<KAPC>) {
      self.apc = apc
      kernelRoutine = apc.pointee.KernelRoutine
      isHost = apc.pointee.SpareByte0 == hostMark
      normalRoutine = apc.pointee.NormalRoutine
      normalContext = apc.pointee.NormalContext
      argument1 = apc.pointee.SystemArgument1
      argument2 = apc.pointee.SystemArgument2
    }
  }

  private static func run(_ call: inout Call, _ thread: Thread) {
    runKernelRoutine(&call)
    guard let routine = call.normalRoutine else { return }
    thread.wait.pointee.isKernelAPCRunning = true
    _ = r3_call3(
      routine, bits(call.normalContext), bits(call.argument1), bits(call.argument2))
    thread.wait.pointee.isKernelAPCRunning = false
  }

  /// Calls the kernel routine at APC_LEVEL.
  static func runKernelRoutine(_ call: inout Call) {
    guard let kernelRoutine = call.kernelRoutine else { return }
    let block = CurrentThread.pointer
    block.pointee.irql = IRQL.apc
    if call.isHost {
      unsafeBitCast(kernelRoutine, to: Routine.self)(call.apc)
    } else {
      withUnsafeMutablePointer(to: &call) { call in
        let base = UnsafeMutableRawPointer(call)
        _ = r3_call5(
          kernelRoutine, bits(call.pointee.apc),
          bits(base + MemoryLayout<Call>.offset(of: \.normalRoutine)!),
          bits(base + MemoryLayout<Call>.offset(of: \.normalContext)!),
          bits(base + MemoryLayout<Call>.offset(of: \.argument1)!),
          bits(base + MemoryLayout<Call>.offset(of: \.argument2)!))
      }
    }
    // IRQL_UNEXPECTED_VALUE
    if block.pointee.irql != IRQL.apc {
      Machine.current.bugCheck(
        0xC8, UInt64(block.pointee.irql) << 16 | UInt64(IRQL.apc) << 8, bits(kernelRoutine))
    }
    block.pointee.irql = IRQL.passive
  }
}

/// An address as an integer argument.
@inline(__always)
func bits(_ pointer: UnsafeMutableRawPointer?) -> UInt64 { UInt64(UInt(bitPattern: pointer)) }

@inline(__always)
func bits<T>(_ pointer: UnsafeMutablePointer<T>?) -> UInt64 { UInt64(UInt(bitPattern: pointer)) }
