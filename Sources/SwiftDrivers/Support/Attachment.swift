import CDriverKit
import Framework
import Machine

/// Swift objects that hang on framework objects: each goes when the framework object is destroyed.
///
/// The reference lies in a context of a type of this module.
enum Attachment {
  /// The type of the context, which ``prepare()`` makes.
  ///
  /// No lazy constant: each use of one is a call.
  private(set) nonisolated(unsafe) static var type: UnsafePointer<WDF_OBJECT_CONTEXT_TYPE_INFO>?

  /// Makes the type of the context, before the first driver is loaded.
  static func prepare() { _ = made }

  /// Done once in the process; the type is never freed.
  private static let made: Void = { type = makeType("SwiftObject") }()

  /// Makes a type of contexts that hold one reference.
  static func makeType(
    _ name: StaticString, byteCount: Int = MemoryLayout<UnsafeRawPointer>.size
  ) -> UnsafePointer<WDF_OBJECT_CONTEXT_TYPE_INFO> {
    let type = UnsafeMutablePointer<WDF_OBJECT_CONTEXT_TYPE_INFO>.allocate(capacity: 1)
    type.initialize(to: WDF_OBJECT_CONTEXT_TYPE_INFO())
    type.pointee.Size = UInt32(MemoryLayout<WDF_OBJECT_CONTEXT_TYPE_INFO>.size)
    type.pointee.ContextSize = byteCount
    name.withUTF8Buffer { name in
      type.pointee.ContextName = UnsafePointer(
        OpaquePointer(name.baseAddress.unsafelyUnwrapped))
    }
    type.pointee.UniqueType = UnsafePointer(type)
    return UnsafePointer(type)
  }

  /// Attributes of an object that will have something attached, with a parent.
  static func attributes(parent: Handle? = nil) -> WDF_OBJECT_ATTRIBUTES {
    var attributes = Self.plain(parent: parent)
    attributes.ContextTypeInfo = type
    attributes.EvtDestroyCallback = DriverEntries.destroy.address
    return attributes
  }

  /// Attributes of an object with nothing attached.
  static func plain(parent: Handle?) -> WDF_OBJECT_ATTRIBUTES {
    var attributes = WDF_OBJECT_ATTRIBUTES()
    attributes.Size = UInt32(MemoryLayout<WDF_OBJECT_ATTRIBUTES>.size)
    attributes.ExecutionLevel = WdfExecutionLevelInheritFromParent
    attributes.SynchronizationScope = WdfSynchronizationScopeInheritFromParent
    attributes.ParentObject = parent?.pointer
    return attributes
  }

  /// Attaches an object for good.
  static func attach(_ object: AnyObject, to handle: UInt64) {
    slot(of: handle).pointee = UnsafeRawPointer(Unmanaged.passRetained(object).toOpaque())
  }

  /// Attaches an object in place of another one.
  static func replace(_ object: AnyObject, of handle: UInt64) {
    let slot = slot(of: handle)
    let old = slot.pointee
    slot.pointee = UnsafeRawPointer(Unmanaged.passRetained(object).toOpaque())
    if let old { Unmanaged<AnyObject>.fromOpaque(old).release() }
  }

  /// What is attached, without a reference of its own: the framework object holds it.
  @inline(__always)
  static func of<T: AnyObject>(_ handle: UInt64, as type: T.Type) -> Unmanaged<T> {
    Unmanaged.fromOpaque(slot(of: handle).pointee.unsafelyUnwrapped)
  }

  @inline(__always)
  private static func slot(of handle: UInt64) -> UnsafeMutablePointer<UnsafeRawPointer?> {
    Framework.current.context(of: handle, typed: type.unsafelyUnwrapped).unsafelyUnwrapped
      .assumingMemoryBound(to: UnsafeRawPointer?.self)
  }

  /// EvtDestroyCallback of everything with an attachment.
  static let destroy: @convention(c) (UInt64) -> Void = { handle in
    let slot = slot(of: handle)
    if let object = slot.pointee { Unmanaged<AnyObject>.fromOpaque(object).release() }
    slot.pointee = nil
  }
}
