import CRing3
import Glibc

/// The values of the one bug check that ends a machine.
package struct BugCheckRecord {
  package static let stackCapacity = 32

  package var code: UInt32 = 0
  package var parameters: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
  /// Name of the routine, rule or import that the code is about; a C string that outlives the machine's threads.
  package var subject: UnsafePointer<CChar>?
  /// Return addresses of the driver, newest first.
  package var stack: UnsafeMutablePointer<UInt64>
  package var stackCount = 0
  /// Room for a ``subject`` that is made up as the check is found.
  package let text: UnsafeMutablePointer<CChar>
  package static let textCapacity = 160
  /// A bit for each address of the stack that is an instruction at fault, not a return address.
  package var faultBits: UInt32 = 0
  /// IRQL of the thread, and the request that it had in hand.
  package var irql: UInt8 = 0
  package var request = RequestNote()
  /// The name of the rule that was broken, where code and parameters do not tell it.
  package var rule: StaticString?
  package var causes = Causes.none
  /// The line of the script; 0 for none.
  package var scriptLine: UInt32 = 0
  /// 0 none, 1 being written, 2 complete.
  var phase: UInt32 = 0

  init() {
    stack = .allocate(capacity: Self.stackCapacity)
    text = .allocate(capacity: Self.textCapacity)
  }
}

extension Machine {
  /// Ends the machine: records the values, lets every thread leave, and abandons this kernel stack.
  ///
  /// The first call wins; later ones only leave. In a host thread that is in no kernel this is a
  /// programming error.
  @inline(never)
  package func bugCheck(
    _ code: UInt32, _ p1: UInt64 = 0, _ p2: UInt64 = 0, _ p3: UInt64 = 0, _ p4: UInt64 = 0,
    subject: UnsafePointer<CChar>? = nil, rule: StaticString? = nil, causes: Causes = .none
  ) -> Never {
    if recordBugCheck(code, p1, p2, p3, p4, subject: subject, rule: rule, causes: causes) {
      callBugCheckRoutines()
    }
    CurrentThread.leave()
  }

  /// Records a bug check and halts the machine without leaving: for the watchdog and for signal context.
  ///
  /// - Returns: false when there is a bug check already.
  @discardableResult
  package func recordBugCheck(
    _ code: UInt32, _ p1: UInt64, _ p2: UInt64, _ p3: UInt64, _ p4: UInt64,
    subject: UnsafePointer<CChar>?, rule: StaticString? = nil, causes: Causes = .none
  ) -> Bool {
    guard r3_cas32(phaseAddress, 0, 1) else { return false }
    state.pointee.bugCheck.code = code
    state.pointee.bugCheck.parameters = (p1, p2, p3, p4)
    state.pointee.bugCheck.subject = subject
    state.pointee.bugCheck.rule = rule
    state.pointee.bugCheck.causes = causes
    state.pointee.bugCheck.scriptLine = verifierState?.pointee.scriptLine ?? 0
    if let thread = r3_current() {
      state.pointee.bugCheck.irql = thread.pointee.irql
      state.pointee.bugCheck.request = requestInHand(of: thread)
      if let capture = state.pointee.hooks.captureStack {
        var faultBits: UInt32 = 0
        state.pointee.bugCheck.stackCount = Int(
          capture(
            state.pointee.bugCheck.stack, Int32(BugCheckRecord.stackCapacity), &faultBits))
        state.pointee.bugCheck.faultBits = faultBits
      }
    }
    r3_store32(phaseAddress, 2)
    r3_store32(state, 1)
    wakeEveryThread()
    service.wakeWatchdog()
    return true
  }

  private var phaseAddress: UnsafeMutableRawPointer {
    UnsafeMutableRawPointer(state)
      + MemoryLayout<MachineState>.offset(of: \.bugCheck)!
      + MemoryLayout<BugCheckRecord>.offset(of: \.phase)!
  }

  /// The bug check that ended this machine, once its values are complete.
  package var recordedBugCheck: BugCheckRecord? {
    guard r3_load32(phaseAddress) == 2 else { return nil }
    return state.pointee.bugCheck
  }
}
