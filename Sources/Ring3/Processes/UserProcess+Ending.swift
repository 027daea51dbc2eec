import IOManager
import Machine

extension UserProcess {
  /// Ends the calling thread's life in the process, as ExitThread does.
  ///
  /// Its requests are cancelled and awaited. The next call that it makes is that of a new thread.
  /// A thread of the program that only ends leaves its requests under way, for it is often one of a pool
  /// that nobody asked for. Waits for requests that their drivers do not give up, at most
  /// `cancelSeconds` of the kernel's ``Configuration``; they are then left to the driver.
  public func endThread() { kernel.machine.endHostThread(of: process) }

  /// Ends the process as if it had exited: its requests are cancelled, its handles closed, its memory
  /// given back.
  ///
  /// Waits for requests that their drivers do not give up, at most
  /// `cancelSeconds` of the kernel's ``Configuration``; they are then left to the driver.
  public func end() throws(KernelError) {
    let machine = kernel.machine
    let process = process
    do {
      try machine.inside(machine.systemProcess) {
        machine.io.endProcess(process) { machine.notifyEnding(process) }
      }
    } catch {
      throw kernel.halted()
    }
  }
}
