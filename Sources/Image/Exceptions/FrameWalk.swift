import CRing3
import Machine

/// The way up the stack from a context: through driver frames, and over the host's between them.
struct FrameWalk {
  let thread: UnsafeMutablePointer<R3Thread>
  let machine: Machine
  /// The context that the walk has come to.
  ///
  /// Its instruction is in a driver or in the host.
  let context: UnsafeMutablePointer<R3Context>
  /// The context is that of a faulting instruction, wherever that is: not in a caller.
  var isAtFault: Bool
  /// The newest frame of the chain that the walk may meet.
  var chain: UnsafeMutablePointer<R3Frame>?

  init(
    _ thread: UnsafeMutablePointer<R3Thread>, _ machine: Machine,
    _ context: UnsafeMutablePointer<R3Context>, isAtFault: Bool
  ) {
    self.thread = thread
    self.machine = machine
    self.context = context
    self.isAtFault = isAtFault
    chain = thread.pointee.frames
  }

  /// A driver frame: the context is still inside it.
  struct DriverFrame {
    let pc: UInt64
    let image: CodeImage
    let function: UnsafePointer<R3RuntimeFunction>
  }

  enum Place {
    case function(DriverFrame)
    /// Driver code without an entry: its return address is on top of the stack.
    case leaf
    /// Host code; the walk goes on at ``nextFrame``.
    case host
  }

  var stack: Range<UInt64> { FrameWalk.stack(of: thread) }

  static func stack(of thread: UnsafeMutablePointer<R3Thread>) -> Range<UInt64> {
    let limit = thread.pointee.stackLimit
    return limit..<max(thread.pointee.stackBase, limit)
  }

  var rsp: UInt64 { context.pointee.registers.rsp }

  /// Where the context is.
  func place() -> Place {
    let pc = context.pointee.registers.rip
    if let image = machine.exceptions.pointee.code.image(containing: pc) {
      guard let function = image.function(at: pc) else { return .leaf }
      return .function(DriverFrame(pc: pc, image: image, function: function))
    }
    return isAtFault || CodeKind(of: pc, in: machine) == .leaf ? .leaf : .host
  }

  /// Whether the stack pointer can be that of a frame.
  var isOnStack: Bool { rsp & 7 == 0 && stack.contains(rsp) }

  /// The frame that links the host code at the context with the driver code above it.
  func nextFrame() -> UnsafeMutablePointer<R3Frame>? {
    var frame = chain
    while let candidate = frame, UInt64(UInt(bitPattern: candidate)) < rsp {
      frame = candidate.pointee.previous
    }
    return frame
  }
}

/// What a frame of the chain stands for.
enum LinkedFrame {
  case export(UnsafeMutablePointer<R3Frame>)
  case dispatch(UnsafeMutablePointer<R3Dispatch>)
  case unwind(UnsafeMutablePointer<R3Unwind>)

  init(_ frame: UnsafeMutablePointer<R3Frame>) {
    switch frame.pointee.target {
    case UInt64(R3_FRAME_DISPATCH): self = .dispatch(UnsafeMutablePointer(OpaquePointer(frame)))
    case UInt64(R3_FRAME_UNWIND): self = .unwind(UnsafeMutablePointer(OpaquePointer(frame)))
    default: self = .export(frame)
    }
  }
}

extension UnsafeMutablePointer<R3Dispatch> {
  /// Whether the context is that of the faulting instruction, not of the caller of an export.
  var isAtFault: Bool {
    pointee.fault.signal != 0 && pointee.fault.registers.rip == pointee.context.registers.rip
  }
}

extension UnsafeMutablePointer<R3Context> {
  /// Copies what unwinding may need and change: all but the vector area.
  @inline(__always)
  func copyRegisters(from other: UnsafeMutablePointer<R3Context>) {
    UnsafeMutableRawPointer(self).copyMemory(from: other, byteCount: 0x300)
  }
}

// The functions of the exception protocol and their numbers.

/// EXCEPTION_DISPOSITION.
enum Disposition: Int32 {
  case continueExecution, continueSearch, nestedException, collidedUnwind
}

/// Bits of `ExceptionFlags`.
enum ExceptionFlag {
  static let noncontinuable: UInt32 = 0x01
  static let unwinding: UInt32 = 0x02
  static let exitUnwind: UInt32 = 0x04
  static let stackInvalid: UInt32 = 0x08
  static let nestedCall: UInt32 = 0x10
  static let targetUnwind: UInt32 = 0x20
  static let collidedUnwind: UInt32 = 0x40
}

/// Codes of exceptions.
enum ExceptionCode {
  static let datatypeMisalignment: UInt32 = 0x8000_0002
  static let breakpoint: UInt32 = 0x8000_0003
  static let singleStep: UInt32 = 0x8000_0004
  static let longJump: UInt32 = 0x8000_0026
  static let unwindConsolidate: UInt32 = 0x8000_0029
  static let accessViolation: UInt32 = 0xC000_0005
  static let inPageError: UInt32 = 0xC000_0006
  static let illegalInstruction: UInt32 = 0xC000_001D
  static let noncontinuable: UInt32 = 0xC000_0025
  static let invalidDisposition: UInt32 = 0xC000_0026
  static let unwind: UInt32 = 0xC000_0027
  static let badStack: UInt32 = 0xC000_0028
  static let invalidUnwindTarget: UInt32 = 0xC000_0029
  static let integerDivideByZero: UInt32 = 0xC000_0094
  static let integerOverflow: UInt32 = 0xC000_0095
  static let privilegedInstruction: UInt32 = 0xC000_0096
  static let assertionFailure: UInt32 = 0xC000_0420
}
