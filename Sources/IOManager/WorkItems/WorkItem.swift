import CDriverKit
import CRing3
import Machine
import Memory
import Objects

/// A work item of a device or driver: IO_WORKITEM, of which drivers know only the size.
struct WorkItemState {
  /// The device or driver that must not go before the work is done.
  let object: UnsafeMutableRawPointer
  var routine: UnsafeRawPointer?
  var context: UnsafeMutableRawPointer?
  /// Whether the routine gets the object, its context and the item, not the device and its context.
  var isExtended = false
  var isQueued: UInt32 = 0
  /// Marks an item that is set up.
  var mark: UInt32 = Self.liveMark

  static let liveMark: UInt32 = 0x4B52_4F57
}

/// Work that a driver has done in a worker thread, at PASSIVE_LEVEL.
struct WorkItem {
  let pointer: UnsafeMutablePointer<WorkItemState>

  init(_ address: UnsafeMutableRawPointer) {
    pointer = address.assumingMemoryBound(to: WorkItemState.self)
  }

  static var tag: UInt32 { 0x6957_6F49 }  // IoWi

  private var queuedFlag: UnsafeMutableRawPointer {
    UnsafeMutableRawPointer(pointer)
      + MemoryLayout<WorkItemState>.offset(of: \.isQueued).unsafelyUnwrapped
  }

  /// Queues the work; false when the item is queued already.
  func tryQueue(
    _ routine: UnsafeRawPointer, _ context: UnsafeMutableRawPointer?, isExtended: Bool
  ) -> Bool {
    let machine = Machine.current
    check()
    guard r3_cas32(queuedFlag, 0, 1) else { return false }
    pointer.pointee.routine = routine
    pointer.pointee.context = context
    pointer.pointee.isExtended = isExtended
    machine.objects.reference(pointer.pointee.object)
    _ = r3_add32(machine.io.workItemCount, 1)
    machine.workers.queue(runWorkItem, UnsafeMutableRawPointer(pointer))
    return true
  }

  /// Queues the work.
  ///
  /// An item that is queued already is bug check WORKER_INVALID.
  func queue(
    _ routine: UnsafeRawPointer, _ context: UnsafeMutableRawPointer?, isExtended: Bool
  ) {
    if !tryQueue(routine, context, isExtended: isExtended) {
      Machine.current.bugCheck(0xE4, 1, bits(pointer), 0, 0)
    }
  }

  /// An item may not be freed while it is queued; the routine itself may free it.
  func checkFree() {
    check()
    if r3_load32(queuedFlag) != 0 { Machine.current.bugCheck(0xE4, 0, bits(pointer), 0, 0) }
  }

  private func check() {
    if pointer.pointee.mark != WorkItemState.liveMark {
      Machine.current.bugCheck(0xE4, 2, bits(pointer), 0, 0)
    }
  }

  func run() {
    let state = pointer.pointee
    // From here on the driver may queue it again, or free it.
    r3_store32(queuedFlag, 0)
    if let routine = state.routine {
      if state.isExtended {
        _ = r3_call3(routine, bits(state.object), bits(state.context), bits(pointer))
      } else {
        _ = r3_call2(routine, bits(state.object), bits(state.context))
      }
    }
    let machine = Machine.current
    machine.objects.dereference(state.object)
    _ = r3_add32(machine.io.workItemCount, ~0)
  }
}

extension IOManager {
  var workItemCount: UnsafeMutableRawPointer {
    UnsafeMutableRawPointer(state)
      + MemoryLayout<IOManagerState>.offset(of: \.workItemCount).unsafelyUnwrapped
  }

  /// Lets work items come to their end before a driver goes, as the references that they hold do on Windows.
  ///
  /// For five seconds at most: a routine that runs on has its code taken away. At PASSIVE_LEVEL.
  package func finishWorkItems() {
    machine.letPass(milliseconds: 5_000) { r3_load32(workItemCount) == 0 }
  }
}

private let runWorkItem: @convention(c) (UnsafeMutableRawPointer?) -> Void = { item in
  if let item { WorkItem(item).run() }
}
