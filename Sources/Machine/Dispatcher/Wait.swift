import CDriverKit
import CRing3

/// How a thread waits.
package struct WaitOptions {
  package var mode = ProcessorMode.kernel
  package var isAlertable = false
  package var deadline = Deadline.never

  package init(
    mode: UInt8 = ProcessorMode.kernel, isAlertable: Bool = false, deadline: Deadline = .never
  ) {
    self.mode = mode
    self.isAlertable = isAlertable
    self.deadline = deadline
  }
}

/// Waiting of the current thread.
package enum Wait {
  package static let maximumObjectCount = 64
  /// As many objects need no wait blocks of the caller.
  package static let builtInObjectCount = 3

  /// Waits for one dispatcher object: `KeWaitForSingleObject`.
  package static func forObject(
    _ object: UnsafeMutableRawPointer, _ options: WaitOptions = WaitOptions()
  ) -> Int32 {
    var objects: UnsafeMutableRawPointer? = object
    return forObjects(&objects, 1, isAll: false, options, CurrentThread.thread.builtInBlocks)
  }

  /// Waits for one or all of several dispatcher objects: `KeWaitForMultipleObjects`.
  ///
  /// - Returns: the number of the object that ended the wait, or another ``WaitStatus``.
  package static func forObjects(
    _ objects: UnsafePointer<UnsafeMutableRawPointer?>, _ count: Int, isAll: Bool,
    _ options: WaitOptions, _ blocks: UnsafeMutablePointer<KWAIT_BLOCK>
  ) -> Int32 {
    let thread = CurrentThread.thread
    checkLevel(objects, count, options)
    while true {
      let status = begin(thread, objects, count, isAll, options, blocks)
      if status != WaitStatus.mustSleep { return status }
      switch sleep(thread, until: options.deadline) {
      case .ended: return thread.wait.pointee.status
      case .timeout: return WaitStatus.timeout
      case .kernelAPC: APC.deliverKernel()
      }
    }
  }

  /// Waits for several objects; few of them need no wait blocks.
  ///
  /// Too many are bug check MAXIMUM_WAIT_OBJECTS_EXCEEDED.
  package static func forObjects(
    _ objects: UnsafeBufferPointer<UnsafeMutableRawPointer?>,
    blocks: UnsafeMutablePointer<KWAIT_BLOCK>?, isAll: Bool, _ options: WaitOptions
  ) -> Int32 {
    if objects.count > (blocks == nil ? builtInObjectCount : maximumObjectCount) {
      Machine.current.bugCheck(0xC, UInt64(objects.count))
    }
    guard let base = objects.baseAddress else { return delay(options) }
    return forObjects(
      base, objects.count, isAll: isAll, options, blocks ?? CurrentThread.thread.builtInBlocks)
  }

  /// Waits for nothing but time: `KeDelayExecutionThread`.
  package static func delay(_ options: WaitOptions) -> Int32 {
    var none: UnsafeMutableRawPointer?
    let status = forObjects(&none, 0, isAll: false, options, CurrentThread.thread.builtInBlocks)
    return status == WaitStatus.timeout ? WaitStatus.success : status
  }

  /// Sleeping is not possible at DISPATCH_LEVEL: ATTEMPTED_SWITCH_FROM_DPC, IRQL_NOT_LESS_OR_EQUAL.
  private static func checkLevel(
    _ objects: UnsafePointer<UnsafeMutableRawPointer?>, _ count: Int, _ options: WaitOptions
  ) {
    let thread = CurrentThread.pointer
    let level = thread.pointee.irql
    if level < IRQL.dispatch || options.deadline == .poll { return }
    let object = count == 0 ? 0 : UInt64(UInt(bitPattern: objects[0]))
    if thread.home.pointee.dpcRunning != 0 {
      Machine.current.bugCheck(0xB8, object, UInt64(level), 0, 0)
    }
    Machine.current.bugCheck(0xA, object, UInt64(level), 0, 0)
  }

  /// Ends the wait at once, or enters the thread in the lists of the objects.
  private static func begin(
    _ thread: Thread, _ objects: UnsafePointer<UnsafeMutableRawPointer?>, _ count: Int,
    _ isAll: Bool, _ options: WaitOptions, _ blocks: UnsafeMutablePointer<KWAIT_BLOCK>
  ) -> Int32 {
    let machine = Machine.current
    machine.lockDispatcher()
    var status = immediate(thread, objects, count, isAll)
    if status == WaitStatus.mustSleep { status = thread.testAlert(options) }
    if status == WaitStatus.mustSleep {
      if options.deadline == .poll {
        status = WaitStatus.timeout
      } else {
        thread.link(objects, count, isAll, options, blocks)
      }
    }
    machine.unlockDispatcher()
    return status
  }

  /// The status of a wait that needs no sleep.
  private static func immediate(
    _ thread: Thread, _ objects: UnsafePointer<UnsafeMutableRawPointer?>, _ count: Int,
    _ isAll: Bool
  ) -> Int32 {
    if count == 0 { return WaitStatus.mustSleep }
    if isAll { return immediateAll(thread, objects, count) }
    for index in 0..<count {
      let object = DispatcherObject(objects[index].unsafelyUnwrapped)
      if object.isSignalled(for: thread) { return Int32(index) + object.consume(for: thread) }
    }
    return WaitStatus.mustSleep
  }

  private static func immediateAll(
    _ thread: Thread, _ objects: UnsafePointer<UnsafeMutableRawPointer?>, _ count: Int
  ) -> Int32 {
    for index in 0..<count {
      let object = DispatcherObject(objects[index].unsafelyUnwrapped)
      if !object.isSignalled(for: thread) { return WaitStatus.mustSleep }
    }
    var status = WaitStatus.success
    for index in 0..<count {
      status |= DispatcherObject(objects[index].unsafelyUnwrapped).consume(for: thread)
    }
    return status
  }
}
