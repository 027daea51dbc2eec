import CRing3
import Machine

/// Walks driver frames without running anything: for bug check reports and RtlCaptureStackBackTrace.
struct StackCapture {
  private var walk: FrameWalk
  private let into: UnsafeMutablePointer<UInt64>
  private let capacity: Int
  private var skip: Int
  private var count = 0
  private let faultBits: UnsafeMutablePointer<UInt32>?
  /// The words of the stack that the walk goes by.
  private var words = WalkWords()
  /// Where the registers of the walk were saved, as an ``Unwinder`` notes it; nil when nobody asks.
  private var places: UnsafeMutablePointer<UInt64>?

  /// Does the same, and tells what the walk went by.
  static func capture(
    _ thread: UnsafeMutablePointer<R3Thread>, into: UnsafeMutablePointer<UInt64>, capacity: Int,
    noting words: inout WalkWords
  ) -> Int {
    guard let machine = machine(of: thread), machine[.exceptions] != nil,
      let frame = thread.pointee.frames
    else { return 0 }
    var context = R3Context()
    var places = InlineArray<32, UInt64>(repeating: 0)
    return withUnsafeMutablePointers(&context, &places) { context, places in
      var capture = StackCapture(
        walk: FrameWalk(thread, machine, context, isAtFault: false), into: into,
        capacity: capacity, skip: 0, faultBits: nil)
      capture.places = places
      defer { words = capture.words }
      // A frame of a fault handler lies on the signal stack.
      guard capture.walk.stack.contains(UInt64(UInt(bitPattern: frame))) else {
        capture.words.giveUp()
        return StackCapture.capture(thread, into: into, capacity: capacity)
      }
      return capture.adopt(frame) ? capture.run() : 0
    }
  }

  /// Writes addresses in drivers, newest first, from the newest frame on; gives their number.
  ///
  /// A bit of `faultBits` is set for each of the first 32 that is an instruction at fault.
  static func capture(
    _ thread: UnsafeMutablePointer<R3Thread>, into: UnsafeMutablePointer<UInt64>, capacity: Int,
    skip: Int = 0, faultBits: UnsafeMutablePointer<UInt32>? = nil
  ) -> Int {
    guard let machine = machine(of: thread), machine[.exceptions] != nil,
      let frame = thread.pointee.frames
    else { return 0 }
    // Not on the heap: the host's allocator may be what was interrupted.
    var context = R3Context()
    return withUnsafeMutablePointer(to: &context) { context in
      var capture = StackCapture(
        walk: FrameWalk(thread, machine, context, isAtFault: false), into: into,
        capacity: capacity, skip: skip, faultBits: faultBits)
      // A frame of a fault handler lies on the signal stack.
      if !capture.walk.stack.contains(UInt64(UInt(bitPattern: frame))) {
        capture.walk.chain = frame.pointee.previous
        r3_context_from_frame(context, frame)
        capture.walk.isAtFault = true
        return capture.run()
      }
      return capture.adopt(frame) ? capture.run() : 0
    }
  }

  private init(
    walk: FrameWalk, into: UnsafeMutablePointer<UInt64>, capacity: Int, skip: Int,
    faultBits: UnsafeMutablePointer<UInt32>?
  ) {
    self.walk = walk
    self.into = into
    self.capacity = capacity
    self.skip = skip
    self.faultBits = faultBits
  }

  private mutating func run() -> Int {
    // At a stack overflow the stack pointer may be below the stack.
    while count < capacity, walk.isAtFault || walk.isOnStack, step() {}
    return count
  }

  private mutating func add(_ address: UInt64) {
    if skip > 0 {
      skip -= 1
    } else {
      into[count] = address
      if walk.isAtFault, count < 32 { faultBits?.pointee |= 1 << UInt32(count) }
      count += 1
    }
  }

  private mutating func step() -> Bool {
    let unwinder = Unwinder(stack: walk.stack, context: walk.context, places: places)
    switch walk.place() {
    case .function(let frame):
      add(frame.pc)
      walk.isAtFault = false
      if places != nil { noteFrameRegister(of: frame) }
      guard
        unwinder.unwind(
          frame.function.pointee, at: frame.pc, in: frame.image, handler: .none) != nil
      else { return false }
      noteReturn()
      return true
    case .leaf:
      // Of a leaf export the caller is what is looked for.
      let rip = walk.context.pointee.registers.rip
      if !r3_is_leaf(rip) { add(rip) }
      walk.isAtFault = false
      guard unwinder.unwindLeaf() else { return false }
      noteReturn()
      return true
    case .host:
      noteChain()
      guard let frame = walk.nextFrame() else { return false }
      return adopt(frame)
    }
  }

  /// The word that the walk has just taken an address from.
  private mutating func noteReturn() { words.note(walk.rsp &- 8, on: walk.stack) }

  /// The word that a frame register came from.
  private mutating func noteFrameRegister(of frame: FrameWalk.DriverFrame) {
    guard let info = UnwindInfo(at: frame.function.pointee.unwindInfo, in: frame.image),
      // Of an entry that is chained to, the register is not looked up.
      !info.isChained, let places
    else { return words.giveUp() }
    if info.frameRegister != 0 { words.note(places[16 + info.frameRegister], on: walk.stack) }
  }

  /// The frames that are looked at for the one above the host code.
  private mutating func noteChain() {
    var frame = walk.chain
    while let candidate = frame, UInt64(UInt(bitPattern: candidate)) < walk.rsp {
      words.note(UInt64(UInt(bitPattern: candidate)), on: walk.stack)
      frame = candidate.pointee.previous
    }
  }

  /// Goes on at a linked frame; false when it leads down.
  private mutating func adopt(_ frame: UnsafeMutablePointer<R3Frame>) -> Bool {
    walk.isAtFault = false
    switch LinkedFrame(frame) {
    case .export(let frame):
      words.note(frame, on: walk.stack)
      if let places { Self.note(savedIn: frame, places) }
      r3_context_from_frame(walk.context, frame)
    case .dispatch(let dispatch):
      words.giveUp()
      walk.context.copyRegisters(from: r3_dispatch_context(dispatch))
      walk.isAtFault = dispatch.isAtFault
    case .unwind(let unwind):
      words.giveUp()
      walk.context.copyRegisters(from: r3_unwind_context(unwind))
    }
    return walk.rsp > UInt64(UInt(bitPattern: frame))
  }
}

extension StackCapture {
  /// Where a call of the system saved the registers that it keeps.
  fileprivate static func note(
    savedIn frame: UnsafeMutablePointer<R3Frame>, _ places: UnsafeMutablePointer<UInt64>
  ) {
    // rbx, rbp, rdi, rsi, r12 to r15 lie one after the other.
    let first =
      UInt64(UInt(bitPattern: frame))
      + UInt64(MemoryLayout<R3Frame>.offset(of: \.rbx).unsafelyUnwrapped)
    let numbers: InlineArray<8, Int> = [3, 5, 7, 6, 12, 13, 14, 15]
    for index in 0..<8 { places[16 + numbers[index]] = first + 8 * UInt64(index) }
  }
}

/// Both values at addresses that hold while `body` runs.
@inline(__always)
private func withUnsafeMutablePointers<Result>(
  _ context: inout R3Context, _ places: inout InlineArray<32, UInt64>,
  _ body: (UnsafeMutablePointer<R3Context>, UnsafeMutablePointer<UInt64>) -> Result
) -> Result {
  withUnsafeMutablePointer(to: &context) { context in
    withUnsafeMutablePointer(to: &places) {
      body(context, UnsafeMutableRawPointer($0).assumingMemoryBound(to: UInt64.self))
    }
  }
}

let captureDriverStack:
  @convention(c) (UnsafeMutablePointer<UInt64>, Int32, UnsafeMutablePointer<UInt32>?) -> Int32 = {
    into, capacity, faultBits in
    guard let thread = r3_current() else { return 0 }
    return Int32(
      StackCapture.capture(thread, into: into, capacity: Int(capacity), faultBits: faultBits))
  }
