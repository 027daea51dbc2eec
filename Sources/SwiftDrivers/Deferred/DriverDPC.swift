import CDriverKit
import Framework
import NTTypes

/// Work of the driver at DISPATCH_LEVEL, as soon as the level allows it: WDFDPC.
///
/// A value; copies stand for the same DPC, which goes with its parent, or by ``delete()``. Using it
/// when it is gone is bug check 0x10D.
public struct DriverDPC: FrameworkParent, Hashable {
  let handle: Handle

  /// The object, as a parent of others.
  public var frameworkHandle: FrameworkHandle { FrameworkHandle(handle) }

  /// Makes a DPC.
  ///
  /// - Parameters:
  ///   - parent: a device or something of a device, which ends the DPC.
  ///   - handler: the work, at DISPATCH_LEVEL; it may enqueue itself again.
  /// - Throws: STATUS_INVALID_DEVICE_REQUEST for a parent without a device,
  ///   STATUS_INSUFFICIENT_RESOURCES.
  ///
  /// Source: WdfDpcCreate.
  public init(
    parent: some FrameworkParent, handler: @escaping @Sendable (_ dpc: DriverDPC) -> Void
  ) throws(NTStatus) {
    let parent = parent.frameworkHandle.handle
    var config = WDF_DPC_CONFIG()
    config.Size = UInt32(MemoryLayout<WDF_DPC_CONFIG>.size)
    config.EvtDpcFunc = DriverEntries.dpc.address
    config.AutomaticSerialization = 1
    var attributes = Attachment.attributes(parent: parent)
    var bits: UInt64 = 0
    try checkRefusal(of: "WdfDpcCreate")
    try check(wdfDpcCreate(parent.globals, &config, &attributes, &bits))
    Attachment.attach(DPCBox(handler), to: bits)
    handle = Handle(globals: parent.globals, bits: bits)
  }

  init(handle: Handle) { self.handle = handle }

  /// Has the work done on this processor.
  ///
  /// - Returns: false when it was enqueued already.
  ///
  /// At any level. Source: WdfDpcEnqueue.
  @discardableResult
  public func enqueue() -> Bool { wdfDpcEnqueue(handle.globals, handle.bits) != 0 }

  /// Takes the work back.
  ///
  /// - Returns: whether it was enqueued and had not begun.
  ///
  /// Up to DISPATCH_LEVEL. Source: WdfDpcCancel.
  @discardableResult
  public func cancel() -> Bool { wdfDpcCancel(handle.globals, handle.bits, 0) != 0 }

  /// Takes the work back, and waits for it when it has begun.
  ///
  /// At PASSIVE_LEVEL.
  @discardableResult
  public func cancelAndWait() -> Bool { wdfDpcCancel(handle.globals, handle.bits, 1) != 0 }

  /// Ends the DPC before its parent does.
  ///
  /// At PASSIVE_LEVEL.
  public func delete() { wdfObjectDelete(handle.globals, handle.bits) }
}

/// What hangs on the WDFDPC.
final class DPCBox: Sendable {
  let handler: @Sendable (DriverDPC) -> Void

  init(_ handler: @escaping @Sendable (DriverDPC) -> Void) { self.handler = handler }
}

/// EvtDpcFunc.
let dpcEntry: @convention(c) (UInt64) -> Void = { dpc in
  let globals = Framework.current.globals(of: dpc)
  Attachment.of(dpc, as: DPCBox.self).takeUnretainedValue()
    .handler(DriverDPC(handle: Handle(globals: globals, bits: dpc)))
}
