import CRing3

/// What a KAPC_STATE of a driver holds while its thread is attached to a process; 0x30 bytes.
struct AttachState {
  var apcLists: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
  /// The process before.
  var process: UnsafeMutableRawPointer?
  var flags: UInt64 = 0
}

extension CurrentThread {
  /// Makes the addresses of a process mean something to the current thread: `KeStackAttachProcess`.
  ///
  /// - Returns: what ``detach(to:)`` takes.
  package static func attach(to process: Process) -> Process {
    let before = CurrentThread.process
    pointer.pointee.process = UnsafeMutableRawPointer(process.pointer)
    return before
  }

  /// Goes back to the process of before.
  package static func detach(to before: Process) {
    let attached = process
    pointer.pointee.process = UnsafeMutableRawPointer(before.pointer)
    // As at the end of a call into the kernel, with the process that the call came from.
    if attached != before, attached.pointer.pointee.space.opened.count != 0 {
      attached.closeAll()
    }
  }
}

@c(r3_KeStackAttachProcess)
func keStackAttachProcess(
  _ process: UnsafeMutableRawPointer, _ state: UnsafeMutableRawPointer
) {
  let before = CurrentThread.attach(
    to: Process(process.assumingMemoryBound(to: ProcessState.self)))
  state.initializeMemory(
    as: AttachState.self, to: AttachState(process: UnsafeMutableRawPointer(before.pointer)))
}

@c(r3_KeUnstackDetachProcess)
func keUnstackDetachProcess(_ state: UnsafeMutableRawPointer) {
  let before = state.assumingMemoryBound(to: AttachState.self).pointee.process
  if let before = Process(before) { CurrentThread.detach(to: before) }
}

@c(r3_KeAttachProcess)
func keAttachProcess(_ process: UnsafeMutableRawPointer) {
  // INVALID_PROCESS_ATTACH_ATTEMPT: this form does not nest.
  if CurrentThread.process != CurrentThread.thread.process {
    Machine.current.bugCheck(0x5, bits(process), bits(CurrentThread.pointer.pointee.process))
  }
  _ = CurrentThread.attach(to: Process(process.assumingMemoryBound(to: ProcessState.self)))
}

@c(r3_KeDetachProcess)
func keDetachProcess() { CurrentThread.detach(to: CurrentThread.thread.process) }
