import CDriverKit
import CRing3
import Glibc

private func thread(_ address: UnsafeMutableRawPointer) -> Thread {
  Thread(address.assumingMemoryBound(to: ThreadState.self))
}

private func process(_ address: UnsafeMutableRawPointer) -> Process {
  Process(address.assumingMemoryBound(to: ProcessState.self))
}

private func handle(_ identifier: UInt) -> UnsafeMutableRawPointer? {
  UnsafeMutableRawPointer(bitPattern: identifier)
}

@c(r3_PsTerminateSystemThread)
func psTerminateSystemThread(_ status: Int32) -> Int32 {
  if !CurrentThread.thread.pointer.pointee.isSystem {
    return Int32(bitPattern: 0xC000_000D)  // STATUS_INVALID_PARAMETER
  }
  SystemThread.terminate(status)
}

// MARK: Who runs

@c(r3_PsGetCurrentProcess)
func psGetCurrentProcess() -> UnsafeMutableRawPointer { CurrentThread.pointer.pointee.process }

@c(r3_PsGetCurrentProcessId)
func psGetCurrentProcessId() -> UnsafeMutableRawPointer? {
  handle(CurrentThread.thread.process.pointer.pointee.identifier)
}

@c(r3_PsGetCurrentThreadId)
func psGetCurrentThreadId() -> UnsafeMutableRawPointer? {
  handle(CurrentThread.thread.pointer.pointee.identifier)
}

@c(r3_PsGetCurrentThreadProcess)
func psGetCurrentThreadProcess() -> UnsafeMutableRawPointer {
  UnsafeMutableRawPointer(CurrentThread.thread.process.pointer)
}

@c(r3_PsGetProcessId)
func psGetProcessId(_ address: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
  handle(process(address).pointer.pointee.identifier)
}

@c(r3_PsGetThreadId)
func psGetThreadId(_ address: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
  handle(thread(address).pointer.pointee.identifier)
}

@c(r3_PsGetThreadProcess)
func psGetThreadProcess(_ address: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer {
  UnsafeMutableRawPointer(thread(address).process.pointer)
}

@c(r3_PsGetThreadProcessId)
func psGetThreadProcessId(_ address: UnsafeMutableRawPointer) -> UnsafeMutableRawPointer? {
  handle(thread(address).process.pointer.pointee.identifier)
}

@c(r3_PsGetThreadExitStatus)
func psGetThreadExitStatus(_ address: UnsafeMutableRawPointer) -> Int32 {
  thread(address).exitStatus
}

@c(r3_PsIsSystemThread)
func psIsSystemThread(_ address: UnsafeMutableRawPointer) -> UInt8 {
  thread(address).pointer.pointee.isSystem ? 1 : 0
}

@c(r3_PsIsThreadTerminating)
func psIsThreadTerminating(_ address: UnsafeMutableRawPointer) -> UInt8 {
  thread(address).isEnded ? 1 : 0
}

@c(r3_ExGetPreviousMode)
func exGetPreviousMode() -> UInt8 {
  CurrentThread.thread.process.isSystem ? ProcessorMode.kernel : ProcessorMode.user
}

// MARK: Priorities are kept, and mean nothing: the host schedules.

@c(r3_KeSetPriorityThread)
func keSetPriorityThread(_ address: UnsafeMutableRawPointer, _ priority: Int32) -> Int32 {
  let old = thread(address).pointer.pointee.priority
  thread(address).pointer.pointee.priority = priority
  return old
}

@c(r3_KeQueryPriorityThread)
func keQueryPriorityThread(_ address: UnsafeMutableRawPointer) -> Int32 {
  thread(address).pointer.pointee.priority
}

@c(r3_KeSetBasePriorityThread)
func keSetBasePriorityThread(_ address: UnsafeMutableRawPointer, _ increment: Int32) -> Int32 {
  let old = thread(address).pointer.pointee.priority - 8
  thread(address).pointer.pointee.priority = 8 + increment
  return old
}

// MARK: The kernel stack

@c(r3_IoGetStackLimits)
func ioGetStackLimits(_ low: UnsafeMutablePointer<UInt64>, _ high: UnsafeMutablePointer<UInt64>) {
  low.pointee = CurrentThread.pointer.pointee.stackLimit
  high.pointee = CurrentThread.pointer.pointee.stackBase
}

@c(r3_IoGetInitialStack)
func ioGetInitialStack() -> UInt64 { CurrentThread.pointer.pointee.stackBase }

/// Bytes of the kernel stack below the driver that called.
private var remainingStack: UInt64 {
  let thread = CurrentThread.pointer
  return (thread.pointee.frames?.pointee.rsp ?? thread.pointee.stackBase)
    - thread.pointee.stackLimit
}

@c(r3_IoGetRemainingStackSize)
func ioGetRemainingStackSize() -> UInt64 { remainingStack }

// A kernel stack here is as large as an expanded one there: the callout runs on it, or is refused.
@c(r3_KeExpandKernelStackAndCalloutEx)
func keExpandKernelStackAndCalloutEx(
  _ callout: UnsafeMutableRawPointer, _ parameter: UnsafeMutableRawPointer?, _ size: UInt64,
  _ wait: UInt32, _ context: UnsafeMutableRawPointer?
) -> Int32 {
  if size > 0x12000 { return Int32(bitPattern: 0xC000_00F1) }  // STATUS_INVALID_PARAMETER_3
  if remainingStack < size + 0x4000 { return Int32(bitPattern: 0xC000_0017) }  // STATUS_NO_MEMORY
  _ = r3_call1(callout, bits(parameter))
  return 0
}

@c(r3_KeExpandKernelStackAndCallout)
func keExpandKernelStackAndCallout(
  _ callout: UnsafeMutableRawPointer, _ parameter: UnsafeMutableRawPointer?, _ size: UInt64
) -> Int32 {
  keExpandKernelStackAndCalloutEx(callout, parameter, size, 1, nil)
}

// MARK: Floating point: a thread's registers are saved by who calls, there is no state to keep.

@c(r3_KeSaveFloatingPointState)
func keSaveFloatingPointState(_ save: UnsafeMutableRawPointer?) -> Int32 { 0 }

@c(r3_KeRestoreFloatingPointState)
func keRestoreFloatingPointState(_ save: UnsafeMutableRawPointer?) -> Int32 { 0 }

@c(r3_KeSaveExtendedProcessorState)
func keSaveExtendedProcessorState(_ mask: UInt64, _ save: UnsafeMutableRawPointer?) -> Int32 { 0 }

@c(r3_KeRestoreExtendedProcessorState)
func keRestoreExtendedProcessorState(_ save: UnsafeMutableRawPointer?) {}
