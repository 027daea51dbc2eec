import CRing3
import Machine

extension FrameworkObject {
  /// Whether only the framework deletes it: by its kind, or by what it is used for.
  @inline(__always)
  var isUndeletable: Bool {
    if head.pointee.flags.contains(.undeletable) { return true }
    return switch head.pointee.originalKind {
    case .driver, .fileObject, .interrupt, .childList, .usbInterface, .usbPipe, .wmiProvider,
      .resourceRequirementsList, .ioResourceList, .resourceList:
      true
    default: false
    }
  }
}

extension Framework {
  /// A driver tried to delete what only the framework deletes: noted, nothing happens.
  @inline(never)
  func refuseDeletion(_ object: FrameworkObject) {
    guard verifies else { return }
    note("WdfObjectDelete: a \(object.kind.name) is deleted by the framework only")
    if object.kind == .request {
      misuse(of: object.body(as: RequestBody.self), rule: "ReqDelete")
    }
  }

  /// Deletion at a level that is too high: bug check 0x10D, first parameter 0xE.
  @inline(never)
  func checkDeletionLevel(_ object: FrameworkObject) {
    let isPassive = object.kind == .device || object.kind == .commonBuffer
    let limit = isPassive ? IRQL.passive : IRQL.dispatch
    if CurrentThread.irql > limit {
      violation(
        .irqlMismatch, object.handle, UInt64(CurrentThread.irql), UInt64(limit),
        rule: FrameworkLevels.rule(limit))
    }
  }
}
