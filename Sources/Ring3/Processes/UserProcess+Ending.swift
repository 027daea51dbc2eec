import IOManager
import Machine

extension UserProcess {
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
