import CDriverKit
import CRing3

/// Deferred procedure calls: routines that run at DISPATCH_LEVEL on one processor.
package enum DPC {
  /// Bit of `KDPC.Importance` for a routine of the system itself, in the host's convention.
  private static let hostMark: UInt8 = 0x80
  /// `KDPC.Number` is this plus the processor when a target was set.
  private static let targeted: UInt16 = 0x500

  /// A routine of the system, called with its DPC at DISPATCH_LEVEL.
  package typealias Routine = @convention(c) (UnsafeMutablePointer<KDPC>) -> Void

  package static let type: UInt8 = 19
  package static let threadedType: UInt8 = 24

  /// Sets a DPC up: `KeInitializeDpc`.
  package static func initialize(
    _ dpc: UnsafeMutablePointer<KDPC>, _ routine: UnsafeMutableRawPointer?,
    _ context: UnsafeMutableRawPointer?, type: UInt8 = DPC.type
  ) {
    dpc.pointee = KDPC()
    dpc.pointee.`Type` = type
    dpc.pointee.Importance = 1
    dpc.pointee.DeferredRoutine = routine
    dpc.pointee.DeferredContext = context
  }

  /// Sets a DPC up whose routine is the system's own.
  package static func initialize(
    _ dpc: UnsafeMutablePointer<KDPC>, host routine: @escaping Routine,
    _ context: UnsafeMutableRawPointer?
  ) {
    initialize(dpc, unsafeBitCast(routine, to: UnsafeMutableRawPointer.self), context)
    dpc.pointee.Importance = 1 | hostMark
  }

  /// The routine `KeSetImportanceDpc`.
  static func setImportance(_ dpc: UnsafeMutablePointer<KDPC>, _ importance: UInt8) {
    dpc.pointee.Importance = dpc.pointee.Importance & hostMark | importance & 3
  }

  /// The routine `KeSetTargetProcessorDpc`.
  static func setTarget(_ dpc: UnsafeMutablePointer<KDPC>, _ number: Int) {
    dpc.pointee.Number = targeted + UInt16(number)
  }

  /// The processor that was set as a DPC's target.
  static func target(_ dpc: UnsafeMutablePointer<KDPC>) -> UnsafeMutablePointer<ProcessorState>? {
    guard dpc.pointee.Number >= targeted else { return nil }
    let processors = Machine.current.state.pointee.processors
    return processors.states + Int(dpc.pointee.Number - targeted) % processors.count
  }

  /// Queues a DPC: `KeInsertQueueDpc`.
  ///
  /// Below DISPATCH_LEVEL it runs at once, when it is for this processor.
  ///
  /// - Parameter stack: who queues it, in a verified machine.
  /// - Returns: false when it is queued already.
  @discardableResult
  package static func insert(
    _ dpc: UnsafeMutablePointer<KDPC>, _ argument1: UnsafeMutableRawPointer? = nil,
    _ argument2: UnsafeMutableRawPointer? = nil, stack: StackNumber = 0
  ) -> Bool {
    let old = IRQL.raise(to: max(IRQL.dispatch, CurrentThread.irql))
    let here = CurrentThread.pointer.home
    let processor = target(dpc) ?? here
    let isNew = enqueue(dpc, on: processor, argument1, argument2, stack)
    IRQL.lower(to: old)
    if isNew, processor != here { Service.drain(processor) }
    return isNew
  }

  /// Puts a DPC in the queue of a processor; nobody runs it yet.
  static func enqueue(
    _ dpc: UnsafeMutablePointer<KDPC>, on processor: UnsafeMutablePointer<ProcessorState>,
    _ argument1: UnsafeMutableRawPointer?, _ argument2: UnsafeMutableRawPointer?,
    _ stack: StackNumber = 0
  ) -> Bool {
    guard r3_cas64(dpc.dataAddress, 0, bits(processor)) else { return false }
    processor.pointee.dpcLock.lock()
    // No driver looks at this field.
    dpc.pointee.ProcessorHistory = UInt64(stack)
    dpc.pointee.SystemArgument1 = argument1
    dpc.pointee.SystemArgument2 = argument2
    if dpc.pointee.Importance & 3 == 2 { processor.pushFirst(dpc) } else { processor.push(dpc) }
    processor.pointee.dpcLock.unlock()
    return true
  }

  /// Takes a DPC out of its queue: `KeRemoveQueueDpc`.
  package static func remove(_ dpc: UnsafeMutablePointer<KDPC>) -> Bool {
    let old = IRQL.raise(to: IRQL.high)
    var wasQueued = false
    if let data = UnsafeMutableRawPointer(bitPattern: UInt(r3_load64(dpc.dataAddress))) {
      let processor = data.assumingMemoryBound(to: ProcessorState.self)
      processor.pointee.dpcLock.lock()
      wasQueued = processor.unlink(dpc)
      if wasQueued { r3_store64(dpc.dataAddress, 0) }
      processor.pointee.dpcLock.unlock()
    }
    IRQL.lower(to: old)
    return wasQueued
  }

  /// Runs the DPCs of a processor that the current thread owns, at DISPATCH_LEVEL.
  @inline(never)
  static func retire(_ processor: UnsafeMutablePointer<ProcessorState>) {
    processor.pointee.dpcRunning = 1
    while let dpc = processor.pop() {
      run(dpc, on: processor)
      checkLevel(dpc)
    }
    processor.pointee.dpcRunning = 0
    processor.pointee.dpcRoutine = nil
  }

  private static func run(
    _ dpc: UnsafeMutablePointer<KDPC>, on processor: UnsafeMutablePointer<ProcessorState>
  ) {
    guard let routine = dpc.pointee.DeferredRoutine else { return }
    processor.pointee.dpcStack = UInt64(dpc.pointee.ProcessorHistory)
    processor.pointee.dpcRoutine = routine
    let isHost = dpc.pointee.Importance & hostMark != 0
    let (context, argument1, argument2) = (
      dpc.pointee.DeferredContext, dpc.pointee.SystemArgument1, dpc.pointee.SystemArgument2
    )
    // From here on the driver may queue it again, or free it.
    r3_store64(dpc.dataAddress, 0)
    if isHost {
      unsafeBitCast(routine, to: Routine.self)(dpc)
    } else {
      _ = r3_call4(routine, bits(dpc), bits(context), bits(argument1), bits(argument2))
    }
  }

  /// IRQL_UNEXPECTED_VALUE when a routine comes back at another level.
  private static func checkLevel(_ dpc: UnsafeMutablePointer<KDPC>) {
    let level = CurrentThread.irql
    if level == IRQL.dispatch { return }
    Machine.current.bugCheck(
      0xC8, UInt64(level) << 16 | UInt64(IRQL.dispatch) << 8, bits(dpc))
  }

  /// A queued DPC that lies in a range of memory, for who frees that memory.
  package static func queued(
    in range: Range<UInt>, of machine: Machine
  ) -> UnsafeMutablePointer<KDPC>? {
    queued(of: machine) { range.contains(UInt(bitPattern: $0)) }
  }

  /// A queued DPC of which a question is answered with yes, under the lock of its queue.
  private static func queued(
    of machine: Machine, where isWanted: (UnsafeMutablePointer<KDPC>) -> Bool
  ) -> UnsafeMutablePointer<KDPC>? {
    let processors = machine.state.pointee.processors
    for number in 0..<processors.count {
      let processor = processors.states + number
      if processor.pointee.dpcHead == nil { continue }
      processor.pointee.dpcLock.lock()
      var next = processor.first
      while let dpc = next, !isWanted(dpc) { next = dpc.next }
      processor.pointee.dpcLock.unlock()
      if let next { return next }
    }
    return nil
  }

  /// A routine in a range of memory that runs as a DPC or is queued as one, and who queued it.
  static func routineLeft(
    in range: Range<UInt>, of machine: Machine
  ) -> (routine: UnsafeMutableRawPointer, stack: StackNumber)? {
    let processors = machine.state.pointee.processors
    for number in 0..<processors.count {
      let processor = processors.states + number
      guard processor.pointee.dpcRunning != 0, let routine = processor.pointee.dpcRoutine,
        range.contains(UInt(bitPattern: routine))
      else { continue }
      return (routine, StackNumber(truncatingIfNeeded: processor.pointee.dpcStack))
    }
    var found: (routine: UnsafeMutableRawPointer, stack: StackNumber)?
    _ = queued(of: machine) { dpc in
      guard let routine = dpc.pointee.DeferredRoutine, range.contains(UInt(bitPattern: routine))
      else { return false }
      found = (routine, dpc.stack)
      return true
    }
    return found
  }

  /// Runs what is queued on every processor now: `KeFlushQueuedDpcs`.
  package static func flush() {
    let processors = Machine.current.state.pointee.processors
    for number in 0..<processors.count { drain(processors.states + number) }
  }

  /// Runs what is queued on a processor, after what runs there now.
  ///
  /// Below DISPATCH_LEVEL.
  static func drain(_ processor: UnsafeMutablePointer<ProcessorState>) {
    let thread = CurrentThread.thread
    let affinity = thread.pointer.pointee.affinity
    thread.pointer.pointee.affinity = 1 << UInt64(processor.pointee.number)
    thread.machine.state.pointee.processors.place(thread.block, on: processor)
    IRQL.lower(to: IRQL.raise(to: IRQL.dispatch))
    thread.pointer.pointee.affinity = affinity
  }
}

extension UnsafeMutablePointer where Pointee == KDPC {
  /// `DpcData`: the processor while the DPC is queued, else 0.
  var dataAddress: UnsafeMutableRawPointer {
    UnsafeMutableRawPointer(self) + MemoryLayout<KDPC>.offset(of: \.DpcData)!
  }

  /// Who queued the DPC last, in a verified machine.
  package var stack: StackNumber { StackNumber(truncatingIfNeeded: pointee.ProcessorHistory) }

  /// The next DPC of the queue.
  fileprivate var next: UnsafeMutablePointer<KDPC>? {
    get {
      UnsafeMutableRawPointer(pointee.DpcListEntry.Next)?.assumingMemoryBound(to: KDPC.self)
    }
    nonmutating set {
      pointee.DpcListEntry.Next = UnsafeMutableRawPointer(newValue)?
        .assumingMemoryBound(to: SINGLE_LIST_ENTRY.self)
    }
  }
}

/// The queue, under `dpcLock` but for `pop`. `Next` of an entry holds the address of the next KDPC.
extension UnsafeMutablePointer where Pointee == ProcessorState {
  fileprivate var first: UnsafeMutablePointer<KDPC>? {
    get { pointee.dpcHead?.assumingMemoryBound(to: KDPC.self) }
    nonmutating set { pointee.dpcHead = UnsafeMutableRawPointer(newValue) }
  }

  private var last: UnsafeMutablePointer<KDPC>? {
    get { pointee.dpcTail?.assumingMemoryBound(to: KDPC.self) }
    nonmutating set { pointee.dpcTail = UnsafeMutableRawPointer(newValue) }
  }

  fileprivate func push(_ dpc: UnsafeMutablePointer<KDPC>) {
    dpc.next = nil
    if let last { last.next = dpc } else { first = dpc }
    last = dpc
    pointee.dpcCount += 1
  }

  fileprivate func pushFirst(_ dpc: UnsafeMutablePointer<KDPC>) {
    dpc.next = first
    if first == nil { last = dpc }
    first = dpc
    pointee.dpcCount += 1
  }

  fileprivate func pop() -> UnsafeMutablePointer<KDPC>? {
    pointee.dpcLock.lock()
    let dpc = first
    if let dpc {
      first = dpc.next
      if first == nil { last = nil }
      pointee.dpcCount -= 1
    }
    pointee.dpcLock.unlock()
    return dpc
  }

  fileprivate func unlink(_ dpc: UnsafeMutablePointer<KDPC>) -> Bool {
    var before: UnsafeMutablePointer<KDPC>?
    var next = first
    while let entry = next, entry != dpc {
      before = entry
      next = entry.next
    }
    if next == nil { return false }
    if let before { before.next = dpc.next } else { first = dpc.next }
    if last == dpc { last = before }
    pointee.dpcCount -= 1
    return true
  }
}
