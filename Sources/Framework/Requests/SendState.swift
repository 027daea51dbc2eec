import CDriverKit
import CRing3
import IOManager
import Machine

/// What sending a request to an I/O target keeps with it.
struct SendState {
  /// The target that has the request; nil when none has.
  var target: UnsafeMutablePointer<TargetBody>?
  /// EvtRequestCompletionRoutine and its context, for one send.
  var routine: UnsafeMutableRawPointer?
  var context: UnsafeMutableRawPointer?
  /// Neighbours in the target's list of sent or of waiting requests; guarded by the target's lock.
  var next: UnsafeMutablePointer<RequestBody>?
  var previous: UnsafeMutablePointer<RequestBody>?
  /// The next of those that a thread is cancelling.
  var chained: UnsafeMutablePointer<RequestBody>?
  /// What it was formatted with.
  var format: UnsafeMutablePointer<RequestFormat>?
  var timer: UnsafeMutablePointer<SendTimer>?
  /// The thread that sent it and waits.
  var wait: UnsafeMutablePointer<SendWait>?
  /// Who must let go before the send is finished: its way back, its timer, threads that cancel it.
  var holders: UInt32 = 0
  /// While it is sent guarded by the target's lock.
  var flags = SendFlags()
  /// Cancelled since it was made or reused: it is not sent any more.
  var isCancelled = false
}

/// Where a request is on its way to a target and back.
struct SendFlags: OptionSet {
  let rawValue: UInt16
  /// The next stack location is filled in.
  static let isFormatted = SendFlags(rawValue: 1 << 0)
  /// In the target's list of sent requests.
  static let isListed = SendFlags(rawValue: 1 << 1)
  /// Its timer is running, or runs until it came back.
  static let isTimed = SendFlags(rawValue: 1 << 2)
  /// The lower drivers are done with it, or it never got there.
  static let cameBack = SendFlags(rawValue: 1 << 3)
  /// Cancelled because its time was up.
  static let isExpired = SendFlags(rawValue: 1 << 4)
  /// Sent whatever the target's state.
  static let ignoresState = SendFlags(rawValue: 1 << 5)
  /// In the chain of a thread that cancels.
  static let isBeingCancelled = SendFlags(rawValue: 1 << 6)
  /// The IRP is freed with the request.
  static let ownsIRP = SendFlags(rawValue: 1 << 7)
  /// A driver's IRP that the driver has to complete by the request.
  static let mustComplete = SendFlags(rawValue: 1 << 8)
  /// It was sent since it was made or reused: its status means something.
  static let wasSent = SendFlags(rawValue: 1 << 9)
}

/// A thread that waits for the request that it sent; on its stack.
struct SendWait {
  var event = KEVENT()
  /// Whether the thread itself copies what was read, and nobody calls a completion routine.
  let copies: Bool
}

extension UnsafeMutablePointer where Pointee == SendWait {
  var event: UnsafeMutablePointer<KEVENT> {
    UnsafeMutableRawPointer(self).assumingMemoryBound(to: KEVENT.self)
  }
}

extension UnsafeMutablePointer where Pointee == RequestBody {
  var sendAddress: UnsafeMutablePointer<SendState> {
    (UnsafeMutableRawPointer(self) + MemoryLayout<RequestBody>.offset(of: \.send).unsafelyUnwrapped)
      .assumingMemoryBound(to: SendState.self)
  }

  /// The counter of ``SendState/holders``, which threads change at once.
  var holders: UnsafeMutableRawPointer {
    UnsafeMutableRawPointer(sendAddress)
      + MemoryLayout<SendState>.offset(of: \.holders).unsafelyUnwrapped
  }

  /// Whether a target has the request.
  var isSent: Bool { r3_load32(holders) != 0 }
}

extension Framework {
  /// A driver deletes its request: buffers that it was formatted with are let go, unless they are in use.
  func disposeSend(of request: UnsafeMutablePointer<RequestBody>) {
    guard request.pointee.origin != .delivered, !request.isSent else { return }
    restore(request)
  }

  /// The end of a request: what sending it needed, and the IRP when it is the framework's.
  func destroySend(of request: UnsafeMutablePointer<RequestBody>) {
    freeFormat(of: request)
    freeTimer(request)
    if request.pointee.send.flags.contains(.ownsIRP), let irp = request.pointee.irp {
      request.pointee.irp = nil
      machine.io.freeIRP(irp)
    }
  }
}
