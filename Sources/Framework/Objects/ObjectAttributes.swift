import CDriverKit
import CRing3
import Machine

/// What a driver asked for in a WDF_OBJECT_ATTRIBUTES, checked.
struct ObjectAttributes {
  var cleanup: UnsafeMutableRawPointer?
  var destroy: UnsafeMutableRawPointer?
  var executionLevel = ExecutionLevel.inherit
  var synchronizationScope = SynchronizationScope.inherit
  var parent: FrameworkObject?
  var contextType: UnsafeMutableRawPointer?
  var contextByteCount = 0

  /// Without attributes.
  init() {}

  /// Whether the object needs a block for a context or callbacks.
  var needsContext: Bool { contextType != nil || cleanup != nil || destroy != nil }

  /// Bytes of that block.
  var contextBlockSize: Int {
    needsContext ? ContextBlock.size + (contextByteCount + 15) & ~15 : 0
  }
}

/// What attributes an object of some kind may have.
struct AttributeRules: OptionSet {
  let rawValue: UInt8
  static let parentForbidden = AttributeRules(rawValue: 1)
  static let parentRequired = AttributeRules(rawValue: 2)
  static let scopeAllowed = AttributeRules(rawValue: 4)
  static let levelAllowed = AttributeRules(rawValue: 8)
  static let contextRequired = AttributeRules(rawValue: 16)
}

extension Framework {
  /// Checks a driver's attributes; NULL stands for none.
  ///
  /// Source: wdf/framework-object-creation-errors.
  func attributes(
    _ given: UnsafePointer<WDF_OBJECT_ATTRIBUTES>?, _ rules: AttributeRules = [],
    into result: inout ObjectAttributes
  ) -> Int32 {
    guard let given else {
      return rules.contains(.parentRequired) ? FrameworkStatus.parentNotSpecified : 0
    }
    let raw = given.pointee
    guard raw.Size == UInt32(MemoryLayout<WDF_OBJECT_ATTRIBUTES>.size) else {
      return FrameworkStatus.infoLengthMismatch
    }
    var status = contextType(raw, rules, &result)
    if status < 0 { return status }
    status = parent(raw, rules, &result)
    if status < 0 { return status }
    status = levels(raw, rules, &result)
    if status < 0 { return status }
    result.cleanup = UnsafeMutableRawPointer(raw.EvtCleanupCallback)
    result.destroy = UnsafeMutableRawPointer(raw.EvtDestroyCallback)
    return 0
  }

  private func contextType(
    _ raw: WDF_OBJECT_ATTRIBUTES, _ rules: AttributeRules, _ result: inout ObjectAttributes
  ) -> Int32 {
    guard let info = raw.ContextTypeInfo else {
      if rules.contains(.contextRequired) { return FrameworkStatus.objectNameInvalid }
      return raw.ContextSizeOverride > 0 ? FrameworkStatus.objectAttributesInvalid : 0
    }
    guard info.pointee.Size == UInt32(MemoryLayout<WDF_OBJECT_CONTEXT_TYPE_INFO>.size) else {
      return FrameworkStatus.infoLengthMismatch
    }
    let size = info.pointee.ContextSize
    guard size == 0 || info.pointee.ContextName != nil,
      raw.ContextSizeOverride == 0 || raw.ContextSizeOverride >= size
    else { return FrameworkStatus.objectAttributesInvalid }
    let byteCount = raw.ContextSizeOverride > 0 ? raw.ContextSizeOverride : size
    guard byteCount < 1 << 31 else { return FrameworkStatus.insufficientResources }
    result.contextByteCount = Int(byteCount)
    result.contextType = uniqueType(UnsafePointer(info))
    return 0
  }

  private func levels(
    _ raw: WDF_OBJECT_ATTRIBUTES, _ rules: AttributeRules, _ result: inout ObjectAttributes
  ) -> Int32 {
    guard
      let level = ExecutionLevel(rawValue: UInt8(truncatingIfNeeded: raw.ExecutionLevel.rawValue)),
      let scope = SynchronizationScope(
        rawValue: UInt8(truncatingIfNeeded: raw.SynchronizationScope.rawValue)),
      raw.ExecutionLevel.rawValue < 4, raw.SynchronizationScope.rawValue < 5
    else { return FrameworkStatus.objectAttributesInvalid }
    if level != .inherit, !rules.contains(.levelAllowed) {
      return FrameworkStatus.executionLevelInvalid
    }
    if scope != .inherit, scope != .none, !rules.contains(.scopeAllowed) {
      return FrameworkStatus.synchronizationScopeInvalid
    }
    result.executionLevel = level
    result.synchronizationScope = scope
    return 0
  }

  private func parent(
    _ raw: WDF_OBJECT_ATTRIBUTES, _ rules: AttributeRules, _ result: inout ObjectAttributes
  ) -> Int32 {
    let handle = bits(raw.ParentObject)
    if handle == 0 {
      return rules.contains(.parentRequired) ? FrameworkStatus.parentNotSpecified : 0
    }
    if rules.contains(.parentForbidden) { return FrameworkStatus.parentAssignmentNotAllowed }
    result.parent = object(handle)
    return 0
  }

  /// The identity of a context type, which several images may share.
  func uniqueType(_ info: UnsafePointer<WDF_OBJECT_CONTEXT_TYPE_INFO>) -> UnsafeMutableRawPointer? {
    if let routine = info.pointee.EvtDriverGetUniqueContextType {
      return UnsafeMutableRawPointer(bitPattern: UInt(r3_call0(UnsafeRawPointer(routine))))
    }
    return UnsafeMutableRawPointer(mutating: info.pointee.UniqueType)
  }
}
