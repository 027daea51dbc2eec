import CDriverKit
import Framework
import NTTypes

/// What a driver does when the device of a target that it opened is removed.
///
/// Handlers are called at PASSIVE_LEVEL, in a thread of the Plug and Play manager.
public struct RemovalHandlers: Sendable {
  /// Is told that the device may be removed.
  public typealias QueryHandler = @Sendable (_ target: ClosableTarget) throws -> Void
  /// Is told that the device is removed.
  public typealias CompleteHandler = @Sendable (_ target: ClosableTarget) -> Void
  /// Is told that the device is not removed after all.
  public typealias CanceledHandler = @Sendable (_ target: ClosableTarget) throws -> Void

  var query: QueryHandler?
  var complete: CompleteHandler?
  var canceled: CanceledHandler?

  init() {}

  /// Is asked whether the device may be removed.
  ///
  /// To allow it, the handler calls ``ClosableTarget/closeForQueryRemove()`` and returns; to refuse it,
  /// it throws. Without a handler the target is closed.
  ///
  /// Source: EvtIoTargetQueryRemove.
  public mutating func onQueryRemove(_ handler: @escaping QueryHandler) { query = handler }

  /// Is told that the device is gone, and calls ``ClosableTarget/close()``; without a handler the target is
  /// closed.
  ///
  /// Source: EvtIoTargetRemoveComplete.
  public mutating func onRemoveComplete(_ handler: @escaping CompleteHandler) { complete = handler }

  /// Is told that the removal is called off, and calls ``ClosableTarget/reopen()``; without a handler the
  /// target is opened again.
  ///
  /// Source: EvtIoTargetRemoveCanceled.
  public mutating func onRemoveCanceled(_ handler: @escaping CanceledHandler) { canceled = handler }

  func fill(_ parameters: inout WDF_IO_TARGET_OPEN_PARAMS) {
    if query != nil { parameters.EvtIoTargetQueryRemove = DriverEntries.targetQueryRemove.address }
    if complete != nil {
      parameters.EvtIoTargetRemoveComplete = DriverEntries.targetRemoveComplete.address
    }
    if canceled != nil {
      parameters.EvtIoTargetRemoveCanceled = DriverEntries.targetRemoveCanceled.address
    }
  }
}

/// A target whose device is being removed, lent to a handler.
public struct ClosableTarget: Sendable, Hashable {
  /// Where requests are sent, to compare with what the driver keeps.
  public let target: IOTarget

  private var handle: Handle { target.handle }

  /// Closes the target until the device is removed or the removal is called off.
  ///
  /// At PASSIVE_LEVEL. Source: WdfIoTargetCloseForQueryRemove.
  public func closeForQueryRemove() { wdfIoTargetCloseForQueryRemove(handle.globals, handle.bits) }

  /// Closes the target for good.
  ///
  /// At PASSIVE_LEVEL. Source: WdfIoTargetClose.
  public func close() { wdfIoTargetClose(handle.globals, handle.bits) }

  /// Opens the target again.
  ///
  /// - Throws: what opening gave.
  ///
  /// At PASSIVE_LEVEL. Source: WDF_IO_TARGET_OPEN_PARAMS_INIT_REOPEN.
  public func reopen() throws(NTStatus) { try target.reopen() }
}

extension IOTarget {
  func reopen() throws(NTStatus) {
    var parameters = WDF_IO_TARGET_OPEN_PARAMS()
    parameters.Size = UInt32(MemoryLayout<WDF_IO_TARGET_OPEN_PARAMS>.size)
    parameters.`Type` = WdfIoTargetOpenReopen
    try checkRefusal(of: "WdfIoTargetOpen")
    try check(wdfIoTargetOpen(handle.globals, handle.bits, &parameters))
  }
}

/// What hangs on the WDFIOTARGET of a ``RemoteTarget``.
final class TargetBox: Sendable {
  let removal: RemovalHandlers

  init(_ removal: RemovalHandlers) { self.removal = removal }
}

// MARK: What the framework calls

private func tell(_ target: UInt64, _ body: (RemovalHandlers, ClosableTarget) throws -> Void)
  -> Int32
{
  let globals = Framework.current.globals(of: target)
  let told = ClosableTarget(
    target: IOTarget(handle: Handle(globals: globals, bits: target)))
  return Attachment.of(target, as: TargetBox.self)._withUnsafeGuaranteedRef { box in
    do {
      try body(box.removal, told)
      return 0
    } catch {
      return NTStatus(reporting: error).code
    }
  }
}

/// EvtIoTargetQueryRemove.
let targetQueryRemoveEntry: @convention(c) (UInt64) -> Int32 = { target in
  tell(target) { try $0.query.unsafelyUnwrapped($1) }
}

/// EvtIoTargetRemoveComplete.
let targetRemoveCompleteEntry: @convention(c) (UInt64) -> Void = { target in
  _ = tell(target) { $0.complete.unsafelyUnwrapped($1) }
}

/// EvtIoTargetRemoveCanceled.
let targetRemoveCanceledEntry: @convention(c) (UInt64) -> Void = { target in
  let status = tell(target) { try $0.canceled.unsafelyUnwrapped($1) }
  if status < 0 {
    Framework.current.note(
      "A target could not be opened again: \(NTStatus(code: status))")
  }
}
