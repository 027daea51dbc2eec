import CDriverKit
import Framework
import NTTypes

/// Work of the driver for a worker thread, at PASSIVE_LEVEL: WDFWORKITEM.
///
/// A value; copies stand for the same work item, which goes with its parent when its work is done, or
/// by ``delete()``. Using it when it is gone is bug check 0x10D.
public struct DriverWorkItem: FrameworkParent, Hashable {
  let handle: Handle

  /// The object, as a parent of others.
  public var frameworkHandle: FrameworkHandle { FrameworkHandle(handle) }

  /// Makes a work item.
  ///
  /// - Parameters:
  ///   - parent: a device or something of a device, which ends the work item.
  ///   - handler: the work; it may enqueue itself again, or delete the item.
  /// - Throws: STATUS_INVALID_DEVICE_REQUEST for a parent without a device,
  ///   STATUS_INSUFFICIENT_RESOURCES.
  ///
  /// Source: WdfWorkItemCreate.
  public init(
    parent: some FrameworkParent, handler: @escaping @Sendable (_ item: DriverWorkItem) -> Void
  ) throws(NTStatus) {
    let parent = parent.frameworkHandle.handle
    var config = WDF_WORKITEM_CONFIG()
    config.Size = UInt32(MemoryLayout<WDF_WORKITEM_CONFIG>.size)
    config.EvtWorkItemFunc = DriverEntries.workItem.address
    var attributes = Attachment.attributes(parent: parent)
    var bits: UInt64 = 0
    try checkRefusal(of: "WdfWorkItemCreate")
    try check(wdfWorkItemCreate(parent.globals, &config, &attributes, &bits))
    Attachment.attach(WorkItemBox(handler), to: bits)
    handle = Handle(globals: parent.globals, bits: bits)
  }

  init(handle: Handle) { self.handle = handle }

  /// Has the work done; enqueuing it again before it begins changes nothing.
  ///
  /// Up to DISPATCH_LEVEL. Source: WdfWorkItemEnqueue.
  public func enqueue() { wdfWorkItemEnqueue(handle.globals, handle.bits) }

  /// Waits until the work that was enqueued is done.
  ///
  /// At PASSIVE_LEVEL, not in the work itself. Source: WdfWorkItemFlush.
  public func flush() { wdfWorkItemFlush(handle.globals, handle.bits) }

  /// Ends the work item before its parent does.
  public func delete() { wdfObjectDelete(handle.globals, handle.bits) }
}

/// What hangs on the WDFWORKITEM.
final class WorkItemBox: Sendable {
  let handler: @Sendable (DriverWorkItem) -> Void

  init(_ handler: @escaping @Sendable (DriverWorkItem) -> Void) { self.handler = handler }
}

/// EvtWorkItem.
let workItemEntry: @convention(c) (UInt64) -> Void = { item in
  let globals = Framework.current.globals(of: item)
  // The work may delete its item, and the box with it.
  Attachment.of(item, as: WorkItemBox.self).takeUnretainedValue()
    .handler(DriverWorkItem(handle: Handle(globals: globals, bits: item)))
}
