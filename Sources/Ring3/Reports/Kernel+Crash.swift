import Machine
import NTTypes

extension Kernel {
  /// Ends the kernel from outside, as the crash key of a keyboard does: bug check 0xE2.
  ///
  /// Threads that wait in the kernel leave it; code of a driver that runs goes on until it calls
  /// the system. May be called from any thread. Does nothing in a kernel that has ended.
  public func crash() {
    machine.recordBugCheck(
      BugCheckCode.manuallyInitiatedCrash.rawValue, 0, 0, 0, 0, subject: nil)
  }

  /// Ends the kernel because a run in it does not end: bug check 0x52330009, as ``crash()`` does.
  package func giveUp() {
    machine.recordBugCheck(
      BugCheckCode.ring3RunNotEnded.rawValue, 0, 0, 0, 0, subject: nil)
  }
}
